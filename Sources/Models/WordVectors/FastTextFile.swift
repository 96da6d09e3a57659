import Foundation

/// A binary model of fastText (Bojanowski et al. 2017), as versions 11 and 12 of its format have it: settings, words, and one
/// vector for each word and each bucket of n-grams. A word's vector is the mean of its own and those of its letters' n-grams.
struct FastTextFile {
  private let reader: BinaryReader
  private let width: Int
  private let hashes: HashedWords
  private let words: [String]
  /// Where the matrix begins in the file, as a reader that stands there.
  private let matrix: BinaryReader

  private static let magic: [UInt8] = [0xBA, 0x16, 0x4F, 0x2F]

  static func isOne(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 4)).map { $0.map(Array.init) == magic } ?? false
  }

  init(_ path: String) throws(WordVectors.Failure) {
    var reader = try BinaryReader(path)
    self.reader = reader
    reader.skip(4)
    let version = try reader.number(Int32.self, "a version")
    guard 11...12 ~= version else {
      throw reader.failure("got fastText's format \(version), expected 11 or 12")
    }
    // dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate; then the rate's step.
    var settings = [Int]()
    for _ in 0..<12 { settings.append(Int(try reader.number(Int32.self, "fastText's settings"))) }
    _ = try reader.number(UInt64.self, "fastText's settings")
    let (width, bucket, low, high) = (settings[0], settings[8], settings[9], settings[10])
    guard 1...65_536 ~= width, 0...Int(Int32.max) ~= bucket, 0...20 ~= low, 0...20 ~= high else {
      throw reader.failure("got a width of \(width), \(bucket) buckets and n-grams of \(low) to \(high) letters")
    }
    // An older model that names labels has no n-grams of letters, whatever its settings say.
    let hasLetters = high > 0 && bucket > 0 && !(version == 11 && settings[7] == 3)
    hashes = HashedWords(
      wordNGrams: 1, characterNGrams: hasLetters ? NGramRange(max(1, low), high) : nil, buckets: max(1, bucket))
    let size = Int(try reader.number(Int32.self, "the number of words"))
    let known = Int(try reader.number(Int32.self, "the number of words"))
    _ = try reader.number(Int32.self, "the number of labels")
    _ = try reader.number(Int64.self, "the number of tokens")
    let pruned = try reader.number(Int64.self, "the number of kept n-grams")
    guard pruned < 0 else {
      throw reader.failure("got a pruned model of fastText, expected one as it was trained")
    }
    guard known >= 0, known <= size, size <= reader.remaining / 10 else {
      throw reader.failure("got \(known) words of \(size) entries, more than the file can hold")
    }
    var words = [String]()
    for number in 0..<size {
      let word = try reader.word(upTo: 0, "entry \(number + 1) of \(size)")
      _ = try reader.number(Int64.self, "its count")
      let kind = try reader.number(UInt8.self, "its kind")
      if kind == 0 { words.append(word) }
    }
    guard words.count == known else {
      throw reader.failure("got \(words.count) words among its entries, expected the \(known) of its head")
    }
    guard try reader.number(UInt8.self, "whether it is quantised") == 0 else {
      throw reader.failure("got a quantised model of fastText (.ftz), expected one of floats (.bin)")
    }
    let rows = try reader.number(Int64.self, "the vectors' number"),
      columns = try reader.number(Int64.self, "their width")
    guard rows == Int64(known + bucket), columns == Int64(width), reader.remaining / (4 * width) >= known + bucket
    else {
      throw reader.failure(
        "got \(rows) vectors of \(columns) numbers, expected \(known + bucket) of \(width), all in the file")
    }
    (self.width, self.words, matrix) = (width, words, reader)
  }

  /// Vectors of the wanted words of the model, and of those unseen ones that have n-grams.
  func vectors(unseen: [String], isWanted: (String) -> Bool) throws(WordVectors.Failure) -> WordVectors {
    var vectors = [String: [Float]]()
    let known = Set(words)
    for (number, word) in words.enumerated() where isWanted(word) && vectors[word] == nil {
      vectors[word] = try mean([number] + buckets(word))
    }
    for word in unseen where !known.contains(word) {
      let rows = buckets(word)
      if !rows.isEmpty { vectors[word] = try mean(rows) }
    }
    return WordVectors(
      width: width, count: words.count, repetitions: words.count - known.count, vectors: vectors)
  }

  /// Rows of the matrix.
  private func buckets(_ word: String) -> [Int] {
    // The mark of a line's end has no letters.
    word == "</s>" ? [] : hashes.buckets(letters: word).map { words.count + Int($0) }
  }

  private func mean(_ rows: [Int]) throws(WordVectors.Failure) -> [Float] {
    var sum = [Float](repeating: 0, count: width)
    for row in rows {
      var reader = matrix
      reader.skip(4 * width * row)
      for (place, value) in try reader.floats(width, "vector \(row + 1)").enumerated() { sum[place] += value }
    }
    return sum.map { $0 / Float(rows.count) }
  }
}
