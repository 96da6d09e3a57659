/// What of a row becomes features.
public enum FeatureInput: String, Sendable, CaseIterable, Codable {
  /// n-grams of its text.
  case ngrams
  /// The columns that its corpus declares.
  case columns
  /// One vector of its text, by the model's checkpoint.
  case vectors
}

/// Which features a model may have beside n-grams.
package protocol ColumnFeatures: NGramFeatures {
  /// n-grams where nil.
  var inputs: [FeatureInput]? { get set }
}

extension ColumnFeatures {
  /// What it reads.
  package var read: [FeatureInput] {
    get { inputs ?? [.ngrams] }
    set { inputs = newValue == [.ngrams] ? nil : newValue }
  }
  package var readsNGrams: Bool { read.contains(.ngrams) }
  package var readsColumns: Bool { read.contains(.columns) }
  package var readsVectors: Bool { read.contains(.vectors) }
}

extension NGramFeatures {
  package var readsNGrams: Bool { true }
  package var readsColumns: Bool { false }
  package var readsVectors: Bool { false }
}
