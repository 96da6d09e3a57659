import Compute
import Tasks
import Text

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
}

/// The sizes of the n-grams that are counted, both ends included.
public struct NGramRange: Sendable, Equatable, Codable {
  /// What `low` and `high` may be.
  public static let allowed = 1...20

  public var low: Int
  public var high: Int
  public init(_ low: Int, _ high: Int) { (self.low, self.high) = (low, high) }
}

/// Training texts as a linear model learns from them.
package struct NGramRows {
  package let vectorizer: TFIDFVectorizer
  package let features: SparseRows
  /// One for each row of `features`.
  package let targets: Targets
  /// The class of each; empty where the task is another one.
  package var labels: [Int] { targets.classes }

  /// Finds the n-grams of all texts; the rows are those of `rows`, in which a text may stand more than once or not at
  /// all, or of every text once where nil.
  ///
  /// - Parameter isStopped: asked every few hundred texts; true ends it.
  /// - Throws: `FitStopped` where it was ended so.
  package init(
    _ texts: [String], targets: Targets, configuration: some NGramFeatures, text: TextSettings,
    rows: [Int]? = nil, isStopped: () -> Bool = { false }
  ) throws(FitStopped) {
    precondition(texts.count == targets.count, "NGramRows: \(texts.count) texts for \(targets.count) targets")
    let preparation = TextPreparation(text)
    var prepared: [String] = []
    prepared.reserveCapacity(texts.count)
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      prepared.append(preparation.prepare(text))
    }
    vectorizer = try TFIDFVectorizer(fitting: prepared, configuration: configuration, isStopped: isStopped)
    let learnt = rows.map { rows in rows.map { prepared[$0] } } ?? prepared
    self.targets = rows.map { targets.rows($0) } ?? targets
    features = try vectorizer.transform(learnt, isStopped: isStopped)
  }

  private init(vectorizer: TFIDFVectorizer, features: SparseRows, targets: Targets) {
    (self.vectorizer, self.features, self.targets) = (vectorizer, features, targets)
  }

  /// The rows of these numbers, by the same n-grams.
  package func rows(_ numbers: [Int]) -> NGramRows {
    NGramRows(vectorizer: vectorizer, features: features.rows(numbers), targets: targets.rows(numbers))
  }
}
