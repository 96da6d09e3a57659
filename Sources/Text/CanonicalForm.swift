import Foundation

/// Unicode's canonical forms, with a short way for text that has nothing to compose.
enum CanonicalForm {
  /// Most combining characters in a row: Unicode's Stream-Safe limit (UAX #15, section 13). More are no writing, and
  /// putting them in order would cost their number squared.
  private static let longestRun = 30

  /// NFC; combining characters past the 30th in a row are left out.
  static func composed(_ text: String) -> String {
    // 0xCC is the first UTF-8 byte of U+0300; what lies below is composed already.
    if text.utf8.allSatisfy({ $0 < 0xCC }) { return text }
    return String(decoding: composed(Array(text.utf8)), as: UTF8.self)
  }

  /// The same for UTF-8. Works in parts, as Foundation's cost grows with the square of the length.
  static func composed(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.allSatisfy({ $0 < 0xCC }) { return bytes }
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var part = [UInt8]()
    var isComposed = true
    var position = 0, run = 0
    while position < bytes.count {
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let combining = combiningCharacters(value)
      run = combining > 0 ? run + combining : 0
      if run <= longestRun {
        if part.count > 200, combining == 0, startsPart(value) {
          output += isComposed ? part : foundation(part)
          part.removeAll(keepingCapacity: true)
          isComposed = true
        } else if part.count > 1_000, combining == 0 {
          // Letters that may compose with the last one alone: what stands before it is done.
          let composed = isComposed ? part : foundation(part)
          let last = lastStarter(of: composed)
          output += composed[..<last]
          part = Array(composed[last...])
        }
        part += bytes[position..<position + length]
        if value >= 0x300 { isComposed = false }
      }
      position += length
    }
    output += isComposed ? part : foundation(part)
    return output
  }

  private static func foundation(_ part: [UInt8]) -> [UInt8] {
    Array(String(decoding: part, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
  }

  /// Where the last scalar starts that is no combining character; all that follows may change it, and nothing before.
  private static func lastStarter(of bytes: [UInt8]) -> Int {
    var position = bytes.count
    while position > 0 {
      position -= 1
      guard bytes[position] & 0xC0 != 0x80 else { continue }
      if combiningCharacters(ScalarClass.decode(bytes, at: position).value) == 0 { return position }
    }
    return 0
  }

  /// How many combining characters the scalar decomposes to, where it is nothing else.
  private static func combiningCharacters(_ value: UInt32) -> Int {
    if value < 0x300 { return 0 }
    switch value {
    case 0x344, 0xF73, 0xF75, 0xF81: return 2
    default: return Unicode.Scalar(value)!.properties.canonicalCombiningClass == .notReordered ? 0 : 1
    }
  }

  /// Whether the scalar never composes with what stands before it: no mark, no vowel or final letter of Hangul, no Kirat
  /// Rai vowel.
  private static func startsPart(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x300: true
    case 0x1160..<0x1200, 0x16D00..<0x16D80: false
    default: !ScalarClass.isMark(Unicode.Scalar(value)!)
    }
  }

  /// The text without combining characters past the 30th in a row, else as it is: for names, which are compared as they
  /// stand.
  static func withoutLongRuns(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var output: [UInt8] = [], position = 0, run = 0, kept = 0
    while position < bytes.count {
      if bytes[position] < 0xCC {
        // Below U+0300 nothing combines.
        run = 0
        position += bytes[position] < 0x80 ? 1 : 2
        continue
      }
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let combining = combiningCharacters(value)
      run = combining > 0 ? run + combining : 0
      if run > longestRun {
        output += bytes[kept..<position]
        kept = position + length
      }
      position += length
    }
    return kept == 0 ? text : String(decoding: output + bytes[kept...], as: UTF8.self)
  }

  /// NFD.
  static func decomposed(_ text: String) -> String { text.decomposedStringWithCanonicalMapping }
}
