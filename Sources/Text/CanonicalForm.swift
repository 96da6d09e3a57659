import Foundation

/// Unicode's canonical forms, with a short way for text that has nothing to compose.
enum CanonicalForm {
  /// NFC. Text whose scalars all lie below U+0300 is composed already.
  static func composed(_ text: String) -> String {
    // 0xCC is the first UTF-8 byte of U+0300.
    text.utf8.allSatisfy { $0 < 0xCC } ? text : text.precomposedStringWithCanonicalMapping
  }

  /// NFD.
  static func decomposed(_ text: String) -> String { text.decomposedStringWithCanonicalMapping }
}
