import Autograd
import Compute
import Foundation
import TestSupport
import Testing

@testable import Layers

@Suite struct LayerTests {
  private let workspace = Workspace()
  private let offsets = [0, 3, 4, 9]

  private var source: ParameterSource {
    ParameterSource(random: Random(seed: 5, stream: "layers"), workspace: workspace)
  }
  private func tape() -> Tape { Tape(workspace: workspace, mode: .evaluation) }

  private func input(_ tape: Tape, rows: Int, width: Int) -> Tensor {
    var random = Random(seed: 9, stream: "input")
    return tape.constant((0..<rows * width).map { _ in Float(random.normal()) }, shape: [rows, width])
  }

  @Test("a linear layer is x Wᵀ + b")
  func linear() {
    let layer = Linear("l", inputs: 3, outputs: 2, from: source)
    Parameter.number(layer.parameters)
    layer.bias?.value.copy(from: [10, 20])
    layer.weight.value.copy(from: [1, 2, 3, 4, 5, 6])
    let tape = tape()
    let y = layer(tape.constant([1, 0, 2, 0, 1, 0], shape: [2, 3]), on: tape)
    #expect(y.shape == [2, 2])
    expectClose(y.value.array, [17, 36, 12, 25] as [Float], absolute: 1e-6, "linear")
    #expect(OperationCount { layer.count(rows: 2, in: &$0) }.forward == 24)
    #expect(layer.parameters.map(\.name) == ["l.weight", "l.bias"])
    #expect(layer.parameters.map(\.decays) == [true, false])
  }

  @Test("a transformer layer treats each sequence as if it stood alone")
  func transformerLayer() {
    let layer = TransformerLayer(
      "layer", hidden: 8, heads: 2, intermediate: 12, dropout: 0.5, attentionDropout: 0.5, epsilon: 1e-12,
      initializer: .normal(deviation: 0.3), from: source)
    Parameter.number(layer.parameters)
    let tape = tape()
    let x = input(tape, rows: 9, width: 8)
    let together = layer(x, offsets: offsets, on: tape)
    #expect(together.shape == [9, 8])
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      let alone = layer(tape.rows(x, Array(start..<end)), offsets: [0, end - start], on: tape)
      expectClose(
        Array(together.value.array[start * 8..<end * 8]), alone.value.array, absolute: 1e-5, "sequence at \(start)")
    }
    // 4 projections and 2 feed-forward products at 9 tokens; scores and mixing of lengths 3, 1, 5.
    #expect(
      OperationCount { layer.count(lengths: [3, 1, 5], in: &$0) }.forward
        == Double(2 * 9 * (4 * 64 + 2 * 96) + 4 * 8 * (9 + 1 + 25)))
    #expect(layer.parameters.count == 12)
  }

  @Test("the backward direction reads each sequence from its end")
  func lstmDirections() {
    let layer = RecurrentLayer("lstm", .lstm, layer: 0, inputs: 4, hidden: 3, bidirectional: true, from: source)
    Parameter.number(layer.parameters)
    let (forward, backward) = (layer.directions[0], layer.directions[1])
    for (from, to) in zip(forward.parameters, backward.parameters) { to.value.copy(from: from.value.array) }
    let tape = tape()
    let x = input(tape, rows: 9, width: 4)
    let states = layer(x, offsets: offsets, on: tape)
    #expect(states.output.shape == [9, 6])
    let mirrored = zip(offsets, offsets.dropFirst()).flatMap { (start, end) in (start..<end).reversed() }
    let turned = layer(tape.rows(x, mirrored), offsets: offsets, on: tape)
    expectClose(states.hidden[1].value.array, turned.hidden[0].value.array, absolute: 1e-6, "last states")
    let output = states.output.value.array, other = turned.output.value.array
    for (row, twin) in mirrored.enumerated() {
      expectClose(
        Array(output[row * 6 + 3..<row * 6 + 6]), Array(other[twin * 6..<twin * 6 + 3]), absolute: 1e-6, "row \(row)")
    }
    #expect(
      layer.parameters.map(\.name) == [
        "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0", "lstm.weight_ih_l0_reverse",
        "lstm.weight_hh_l0_reverse", "lstm.bias_ih_l0_reverse", "lstm.bias_hh_l0_reverse",
      ])
  }

  @Test("a stack's layers read the one below, both directions of it")
  func stack() {
    let stack = RecurrentStack(
      "lstm", .lstm, inputs: 4, hidden: 3, layers: 2, bidirectional: true, dropout: 0.5, from: source)
    Parameter.number(stack.parameters)
    #expect(stack.width == 6)
    #expect(stack.layers[1].directions[0].input.shape == [12, 6])
    let tape = tape()
    let states = stack(input(tape, rows: 9, width: 4), offsets: offsets, on: tape)
    let upper = stack.layers[1](states[0].output, offsets: offsets, on: tape)
    #expect(states[1].output.value.array == upper.output.value.array)
    #expect(
      OperationCount { stack.count(tokens: 10, in: &$0) }.forward == Double(8 * 10 * 2 * 3 * (4 + 3 + 6 + 3)))
  }

  @Test(
    "pooling gives one vector a sequence, each kind its own",
    arguments: [
      SequencePooling.Kind.last, .mean, .max, .attention,
    ])
  func pooling(kind: SequencePooling.Kind) {
    let stack = RecurrentStack(
      "lstm", .lstm, inputs: 4, hidden: 3, layers: 1, bidirectional: true, dropout: 0, from: source)
    let pooling = SequencePooling("attention", kind, width: 6, from: source)
    Parameter.number(stack.parameters + pooling.parameters)
    let tape = tape()
    let states = stack(input(tape, rows: 9, width: 4), offsets: offsets, on: tape)[0]
    let pooled = pooling(states, offsets: offsets, on: tape)
    #expect(pooled.shape == [3, 6])
    let output = states.output.value.array
    let expected = naive(kind, output, pooling)
    expectClose(pooled.value.array, expected, absolute: 1e-5, "\(kind)")
  }

  private func naive(_ kind: SequencePooling.Kind, _ output: [Float], _ pooling: SequencePooling) -> [Float] {
    zip(offsets, offsets.dropFirst()).flatMap { start, end -> [Float] in
      let rows = (start..<end).map { Array(output[$0 * 6..<$0 * 6 + 6]) }
      return (0..<6).map { column in
        let values = rows.map { $0[column] }
        switch kind {
        case .last: return column < 3 ? values[values.count - 1] : values[0]
        case .mean: return values.reduce(0, +) / Float(values.count)
        case .max: return values.max() ?? .nan
        case .attention:
          let weights = rows.map { Float(naiveScore($0, pooling)) }
          let total = weights.reduce(0, +)
          return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / total
        }
      }
    }
  }

  /// exp(v · tanh(W h + b))
  private func naiveScore(_ row: [Float], _ pooling: SequencePooling) -> Double {
    guard let projection = pooling.projection, let bias = projection.bias, let score = pooling.score else {
      return .nan
    }
    let w = projection.weight.value.array, b = bias.value.array, v = score.value.array
    var sum = 0.0
    for out in 0..<6 {
      let z = (0..<6).reduce(Double(b[out])) { $0 + Double(w[out * 6 + $1]) * Double(row[$1]) }
      sum += Double(v[out]) * tanh(z)
    }
    return exp(sum)
  }
}
