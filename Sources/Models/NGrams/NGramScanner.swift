/// Cuts a text into n-grams of words or of characters, as scikit-learn's `word` and `char_wb` analysers do.
///
/// Words are runs of two or more letters, digits and underscores, their n-grams joined by one space. Character
/// n-grams stay within a word: a run without white space, with one space before and after; a word shorter than the
/// smallest n is one n-gram by itself. Works on UTF-8 bytes; a character is a Unicode scalar.
struct NGramScanner {
  enum Unit: String, Sendable, Codable { case word, character }

  /// One n-gram of the text scanned last: `buffer[from ..< to]` and the hash of those bytes.
  struct Gram {
    var hash: UInt64
    var from: Int
    var to: Int
  }

  private(set) var buffer: [UInt8] = []
  private(set) var grams: [Gram] = []
  private let unit: Unit
  private let range: NGramRange
  /// Words: start and end of each in `buffer`. Characters: where each begins, and the end.
  private var marks: [Int] = []

  init(_ unit: Unit, _ range: NGramRange) {
    precondition(range.low >= 1 && range.low <= range.high, "NGramScanner: n-grams from \(range.low) to \(range.high)")
    (self.unit, self.range) = (unit, range)
  }

  /// Fills `buffer` and `grams` from `text`, in reading order.
  mutating func scan(_ text: String) {
    buffer.removeAll(keepingCapacity: true)
    grams.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    let bytes = Array(text.utf8)
    switch unit {
    case .word:
      findWords(bytes)
      joinWords()
    case .character:
      findCharacters(bytes)
      joinCharacters()
    }
  }

  /// The words of the text scanned last: runs of letters and digits, or runs without white space.
  var words: [ArraySlice<UInt8>] { wordRanges.map { buffer[$0] } }

  private var wordRanges: [Range<Int>] {
    switch unit {
    case .word: stride(from: 0, to: marks.count, by: 2).map { marks[$0]..<marks[$0 + 1] }
    case .character:
      zip(spaces, spaces.dropFirst()).map { $0 + 1..<$1 }
    }
  }

  /// Where the spaces around words are, of characters.
  private var spaces: [Int] { buffer.indices.filter { buffer[$0] == 0x20 } }

  /// Each n-gram of the text scanned last with the numbers of the words that it has something of.
  var gramWords: [(gram: Gram, words: Range<Int>)] {
    let ranges = wordRanges
    var first = 0
    return grams.map { gram in
      // N-grams begin in reading order; one of characters may begin at the space before its word.
      let start = unit == .character && buffer[gram.from] == 0x20 ? gram.from + 1 : gram.from
      while first < ranges.count, ranges[first].upperBound <= start { first += 1 }
      var end = first
      while end < ranges.count, ranges[end].lowerBound < gram.to { end += 1 }
      return (gram, first..<max(end, min(first + 1, ranges.count)))
    }
  }

  private mutating func findWords(_ bytes: [UInt8]) {
    var start = 0, length = 0, position = 0
    buffer.reserveCapacity(bytes.count + 1)
    while true {
      var width = 1, isWord = false
      if position < bytes.count {
        let byte = bytes[position]
        if byte < 0x80 {
          isWord = Self.isASCIIWord(byte)
        } else {
          let (scalar, taken) = Self.decode(bytes, position)
          (width, isWord) = (taken, Self.isWord(scalar))
        }
      }
      if isWord {
        for offset in 0..<width { buffer.append(bytes[position + offset]) }
        length += 1
      } else {
        if length >= 2 {
          marks.append(start)
          marks.append(buffer.count)
          buffer.append(0x20)
        } else if length > 0 {
          buffer.removeLast(buffer.count - start)
        }
        (start, length) = (buffer.count, 0)
      }
      if position >= bytes.count { return }
      position += width
    }
  }

  private mutating func joinWords() {
    let words = marks.count / 2
    for first in 0..<words {
      var hash = NGramTable.hashStart
      var position = marks[2 * first]
      let from = position
      for last in first..<min(first + range.high, words) {
        let to = marks[2 * last + 1]
        while position < to {
          hash = NGramTable.hash(hash, adding: buffer[position])
          position += 1
        }
        if last - first + 1 >= range.low { grams.append(Gram(hash: hash, from: from, to: to)) }
      }
    }
  }

  private mutating func findCharacters(_ bytes: [UInt8]) {
    var position = 0
    buffer.reserveCapacity(bytes.count + 2)
    mark(0x20)
    while position < bytes.count {
      let byte = bytes[position]
      var width = 1, isSpace = false
      if byte < 0x80 {
        isSpace = byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) || (byte >= 0x1c && byte <= 0x1f)
      } else {
        let (scalar, taken) = Self.decode(bytes, position)
        (width, isSpace) = (taken, scalar.properties.isWhitespace)
      }
      if !isSpace {
        mark(byte)
        for offset in 1..<max(width, 1) { buffer.append(bytes[position + offset]) }
      } else if buffer[buffer.count - 1] != 0x20 {
        mark(0x20)
      }
      position += width
    }
    if buffer[buffer.count - 1] != 0x20 { mark(0x20) }
    marks.append(buffer.count)
  }

  private mutating func mark(_ byte: UInt8) {
    marks.append(buffer.count)
    buffer.append(byte)
  }

  private mutating func joinCharacters() {
    // The last mark is the end of the buffer, not a character.
    let characters = marks.count - 1
    var space = 0
    while space + 1 < characters {
      var end = space + 1
      while buffer[marks[end]] != 0x20 { end += 1 }
      // The word with its spaces is characters space ... end.
      let length = end - space + 1
      let low = min(range.low, length)
      for first in space...(end + 1 - low) {
        var hash = NGramTable.hashStart
        var position = marks[first]
        let from = position
        for count in 1...min(range.high, end + 1 - first) {
          let to = marks[first + count]
          while position < to {
            hash = NGramTable.hash(hash, adding: buffer[position])
            position += 1
          }
          if count >= low { grams.append(Gram(hash: hash, from: from, to: to)) }
        }
      }
      space = end
    }
  }

  @inline(__always) private static func isASCIIWord(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5f
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    default: false
    }
  }

  /// The scalar that begins at `position` and its bytes; `bytes` are a String's, so they are well-formed.
  private static func decode(_ bytes: [UInt8], _ position: Int) -> (scalar: Unicode.Scalar, width: Int) {
    let lead = UInt32(bytes[position])
    let width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    var value = lead & (width == 2 ? 0x1f : width == 3 ? 0x0f : 0x07)
    for offset in 1..<width { value = value << 6 | UInt32(bytes[position + offset] & 0x3f) }
    return (Unicode.Scalar(value) ?? "\u{fffd}", width)
  }
}
