import Foundation

/// word2vec's binary form: a line with the number of words and the width, then of each word its bytes, a blank, and its
/// numbers in four bytes each; the original program ends each with a line end.
struct Word2VecFile {
  private var reader: BinaryReader

  init(_ path: String) throws(WordVectors.Failure) { reader = try BinaryReader(path) }

  /// The whole file is read.
  func vectors(isWanted: (String) -> Bool) throws(WordVectors.Failure) -> WordVectors {
    var reader = reader
    let head = reader.bytes(upTo: 0x0A, limit: 100).map { $0.split(separator: 0x20) } ?? []
    let numbers = head.compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, numbers[0] > 0, 1...65_536 ~= numbers[1] else {
      throw reader.failure("got no number of words and width on the first line")
    }
    let (count, width) = (numbers[0], numbers[1])
    var vectors = [String: [Float]](), seen = Set<String>(), repetitions = 0
    for number in 1...count {
      if reader.next == 0x0A { reader.skip(1) }
      let place = "word \(number) of \(count)"
      guard reader.remaining > 0 else {
        throw reader.failure(
          "got \(number - 1) words in word2vec's binary form, expected the \(count) of its first line")
      }
      let word = try reader.word(upTo: 0x20, place), values = try reader.floats(width, place)
      if !seen.insert(word).inserted { repetitions += 1 } else if isWanted(word) { vectors[word] = values }
    }
    if reader.next == 0x0A { reader.skip(1) }
    guard reader.remaining == 0 else {
      throw reader.failure("got \(reader.remaining) bytes after the last of \(count) words, expected none")
    }
    return WordVectors(width: width, count: count, repetitions: repetitions, vectors: vectors)
  }
}
