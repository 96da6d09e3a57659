import Testing

@testable import Text

@Suite("TextPreparation")
struct TextPreparationTests {
  private func prepare(_ text: String, _ steps: WritableKeyPath<TextSettings, Bool>...) -> String {
    prepare(text, steps)
  }

  private func prepare(_ text: String, _ steps: [WritableKeyPath<TextSettings, Bool>]) -> String {
    var settings = TextSettings()
    (settings.clean, settings.lowercase) = (false, false)
    for step in steps { settings[keyPath: step] = true }
    return TextPreparation(settings).prepare(text)
  }

  @Test("does nothing when every step is off")
  func nothing() {
    let text = "  <b>The</b> CARD\twasn't\u{0} here: me@example.com "
    #expect(prepare(text) == text)
  }

  @Test("runs each step by its own switch")
  func steps() {
    let text = "The  Cards <b>weren't</b> working!"
    #expect(prepare(text, \.clean) == "The Cards weren't working!")
    #expect(prepare(text, \.lowercase) == "the  cards <b>weren't</b> working!")
    #expect(prepare("Well, top-up: it's $5.", \.removePunctuation) == "Well top up its 5")
    #expect(prepare("Café №5 ❤️ – 20°!", \.removeNonAlphanumeric) == "Café 5 20")
    #expect(prepare("The card is not here.", \.removeStopWords) == "card .")
    #expect(prepare("cards, working", \.stem) == "card, work")
  }

  @Test("turns cleaned links into a placeholder when it anonymises, and keeps placeholders whole")
  func placeholders() {
    let text = "See <a href='x'>https://a.example/b</a> or ME@EXAMPLE.COM, please!"
    #expect(prepare(text, \.clean) == "See or ME@EXAMPLE.COM, please!")
    let all: [WritableKeyPath<TextSettings, Bool>] = [
      \.clean, \.anonymise, \.lowercase, \.removePunctuation, \.removeNonAlphanumeric, \.removeStopWords, \.stem,
    ]
    #expect(prepare(text, all) == "see <url> <email> pleas")
    for token in PlaceholderToken.allCases {
      #expect(prepare("\(token.rawValue) x", all) == "\(token.rawValue) x", "\(token)")
      #expect(WordTokenizer().tokens("a\(token.rawValue)b") == ["a", token.rawValue, "b"], "\(token)")
    }
  }

  @Test("has a stop list that includes \"not\", matches contractions, and is sorted")
  func stopWords() {
    for word in ["not", "Not", "no", "the", "don't", "don’t", "dont", "we're"] {
      #expect(StopWords.contains(word), "\(word)")
    }
    for word in ["card", "well", "hell", "shell", "refund", ""] { #expect(!StopWords.contains(word), "\(word)") }
    #expect(StopWords.english == Set(StopWords.english).sorted())
  }

  @Test(
    "normalises in one way for the whole project",
    arguments: [
      ("  Where's my CARD?!  ", "wheres my card"), ("top-up", "top up"), ("cafe\u{301}", "caf\u{E9}"),
      ("CAFÉ\n\nno. 5", "café no 5"), ("don’t", "dont"), ("€5 👍🏽", "€5 👍🏽"), ("...", ""), ("", ""),
      ("rock 'n' roll", "rock n roll"),
    ])
  func normalisation(text: String, expected: String) {
    #expect(Array(normalised(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test("normalises any text without a trap, and twice as once")
  func normalisationIsStable() {
    var random = RandomText(seed: 5)
    for _ in 0..<1_500 {
      let text = random.fragments(["'", "’", "a", " ", ".", "\u{301}", "É", "\u{130}"], count: 1 + random.below(10))
      let once = normalised(text)
      #expect(Array(normalised(once).utf8) == Array(once.utf8), "\(text.debugDescription)")
    }
  }

  @Test("takes any Unicode through all steps at once without a trap")
  func anyText() {
    var settings = TextSettings()
    (settings.anonymise, settings.removePunctuation, settings.removeNonAlphanumeric) = (true, true, true)
    (settings.removeStopWords, settings.stem) = (true, true)
    let preparation = TextPreparation(settings)
    var random = RandomText(seed: 6)
    for _ in 0..<500 { _ = preparation.prepare(random.scalars(random.below(40))) }
  }

  @Test("removing punctuation changes nothing where all but letters and digits is removed anyway")
  func punctuationBeside() {
    var random = RandomText(seed: 4)
    var both = TextSettings()
    (both.clean, both.removeNonAlphanumeric, both.removePunctuation) = (false, true, true)
    var one = both
    one.removePunctuation = false
    for _ in 0..<2_000 {
      let text = random.fragments(["don't", " ", "€", "e\u{301}", ".", "’", "a", "9", "$", "-"], count: 12)
      #expect(TextPreparation(both).prepare(text) == TextPreparation(one).prepare(text))
    }
  }
}
