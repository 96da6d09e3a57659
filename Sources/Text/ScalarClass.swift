/// The character classes that cleaning and word tokens rest on.
enum ScalarClass {
  static let apostrophes: Set<UInt32> = [0x27, 0x2019, 0x2BC]

  @inline(__always)
  static func isASCIIAlphanumeric(_ byte: UInt8) -> Bool { isASCIIDigit(byte) || isASCIILetter(byte) }

  @inline(__always)
  static func isASCIIDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  @inline(__always)
  static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

  /// ASCII's punctuation and symbols, without `[` and `<`, which may start a special token.
  @inline(__always)
  static func isPlainSign(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !isASCIIAlphanumeric(byte) && byte != 0x5B && byte != 0x3C
  }

  /// The next word of a text, or the next sign, where it is plain ASCII and needs no folding but that of its letters'
  /// case; white space before it is passed over.
  ///
  /// It stands beside the classes of its bytes so that debug builds, which optimise file by file, inline them.
  static func plainWord(_ bytes: [UInt8], from position: inout Int) -> Range<Int>? {
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    var end = position
    while end < bytes.count, isASCIIAlphanumeric(bytes[end]) { end += 1 }
    if end == position {
      guard end < bytes.count, isPlainSign(bytes[end]) else { return nil }
      end += 1
    } else if end < bytes.count, bytes[end] != 0x20, bytes[end] < 0x21 || bytes[end] > 0x7E {
      // What follows may be part of the word.
      return nil
    }
    defer { position = end }
    return position..<end
  }

  /// Every ASCII character that is neither letter, digit, space nor control, and Unicode's categories P*: BERT's definition.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.value > 0x20 && scalar.value < 0x7F && !isASCIIAlphanumeric(UInt8(scalar.value))
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// Letters and numbers of any script.
  static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIIAlphanumeric(UInt8(scalar.value)) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x300 { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// Control and format characters, and the replacement character; not white space, and not what joins emoji,
  /// flags and Persian or Indic letters (ZWJ, ZWNJ, tags).
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F: return false
    case 0xFFFD: return true
    case 0x200C, 0x200D, 0xE0020...0xE007F: return false
    default: break
    }
    if scalar.properties.isWhitespace { return false }
    switch scalar.properties.generalCategory {
    case .control, .format: return true
    default: return false
    }
  }

  /// Ideographs that BERT sets apart; the ranges are those of the reference, which leaves out U+2B820 to U+2B91F.
  static func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      return true
    default: return false
    }
  }

  /// The bytes of a scalar in valid UTF-8, from the first of them.
  @inline(__always)
  static func length(of first: UInt8) -> Int { first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4 }

  /// The scalar that starts at `position` of valid UTF-8, and its length in bytes.
  @inline(__always)
  static func decode(_ bytes: [UInt8], at position: Int) -> (value: UInt32, length: Int) {
    let first = UInt32(bytes[position])
    if first < 0x80 { return (first, 1) }
    let second = UInt32(bytes[position + 1] & 0x3F)
    if first < 0xE0 { return ((first & 0x1F) << 6 | second, 2) }
    let third = UInt32(bytes[position + 2] & 0x3F)
    if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, 3) }
    return ((first & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[position + 3] & 0x3F), 4)
  }

  @inline(__always)
  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    if value < 0x80 {
      bytes.append(UInt8(value))
    } else if value < 0x800 {
      bytes.append(UInt8(0xC0 | value >> 6))
      bytes.append(UInt8(0x80 | value & 0x3F))
    } else if value < 0x10000 {
      bytes.append(UInt8(0xE0 | value >> 12))
      bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | value & 0x3F))
    } else {
      bytes.append(UInt8(0xF0 | value >> 18))
      bytes.append(UInt8(0x80 | value >> 12 & 0x3F))
      bytes.append(UInt8(0x80 | value >> 6 & 0x3F))
      bytes.append(UInt8(0x80 | value & 0x3F))
    }
  }
}
