import Compute
import Foundation
import Testing

@testable import Training

@Suite struct SkipGramTests {
  /// Two topics of ten words each; a sentence keeps to one of them. Ids 0 and 1 are no words.
  private static var sentences: [[Int32]] {
    var random = Random(seed: 4, stream: "language")
    return (0..<600).map { row in
      (0..<8).map { _ in random.below(12) == 0 ? 1 : Int32(2 + 10 * (row % 2) + random.below(10)) }
    }
  }

  private static func train(
    _ seed: UInt64 = 8, isStopped: () -> Bool = { false }, change: (inout PretrainingSettings) -> Void = { _ in }
  ) throws(TrainingFailure) -> (vectors: [Float], outcome: PretrainingOutcome) {
    var settings = PretrainingSettings()
    (settings.epochs, settings.skipGram.subsample) = (5, 0)
    change(&settings)
    return try SkipGram.train(
      vocabulary: 23, excluded: [0, 1], sequences: sentences, width: 8, settings: settings,
      random: Random(seed: seed, stream: "t"), isStopped: isStopped)
  }

  private func cosine(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
    func dot(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> Double {
      zip(a, b).reduce(0) { $0 + Double($1.0 * $1.1) }
    }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }

  @Test("words of one topic come to lie beside each other; a word that never occurs stays 0")
  func topics() throws {
    let (vectors, outcome) = try Self.train()
    func vector(_ id: Int) -> ArraySlice<Float> { vectors[id * 8..<(id + 1) * 8] }
    var near = [Double](), far = [Double]()
    for a in 2..<22 {
      for b in 2..<a {
        let value = cosine(vector(a), vector(b))
        if (a < 12) == (b < 12) { near.append(value) } else { far.append(value) }
      }
    }
    #expect((near.min() ?? 0) > (far.max() ?? 1), "\(near.min() ?? 0) \(far.max() ?? 0)")
    #expect([0, 1, 22].allSatisfy { vector($0).allSatisfy { $0 == 0 } })
    let squares = (2..<22).flatMap { vector($0) }.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(squares / 160 - 1) < 1e-4)
    // Six sigmoids of 0 at first.
    let loss = try #require(outcome.loss)
    #expect(loss < 6 * log(2) && (outcome.trainingLoss ?? .nan) < 6 * log(2) && outcome.accuracy == nil)
    #expect(outcome.heldOut == 30 && outcome.sequences == 570 && outcome.steps == 5 * 570 && outcome.flops > 0)
  }

  @Test("the same seed gives the same bits, another seed others; each dial acts")
  func seeds() throws {
    let first = try Self.train(), again = try Self.train(), other = try Self.train(9)
    #expect(again.vectors == first.vectors && again.outcome == first.outcome && other.vectors != first.vectors)
    let dials: [(inout PretrainingSettings) -> Void] = [
      { $0.skipGram.window = 1 }, { $0.skipGram.negatives = 1 }, { $0.skipGram.subsample = 0.01 },
      { $0.skipGram.learningRate = 0.05 }, { $0.epochs = 6 },
    ]
    for (index, dial) in dials.enumerated() {
      #expect(try Self.train(change: dial).vectors != first.vectors, "\(index)")
    }
  }

  @Test("nothing to learn from, vectors that are not finite, or a stop is a failure that says so")
  func failures() throws {
    let none = #expect(throws: TrainingFailure.self) {
      try SkipGram.train(
        vocabulary: 5, excluded: [0, 1], sequences: [[2], [1, 0], [2, 1]], width: 4, settings: PretrainingSettings(),
        random: Random(seed: 1, stream: "t"))
    }
    #expect(none?.reason == "there are no texts to pre-train on")
    let wild = #expect(throws: TrainingFailure.self) { try Self.train(change: { $0.skipGram.learningRate = 1e38 }) }
    #expect(wild?.cause == .notFinite)
    #expect(throws: TrainingFailure.self) { try Self.train(isStopped: { true }) }
  }

  @Test("untrained it is log 2 for each word and its random words, and falls with the rate")
  func losses() throws {
    func loss(_ rate: Double) throws -> Double {
      try Self.train(change: { $0.skipGram.learningRate = rate }).outcome.loss ?? 0
    }
    // A random word that is the neighbour itself is left out: 1 in 20.
    #expect(5.4 * log(2)...6 * log(2) ~= (try loss(1e-12)))
    #expect(try loss(0.02) < loss(0.002) && loss(0.002) < loss(1e-12))
  }
}
