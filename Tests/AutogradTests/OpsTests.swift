import Compute
import Foundation
import TestSupport
import Testing

@testable import Autograd

@Suite("Ops: gradients against central differences")
struct OpsTests {
  @Test("linear, with and without bias, under each activation", arguments: [Activation.none, .gelu, .tanh, .relu])
  func linear(activation: Activation) {
    var check = GradientCheck()
    let x = check.parameter("x", [5, 7]), w = check.parameter("w", [3, 7], deviation: 0.4)
    // Small enough that no sum passes 0, where a rectified one has no slope.
    let step: Float = activation == .relu ? 1e-3 : 1e-2
    check.check("linear without bias", step: step) { [$0.linear($0[x], weight: w, activation: activation)] }
    let b = check.parameter("b", [3])
    check.check("linear", step: step) { [$0.linear($0[x], weight: w, bias: b, activation: activation)] }
  }

  @Test("a parameter used twice collects both gradients")
  func shared() {
    var check = GradientCheck()
    let x = check.parameter("x", [4, 3]), w = check.parameter("w", [3, 3], deviation: 0.5),
      b = check.parameter("b", [3])
    check.check("two linears") { tape in
      let once = tape.linear(tape[x], weight: w, bias: b, activation: .tanh)
      return [tape.linear(tape.add(once, tape[x]), weight: w, bias: b, activation: .gelu), once]
    }
  }

  @Test("embedding adds the gradients of repeated ids")
  func embedding() {
    var check = GradientCheck()
    let table = check.parameter("table", [4, 5])
    check.check("embedding") { [$0.embedding([1, 3, 1, 0, 2], table: table)] }
  }

  @Test("a table that is also multiplied by has the gradient of both uses, in either order", arguments: [true, false])
  func tiedEmbedding(embeddingFirst: Bool) {
    var check = GradientCheck()
    let table = check.parameter("table", [4, 5])
    check.check("tied embedding") { tape in
      let x = tape.embedding([1, 3, 1], table: table)
      let y = tape.linear(x, weight: table)
      return embeddingFirst ? [y] : [y, tape.embedding([2, 2], table: table)]
    }
  }

  @Test("a table's gradient has the rows that were used, in order, however often")
  func rowGradient() throws {
    let workspace = Workspace()
    let table = Parameter(name: "table", shape: [6, 2], values: [Float](repeating: 1, count: 12), in: workspace)
    Parameter.number([table])
    func gradient(_ ids: [[Int32]]) throws -> Gradient {
      let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
      let outputs = ids.map { tape.embedding($0, table: table) }
      tape.backward(tape.weightedSum(outputs, ids.map { $0.flatMap { [Float($0), 1] } }).1)
      return try #require(tape.gradient(of: table))
    }
    var first = try gradient([[4, 1, 4], [3, 1]])
    guard case .rows(let rows) = first else { throw Expected.rows }
    #expect(rows.rows == [1, 3, 4] && rows.values.array == [2, 2, 3, 1, 8, 2])
    #expect(first.array == [0, 0, 2, 2, 0, 0, 3, 1, 8, 2, 0, 0])
    #expect(first.sumOfSquares == 4 + 4 + 9 + 1 + 64 + 4)
    let squares = first.add(try gradient([[0, 4]]))
    #expect(first.array == [0, 1, 2, 2, 0, 0, 3, 1, 12, 3, 0, 0])
    #expect(squares == 1 + 4 + 4 + 9 + 1 + 144 + 9 && first.sumOfSquares == squares)
    // With a gradient of all rows, on either side.
    let ones = { Gradient.dense(Buffer([Float](repeating: 1, count: 12), in: workspace)) }
    var dense = ones()
    #expect(dense.add(first) == squares + 2 * 24 + 12)
    first.add(ones())
    #expect(first.array == dense.array && first.array == [1, 2, 3, 3, 1, 1, 4, 2, 13, 4, 1, 1])
  }

  private enum Expected: Error { case rows }

  @Test("the sum of three embeddings")
  func bertEmbedding() {
    var check = GradientCheck()
    let word = check.parameter("word", [5, 3]), position = check.parameter("position", [4, 3])
    let type = check.parameter("type", [2, 3])
    let ids: [Int32] = [4, 0, 4, 2, 1, 3]
    check.check("bertEmbedding") {
      [
        $0.bertEmbedding(
          ids: ids, positions: [0, 1, 2, 3, 0, 1], types: [0, 0, 1, 1, 0, 1], word: word, position: position, type: type
        )
      ]
    }
    let tape = Tape(workspace: check.workspace, mode: .evaluation)
    let y = tape.bertEmbedding(
      ids: [4, 0], positions: [3, 1], types: [1, 0], word: word, position: position, type: type)
    let (a, b, c) = (word.value.array, position.value.array, type.value.array)
    func row(_ ia: Int, _ ib: Int, _ ic: Int) -> [Float] {
      (0..<3).map { (column: Int) -> Float in a[ia * 3 + column] + b[ib * 3 + column] + c[ic * 3 + column] }
    }
    expectClose(y.array, row(4, 3, 1) + row(0, 1, 0), absolute: 1e-6, "bertEmbedding")
  }

