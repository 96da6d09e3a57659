import Compute
import Foundation
import Tasks
import TestSupport
import Testing
import Text

@testable import Models

/// Tests/Fixtures/networks/fasttext.json, by Scripts/fixtures/word_bags.py with fastText and PyTorch.
@Suite struct FastTextTests {
  private struct Reference: Decodable {
    struct Steps: Decodable {
      struct Row: Decodable {
        var columns: [Int32]
        var shares: [Float]
      }
      var rows: [Row]
      var targets: [[Int]]
      var table, weights, losses, after_table, after_weights: [Double]
    }
    var buckets, letters_from, letters_to: Int
    var rate: Double
    var letters, words: [String: [Int32]]
    var softmax, sigmoid: Steps
  }

  private func reference() throws -> Reference {
    let file = Fixtures.root.appendingPathComponent("networks/fasttext.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  @Test("n-grams of letters and of words fall into fastText's buckets")
  func buckets() throws {
    let reference = try reference()
    let hashes = HashedWords(
      wordNGrams: 3, characterNGrams: NGramRange(reference.letters_from, reference.letters_to),
      buckets: reference.buckets)
    #expect(reference.letters.count == 9 && reference.words.count == 5)
    for (word, expected) in reference.letters { #expect(hashes.buckets(letters: word) == expected, "\(word)") }
    for (text, expected) in reference.words {
      #expect(hashes.buckets(words: text.split(separator: " ").map(String.init)) == expected, "\(text)")
    }
  }

  @Test(
    "three steps give PyTorch's losses, vectors and weights, with a class and with labels", arguments: [false, true])
  func steps(isMultiLabel: Bool) throws {
    let reference = try reference()
    let steps = isMultiLabel ? reference.sigmoid : reference.softmax
    var rows = SparseRows(columns: 6)
    for row in steps.rows { rows.append(indices: row.columns, values: row.shares) }
    let targets: Targets = isMultiLabel ? .labels(steps.targets) : .classes(steps.targets.map { $0[0] })
    var model = FastText(
      width: 5, outputs: 3, isMultiLabel: isMultiLabel, table: steps.table.map(Float.init),
      weights: steps.weights.map(Float.init))
    var memory = FeatureBags.Row(width: 5, outputs: 3), losses = [Double]()
    for row in 0..<rows.count {
      losses.append(model.step(rows, row, targets, nil, rate: Float(reference.rate), &memory))
    }
    expectClose(losses, steps.losses, absolute: 0, relative: 1e-5, "losses")
    expectClose(model.table, steps.after_table, absolute: 1e-6, "vectors")
    expectClose(model.weights, steps.after_weights, absolute: 1e-6, "weights")
  }

  @Test("a row's shares sum to 1 over its words and n-grams; what training texts do not have is left out")
  func bag() throws {
    let hashes = HashedWords(wordNGrams: 2, characterNGrams: nil, buckets: 1_000)
    var settings = TextSettings()
    settings.minimumFrequency = 1
    let bag = try WordBag(fitting: ["my card is my card", "a card"], text: settings, hashes: hashes)
    // my, card, is, a; my card, card is, is my, a card
    #expect(bag.vocabulary.count == 6 && bag.buckets.count == 4)
    let rows = bag.features(["card card", "new phone", "", "A card"])
    #expect(rows.offsets == [0, 1, 1, 1, 4])
    #expect(Array(rows.values.prefix(1)) == [1])
    expectClose(rows.values.suffix(3), [1.0 / 3, 1.0 / 3, 1.0 / 3], absolute: 1e-7, "shares")
  }

  @Test("training is the same for the same seed, falls in loss, and can be stopped")
  func training() throws {
    let texts = (0..<40).map { $0 % 2 == 0 ? "good \($0)" : "bad \($0)" }
    let hashes = HashedWords(wordNGrams: 2, characterNGrams: NGramRange(3, 4), buckets: 500)
    let bag = try WordBag(fitting: texts, text: TextSettings(), hashes: hashes)
    let rows = bag.features(texts), targets = Targets.classes((0..<40).map { $0 % 2 })
    func train(_ seed: UInt64) throws -> (FastText, [Double]) {
      let random = Random(seed: seed, stream: "fasttext")
      var model = FastText(width: 10, features: bag.count, outputs: 2, isMultiLabel: false, random: random)
      let losses = try model.train(rows, targets: targets, classWeights: nil, epochs: 10, rate: 1, random: random)
      return (model, losses)
    }
    let (model, losses) = try train(1)
    #expect(try train(1).0 == model && train(2).0 != model)
    #expect(losses.count == 10 && losses[9] < 0.5 * losses[0])
    let answers = model.probabilities(rows)
    #expect((0..<40).allSatisfy { answers[2 * $0 + $0 % 2] > 0.5 })
    var stopped = model
    #expect(throws: FitStopped.self) {
      _ = try stopped.train(
        rows, targets: targets, classWeights: nil, epochs: 1, rate: 1, random: Random(seed: 1, stream: "s")
      ) { true }
    }
  }
}
