import Testing

@testable import Corpora

@Suite("TextProfile")
struct TextProfileTests {
  private func profile(_ texts: [String]) -> TextProfile {
    TextProfile(texts.enumerated().map { Example(id: "\($0)", text: $1, label: 0) })
  }

  @Test("Counts words by white space: the median, of two the longer, and the longest")
  func words() {
    let profile = profile(["one", " two\u{2003}words \n", "", "a b c d-e"])
    #expect(profile.medianWords == 2 && profile.longestWords == 4)
    #expect(TextProfile([]) == TextProfile())
  }

  @Test("Tells Latin letters, accents included, from those of other scripts; digits and signs are none")
  func letters() {
    let profile = profile(["caf\u{E9} n\u{303}a\u{EF}ve 123 …", "ሰላም", "да!"])
    #expect(profile.letters == 4 + 5 + 3 + 2 && profile.otherLetters == 5)
  }

  @Test("Counts personal data by kind, and the rows that have any once")
  func personal() {
    let profile = profile([
      "write to a@example.com or b@example.com", "call +44 20 7946 0958, c@example.com", "my order is late",
    ])
    #expect(
      profile.personal == [.init(kind: .email, count: 3, rows: 2), .init(kind: .phone, count: 1, rows: 1)])
    #expect(profile.personalRows == 2)
  }
}