  @Test("layer norm, with residual and dropout or without", arguments: [1, 5, 17, 32])
  func layerNorm(width: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [3, width])
    let gain = check.parameter("gain", [width], deviation: 0.2, mean: 1), bias = check.parameter("bias", [width])
    check.check("layerNorm") { [$0.layerNorm($0[x], gain: gain, bias: bias, epsilon: 1e-3)] }
    check.check("layerNorm with dropout") {
      [$0.layerNorm($0[x], gain: gain, bias: bias, epsilon: 1e-1, dropout: 0.4)]
    }
    let residual = check.parameter("residual", [3, width])
    check.check("layerNorm with residual") {
      [$0.layerNorm($0[x], residual: $0[residual], gain: gain, bias: bias, epsilon: 1e-3)]
    }
    check.check("layerNorm with residual and dropout") {
      [$0.layerNorm($0[x], residual: $0[residual], gain: gain, bias: bias, epsilon: 1e-2, dropout: 0.3)]
    }
    check.check("layerNorm of what is used elsewhere") { tape in
      let sum = tape.add(tape[x], tape[residual])
      let y = tape.layerNorm(sum, residual: tape[x], gain: gain, bias: bias, epsilon: 1e-2, dropout: 0.3)
      return [y, tape.layerNorm(tape[residual], residual: sum, gain: gain, bias: bias, epsilon: 1e-2), sum]
    }
    let scale = check.parameter("scale", [width], deviation: 0.2, mean: 1)
    check.check("layerNorm without a bias") { tape in
      [
        tape.layerNorm(tape[x], gain: gain, bias: bias, epsilon: 1e-2),
        tape.layerNorm(tape[residual], gain: scale, bias: nil, epsilon: 1e-2),
      ]
    }
  }

  @Test("dropout")
  func dropout() {
    var check = GradientCheck()
    let x = check.parameter("x", [3, 9])
    check.check("dropout") { [$0.dropout($0[x], probability: 0.4)] }
    check.check("dropout of what is used elsewhere") { [$0.dropout($0[x], probability: 0.4), $0[x]] }
  }

  @Test("attention over ragged sequences, one token included", arguments: [1, 2, 4])
  func attention(heads: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [9, 24], deviation: 0.7)
    let offsets = [0, 1, 4, 4, 9]
    check.check("attention") { [$0.attention($0[x], offsets: offsets, heads: heads)] }
    check.check("attention with dropout") { [$0.attention($0[x], offsets: offsets, heads: heads, dropout: 0.3)] }
    check.check("attention of what is used elsewhere") {
      [$0[x], $0.attention($0[x], offsets: offsets, heads: heads, dropout: 0.3)]
    }
  }

  @Test("attention with heads of 16 and 32 columns and sequences beyond 16 tokens", arguments: [1, 2])
  func wideAttention(heads: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [20, 96], deviation: 0.5)
    check.check("attention") { [$0.attention($0[x], offsets: [0, 17, 20], heads: heads, dropout: 0.2)] }
  }

  @Test("attention within a window, of turned queries and keys", arguments: [0, 1, 3, 30])
  func windows(window: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [20, 24], deviation: 0.7)
    let angles = RotaryAngles(base: 10, width: 4, longest: 17, in: check.workspace)
    let offsets = [0, 1, 18, 20], positions = [Int32(0)] + (0..<17) + (0..<2)
    check.check("attention") { [$0.attention($0[x], offsets: offsets, heads: 2, dropout: 0.2, window: window)] }
    check.check("rotation") { tape in
      let turned = tape.rotate(tape[x], positions: positions, heads: 2, by: angles)
      return [tape.attention(turned, offsets: offsets, heads: 2, window: window), tape[x]]
    }
  }

  @Test("a rotated pair keeps its length, and its product with another depends on their distance alone")
  func rotations() {
    let workspace = Workspace(), tape = Tape(workspace: workspace, mode: .evaluation)
    let angles = RotaryAngles(base: 100, width: 2, longest: 12, in: workspace)
    // Query (1, 2) and key (0.5, −1) at every position; one head of two columns.
    let row: [Float] = [1, 2, 0.5, -1, 7, 8]
    let turned = tape.rotate(
      tape.constant((0..<12).flatMap { _ in row }, shape: [12, 6]), positions: Array(0..<12), heads: 1, by: angles
    ).array
    func product(_ i: Int, _ j: Int) -> Float {
      turned[6 * i] * turned[6 * j + 2] + turned[6 * i + 1] * turned[6 * j + 3]
    }
    for i in 0..<12 {
      expectClose([turned[6 * i] * turned[6 * i] + turned[6 * i + 1] * turned[6 * i + 1]], [5], absolute: 1e-5, "\(i)")
      #expect(turned[6 * i + 4] == 7 && turned[6 * i + 5] == 8)
      if i > 2 { expectClose([product(i, i - 3)], [product(3, 0)], absolute: 1e-5, "\(i)") }
    }
    // The first pair turns by one radian a position.
    let one: Double = 1, cosine: Double = cos(one), sine: Double = sin(one)
    expectClose(
      [turned[6], turned[7]].map(Double.init), [cosine - 2 * sine, 2 * cosine + sine], absolute: 1e-6, "(1, 2)")
  }

  @Test("gated GELU", arguments: [1, 7, 16, 17])
  func gates(width: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [3, 2 * width])
    check.check("gatedGELU") { [$0.gatedGELU($0[x])] }
    check.check("gatedGELU of what is used elsewhere") { [$0[x], $0.gatedGELU($0[x])] }
    let tape = Tape(workspace: Workspace(), mode: .evaluation)
    let values = x.value.array.map(Double.init)
    let expected = (0..<3).flatMap { row in
      (0..<width).map { column -> Double in
        let a = values[2 * row * width + column], b = values[(2 * row + 1) * width + column]
        return a * 0.5 * (1 + erf(a / 2.0.squareRoot())) * b
      }
    }
    expectClose(tape.gatedGELU(tape.constant(x.value.array, shape: x.shape)).array, expected, absolute: 1e-6, "values")
  }

  @Test(
    "recurrent cells in both directions: input, weights, biases, through output and final states",
    arguments: RecurrentCell.allCases, [false, true])
  func recurrent(cell: RecurrentCell, reverse: Bool) {
    var check = GradientCheck()
    let wide = cell.gates * 5, x = check.parameter("x", [11, 3])
    let weights = RecurrentWeights(
      input: check.parameter("wx", [wide, 3], deviation: 0.5),
      recurrent: check.parameter("wh", [wide, 5], deviation: 0.5),
      inputBias: check.parameter("bx", [wide], deviation: 0.3),
      recurrentBias: check.parameter("bh", [wide], deviation: 0.3))
    for offsets in [[0, 1, 5, 7, 11], [0, 3, 3, 11], [0, 11], Array(0...11)] {
      func run(_ tape: Tape) -> (output: Tensor, hidden: Tensor, cell: Tensor?) {
        tape.recurrent(cell, tape[x], offsets: offsets, weights: weights, reverse: reverse)
      }
      check.check("\(cell) \(offsets)") {
        let y = run($0); return [y.output, y.hidden] + (y.cell.map { [$0] } ?? [])
      }
      check.check("\(cell) output \(offsets)") { [run($0).output] }
      check.check("\(cell) final hidden \(offsets)") { [run($0).hidden] }
    }
  }

  @Test("filters over windows: input, weights, biases", arguments: [1, 2, 5])
  func convolution(width: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [11, 3])
    let weight = check.parameter("w", [4, width * 3]), bias = check.parameter("b", [4], deviation: 0.3, mean: 0.5)
    // Smaller than the distance between the two largest of any filter.
    check.check("width \(width)", step: 1e-3) {
      [$0.convolution($0[x], offsets: [0, 1, 5, 5, 11], weight: weight, bias: bias, width: width)]
    }
  }

  @Test("rows of length 1 and their products", arguments: [3, 16, 37])
  func similarity(width: Int) {
    var check = GradientCheck()
    let a = check.parameter("a", [4, width]), b = check.parameter("b", [4, width])
    check.check("unitRows") { [$0.unitRows($0[a]), $0[b]] }
    check.check("rowDots") { [$0.rowDots($0[a], $0[b])] }
    check.check("cosine") { [$0.rowDots($0.unitRows($0[a]), $0.unitRows($0[b]))] }
    check.check("of a row with itself") { [$0.rowDots($0[a], $0[a]), $0[b]] }
    let tape = Tape(workspace: check.workspace, mode: .evaluation)
    #expect(tape.unitRows(tape.constant([0, 0, 3, 4], shape: [2, 2])).array == [0, 0, 0.6, 0.8])
  }

  @Test("concatenate, rows, add, scale")
  func shapes() {
    var check = GradientCheck()
    let a = check.parameter("a", [4, 3]), b = check.parameter("b", [4, 2])
    check.check("concatenate") { [$0.concatenate($0[a], $0[b]), $0[a]] }
    check.check("rows") { [$0.rows($0[a], [3, 0, 3]), $0.rows($0[b], [1])] }
    check.check("add of a tensor to itself") { [$0.add($0[a], $0[a]), $0.scale($0[b], by: -1.5), $0[b]] }
    check.check("scale") { [$0.scale($0.scale($0[a], by: 0.5), by: 3), $0.scale($0[b], by: 2)] }
  }

  @Test("mean and maximum pooling, and pooling by attention")
  func pooling() {
    var check = GradientCheck()
    let x = check.parameter("x", [8, 19])
    let offsets = [0, 1, 1, 5, 8]
    check.check("mean") { [$0.pool($0[x], offsets: offsets, .mean), $0.pool($0[x], offsets: offsets, .mean)] }
    // Smaller than the distance between the two largest of any column.
    check.check("max", step: 1e-3) { [$0.pool($0[x], offsets: offsets, .max)] }
    let scores = check.parameter("scores", [8, 1])
    check.check("attentionPool") { [$0.attentionPool($0[x], scores: $0[scores], offsets: offsets)] }
  }

  @Test("cross-entropy with and without class weights", arguments: [2, 3, 16, 33])
  func crossEntropy(classes: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [4, classes])
    let labels = [0, 1, classes - 1, 1]
    let weights = (0..<classes).map { 0.5 + Float($0) / 7 }
    check.check("crossEntropy") { [$0.crossEntropy($0[x], labels: labels, normaliser: 4).tensor] }
    check.check("weighted crossEntropy") {
      [$0.crossEntropy($0[x], labels: labels, classWeights: weights, normaliser: 2.5).tensor]
    }
    let offsets = (0..<classes).map { Float($0 % 3) - 0.5 }
    check.check("focal crossEntropy of adjusted logits") {
      [$0.crossEntropy($0[x], labels: labels, offsets: offsets, gamma: 1.5, normaliser: 4).tensor]
    }
    let tape = Tape(workspace: check.workspace, mode: .evaluation)
    let (loss, tensor) = tape.crossEntropy(tape[x], labels: labels, classWeights: weights, normaliser: 2.5)
    var expected = 0.0
    for (row, label) in labels.enumerated() {
      let logits = x.value.array[row * classes..<(row + 1) * classes].map(Double.init)
      let total = logits.map { $0.exponential }.reduce(0, +)
      expected += Double(weights[label]) * (total.logarithm - logits[label]) / 2.5
    }
    expectClose(loss, expected, absolute: 1e-6, "loss")
    expectClose(Double(tensor.array[0]), expected, absolute: 1e-6, "loss tensor")
  }

  @Test("any set of frozen parameters: they have no gradient, and those of all others are what they were without")
  func frozen() {
    var check = GradientCheck()
    let table = check.parameter("table", [4, 6]), w = check.parameter("w", [6, 6], deviation: 0.4)
    let b = check.parameter("b", [6]), gain = check.parameter("gain", [6], mean: 1), bias = check.parameter("bias", [6])
    let wx = check.parameter("wx", [8, 6], deviation: 0.5), wh = check.parameter("wh", [8, 2], deviation: 0.5)
    let bx = check.parameter("bx", [8]), bh = check.parameter("bh", [8])
    func forward(_ tape: Tape) -> [Tensor] {
      let x = tape.embedding([1, 3, 1, 0, 2], table: table)
      let y = tape.linear(x, weight: w, bias: b, activation: .gelu)
      let normed = tape.layerNorm(y, residual: x, gain: gain, bias: bias, epsilon: 1e-1)
      let weights = RecurrentWeights(input: wx, recurrent: wh, inputBias: bx, recurrentBias: bh)
      let states = tape.recurrent(.lstm, normed, offsets: [0, 2, 5], weights: weights, reverse: false)
      return [states.output] + (states.cell.map { [$0] } ?? [])
    }
    check.check("nothing frozen", forward)
    func gradients() -> [[Float]?] {
      let tape = Tape(workspace: check.workspace, mode: check.mode)
      let outputs = forward(tape)
      tape.backward(tape.weightedSum(outputs, outputs.map { [Float](repeating: 0.5, count: $0.value.count) }).1)
      return check.parameters.map { tape.gradient(of: $0)?.array }
    }
    let all = gradients()
    #expect(all.allSatisfy { $0 != nil })
    for set in 0..<1 << check.parameters.count {
      for (bit, parameter) in check.parameters.enumerated() { parameter.isFrozen = set >> bit & 1 == 1 }
      for (bit, gradient) in gradients().enumerated() {
        #expect(gradient == (check.parameters[bit].isFrozen ? nil : all[bit]), "\(check.parameters[bit].name), \(set)")
      }
    }
    // What trains below frozen parts, against differences.
    for parameter in check.parameters { parameter.isFrozen = parameter !== table }
    check.check("all frozen but the table", forward)
  }
}
