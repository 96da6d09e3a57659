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

  static let uncased = BertFolding(.uncased)
  private static let cased = BertFolding(.cased)
  private static let lowercased = BertFolding(BertCasing(lowercases: true, stripsAccents: false))
  private static let stripped = BertFolding(BertCasing(lowercases: false, stripsAccents: true))

  /// The tables of a casing; made once.
  static func of(_ casing: BertCasing) -> BertFolding {
    switch (casing.lowercases, casing.stripsAccents) {
    case (true, true): uncased
    case (false, false): cased
    case (true, false): lowercased
    case (false, true): stripped
    }
  }

  let casing: BertCasing
  /// Entries of the first 65,536 scalars.
  let plane: [UInt32]

  private init(_ casing: BertCasing) {
    self.casing = casing
    let scalars = (0..<UInt32(0x10000)).compactMap { Unicode.Scalar($0) }
    // In one go: a call for each would take a tenth of a second.
    let decompositions = Self.decompositions(of: casing.stripsAccents ? scalars.filter { Self.mayDecompose($0) } : [])
    var plane = Array(repeating: Kind.dropped << 24, count: 0x10000)
    for scalar in scalars {
      // The large uniform blocks need no look.
      if (0x3400..<0xA000).contains(scalar.value), ScalarClass.isIdeograph(scalar.value) {
        plane[Int(scalar.value)] = Kind.isolated << 24 | scalar.value
        continue
      }
      if (0xAC00..<0xD7A4).contains(scalar.value) {
        plane[Int(scalar.value)] = (casing.stripsAccents ? Kind.complex : Kind.word) << 24 | scalar.value
        continue
      }
      if (0xE000..<0xF900).contains(scalar.value) { continue }
      let parts = Self.parts(decompositions[scalar] ?? [scalar], casing)
      plane[Int(scalar.value)] = Self.entry(scalar, parts: parts, stripsAccents: casing.stripsAccents)
    }
    self.plane = plane
  }

  private static func decompositions(of scalars: [Unicode.Scalar]) -> [Unicode.Scalar: [Unicode.Scalar]] {
    // Nothing composes with or moves across U+0000.
    var text = String.UnicodeScalarView()
    for scalar in scalars {
      text.append(scalar)
      text.append("\0")
    }
    let parts = CanonicalForm.decomposed(String(text)).unicodeScalars.split(separator: "\0")
    return Dictionary(uniqueKeysWithValues: zip(scalars, parts.map { Array($0) }))
  }

  /// The entry of a scalar outside the table.
  func entry(_ value: UInt32) -> UInt32 {
    let scalar = Unicode.Scalar(value)!
    return Self.entry(scalar, parts: folded(scalar), stripsAccents: casing.stripsAccents)
  }

  /// A scalar with its canonical combining class.
  private struct Part {
    var scalar: Unicode.Scalar
    var combiningClass: UInt8 = 0
  }

  private static func entry(_ scalar: Unicode.Scalar, parts: [Part], stripsAccents: Bool) -> UInt32 {
    let value = scalar.value
    if isControl(scalar) { return Kind.dropped << 24 }
    if scalar.properties.isWhitespace { return Kind.space << 24 }
    let kept = stripsAccents ? parts.filter { !isAccent($0.scalar) } : parts
    let hasBarrier = stripsAccents && parts.contains { $0.combiningClass == 0 && isAccent($0.scalar) }
    if kept.isEmpty { return (hasBarrier ? Kind.barrier : Kind.dropped) << 24 }
    guard kept.count == 1, kept[0].combiningClass == 0, !hasBarrier else { return Kind.complex << 24 | value }
    let isAlone = ScalarClass.isIdeograph(value) || isPunctuation(kept[0].scalar)
    return (isAlone ? Kind.isolated : Kind.word) << 24 | kept[0].scalar.value
  }

  /// What a complex scalar becomes: entries, each with its canonical combining class.
  func expansion(of value: UInt32) -> [(entry: UInt32, combiningClass: UInt8)] {
    folded(Unicode.Scalar(value)!).compactMap { part in
      if casing.stripsAccents, Self.isAccent(part.scalar) {
        return part.combiningClass == 0 ? (Kind.barrier << 24, 0) : nil
      }
      let kind = Self.isPunctuation(part.scalar) ? Kind.isolated : Kind.word
      return (kind << 24 | part.scalar.value, part.combiningClass)
    }
  }

  /// Decomposed and lower-cased as the casing says, accents still in place.
  private func folded(_ scalar: Unicode.Scalar) -> [Part] {
    guard casing.stripsAccents else { return Self.parts([scalar], casing) }
    if (0xAC00..<0xD7A4).contains(scalar.value) { return Self.syllable(scalar.value) }
    guard Self.mayDecompose(scalar) else { return Self.parts([scalar], casing) }
    return Self.parts(Array(CanonicalForm.decomposed(String(scalar)).unicodeScalars), casing)
  }

  /// A Hangul syllable's two or three letters (Unicode, section 3.12).
  private static func syllable(_ value: UInt32) -> [Part] {
    let index = value - 0xAC00
    let letters = [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28]
    return letters.prefix(index % 28 == 0 ? 2 : 3).map { Part(scalar: Unicode.Scalar($0)!) }
  }

  /// Marks move in canonical order only where accents are stripped: nothing else decomposes.
  private static func parts(_ scalars: [Unicode.Scalar], _ casing: BertCasing) -> [Part] {
    scalars.flatMap { scalar -> [Part] in
      let isFixed = !casing.stripsAccents || scalar.value < 0x300 || !isAssigned(scalar, by: 12)
      let combiningClass = isFixed ? 0 : scalar.properties.canonicalCombiningClass.rawValue
      guard casing.lowercases, scalar.properties.changesWhenLowercased else {
        return [Part(scalar: scalar, combiningClass: combiningClass)]
      }
      return scalar.properties.lowercaseMapping.unicodeScalars.map {
        Part(scalar: $0, combiningClass: combiningClass)
      }
    }
  }

  /// Leaves out the large blocks without a canonical decomposition, and characters younger than the reference's tables.
  private static func mayDecompose(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0xC0, 0x3400...0x9FFF, 0xAC00..<0xD7A4, 0xE000...0xF8FF, 0x1F000...0x1FAFF, 0x20000...0x2F7FF,
      0xE0000...0x10FFFF:
      false
    default: isAssigned(scalar, by: 12)
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
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x166D, 0x111C9: true
    default: ScalarClass.isPunctuation(scalar) && isAssigned(scalar, by: 8)
    }
  }
}
