import Foundation
import Testing

@testable import Text

/// Against Foundation's NFC, which is right and slow: long texts are composed in parts.
@Suite("CanonicalForm")
struct CanonicalFormTests {
  private func expectSame(_ text: String) {
    let composed = CanonicalForm.composed(Array(text.utf8))
    #expect(composed == Array(text.precomposedStringWithCanonicalMapping.utf8), "\(text.unicodeScalars.count) scalars")
  }

  @Test("runs of letters that compose with each other come out as in one go, wherever a part ends")
  func longRuns() {
    let runs = [
      "\u{1100}\u{1161}", "\u{1100}\u{1161}\u{11A8}", "\u{1161}", "\u{11A8}", "\u{AC00}\u{11A8}",
      "\u{AC00}\u{11A8}\u{11A8}",
      "\u{9C7}\u{9BE}", "\u{9BE}", "\u{DD9}\u{DCF}\u{DCA}", "\u{CC6}\u{CC2}\u{CD5}", "\u{16D67}", "\u{16D63}\u{16D67}",
      "\u{113C2}", "\u{113C2}\u{113B8}", "e\u{301}\u{316}", "\u{1025}\u{102E}", "\u{11131}\u{11127}",
      "\u{F40}\u{F71}\u{F72}",
    ]
    for run in runs {
      for count in [1, 65, 66, 67, 340, 700] {
        for start in ["", "a", "\u{1100}", "\u{16D67}", "\u{113C2}"] {
          expectSame(start + String(repeating: run, count: count) + "z")
        }
      }
    }
  }

  @Test("random texts of such letters, marks and others")
  func random() {
    let fragments = [
      "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}", "\u{9C7}", "\u{9BE}", "\u{9D7}", "\u{DD9}", "\u{DCF}", "\u{DCA}",
      "e",
      "\u{301}", "\u{316}", "\u{3099}", "\u{304B}", "\u{16D63}", "\u{16D67}", "\u{113C2}", "\u{113B8}", "\u{113C9}",
      "\u{E9}", "\u{1F44D}",
    ]
    var random = RandomText(seed: 11)
    for _ in 0..<300 { expectSame(random.fragments(fragments, count: 1 + random.below(2_000))) }
  }

  @Test("a name keeps thirty marks in a row, as a normalised text does, and is itself otherwise")
  func names() {
    let marks = String(repeating: "\u{301}\u{316}", count: 40)
    #expect(Array(comparable("e\(marks)x").utf8) == Array("e\(String(repeating: "\u{301}\u{316}", count: 15))x".utf8))
    #expect(Array(comparable("\(marks)e\(marks)").unicodeScalars).count == 61)
    for name in [
      "", "card lost", "cafe\u{301}", "für", "счёт", "\u{1F44D}\u{FE0F}", "e" + String(repeating: "\u{301}", count: 30),
    ] {
      #expect(Array(comparable(name).utf8) == Array(name.utf8))
    }
  }

  @Test("a key is equal to the letter")
  func keys() {
    #expect(UTF8Key("caf\u{E9}") != UTF8Key("cafe\u{301}") && UTF8Key("a") == UTF8Key("a"))
    #expect(Set(["a", "b", "a", "caf\u{E9}", "cafe\u{301}"].map(UTF8Key.init)).count == 4)
  }
}
