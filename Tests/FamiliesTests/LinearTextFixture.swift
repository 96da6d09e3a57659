import Foundation
import Models
import TestSupport
import Text

/// The texts and features that scikit-learn's linear models are compared on (Scripts/fixtures/baselines.py).
struct LinearTextFixture: Decodable {
  struct Case: Decodable {
    var name: String
    var word: [Int]?
    var character: [Int]?
    var minimum_documents: Int
    var sublinear: Bool
  }
  var train: [String]
  var labels: [Int]
  var test: [String]
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/tfidf-logistic.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  /// Texts as they are.
  static var plain: TextSettings {
    var text = TextSettings()
    (text.clean, text.lowercase) = (false, false)
    return text
  }

  /// Gives a configuration the n-grams of the case of that name.
  func set(_ configuration: inout some NGramFeatures, to name: String) throws {
    guard let found = cases.first(where: { $0.name == name }) else { throw CocoaError(.fileReadCorruptFile) }
    configuration.wordNGrams = found.word.map { NGramRange($0[0], $0[1]) }
    configuration.characterNGrams = found.character.map { NGramRange($0[0], $0[1]) }
    (configuration.minimumDocuments, configuration.sublinear) = (found.minimum_documents, found.sublinear)
  }
}
