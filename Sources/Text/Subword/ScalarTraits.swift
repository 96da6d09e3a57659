/// What regular expressions and normalisers ask of a scalar, as a set of bits: one look at a table.
struct ScalarTraits: OptionSet, Sendable {
  let rawValue: UInt8

  /// `\p{L}`.
  static let letter = ScalarTraits(rawValue: 1)
  /// `\p{N}`.
  static let number = ScalarTraits(rawValue: 2)
  /// `\s`: Unicode's White_Space.
  static let space = ScalarTraits(rawValue: 4)
  /// `\w` (UTS #18, annex C).
  static let word = ScalarTraits(rawValue: 8)
  /// ASCII's signs, and categories P* as of Unicode 8: what `BertPreTokenizer` and `Punctuation` split at.
  static let punctuation = ScalarTraits(rawValue: 16)
  /// `\p{M}`.
  static let mark = ScalarTraits(rawValue: 32)
  /// Line feed and carriage return.
  static let newline = ScalarTraits(rawValue: 64)

  static let letterOrNumber: ScalarTraits = [.letter, .number]
  static let letterNumberOrSpace: ScalarTraits = [.letter, .number, .space]

  /// Those of the first two planes.
  static let table: [UInt8] = (0..<UInt32(0x20000)).map { value in
    // The large uniform blocks need no look.
    if 0x4E00..<0x9FA0 ~= value || 0xAC00..<0xD7A4 ~= value { return Self([.letter, .word]).rawValue }
    return Unicode.Scalar(value).map { Self(of: $0).rawValue } ?? 0
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  private init(of scalar: Unicode.Scalar) {
    var traits = ScalarTraits()
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: traits.insert(.letter)
    case .decimalNumber: traits.formUnion([.number, .word])
    case .letterNumber, .otherNumber: traits.insert(.number)
    case .nonspacingMark, .spacingMark, .enclosingMark: traits.formUnion([.mark, .word])
    case .connectorPunctuation: traits.insert(.word)
    default: break
    }
    if properties.isAlphabetic || properties.isJoinControl { traits.insert(.word) }
    if properties.isWhitespace { traits.insert(.space) }
    if BertFolding.isPunctuation(scalar) { traits.insert(.punctuation) }
    if scalar == "\n" || scalar == "\r" { traits.insert(.newline) }
    self = traits
  }

  /// Those of the scalar at `position` of valid UTF-8, and its length in bytes.
  @inline(__always)
  static func at(_ position: Int, of bytes: [UInt8], _ table: [UInt8]) -> (traits: ScalarTraits, length: Int) {
    let byte = bytes[position]
    if byte < 0x80 { return (ScalarTraits(rawValue: table[Int(byte)]), 1) }
    let (value, length) = ScalarClass.decode(bytes, at: position)
    if value < 0x20000 { return (ScalarTraits(rawValue: table[Int(value)]), length) }
    return (far(value), length)
  }

  private static func far(_ value: UInt32) -> ScalarTraits {
    // Ideographs from here to the end of the third plane, where one is assigned.
    ScalarTraits(of: Unicode.Scalar(value)!)
  }

  /// Of the scalar that ends before `position`.
  static func before(_ position: Int, of bytes: [UInt8]) -> ScalarTraits {
    var start = position - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return at(start, of: bytes, table).traits
  }
}
