/// A token of a tokenizer.json that is found before words are cut, with all that the file says of it.
struct ListedToken: Sendable {
  var content: String
  var id: Int32
  /// Stands for no text of its own: `ControlTokens.escape` leaves its spelling to the words.
  var isSpecial = true
  /// Looked for in the normalised text, its own spelling normalised too; else in the raw text.
  var isNormalized = false
  var isSingleWord = false
  /// Takes the white space before it, and after it.
  var stripsLeft = false, stripsRight = false
}

/// Finds such tokens in a text (the semantics of Hugging Face's `AddedVocabulary`): from left to right, the longest of
/// those that start at one place. What is passed over, part of a longer word or escaped, is not searched again.
struct AddedTokenFinder: Sendable {
  /// A stretch of the text: a token, or what stands between tokens, whose id is -1.
  struct Stretch: Sendable {
    var id: Int32
    var start: Int
    var end: Int
  }

  private let tokens: [ListedToken]
  private var trie = PieceTrie(lowercases: false)
  /// Whether a token begins with the byte.
  private var begins = [Bool](repeating: false, count: 256)
  let isEmpty: Bool

  /// - Parameter spelling: what is looked for in place of a token's own spelling.
  init(_ tokens: [ListedToken], spelling: (ListedToken) -> [UInt8]) {
    self.tokens = tokens
    var isEmpty = true
    for (index, token) in tokens.enumerated() {
      let spelling = spelling(token)
      // Of two that are spelt alike the first counts.
      guard let first = spelling.first, trie.insert(spelling, root: PieceTrie.wordRoot, id: Int32(index)) else {
        continue
      }
      begins[Int(first)] = true
      isEmpty = false
    }
    self.isEmpty = isEmpty
  }

  /// Appends the stretches of a text, in order; none of an empty one.
  func appendStretches(of bytes: [UInt8], _ controls: ControlTokens, to stretches: inout [Stretch]) {
    var position = 0, start = 0
    if !isEmpty {
      while position < bytes.count {
        guard begins[Int(bytes[position])] else {
          position += 1
          continue
        }
        let match = trie.longest(in: bytes, from: position, to: bytes.count, root: PieceTrie.wordRoot)
        guard match.id >= 0 else {
          position += 1
          continue
        }
        let token = tokens[Int(match.id)]
        var first = position, end = match.end
        position = end
        if token.isSpecial, controls == .escape { continue }
        if token.isSingleWord, !Self.isApart(first, end, in: bytes) { continue }
        if token.stripsLeft { first = max(Self.spaceStart(before: first, of: bytes), start) }
        if token.stripsRight { end = Self.spaceEnd(after: end, of: bytes) }
        if start < first { stretches.append(Stretch(id: -1, start: start, end: first)) }
        stretches.append(Stretch(id: token.id, start: first, end: end))
        start = end
      }
    }
    if start < bytes.count { stretches.append(Stretch(id: -1, start: start, end: bytes.count)) }
  }

  private static func isApart(_ start: Int, _ end: Int, in bytes: [UInt8]) -> Bool {
    (start == 0 || !ScalarTraits.before(start, of: bytes).contains(.word))
      && (end == bytes.count || !ScalarTraits.at(end, of: bytes, ScalarTraits.table).traits.contains(.word))
  }

  private static func spaceStart(before position: Int, of bytes: [UInt8]) -> Int {
    var start = position
    while start > 0, ScalarTraits.before(start, of: bytes).contains(.space) {
      start -= 1
      while bytes[start] & 0xC0 == 0x80 { start -= 1 }
    }
    return start
  }

  private static func spaceEnd(after position: Int, of bytes: [UInt8]) -> Int {
    var end = position
    while end < bytes.count {
      let (traits, length) = ScalarTraits.at(end, of: bytes, ScalarTraits.table)
      if !traits.contains(.space) { break }
      end += length
    }
    return end
  }
}
