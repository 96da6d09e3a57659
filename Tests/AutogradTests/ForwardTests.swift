import Compute
import Foundation
import TestSupport
import Testing

@testable import Autograd

@Suite("Ops: values against naive twins")
struct ForwardTests {
  let workspace = Workspace()

  func values(_ count: Int, _ label: String, _ deviation: Double = 1) -> [Float] {
    var random = Random(seed: 21, stream: label)
    return (0..<count).map { _ in Float(random.normal() * deviation) }
  }

  /// One sequence, one direction, in Double, as the formulas say it.
  func lstmTwin(
    _ x: [[Double]], _ wx: [Float], _ wh: [Float], _ bias: [Double], hidden: Int
  ) -> (outputs: [[Double]], cell: [Double]) {
    var h = [Double](repeating: 0, count: hidden), c = h
    var outputs: [[Double]] = []
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    for token in x {
      let z = (0..<4 * hidden).map { gate -> Double in
        var sum = bias[gate]
        for (j, value) in token.enumerated() { sum += Double(wx[gate * token.count + j]) * value }
        for (j, value) in h.enumerated() { sum += Double(wh[gate * hidden + j]) * value }
        return sum
      }
      for j in 0..<hidden {
        c[j] = sigmoid(z[hidden + j]) * c[j] + sigmoid(z[j]) * tanh(z[2 * hidden + j])
        h[j] = sigmoid(z[3 * hidden + j]) * tanh(c[j])
      }
      outputs.append(h)
    }
    return (outputs, c)
  }

  @Test(
    "LSTM over ragged sequences in both directions, in training and evaluation, at any width",
    arguments: [1, 5, 16, 33], [false, true])
  func lstm(hidden: Int, reverse: Bool) {
    let width = 6, offsets = [0, 1, 8, 8, 11, 30, 31]
    let x = values(31 * width, "x")
    let wx = values(4 * hidden * width, "wx", 0.5), wh = values(4 * hidden * hidden, "wh", 0.3)
    let bx = values(4 * hidden, "bx"), bh = values(4 * hidden, "bh")
    let parameters = [
      Parameter(name: "wx", shape: [4 * hidden, width], values: wx, in: workspace),
      Parameter(name: "wh", shape: [4 * hidden, hidden], values: wh, in: workspace),
      Parameter(name: "bx", shape: [4 * hidden], values: bx, in: workspace),
      Parameter(name: "bh", shape: [4 * hidden], values: bh, in: workspace),
    ]
    Parameter.number(parameters)
    var output = [Double](), states = [Double](), cells = [Double]()
    for sequence in 0..<6 {
      let tokens = (offsets[sequence]..<offsets[sequence + 1]).map { token in
        x[token * width..<(token + 1) * width].map(Double.init)
      }
      let bias = zip(bx, bh).map { Double($0) + Double($1) }
      let twin = lstmTwin(reverse ? tokens.reversed() : tokens, wx, wh, bias, hidden: hidden)
      output += (reverse ? twin.outputs.reversed() : twin.outputs).flatMap { $0 }
      states += twin.outputs.last ?? [Double](repeating: 0, count: hidden)
      cells += twin.cell
    }
    for mode in [Mode.evaluation, .training(Random(seed: 1, stream: "m"))] {
      let tape = Tape(workspace: workspace, mode: mode)
      let y = tape.lstm(
        tape.constant(x, shape: [31, width]), offsets: offsets, inputWeight: parameters[0],
        recurrentWeight: parameters[1], inputBias: parameters[2], recurrentBias: parameters[3], reverse: reverse)
      expectClose(y.output.array, output, absolute: 2e-6, "output")
      expectClose(y.hidden.array, states, absolute: 2e-6, "hidden")
      expectClose(y.cell.array, cells, absolute: 5e-6, "cell")
    }
  }

  @Test("attention over ragged sequences", arguments: [(24, 1), (24, 3), (32, 2), (64, 2), (96, 1)])
  func attention(hidden: Int, heads: Int) {
    let offsets = [0, 1, 6, 6, 22, 40], n = 40, width = hidden / heads
    let qkv = values(n * 3 * hidden, "qkv")
    func at(_ token: Int, _ part: Int, _ head: Int, _ j: Int) -> Double {
      Double(qkv[token * 3 * hidden + part * hidden + head * width + j])
    }
    var expected = [Double](repeating: 0, count: n * hidden)
    for sequence in 0..<5 {
      let tokens = offsets[sequence]..<offsets[sequence + 1]
      for head in 0..<heads {
        for i in tokens {
          let scores = tokens.map { j in
            (0..<width).reduce(0) { $0 + at(i, 0, head, $1) * at(j, 1, head, $1) } / Double(width).squareRoot()
          }
          let top = scores.max() ?? 0
          let powers = scores.map { exp($0 - top) }, total = powers.reduce(0, +)
          for (power, j) in zip(powers, tokens) {
            for column in 0..<width {
              expected[i * hidden + head * width + column] += power / total * at(j, 2, head, column)
            }
          }
        }
      }
    }
    for mode in [Mode.evaluation, .training(Random(seed: 1, stream: "m"))] {
      let tape = Tape(workspace: workspace, mode: mode)
      let y = tape.attention(tape.constant(qkv, shape: [n, 3 * hidden]), offsets: offsets, heads: heads)
      expectClose(y.array, expected, absolute: 1e-5, "attention")
    }
  }

  @Test("linear with each activation", arguments: [1, 7, 16, 33])
  func linear(out: Int) {
    let n = 5, width = 9
    let x = values(n * width, "x"), w = values(out * width, "w"), b = values(out, "b")
    let weight = Parameter(name: "w", shape: [out, width], values: w, in: workspace)
    let bias = Parameter(name: "b", shape: [out], values: b, decays: false, in: workspace)
    Parameter.number([weight, bias])
    for (activation, twin) in [
      (Activation.none, { $0 }), (.tanh, { tanh($0) }), (.gelu, { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) }),
    ] as [(Activation, (Double) -> Double)] {
      var expected = [Double]()
      for i in 0..<n {
        for j in 0..<out {
          let sum = (0..<width).reduce(Double(b[j])) { $0 + Double(x[i * width + $1]) * Double(w[j * width + $1]) }
          expected.append(twin(sum))
        }
      }
      let tape = Tape(workspace: workspace, mode: .evaluation)
      let y = tape.linear(tape.constant(x, shape: [n, width]), weight: weight, bias: bias, activation: activation)
      expectClose(y.array, expected, absolute: 5e-6, "linear \(activation)")
    }
  }

  @Test("a batch of no rows passes through")
  func empty() {
    let weight = Parameter(name: "w", shape: [3, 2], values: values(6, "w"), in: workspace)
    Parameter.number([weight])
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "m")))
    let y = tape.linear(tape.constant([], shape: [0, 2]), weight: weight)
    #expect(y.shape == [0, 3] && tape.pool(y, offsets: [0], .max).shape == [0, 3])
    #expect(tape.attention(tape.constant([], shape: [0, 6]), offsets: [0], heads: 2).shape == [0, 2])
  }
}
