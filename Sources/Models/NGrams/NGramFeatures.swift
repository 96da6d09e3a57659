/// Which n-grams of the training texts a model counts.
package protocol NGramFeatures: Sendable {
  /// Smallest and largest word n-gram; none where nil.
  var wordNGrams: NGramRange? { get set }
  /// Smallest and largest character n-gram inside word boundaries; none where nil.
  var characterNGrams: NGramRange? { get set }
  /// n-grams in fewer training texts than this are left out.
  var minimumDocuments: Int { get set }
  /// Largest number of features, the most frequent first; unlimited where nil.
  var maximumFeatures: Int? { get set }
  /// 1 + log(tf) in place of tf.
  var sublinear: Bool { get set }
  /// Whether n-grams are counted at all.
  var readsNGrams: Bool { get }
  /// Whether the corpus' columns are features too.
  var readsColumns: Bool { get }
  /// Whether the numbers of a text's vector are.
  var readsVectors: Bool { get }
}

/// The sizes of the n-grams that are counted, both ends included.
public struct NGramRange: Sendable, Equatable, Codable {
  /// What `low` and `high` may be.
  public static let allowed = 1...20

  public var low: Int
  public var high: Int
  public init(_ low: Int, _ high: Int) { (self.low, self.high) = (low, high) }
}
