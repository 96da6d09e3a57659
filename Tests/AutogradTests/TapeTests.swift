import Compute
import Foundation
import TestSupport
import Testing

@testable import Autograd

extension Double {
  var exponential: Double { Foundation.exp(self) }
  var logarithm: Double { Foundation.log(self) }
}

@Suite("Tape")
struct TapeTests {
  @Test("live bytes return to the start count after backward, and so does every gradient's memory")
  func liveBytes() {
    let workspace = Workspace()
    let network = SmallNetwork(workspace: workspace)
    let start = workspace.liveBytes
    for _ in 0..<3 {
      do {
        let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
        tape.backward(network.loss(tape))
        #expect(workspace.liveBytes == start + network.parameters.reduce(0) { $0 + $1.count * 4 })
      }
      #expect(workspace.liveBytes == start)
    }
    #expect(workspace.peakBytes > start)
  }

  @Test("the same seed gives the same bytes twice, another seed others")
  func sameBytes() {
    func gradients(_ seed: UInt64) -> [[UInt32]] {
      let workspace = Workspace()
      let network = SmallNetwork(workspace: workspace)
      let tape = Tape(workspace: workspace, mode: .training(Random(seed: seed, stream: "masks")))
      tape.backward(network.loss(tape))
      return network.parameters.map { tape.gradient(of: $0)?.array.map(\.bitPattern) ?? [] }
    }
    #expect(gradients(1) == gradients(1))
    #expect(gradients(1) != gradients(2))
  }

  @Test("evaluation records nothing, drops nothing and gives the values of training without dropout")
  func evaluation() {
    let workspace = Workspace()
    let network = SmallNetwork(workspace: workspace, dropout: 0)
    let start = workspace.liveBytes
    let training = network.loss(Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))).array
    let evaluation = network.loss(Tape(workspace: workspace, mode: .evaluation)).array
    #expect(training == evaluation)
    let dropping = SmallNetwork(workspace: workspace, dropout: 0.5)
    #expect(dropping.loss(Tape(workspace: workspace, mode: .evaluation)).array == evaluation)
    #expect(workspace.liveBytes == start * 2)
  }

  @Test("backward starts from the scale it is given")
  func scale() {
    let workspace = Workspace()
    let network = SmallNetwork(workspace: workspace)
    func gradient(_ scale: Float) -> [Float] {
      let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
      tape.backward(network.loss(tape), scale: scale)
      return tape.gradient(of: network.parameters[0])?.array ?? []
    }
    expectClose(gradient(4), gradient(1).map { $0 * 4 }, absolute: 1e-6, relative: 1e-5, "gradient")
  }

  @Test("in gradients' mode variables have a gradient, parameters none, and nothing is dropped")
  func variables() {
    let workspace = Workspace()
    let weight = Parameter(name: "weight", shape: [2, 3], values: [1, 2, 3, -1, 0, 4], in: workspace)
    Parameter.number([weight])
    let tape = Tape(workspace: workspace, mode: .gradients)
    let x = tape.variable(Buffer([1, 1, 1, 2, 2, 2], in: workspace), shape: [2, 3])
    let y = tape.dropout(tape.linear(x, weight: weight), probability: 0.5)
    #expect(y.array == [6, 3, 12, 6])
    // Of y₀₀ + 2 y₁₁.
    tape.backward(from: y, [1, 0, 0, 2])
    #expect(x.gradient?.array == [1, 2, 3, -2, 0, 8])
    #expect(tape.gradient(of: weight) == nil)
    let evaluation = Tape(workspace: workspace, mode: .evaluation)
    #expect(!evaluation.variable(Buffer([1], in: workspace), shape: [1]).requiresGradient)
  }

  @Test("a parameter that was not used has no gradient")
  func unused() {
    let workspace = Workspace()
    let network = SmallNetwork(workspace: workspace)
    let other = Parameter(name: "other", shape: [2], values: [1, 2], in: workspace)
    Parameter.number(network.parameters + [other])
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    tape.backward(network.loss(tape))
    #expect(tape.gradient(of: other) == nil)
    #expect(tape[other] === tape[other])
  }

  @Test("a constant receives no gradient")
  func constant() {
    let workspace = Workspace()
    let w = Parameter(name: "w", shape: [1, 2], values: [3, 4], in: workspace)
    Parameter.number([w])
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    let x = tape.constant([5, 6], shape: [1, 2])
    let y = tape.linear(x, weight: w)
    #expect(y.array == [39])
    tape.backward(tape.weightedSum([y], [[2]]).1)
    #expect(x.gradient == nil)
    #expect(tape.gradient(of: w)?.array == [10, 12])
  }

  @Test("a tensor that is to keep its gradient has the one that a parameter in its place gets")
  func keptGradient() throws {
    let workspace = Workspace()
    let shapes = [("x", [3, 4]), ("w", [2, 4]), ("h", [3, 2])]
    let parameters = shapes.map { name, shape in
      var random = Random(seed: 7, stream: name)
      return Parameter(
        name: name, shape: shape, values: (0..<shape[0] * shape[1]).map { _ in Float(random.normal()) }, in: workspace)
    }
    Parameter.number(parameters)
    func loss(_ hidden: Tensor, _ tape: Tape) -> Tensor {
      // Used twice, so that its gradient is a sum; the last use hands it a buffer to keep.
      tape.crossEntropy(tape.add(tape.scale(hidden, by: 2), hidden), labels: [0, 1, 1], normaliser: 3).tensor
    }
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    let hidden = tape.linear(tape[parameters[0]], weight: parameters[1], activation: .tanh)
    tape.keepGradient(of: hidden)
    parameters[2].value.copy(from: hidden.array)
    tape.backward(loss(hidden, tape))
    let kept = try #require(tape.keptGradient(of: hidden))

    let twin = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    twin.backward(loss(twin[parameters[2]], twin))
    #expect(kept.array == twin.gradient(of: parameters[2])?.array)
    #expect(hidden.gradient == nil)
  }

  @Test("every product with a weight in evaluation is one with its packed form")
  func packedForm() {
    /// To 16 steps of the largest value: no float product would give the same.
    @Sendable func coarse(_ values: [Float]) -> [Float] {
      let step = (values.map(abs).max() ?? 1) / 8
      return values.map { ($0 / step).rounded() * step }
    }
    let workspace = Workspace()
    let network = SmallNetwork(workspace: workspace)
    let packed = PackedWeights { weight, workspace in
      let values = Buffer(coarse(weight.value.array), in: workspace)
      return PackedMatrix(
        .init(values, stride: weight.shape[1], transposed: true), rows: weight.shape[1], columns: weight.shape[0],
        in: workspace)
    }
    let found = network.loss(Tape(workspace: workspace, mode: .evaluation, packedWeights: packed)).array
    let plain = network.loss(Tape(workspace: workspace, mode: .evaluation, packedWeights: PackedWeights())).array
    for parameter in network.parameters where ["qkv", "wx", "wh", "w"].contains(parameter.name) {
      parameter.value.copy(from: coarse(parameter.value.array))
    }
    let expected = network.loss(Tape(workspace: workspace, mode: .evaluation, packedWeights: PackedWeights())).array
    #expect(found == expected && found != plain)
  }

  @Test("dropout keeps the stated share, scales it, and differs from op to op")
  func dropoutShare() {
    let workspace = Workspace()
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    let ones = tape.constant([Float](repeating: 1, count: 40_000), shape: [40_000])
    let first = tape.dropout(ones, probability: 0.3).array
    let second = tape.dropout(ones, probability: 0.3).array
    #expect(Set(first.map { $0 == 0 ? 0 : 1 }).count == 2)
    for value in first where value != 0 { #expect(abs(value - 1 / 0.7) < 1e-6) }
    let dropped = Double(first.filter { $0 == 0 }.count) / 40_000
    // Five standard deviations of a binomial share.
    #expect(abs(dropped - 0.3) < 5 * (0.21 / 40_000).squareRoot())
    let both = Double(zip(first, second).filter { $0 == 0 && $1 == 0 }.count) / 40_000
    #expect(abs(both - 0.09) < 5 * (0.09 * 0.91 / 40_000).squareRoot())
  }
}

