/// A text by its bytes, as a key: equal to the letter.
///
/// A `String` is equal to another by canonical equivalence, for which marks in a row are sorted at a cost of their number
/// squared; bytes are compared and hashed in linear time.
package struct UTF8Key: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: UTF8Key, b: UTF8Key) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    // "ab" and "c" are not "a" and "bc".
    hasher.combine(UInt8(0xFF))
  }
}

/// A name as names are compared: combining characters past the 30th in a row, which no writing has, are left out, so that
/// comparing it takes linear time.
package func comparable(_ name: String) -> String {
  name.utf8.allSatisfy { $0 < 0xCC } ? name : CanonicalForm.withoutLongRuns(name)
}
