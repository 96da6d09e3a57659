import Compute
import Foundation

/// Texts as weighted counts of the word and character n-grams that the training texts hold.
///
/// weight = tf · idf with tf = 1 + ln(count) (`sublinear`) or the count, idf = ln((1 + n) / (1 + df)) + 1
/// (scikit-learn's smoothed form of Spärck Jones 1972); then the words' part and the characters' part of a row are
/// each scaled to length 1, so that the many character n-grams do not drown the words. Columns: words first, then
/// characters, each in the order of their Unicode scalars.
public struct TFIDFVectorizer: Sendable, Equatable {
  let blocks: [NGramVocabulary]
  let sublinear: Bool

  init(blocks: [NGramVocabulary], sublinear: Bool) { (self.blocks, self.sublinear) = (blocks, sublinear) }

  /// Learns n-grams and weights from prepared training texts only.
  ///
  /// - Throws: `FitStopped` where `isStopped`, asked now and then, ends it.
  package init(
    fitting texts: [String], configuration: some NGramFeatures, isStopped: () -> Bool = { false }
  ) throws(FitStopped) {
    var counts: [NGramCounts] = []
    if let range = configuration.wordNGrams {
      counts.append(try NGramCounts(.word, range, texts: texts, isStopped: isStopped))
    }
    if let range = configuration.characterNGrams {
      counts.append(try NGramCounts(.character, range, texts: texts, isStopped: isStopped))
    }
    var kept = counts.map { $0.frequent(configuration.minimumDocuments) }
    if let maximum = configuration.maximumFeatures { Self.limit(&kept, of: counts, to: maximum) }
    blocks = zip(counts, kept).map { $0.vocabulary(of: $1) }
    sublinear = configuration.sublinear
  }

  /// Number of columns.
  public var count: Int { blocks.reduce(0) { $0 + $1.count } }
  /// Bytes of the n-grams and their weights.
  public var byteCount: Int { blocks.reduce(0) { $0 + $1.byteCount } }

  /// The n-gram of a column.
  public func feature(_ column: Int) -> String {
    precondition(column >= 0 && column < count, "TFIDFVectorizer.feature: column \(column) of \(count)")
    var column = column
    for block in blocks {
      if column < block.count { return block.table.text(column) }
      column -= block.count
    }
    return ""
  }

  /// Features of prepared texts: one row each, empty where a text holds no known n-gram.
  public func transform(_ texts: [String]) -> SparseRows {
    var rows = SparseRows(columns: count)
    _ = append(texts, to: &rows) { false }
    return rows
  }

  /// The same; `isStopped` is asked now and then, and ends it.
  func transform(_ texts: [String], isStopped: () -> Bool) throws(FitStopped) -> SparseRows {
    var rows = SparseRows(columns: count)
    guard append(texts, to: &rows, isStopped: isStopped) else { throw FitStopped() }
    return rows
  }

  /// False where it was ended early.
  private func append(_ texts: [String], to rows: inout SparseRows, isStopped: () -> Bool) -> Bool {
    var scanners = blocks.map { NGramScanner($0.unit, $0.range) }
    var counts = [Int32](repeating: 0, count: blocks.map(\.count).max() ?? 0)
    var touched: [Int32] = []
    var indices: [Int32] = []
    var values: [Float] = []
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { return false }
      indices.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      var offset = 0
      for (number, block) in blocks.enumerated() {
        scanners[number].scan(text)
        count(scanners[number], in: block.table, into: &counts, touched: &touched)
        weigh(block, offset: offset, &counts, touched, &indices, &values)
        offset += block.count
      }
      rows.append(indices: indices, values: values)
    }
    return true
  }

  /// Adds the scanned text's known n-grams to `counts` and lists those that occur, ascending.
  private func count(
    _ scanner: NGramScanner, in table: NGramTable, into counts: inout [Int32], touched: inout [Int32]
  ) {
    touched.removeAll(keepingCapacity: true)
    for gram in scanner.grams {
      let index = table.find(gram.hash, scanner.buffer, gram.from, gram.to)
      guard index >= 0 else { continue }
      if counts[index] == 0 { touched.append(Int32(index)) }
      counts[index] += 1
    }
    touched.sort()
  }

  /// Appends one block's part of a row, scaled to length 1, and sets the counts back to zero.
  private func weigh(
    _ block: NGramVocabulary, offset: Int, _ counts: inout [Int32], _ touched: [Int32], _ indices: inout [Int32],
    _ values: inout [Float]
  ) {
    let start = values.count
    var squares = 0.0
    for index in touched {
      let column = Int(index)
      let count = Double(counts[column])
      counts[column] = 0
      // ln 1 = 0 and most n-grams stand once.
      let frequency = sublinear ? (count == 1 ? 1 : 1 + log(count)) : count
      let value = frequency * Double(block.idf[column])
      squares += value * value
      indices.append(Int32(offset) + index)
      values.append(Float(value))
    }
    guard squares > 0 else { return }
    let scale = Float(1 / squares.squareRoot())
    for position in start..<values.count { values[position] *= scale }
  }

  /// Keeps the `maximum` n-grams with most occurrences over all blocks; equals in column order.
  private static func limit(_ kept: inout [[Int]], of counts: [NGramCounts], to maximum: Int) {
    var all: [(occurrences: Int, block: Int, position: Int)] = []
    for (block, indices) in kept.enumerated() {
      for (position, index) in indices.enumerated() {
        all.append((counts[block].occurrences[index], block, position))
      }
    }
    guard all.count > maximum else { return }
    all.sort { ($1.occurrences, $0.block, $0.position) < ($0.occurrences, $1.block, $1.position) }
    var chosen = [[Int]](repeating: [], count: kept.count)
    for entry in all.prefix(max(maximum, 0)) { chosen[entry.block].append(entry.position) }
    kept = zip(kept, chosen).map { indices, positions in positions.sorted().map { indices[$0] } }
  }
}