/// Every kind of op in one small loss.
private struct SmallNetwork {
  let parameters: [Parameter]
  let workspace: Workspace
  var dropout: Float = 0.25

  init(workspace: Workspace, dropout: Float = 0.25) {
    self.workspace = workspace
    self.dropout = dropout
    let shapes = [
      ("table", [9, 8]), ("qkv", [24, 8]), ("gain", [8]), ("bias", [8]), ("wx", [12, 8]), ("wh", [12, 3]), ("bx", [12]),
      ("bh", [12]), ("w", [4, 6]), ("b", [4]),
    ]
    parameters = shapes.map { name, shape in
      var random = Random(seed: 2, stream: name)
      let values = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) * 0.5 }
      return Parameter(name: name, shape: shape, values: values, in: workspace)
    }
    Parameter.number(parameters)
  }

  func loss(_ tape: Tape) -> Tensor {
    let offsets = [0, 1, 5, 9]
    let x = tape.dropout(tape.embedding([1, 2, 3, 4, 5, 6, 7, 8, 0], table: parameters[0]), probability: dropout)
    let qkv = tape.linear(x, weight: parameters[1])
    let mixed = tape.attention(qkv, offsets: offsets, heads: 2, dropout: dropout)
    let normal = tape.layerNorm(
      mixed, residual: x, gain: parameters[2], bias: parameters[3], epsilon: 1e-5, dropout: dropout)
    let states = [false, true].map {
      tape.recurrent(
        .lstm, normal, offsets: offsets,
        weights: RecurrentWeights(
          input: parameters[4], recurrent: parameters[5], inputBias: parameters[6], recurrentBias: parameters[7]),
        reverse: $0)
    }
    let both = tape.concatenate(states[0].output, states[1].output)
    let pooled = tape.add(
      tape.pool(both, offsets: offsets, .max), tape.concatenate(states[0].hidden, states[1].hidden))
    let logits = tape.linear(pooled, weight: parameters[8], bias: parameters[9], activation: .gelu)
    return tape.crossEntropy(logits, labels: [0, 1, 3], normaliser: 3).tensor
  }
}
