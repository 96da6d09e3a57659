/// What BERT's normaliser makes of each Unicode scalar (Devlin et al. 2019, the reference implementation's
/// `BasicTokenizer`): control characters dropped, white space and ideographs set apart and, for uncased models,
/// canonical decomposition, accents dropped, lower case.
///
/// The published vocabularies were made with tables of Unicode 8, and the reference values are: newer characters count
/// as plain symbols there, whatever they are today. Decompositions are those of Unicode 12.
struct BertFolding: Sendable {
  /// How a scalar acts; in the upper byte of a table entry, above the scalar that stands for it.
  enum Kind {
    /// Part of a word.
    static let word: UInt32 = 0
    static let dropped: UInt32 = 1
    static let space: UInt32 = 2
    /// Punctuation or ideograph: a word of its own.
    static let isolated: UInt32 = 3
    /// An accent of combining class 0: dropped, but nothing is reordered across it.
    static let barrier: UInt32 = 4
    /// Several scalars, or one of a combining class other than 0: see `expansion`.
    static let complex: UInt32 = 5
  }

  static let uncased = BertFolding(isUncased: true)
  static let cased = BertFolding(isUncased: false)

  let isUncased: Bool
  /// Entries of the first 65,536 scalars.
  let plane: [UInt32]

  private init(isUncased: Bool) {
    self.isUncased = isUncased
    plane = (0..<0x10000).map { value in
      Unicode.Scalar(UInt32(value)).map { Self.entry($0, isUncased: isUncased) } ?? Kind.dropped << 24
    }
  }

  /// The entry of a scalar outside the table.
  func entry(_ value: UInt32) -> UInt32 { Self.entry(Unicode.Scalar(value)!, isUncased: isUncased) }

  private static func entry(_ scalar: Unicode.Scalar, isUncased: Bool) -> UInt32 {
    let value = scalar.value
    if ScalarClass.isIdeograph(value), !mayDecompose(value) { return Kind.isolated << 24 | value }
    if isControl(scalar) { return Kind.dropped << 24 }
    if scalar.properties.isWhitespace { return Kind.space << 24 }
    let parts = isUncased ? folded(scalar) : [(scalar: scalar, combiningClass: UInt8(0))]
    let kept = parts.filter { !(isUncased && isAccent($0.scalar)) }
    if parts.count > kept.count, kept.isEmpty {
      return (parts.contains { $0.combiningClass == 0 } ? Kind.barrier : Kind.dropped) << 24
    }
    let hasBarrier = parts.contains { isUncased && isAccent($0.scalar) && $0.combiningClass == 0 }
    guard kept.count == 1, kept[0].combiningClass == 0, !hasBarrier else { return Kind.complex << 24 | value }
    let isAlone = ScalarClass.isIdeograph(value) || isPunctuation(kept[0].scalar)
    return (isAlone ? Kind.isolated : Kind.word) << 24 | kept[0].scalar.value
  }

  /// What a complex scalar becomes: entries, each with its canonical combining class.
  func expansion(of value: UInt32) -> [(entry: UInt32, combiningClass: UInt8)] {
    Self.folded(Unicode.Scalar(value)!).compactMap { part in
      if Self.isAccent(part.scalar) { return part.combiningClass == 0 ? (Kind.barrier << 24, 0) : nil }
      let kind = Self.isPunctuation(part.scalar) ? Kind.isolated : Kind.word
      return (kind << 24 | part.scalar.value, part.combiningClass)
    }
  }

  /// Decomposed and lower-cased, accents still in place.
  private static func folded(_ scalar: Unicode.Scalar) -> [(scalar: Unicode.Scalar, combiningClass: UInt8)] {
    let parts: [Unicode.Scalar]
    if mayDecompose(scalar.value), isAssigned(scalar, by: 12) {
      parts = Array(CanonicalForm.decomposed(String(scalar)).unicodeScalars)
    } else {
      parts = [scalar]
    }
    return parts.flatMap { part in
      let combiningClass =
        part.value < 0x300 || !isAssigned(part, by: 12) ? 0 : part.properties.canonicalCombiningClass.rawValue
      guard part.properties.changesWhenLowercased else { return [(part, combiningClass)] }
      return part.properties.lowercaseMapping.unicodeScalars.map { ($0, combiningClass) }
    }
  }

  /// Leaves out the large blocks without a canonical decomposition.
  private static func mayDecompose(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0xC0, 0x3400...0x9FFF, 0xE000...0xF8FF, 0x1F000...0x1FAFF, 0x20000...0x2F7FF, 0xE0000...0x10FFFF: false
    default: true
    }
  }

  private static func isAssigned(_ scalar: Unicode.Scalar, by version: Int) -> Bool {
    if scalar.value < 0x250 { return true }
    return scalar.properties.age.map { $0.major <= version } ?? false
  }

  /// Tab, line feed and carriage return are white space; the other controls of that kind are dropped.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20..<0x7F: return false
    case 0xFFFD: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .privateUse: return true
    case .format: return isAssigned(scalar, by: 8)
    default: return false
    }
  }

  /// Category Mn in Unicode 8. Five characters have changed category since.
  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x300, 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    case 0x1734, 0x1171E: true
    default: scalar.properties.generalCategory == .nonspacingMark && isAssigned(scalar, by: 8)
    }
  }

  /// Categories P* in Unicode 8, and ASCII's symbols. Two characters have left them since.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x166D, 0x111C9: true
    default: ScalarClass.isPunctuation(scalar) && isAssigned(scalar, by: 8)
    }
  }
}
