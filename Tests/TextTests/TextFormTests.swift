import Testing
import Text

@Suite struct TextFormTests {
  @Test("a form has a text's words and traits, and comes back from its code")
  func roundTrip() throws {
    let form = TextForm("I love the phone, but it never rings. Why?")
    #expect(form.words == 9)
    #expect(form.has(.negation) && form.has(.contrast) && form.has(.question) && !form.has(.number))
    #expect(TextForm(words: form.words, code: form.code) == form)
    #expect(TextForm(words: 3, code: "") == TextForm(words: 3, traits: []))
    #expect(TextForm(words: 3, code: "negation nothing") == nil)
    #expect(Set(TextTrait.allCases.map(\.code)).count == TextTrait.allCases.count)
    #expect(TextTrait.allCases.allSatisfy { !$0.code.contains(" ") })
  }
}
