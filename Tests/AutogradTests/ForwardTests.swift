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
  func twin(
    _ kind: RecurrentCell, _ x: [[Double]], _ wx: [Float], _ wh: [Float], _ bx: [Float], _ bh: [Float], hidden: Int
  ) -> (outputs: [[Double]], cell: [Double]) {
    var h = [Double](repeating: 0, count: hidden), c = h
    var outputs: [[Double]] = []
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    func affine(_ weights: [Float], _ bias: [Float], _ input: [Double]) -> [Double] {
      bias.indices.map { gate in
        input.enumerated().reduce(Double(bias[gate])) { $0 + Double(weights[gate * input.count + $1.0]) * $1.1 }
      }
    }
    for token in x {
      let a = affine(wx, bx, token), b = affine(wh, bh, h), z = zip(a, b).map { $0 + $1 }
      h = (0..<hidden).map { j in
        switch kind {
        case .rnn: return tanh(z[j])
        case .gru:
          let n = tanh(a[2 * hidden + j] + sigmoid(z[j]) * b[2 * hidden + j]), kept = sigmoid(z[hidden + j])
          return (1 - kept) * n + kept * h[j]
        case .lstm:
          c[j] = sigmoid(z[hidden + j]) * c[j] + sigmoid(z[j]) * tanh(z[2 * hidden + j])
          return sigmoid(z[3 * hidden + j]) * tanh(c[j])
        }
      }
      outputs.append(h)
    }
    return (outputs, c)
  }

  @Test(
    "recurrent cells over ragged sequences in both directions, in training and evaluation, at any width",
    arguments: RecurrentCell.allCases, [1, 5, 16, 33])
  func recurrent(cell: RecurrentCell, hidden: Int) {
    let width = 6, offsets = [0, 1, 8, 8, 11, 30, 31], wide = cell.gates * hidden
    let x = values(31 * width, "x")
    let wx = values(wide * width, "wx", 0.5), wh = values(wide * hidden, "wh", 0.3)
    let bx = values(wide, "bx"), bh = values(wide, "bh")
    let weights = RecurrentWeights(
      input: Parameter(name: "wx", shape: [wide, width], values: wx, in: workspace),
      recurrent: Parameter(name: "wh", shape: [wide, hidden], values: wh, in: workspace),
      inputBias: Parameter(name: "bx", shape: [wide], values: bx, in: workspace),
      recurrentBias: Parameter(name: "bh", shape: [wide], values: bh, in: workspace))
    Parameter.number(weights.parameters)
    for reverse in [false, true] {
      var output = [Double](), states = [Double](), cells = [Double]()
      for sequence in 0..<6 {
        let tokens = (offsets[sequence]..<offsets[sequence + 1]).map { token in
          x[token * width..<(token + 1) * width].map(Double.init)
        }
        let twin = twin(cell, reverse ? tokens.reversed() : tokens, wx, wh, bx, bh, hidden: hidden)
        output += (reverse ? twin.outputs.reversed() : twin.outputs).flatMap { $0 }
        states += twin.outputs.last ?? [Double](repeating: 0, count: hidden)
        cells += twin.cell
      }
      for mode in [Mode.evaluation, .training(Random(seed: 1, stream: "m"))] {
        let tape = Tape(workspace: workspace, mode: mode)
        let y = tape.recurrent(
          cell, tape.constant(x, shape: [31, width]), offsets: offsets, weights: weights, reverse: reverse)
        expectClose(y.output.array, output, absolute: 2e-6, "output")
        expectClose(y.hidden.array, states, absolute: 2e-6, "hidden")
        #expect((y.cell != nil) == (cell == .lstm))
        if let last = y.cell { expectClose(last.array, cells, absolute: 5e-6, "cell") }
      }
    }
  }

  @Test("filters over windows and their maxima, beyond the ends of short sequences", arguments: [1, 2, 5])
  func convolution(width: Int) {
    let columns = 3, filters = 4, offsets = [0, 1, 8, 8, 11], x = values(11 * columns, "x")
    let weight = Parameter(
      name: "w", shape: [filters, width * columns], values: values(filters * width * columns, "w"), in: workspace)
    let bias = Parameter(name: "b", shape: [filters], values: values(filters, "b"), in: workspace)
    Parameter.number([weight, bias])
    var expected = [Double]()
    for sequence in 0..<4 {
      let length = offsets[sequence + 1] - offsets[sequence]
      for filter in 0..<filters {
        let answers = (1 - width..<length).map { start -> Double in
          (0..<width).filter { 0..<length ~= start + $0 }.reduce(0) { sum, row in
            (0..<columns).reduce(sum) {
              let at = (offsets[sequence] + start + row) * columns + $1
              return $0 + Double(weight.value.array[(filter * width + row) * columns + $1]) * Double(x[at])
            }
          }
        }
        expected.append(max(0, (answers.max() ?? 0) + Double(bias.value.array[filter])))
      }
    }
    for mode in [Mode.evaluation, .training(Random(seed: 1, stream: "m"))] {
      let tape = Tape(workspace: workspace, mode: mode)
      let y = tape.convolution(
        tape.constant(x, shape: [11, columns]), offsets: offsets, weight: weight, bias: bias, width: width)
      expectClose(y.array, expected, absolute: 2e-6, "width \(width)")
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
      (Activation.none, { $0 }), (.tanh, { tanh($0) }), (.relu, { max($0, 0) }),
      (.gelu, { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) }),
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
