import Foundation
import Testing

@testable import Text

@Suite("UnicodeForm")
struct UnicodeFormTests {
  private func form(_ form: UnicodeForm, _ text: String) -> [UInt32] {
    let bytes = Array(text.utf8)
    var output = [UInt8]()
    let isChanged = form.apply(to: bytes, &output)
    #expect(isChanged || output.isEmpty)
    return String(decoding: isChanged ? output : bytes, as: UTF8.self).unicodeScalars.map(\.value)
  }

  @Test(
    "gives the values of Unicode's own test file and of Python's unicodedata",
    arguments: [
      // Foundation leaves a syllable of Hangul and its last letter apart, and the parts of U+0F73 in their places.
      (UnicodeForm.nfc, "\u{ACFC}\u{11B2}", [0xAD07]), (.nfc, "\u{1100}\u{1161}\u{11A8}\u{11A8}", [0xAC01, 0x11A8]),
      (.nfd, "\u{F71}\u{F72}\u{F73}\u{F74}", [0xF71, 0xF71, 0xF72, 0xF72, 0xF74]),
      (.nfc, "\u{1E9B}\u{323}", [0x1E9B, 0x323]), (.nfd, "\u{1E9B}\u{323}", [0x17F, 0x323, 0x307]),
      (.nfkc, "\u{1E9B}\u{323}", [0x1E69]), (.nfkd, "\u{1E9B}\u{323}", [0x73, 0x323, 0x307]),
      (.nfc, "a\u{315}\u{300}\u{5AE}\u{300}b", [0xE0, 0x5AE, 0x300, 0x315, 0x62]),
      (.nfc, "\u{212B}\u{2F800}\u{F900}\u{344}", [0xC5, 0x4E3D, 0x8C48, 0x308, 0x301]),
      (
        .nfkc, "\u{FB01}\u{FF21}\u{2460}\u{FDFA}",
        [
          0x66, 0x69, 0x41, 0x31, 0x635, 0x644, 0x649, 0x20, 0x627, 0x644, 0x644, 0x647, 0x20, 0x639, 0x644, 0x64A,
          0x647, 0x20, 0x648, 0x633, 0x644, 0x645,
        ]
      ),
      (.nfc, "\u{958}\u{9C7}\u{9BE}", [0x915, 0x93C, 0x9CB]), (.nfc, "\u{301}e\u{301}\u{301}", [0x301, 0xE9, 0x301]),
      (.nfkd, "\u{AD07}\u{3300}", [0x1100, 0x116A, 0x11B2, 0x30A2, 0x30CF, 0x309A, 0x30FC, 0x30C8]),
      // Foundation has the two apart.
      (.nfkc, "\u{FF76}\u{FF9E}", [0x30AC]),
      // Newer than Unicode 9, as the tables of Hugging Face's tokenizers are: no mark.
      (.nfd, "a\u{1DF9}\u{301}\u{316}", [0x61, 0x1DF9, 0x316, 0x301]),
    ] as [(UnicodeForm, String, [UInt32])])
  func values(_ own: UnicodeForm, _ text: String, _ expected: [UInt32]) {
    #expect(form(own, text) == expected, "\(text.debugDescription)")
  }

  @Test("is Foundation's of what that does right, and stays as it is when done again", arguments: UnicodeForm.allCases)
  func foundation(_ own: UnicodeForm) {
    let fragments = [
      "a", " ", "e", "\u{301}", "\u{316}", "\u{327}", "\u{E9}", "\u{1EAD}", "\u{212B}", "\u{FB01}", "\u{3B1}",
      "\u{345}",
      "\u{645}", "\u{64E}", "\u{651}", "\u{915}", "\u{93C}", "\u{304B}", "\u{3099}", "\u{AC00}",
      "\u{1F44D}", "\u{2460}", "\u{1D400}",
    ]
    var random = RandomText(seed: 17)
    for _ in 0..<600 {
      let text = (0..<random.below(30)).map { _ in fragments[random.below(fragments.count)] }.joined()
      let expected =
        switch own {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
      let once = form(own, text)
      #expect(once == expected.unicodeScalars.map(\.value), "\(text.debugDescription)")
      var again = String.UnicodeScalarView()
      again.append(contentsOf: once.compactMap { Unicode.Scalar($0) })
      #expect(form(own, String(again)) == once, "\(text.debugDescription)")
    }
  }

  @Test("a hundred thousand marks in a row take no time to speak of")
  func marks() {
    let text = "a" + String(repeating: "\u{301}\u{316}", count: 50_000)
    #expect(form(.nfc, text).count == 100_000)
  }
}
