import Autograd
import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models

@Suite struct IntegratedGradientsTests {
  private let workspace = Workspace()
  private let random = Random(seed: 4, stream: "attribution")

  private var encoder: TransformerConfiguration {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (2, 8, 2, 16, 20)
    return sizes
  }
  private func recurrent(_ cell: RecurrentCell, _ letters: HashedWords? = nil) -> RecurrentClassifier {
    var sizes = RecurrentConfiguration()
    (sizes.embedding, sizes.hidden, sizes.layers, sizes.letters) = (6, 5, 2, letters)
    sizes.pooling = .mean  // a maximum has no derivative where it changes hands
    return RecurrentClassifier(cell, sizes, vocabulary: 11, classes: 3, random: random, workspace: workspace)
  }
  private var all: [any Network] {
    var pooled = RecurrentConfiguration()
    (pooled.hidden, pooled.layers, pooled.pooling) = (5, 1, .mean)
    var filters = ConvolutionalConfiguration()
    (filters.embedding, filters.filters, filters.windows) = (6, 4, [2, 3])
    return [
      recurrent(.lstm), recurrent(.gru), recurrent(.rnn),
      recurrent(.lstm, HashedWords(wordNGrams: 1, characterNGrams: NGramRange(2, 3), buckets: 20)),
      BERTClassifier(encoder, vocabulary: 11, classes: 3, random: random, workspace: workspace),
      SentenceClassifier(
        encoder, hasUnitLength: true, vocabulary: 11, classes: 3, random: random, workspace: workspace),
      HybridClassifier(encoder, pooled, vocabulary: 11, classes: 3, random: random, workspace: workspace),
      ConvolutionalClassifier(filters, vocabulary: 11, classes: 3, random: random, workspace: workspace),
    ]
  }
  private let sequence: [Int32] = [3, 1, 4, 1, 5]

  @Test("a network given its own word vectors gives its own logits")
  func ownWords() {
    for network in all {
      let batch = TokenBatch([sequence, [2, 7]]), tape = Tape(workspace: workspace, mode: .evaluation)
      let words = network.words(batch, on: tape)
      let given = network.logits(batch, words: words, on: tape).array
      expectClose(
        given, network.logits(batch, on: Tape(workspace: workspace, mode: .evaluation)).array, absolute: 1e-6,
        "\(type(of: network))")
    }
  }

  @Test("each step's share is the integral of central differences along the way")
  func differences() {
    for network in all { check(network) }
  }

  private func check(_ network: some Network) {
    // Dropout, where a network has some, has no part in this.
    var method = IntegratedGradients(network)
    (method.fewestNodes, method.mostNodes) = (8, 8)
    let found = method(sequence, output: 1, in: workspace)
    let tape = Tape(workspace: workspace, mode: .evaluation)
    let words = network.words(TokenBatch([sequence]), on: tape), own = words.array
    func logit(_ values: [Float]) -> Double {
      let tape = Tape(workspace: workspace, mode: .evaluation)
      let given = tape.variable(Buffer(values, in: workspace), shape: words.shape)
      return Double(network.logits(TokenBatch([sequence]), words: given, on: tape).array[1])
    }
    let rule = GaussLegendre(8), step: Float = 4e-3
    var expected = [Double](repeating: 0, count: words.rows)
    for (point, weight) in zip(rule.nodes, rule.weights) {
      let at = own.map { $0 * Float(point) }
      for place in own.indices {
        var (above, below) = (at, at)
        above[place] += step
        below[place] -= step
        expected[place / words.columns] +=
          weight * Double(own[place]) * (logit(above) - logit(below)) / Double(2 * step)
      }
    }
    expectClose(found.values, expected, absolute: 3e-3, relative: 3e-3, "\(type(of: network))")
    expectClose(found.score, logit(own), absolute: 1e-5, "score")
    expectClose(found.start, logit(own.map { _ in 0 }), absolute: 1e-5, "start")
  }

  @Test("points are doubled until shares miss the difference by 1 % at most, and parameters are left alone")
  func completeness() {
    for network in all {
      let before = network.parameters.map(\.value.array)
      checkCompleteness(network)
      #expect(network.parameters.map(\.value.array) == before)
    }
  }

  private func checkCompleteness(_ network: some Network) {
    let found = IntegratedGradients(network)(sequence, output: 2, in: workspace)
    let difference = found.score - found.start
    let error = abs(found.values.reduce(0, +) - difference)
    #expect(WordAttribution.isComplete(error, of: difference) || found.nodes == 256, "\(type(of: network))")
  }

  @Test("points and weights integrate polynomials up to degree 2n − 1, and not the next")
  func quadrature() {
    for count in [1, 2, 5, 16, 64] {
      let rule = GaussLegendre(count)
      func integral(_ degree: Int) -> Double {
        zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * Foundation.pow($1.0, Double(degree)) }
      }
      #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy(<))
      for degree in [0, 1, 2 * count - 1] {
        expectClose(integral(degree), 1 / Double(degree + 1), absolute: 1e-13, "\(count) points, degree \(degree)")
      }
    }
    // x⁴ with two points: 7/36 and not 1/5.
    let two = GaussLegendre(2)
    expectClose(
      zip(two.nodes, two.weights).reduce(0) { $0 + $1.1 * Foundation.pow($1.0, 4) }, 7.0 / 36, absolute: 1e-14, "x⁴")
  }
}
