import Foundation
import Models
import TestSupport
import Testing
import Text

@testable import Families

/// Tests/Fixtures/baselines/tfidf-logistic.json: scikit-learn's numbers (Scripts/fixtures/baselines.py).
struct LinearTextFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var word: [Int]?
    var character: [Int]?
    var minimum_documents: Int
    var sublinear: Bool
    var c: Double
    var features: [String]
    /// Indices and values of each test text's row.
    var test_rows: [[[Double]]]
    var probabilities: [[Double]]
    var testDescription: String { name }

    var configuration: TFIDFLogisticConfiguration {
      var out = TFIDFLogisticConfiguration()
      set(&out)
      out.c = c
      return out
    }

    /// Gives a configuration these n-grams.
    func set(_ configuration: inout some NGramFeatures) {
      configuration.wordNGrams = word.map { NGramRange($0[0], $0[1]) }
      configuration.characterNGrams = character.map { NGramRange($0[0], $0[1]) }
      (configuration.minimumDocuments, configuration.sublinear) = (minimum_documents, sublinear)
    }
  }
  var train: [String]
  var labels: [Int]
  var test: [String]
  var cases: [Case]
  /// Fits of rows whose classes weigh the same (`class_weight="balanced"`).
  var balanced: [Balanced]

  struct Balanced: Decodable, Sendable, CustomTestStringConvertible {
    /// The case whose settings it has.
    var name: String
    var rows: [Int]
    var probabilities: [[Double]]
    var testDescription: String { "\(name), \(rows)" }
  }

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/tfidf-logistic.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// Gives a configuration the n-grams of the case of that name.
  func set(_ configuration: inout some NGramFeatures, to name: String) throws {
    try #require(cases.first { $0.name == name }).set(&configuration)
  }

  /// Texts as they are.
  static var plain: TextSettings {
    var text = TextSettings()
    (text.clean, text.lowercase) = (false, false)
    return text
  }
}
