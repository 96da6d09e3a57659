/// Splits text into words and signs, for models that learn one vector a word.
///
/// - A word is a run of letters, numbers and marks of any script.
/// - An apostrophe between two of them belongs to the word: "don't", "bank's" and "o'clock" are one token each; a
///   typographic one (’) is written plain (').
/// - Ideographs stand alone, as there are no spaces between words to go by.
/// - A placeholder of the anonymiser is one token.
/// - An emoji with its modifiers, a family, or a flag is one token.
/// - Any other punctuation character or symbol stands alone. White space, control and format characters vanish.
public struct WordTokenizer: Sendable {
  public init() {}

  public func tokens(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    var tokens = [String]()
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x20 {
        position += 1
        continue
      }
      let end = Self.wordEnd(in: bytes, at: position)
      if end > position {
        tokens.append(Self.spelling(bytes, from: position, to: end))
        position = end
        continue
      }
      if let length = PlaceholderToken.length(in: bytes, at: position) {
        tokens.append(String(decoding: bytes[position..<position + length], as: UTF8.self))
        position += length
        continue
      }
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let scalar = Unicode.Scalar(value)!
      if !scalar.properties.isWhitespace, !isInvisible(scalar) {
        let next = position + max(length, scalar.properties.isEmoji && value > 0x7F ? emojiLength(text, position) : 0)
        tokens.append(String(decoding: bytes[position..<next], as: UTF8.self))
        position = next
      } else {
        position += length
      }
    }
    return tokens
  }

  /// The whole grapheme cluster: skin tones, joined people, the two letters of a flag.
  private func emojiLength(_ text: String, _ position: Int) -> Int {
    let start = text.utf8.index(text.utf8.startIndex, offsetBy: position)
    return text[start...].first?.utf8.count ?? 0
  }

  private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format: true
    default: false
    }
  }

  private static func spelling(_ bytes: [UInt8], from start: Int, to end: Int) -> String {
    // 0xE2 and 0xCA start the typographic apostrophes, 0xE2 also the joiners.
    guard bytes[start..<end].contains(where: { $0 == 0xE2 || $0 == 0xCA }) else {
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
    var word = String.UnicodeScalarView()
    for scalar in String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars {
      word.append(ScalarClass.apostrophes.contains(scalar.value) ? "'" : scalar)
    }
    return String(word)
  }

  /// The end of the word that starts at `position`; `position` itself where none does.
  static func wordEnd(in bytes: [UInt8], at position: Int) -> Int {
    var index = position
    while index < bytes.count {
      let byte = bytes[index]
      if ScalarClass.isASCIIAlphanumeric(byte) {
        index += 1
        continue
      }
      if byte < 0x80 {
        guard byte == UInt8(ascii: "'"), index > position, isWordScalar(bytes, at: index + 1) else { return index }
        index += 1
        continue
      }
      let (value, length) = ScalarClass.decode(bytes, at: index)
      if ScalarClass.isIdeograph(value) { return index == position ? index + length : index }
      if value == 0x2019 || value == 0x2BC {
        guard index > position, isWordScalar(bytes, at: index + length) else { return index }
      } else if value == 0x200C || value == 0x200D {
        // Joiners are part of a word's spelling in Persian and Indic scripts.
        guard index > position, isWordScalar(bytes, at: index + length) else { return index }
      } else if !isWordScalar(bytes, at: index) {
        return index
      }
      index += length
    }
    return index
  }

  private static func isWordScalar(_ bytes: [UInt8], at position: Int) -> Bool {
    guard position < bytes.count else { return false }
    let (value, _) = ScalarClass.decode(bytes, at: position)
    let scalar = Unicode.Scalar(value)!
    if ScalarClass.isIdeograph(value) || value == 0x2BC { return false }
    return ScalarClass.isAlphanumeric(scalar) || ScalarClass.isMark(scalar)
  }
}
