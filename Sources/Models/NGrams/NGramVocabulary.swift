import Foundation

/// The n-grams of one unit that a vectorizer keeps, in the order of their scalars, with their weights.
struct NGramVocabulary: Sendable, Equatable {
  let unit: NGramScanner.Unit
  let range: NGramRange
  let table: NGramTable
  /// Inverse document frequency of each n-gram: ln((1 + texts) / (1 + texts with it)) + 1.
  let idf: [Float]

  var count: Int { table.count }
  var byteCount: Int { table.bytes.count + table.starts.count * MemoryLayout<Int32>.size + idf.count * 4 }
}

/// The n-grams of one unit in the training texts, with how often and in how many texts they stand.
struct NGramCounts {
  let unit: NGramScanner.Unit
  let range: NGramRange
  let texts: Int
  private(set) var table = NGramTable()
  /// Texts with the n-gram, and its occurrences in all texts.
  private(set) var documents: [Int] = []
  private(set) var occurrences: [Int] = []

  init(
    _ unit: NGramScanner.Unit, _ range: NGramRange, texts: [String], isStopped: () -> Bool
  ) throws(FitStopped) {
    (self.unit, self.range, self.texts) = (unit, range, texts.count)
    var scanner = NGramScanner(unit, range)
    var seenIn: [Int] = []
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      scanner.scan(text)
      for gram in scanner.grams {
        let index = table.insert(gram.hash, scanner.buffer, gram.from, gram.to)
        if index == documents.count {
          documents.append(0)
          occurrences.append(0)
          seenIn.append(-1)
        }
        occurrences[index] += 1
        if seenIn[index] != number {
          seenIn[index] = number
          documents[index] += 1
        }
      }
    }
  }

  /// Numbers of the n-grams that stand in at least `minimum` texts, in the order of their scalars.
  func frequent(_ minimum: Int) -> [Int] {
    documents.indices.filter { documents[$0] >= minimum }.sorted { table.precedes($0, $1) }
  }

  func vocabulary(of kept: [Int]) -> NGramVocabulary {
    NGramVocabulary(
      unit: unit, range: range, table: table.selecting(kept),
      idf: kept.map { Float(log(Double(1 + texts) / Double(1 + documents[$0])) + 1) })
  }
}
