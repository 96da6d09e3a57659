import Testing

@testable import Text

@Suite("Traits of a text")
struct TextTraitTests {
  @Test(
    "each is told by its rule",
    arguments: [
      ("My card has not arrived", [.negation]), ("It doesn\u{2019}t work", [.negation]),
      ("I like it, but it is dear", [.contrast]),
      ("Great sound. Terrible battery!", [.mixedSentiment, .severalSentences]),
      ("Where is my card", [.question]), ("my card is where?", [.question]), ("Is it mine", [.question]),
      ("It came. I sent it back", [.severalSentences]), ("It came...", []), ("It came. 😀", []),
      ("I paid 20 pounds", [.number]), ("Ⅻ ٣", [.number]), ("Моя card", [.mixedScript]), ("カード漢字", []),
      ("أين بطاقتي؟", [.question]), ("", []), ("...", []), ("known nothing-ness", [.negation]), ("butter yetis", []),
    ] as [(String, Set<TextTrait>)])
  func rules(text: String, expected: Set<TextTrait>) {
    #expect(TextTrait.all(of: text) == expected, "\(text)")
  }

  @Test("words have letters and are in lower case")
  func words() {
    #expect(TextTrait.words("Hello, it's 5 o'clock! 😀") == ["hello", "it's", "o'clock"])
  }
}
