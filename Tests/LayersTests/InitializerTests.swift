import Compute
import TestSupport
import Testing

@testable import Layers

@Suite struct InitializerTests {
  private func values(_ initializer: Initializer, _ shape: [Int], seed: UInt64 = 1) -> [Float] {
    var random = Random(seed: seed, stream: "initializer")
    return initializer.values(shape: shape, random: &random)
  }

  @Test("normal values have the stated deviation and a mean near 0")
  func normal() {
    let drawn = values(.normal(deviation: 0.02), [100, 100]).map(Double.init)
    let mean = drawn.reduce(0, +) / 10_000
    let deviation = (drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000).squareRoot()
    #expect(abs(mean) < 0.001)
    #expect(abs(deviation - 0.02) < 0.0006)
  }

  @Test("Xavier fills ±√(6 / (inputs + outputs)) and stays inside")
  func xavier() {
    let limit = Float((6.0 / 70).squareRoot())
    let drawn = values(.xavier, [20, 50])
    #expect(drawn.allSatisfy { abs($0) <= limit })
    #expect((drawn.max() ?? 0) > 0.95 * limit && (drawn.min() ?? 0) < -0.95 * limit)
  }

  @Test("Xavier for gates takes the width of one gate as fan-out")
  func xavierGates() {
    let limit = Float((6.0 / 60).squareRoot())
    let drawn = values(.xavierGates(4), [40, 50])
    #expect(drawn.allSatisfy { abs($0) <= limit })
    #expect((drawn.max() ?? 0) > 0.95 * limit)
  }

  @Test("each gate's recurrent matrix is orthogonal, and the four differ")
  func orthogonal() {
    let hidden = 9
    let drawn = values(.orthogonalGates(4), [4 * hidden, hidden])
    let gates = (0..<4).map { gate in Array(drawn[gate * hidden * hidden..<(gate + 1) * hidden * hidden]) }
    for gate in gates {
      var products = [Float](), identity = [Float]()
      for a in 0..<hidden {
        for b in 0..<hidden {
          products.append((0..<hidden).reduce(0) { $0 + gate[a * hidden + $1] * gate[b * hidden + $1] })
          identity.append(a == b ? 1 : 0)
        }
      }
      expectClose(products, identity, absolute: 1e-5, "Q Qᵀ of a gate")
    }
    #expect(Set(gates).count == 4)
  }

  @Test("the forget gate's bias is 1, the others 0")
  func forgetGate() {
    #expect(values(.forgetGate, [12]) == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test("a parameter's first values depend on the seed and its name, not on what was made before")
  func streams() {
    let workspace = Workspace()
    let source = ParameterSource(random: Random(seed: 3, stream: "a"), workspace: workspace)
    let alone = source.weight("x", [5, 5], .xavier).value.array
    let other = source.weight("y", [5, 5], .xavier).value.array
    let again = source.weight("x", [5, 5], .xavier).value.array
    #expect(alone == again)
    #expect(alone != other)
    let elsewhere = ParameterSource(random: Random(seed: 4, stream: "a"), workspace: workspace)
    #expect(elsewhere.weight("x", [5, 5], .xavier).value.array != alone)
  }
}
