/// Sorts words by their upper and then their lower half, without allocation: by insertion where there are few, else byte
/// by byte from the lowest (LSD radix sort; Knuth 1998, section 5.2.5), passing over bytes that are the same in all.
struct EntrySort {
  private var other: [UInt64]
  private var counts = [Int](repeating: 0, count: 256)

  /// - Parameter capacity: words that are sorted at once at most.
  init(capacity: Int) { other = [UInt64](repeating: 0, count: capacity) }

  /// Sorts `words[range]`, whose lower halves ascend already.
  mutating func sort(_ words: inout [UInt64], _ range: Range<Int>) {
    if range.count <= 48 {
      var place = range.lowerBound + 1
      while place < range.upperBound {
        let word = words[place]
        var hole = place
        while hole > range.lowerBound, word < words[hole - 1] {
          words[hole] = words[hole - 1]
          hole -= 1
        }
        words[hole] = word
        place += 1
      }
      return
    }
    for shift: UInt64 in [32, 40, 48, 56] {
      for byte in 0..<256 { counts[byte] = 0 }
      for place in range { counts[Int(words[place] >> shift & 255)] += 1 }
      if counts[Int(words[range.lowerBound] >> shift & 255)] == range.count { continue }
      var start = 0
      for byte in 0..<256 {
        let count = counts[byte]
        counts[byte] = start
        start += count
      }
      for place in range {
        let word = words[place], byte = Int(word >> shift & 255)
        other[counts[byte]] = word
        counts[byte] += 1
      }
      for place in 0..<range.count { words[range.lowerBound + place] = other[place] }
    }
  }
}
