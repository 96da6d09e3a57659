/// Numbers for n-grams without a list of them: fastText's hashes (Bojanowski et al. 2017, section 3.2; Joulin et al. 2017,
/// section 2.2), which fall into so many buckets.
public struct HashedWords: Sendable, Equatable, Codable {
  /// Longest n-gram of words; 1 for none.
  public var wordNGrams: Int
  /// Shortest and longest n-gram of a word's letters, its ends marked by < and >; none where nil.
  public var characterNGrams: NGramRange?
  /// Numbers that n-grams have; different ones may share one.
  public var buckets: Int

  public init(wordNGrams: Int, characterNGrams: NGramRange?, buckets: Int) {
    (self.wordNGrams, self.characterNGrams, self.buckets) = (wordNGrams, characterNGrams, buckets)
  }

  /// FNV-1a of 32 bits (Fowler, Noll, Vo), each byte extended by its sign as fastText does.
  static func hash(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(2_166_136_261) { ($0 ^ UInt32(bitPattern: Int32(Int8(bitPattern: $1)))) &* 16_777_619 }
  }

  /// Buckets of the n-grams of a word's letters, in the order of where they begin, shorter ones first.
  public func buckets(letters word: String) -> [Int32] {
    guard let characterNGrams else { return [] }
    let marked = Array("<\(word)>".utf8)
    // Where each letter begins, and the end.
    let starts = marked.indices.filter { marked[$0] & 0xC0 != 0x80 } + [marked.count]
    let letters = starts.count - 1
    var found = [Int32]()
    for first in 0..<letters {
      for length in characterNGrams.low...characterNGrams.high where first + length <= letters {
        // A mark alone says nothing.
        if length == 1, first == 0 || first == letters - 1 { continue }
        found.append(bucket(UInt64(Self.hash(marked[starts[first]..<starts[first + length]]))))
      }
    }
    return found
  }

  /// Buckets of the n-grams of two words and more.
  public func buckets(words: [String]) -> [Int32] {
    guard wordNGrams > 1 else { return [] }
    let hashes = words.map { UInt64(bitPattern: Int64(Int32(bitPattern: Self.hash($0.utf8)))) }
    var found = [Int32]()
    for first in hashes.indices {
      var hash = hashes[first]
      for next in hashes[first...].indices.dropFirst().prefix(wordNGrams - 1) {
        hash = hash &* 116_049_371 &+ hashes[next]
        found.append(bucket(hash))
      }
    }
    return found
  }

  private func bucket(_ hash: UInt64) -> Int32 { Int32(hash % UInt64(buckets)) }
}
