import Foundation
import Testing

@testable import Corpora

@Suite struct ClassNamesTests {
  @Test(
    "Names that differ by case, blanks, invisible characters or accents alone are found, with what tells them apart")
  func alike() {
    let names = [
      "BILLING", "Billing", "billing", "deli\u{AD}very", "delivery", "login", "login\u{200B}", "log\u{ED}n", "other",
    ]
    #expect(
      ClassNames.alike(names) == [
        .init(names: ["BILLING", "Billing", "billing"], differences: [.letterCase]),
        .init(names: ["deli\u{AD}very", "delivery"], differences: [.invisible]),
        .init(names: ["login", "login\u{200B}", "log\u{ED}n"], differences: [.invisible, .accents]),
      ])
    #expect(ClassNames.alike(["card lost", "card lots", "refund", "Überweisung", "über"]).isEmpty)
  }

  @Test(
    "Every kind of spelling is one, whatever stands where",
    arguments: [
      ("card lost", "card  lost", ClassNames.Difference.blanks), ("card lost", "cardlost", .blanks),
      ("card lost", "card\u{A0}lost", .blanks), ("card lost", "card\u{2009}lost", .blanks),
      ("STRASSE", "strasse", .letterCase),
      ("a", "a\u{AD}", .invisible), ("a", "\u{200B}a", .invisible), ("ab", "a\u{200C}b", .invisible),
      ("ab", "a\u{200D}b", .invisible), ("a", "\u{FEFF}a", .invisible), ("a", "\u{202E}a\u{202C}", .invisible),
      ("a", "a\u{2067}", .invisible), ("a", "a\u{7}", .invisible), ("café", "cafe", .accents),
      ("ﬁne", "fine", .accents),
      ("ａｂ", "ab", .accents),
    ])
  func kinds(pair: (a: String, b: String, difference: ClassNames.Difference)) {
    #expect(ClassNames.alike([pair.a, pair.b]) == [.init(names: [pair.a, pair.b], differences: [pair.difference])])
  }

  @Test("Vowel signs of other scripts are letters: their classes are not alike")
  func letters() {
    #expect(ClassNames.alike(["कल", "किल", "कुल", "केल"]).isEmpty)
    #expect(ClassNames.alike(["กา", "กิ", "กี"]).isEmpty)
  }

  @Test("What is not seen is shown by its number; a long name is cut, a list is bounded")
  func shown() {
    #expect(ClassNames.visible("deli\u{AD}very") == "deli\\u{AD}very")
    #expect(ClassNames.visible("a\u{A0}b \u{200B}") == "a\\u{A0}b \\u{200B}")
    #expect(ClassNames.visible("card lost") == "card lost")
    #expect(ClassNames.visible(" a") == "\\u{20}a")
    #expect(ClassNames.visible("❤\u{FE0F} 👩\u{200D}🚀") == "❤\u{FE0F} 👩\u{200D}🚀")
    #expect(ClassNames.shown("please call +44 20 7946 0958 because my card was stolen") == "please… (46 characters)")
    #expect(ClassNames.list((0..<8).map { ("c\($0)", $0) }, limit: 2) == "`c0` (0), `c1` (1) and 6 more")
  }

  @Test("Whatever the two names, the answer is that of comparing all pairs")
  func naive() {
    let parts = ["a", "A", "á", " ", "\u{AD}", "b", "\u{200B}", "B"]
    var names: [String] = []
    for first in parts { for second in parts { names.append("x" + first + second + "y") } }
    func fold(_ name: String) -> String {
      name.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars
        .filter { !["\u{AD}", "\u{200B}", " ", "\u{301}"].contains($0) }.map { String($0) }.joined()
    }
    let groups = Dictionary(grouping: names, by: fold).values.filter { $0.count > 1 }
    #expect(Set(ClassNames.alike(names).map(\.names)) == Set(groups))
  }

  @Test("what belongs to an emoji is shown by its number too where names are told apart by it")
  func exactly() {
    let alike = [("\u{1F44D}", 12), ("\u{1F44D}\u{FE0F}", 11)]
    #expect(ClassNames.list(alike) == "`\u{1F44D}` (12), `\u{1F44D}\u{FE0F}` (11)")
    #expect(ClassNames.list(alike, exactly: true) == "`\u{1F44D}` (12), `\u{1F44D}\\u{FE0F}` (11)")
  }

}
