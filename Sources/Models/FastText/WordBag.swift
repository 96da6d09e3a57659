import Compute
import Text

/// From a text to the shares of its words and n-grams, as plain values: a row of which the weights sum to 1.
///
/// Columns are the words of the training texts, then the buckets that those texts' n-grams fall into. What a text has
/// beyond these is left out.
public struct WordBag: Sendable {
  public let text: TextSettings
  public let hashes: HashedWords
  public let vocabulary: Vocabulary
  /// Ascending.
  public let buckets: [Int32]
  private let columnOf: [Int32: Int32]

  public init(text: TextSettings, hashes: HashedWords, vocabulary: Vocabulary, buckets: [Int32]) {
    (self.text, self.hashes, self.vocabulary, self.buckets) = (text, hashes, vocabulary, buckets)
    let words = Int32(vocabulary.count)
    columnOf = Dictionary(uniqueKeysWithValues: buckets.enumerated().map { ($1, words + Int32($0)) })
  }

  /// - Parameter isStopped: asked every few hundred texts; true ends it.
  /// - Throws: `FitStopped` where it was ended so.
  package init(
    fitting texts: [String], text: TextSettings, hashes: HashedWords, isStopped: () -> Bool = { false }
  ) throws(FitStopped) {
    let preparation = TextPreparation(text), tokenizer = WordTokenizer()
    var words = [[String]](), reached = Set<Int32>()
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      let own = tokenizer.tokens(preparation.prepare(text))
      reached.formUnion(hashes.buckets(words: own))
      for word in own { reached.formUnion(hashes.buckets(letters: word)) }
      words.append(own)
    }
    self.init(
      text: text, hashes: hashes,
      vocabulary: Vocabulary(
        fitting: words, minimumFrequency: text.minimumFrequency, maximumSize: text.vocabularySize),
      buckets: reached.sorted())
  }

  /// The column of a bucket; nil where no training text came to it.
  func column(of bucket: Int32) -> Int32? { columnOf[bucket] }

  /// Columns: the vocabulary's two special words have one, which no text reaches.
  public var count: Int { vocabulary.count + buckets.count }

  package func features(_ texts: [String]) -> SparseRows {
    do { return try features(texts) { false } } catch { preconditionFailure("nobody stopped it") }
  }

  /// A row for each text; a text without a known word or n-gram has an empty one.
  package func features(_ texts: [String], isStopped: () -> Bool) throws(FitStopped) -> SparseRows {
    let preparation = TextPreparation(text), tokenizer = WordTokenizer()
    var rows = SparseRows(columns: count)
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      let words = tokenizer.tokens(preparation.prepare(text))
      var columns = words.map { vocabulary.id(of: $0) }.filter { $0 > Vocabulary.unknownID }
      let grams = words.flatMap { hashes.buckets(letters: $0) } + hashes.buckets(words: words)
      columns += grams.compactMap { column(of: $0) }
      columns.sort()
      let share = 1 / Float(columns.count)
      var indices = [Int32](), values = [Float]()
      for column in columns {
        if indices.last == column {
          values[values.count - 1] += share
        } else {
          indices.append(column)
          values.append(share)
        }
      }
      rows.append(indices: indices, values: values)
    }
    return rows
  }

  /// Bytes of the words and the buckets.
  package var byteCount: Int { vocabulary.tokens.reduce(0) { $0 + $1.utf8.count } + 4 * buckets.count }
}
