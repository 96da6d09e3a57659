import Testing

@testable import Text

@Suite("WordTokenizer")
struct WordTokenizerTests {
  private func tokens(_ text: String) -> [String] { WordTokenizer().tokens(text) }

  @Test("parts words from signs")
  func words() {
    #expect(tokens("Hello, world! 49.90€") == ["Hello", ",", "world", "!", "49", ".", "90", "€"])
    #expect(
      tokens("don't o’clock 'quoted' bank's' rock'") == [
        "don't", "o'clock", "'", "quoted", "'", "bank's", "'", "rock", "'",
      ])
    #expect(tokens("naïve café हिन्दी") == ["naïve", "café", "हिन्दी"])
    #expect(tokens("我的卡 ok") == ["我", "的", "卡", "ok"])
    #expect(tokens("a\u{0}b\tc\u{A0}d") == ["a", "b", "c", "d"])
    #expect(tokens(" \n ") == [])
    #expect(tokens("") == [])
  }

  @Test("keeps emoji, flags and families whole")
  func emoji() {
    #expect(tokens("great👍🏽!🇬🇧👨‍👩‍👧 ❤️") == ["great", "👍🏽", "!", "🇬🇧", "👨‍👩‍👧", "❤️"])
  }

  @Test("loses no letter or digit of any text, and never traps")
  func anyText() {
    var random = RandomText(seed: 7)
    for _ in 0..<800 {
      let text = random.fragments(["'", "’", "a", "<email>", " ", "\u{301}", "🇬🇧", "\u{200D}"], count: random.below(20))
      func kept(_ text: some StringProtocol) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { ScalarClass.isAlphanumeric($0) && $0.value != 0x2BC }
      }
      #expect(tokens(text).flatMap { kept($0) } == kept(text), "\(text.debugDescription)")
      #expect(tokens(text).allSatisfy { !$0.isEmpty })
    }
  }
}
