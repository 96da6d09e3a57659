import Foundation

/// What each scalar decomposes to, and which two compose (Unicode, sections 3.7 and 3.11), as of Unicode 9: the version of
/// the tables that Hugging Face's tokenizers normalise with. What is newer stays as it is.
///
/// Foundation is asked for single scalars alone: of longer texts it leaves some that compose apart, as a syllable of Hangul
/// and its last letter.
struct UnicodeCompositions: Sendable {
  static let canonical = UnicodeCompositions(compatible: false)
  static let compatible = UnicodeCompositions(compatible: true)

  /// Of Hangul, by which syllables are reckoned (section 3.12).
  private enum Hangul {
    static let syllables: Range<UInt32> = 0xAC00..<0xD7A4, leading: Range<UInt32> = 0x1100..<0x1113
    static let vowels: Range<UInt32> = 0x1161..<0x1176, trailing: Range<UInt32> = 0x11A8..<0x11C3
  }

  private let decompositions: [UInt32: [UInt32]]
  /// First << 32 | second.
  private let pairs: [UInt64: UInt32]
  /// Scalars that are the second of such a pair.
  private let seconds: Set<UInt32>

  private init(compatible: Bool) {
    let scalars = Self.candidates
    // Nothing composes with or moves across U+0000. In one go, as a call for each would take a tenth of a second.
    var text = String.UnicodeScalarView()
    for scalar in scalars {
      text.append(scalar)
      text.append("\0")
    }
    func parts(_ change: (String) -> String) -> [[UInt32]] {
      change(String(text)).unicodeScalars.split(separator: "\0").map { $0.map(\.value) }
    }
    let canonical = parts { $0.decomposedStringWithCanonicalMapping }
    let composed = parts { $0.precomposedStringWithCanonicalMapping }
    let own = compatible ? parts { $0.decomposedStringWithCompatibilityMapping } : canonical
    var decompositions = [UInt32: [UInt32]](), composites = [[UInt32]: UInt32]()
    for (index, scalar) in scalars.enumerated() {
      if own[index] != [scalar.value] { decompositions[scalar.value] = own[index] }
      // One that stays as it is in NFC is a composite, and none of the exclusions.
      if canonical[index].count > 1, composed[index] == [scalar.value] { composites[canonical[index]] = scalar.value }
    }
    var pairs = [UInt64: UInt32](), seconds = Set(Hangul.vowels).union(Hangul.trailing)
    for (parts, composite) in composites {
      guard let first = parts.count == 2 ? parts[0] : composites[Array(parts.dropLast())], let last = parts.last else {
        continue
      }
      pairs[UInt64(first) << 32 | UInt64(last)] = composite
      seconds.insert(last)
    }
    (self.decompositions, self.pairs, self.seconds) = (decompositions, pairs, seconds)
  }

  /// Scalars that may decompose; the large uniform blocks have none.
  private static var candidates: [Unicode.Scalar] {
    let ranges: [Range<UInt32>] = [
      0xA0..<0x3400, 0xA000..<0xAC00, 0xF900..<0x12000, 0x16000..<0x17000, 0x1BC00..<0x20000, 0x2F800..<0x2FA20,
    ]
    return ranges.joined().compactMap { Unicode.Scalar($0) }.filter { isKnown($0) }
  }

  /// Whether the scalar may change places with or compose with what stands before it.
  func mayJoin(_ value: UInt32) -> Bool {
    value >= 0x300 && (Self.combiningClass(value) > 0 || seconds.contains(value))
  }

  static func combiningClass(_ value: UInt32) -> UInt8 {
    if value < 0x300 { return 0 }
    let scalar = Unicode.Scalar(value)!, combiningClass = scalar.properties.canonicalCombiningClass.rawValue
    return combiningClass > 0 && isKnown(scalar) ? combiningClass : 0
  }

  /// Whether Unicode 9 has the scalar.
  static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x500 || scalar.properties.age.map { $0.major <= 9 } ?? false
  }

  /// Category M in Unicode 9. Three characters have changed category since.
  static func isMark(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x300, 0x111C9: return false
    case 0x1CF2, 0x1CF3: return true
    default:
      let scalar = Unicode.Scalar(value)!
      return ScalarClass.isMark(scalar) && isKnown(scalar)
    }
  }

  func decomposes(_ value: UInt32) -> Bool { Hangul.syllables.contains(value) || decompositions[value] != nil }

  func appendDecomposition(of value: UInt32, to scalars: inout [UInt32]) {
    if Hangul.syllables.contains(value) {
      let index = value - 0xAC00
      scalars.append(Hangul.leading.lowerBound + index / 588)
      scalars.append(Hangul.vowels.lowerBound + index % 588 / 28)
      if index % 28 > 0 { scalars.append(Hangul.trailing.lowerBound - 1 + index % 28) }
    } else if let parts = decompositions[value] {
      scalars += parts
    } else {
      scalars.append(value)
    }
  }

  /// What the two compose to; nil where they stay apart.
  func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if Hangul.leading.contains(first), Hangul.vowels.contains(second) {
      return 0xAC00 + (first - Hangul.leading.lowerBound) * 588 + (second - Hangul.vowels.lowerBound) * 28
    }
    if Hangul.syllables.contains(first), (first - 0xAC00) % 28 == 0, Hangul.trailing.contains(second) {
      return first + second - Hangul.trailing.lowerBound + 1
    }
    return pairs[UInt64(first) << 32 | UInt64(second)]
  }
}
