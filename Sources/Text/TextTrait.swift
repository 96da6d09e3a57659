/// What can be told of a message by its form, by rules that anyone can check by eye. The lists of words are English; a text
/// in another language has none of these.
public enum TextTrait: String, Sendable, CaseIterable, Codable {
  /// A word of `negations`, or one that ends with "n't".
  case negation = "a negation"
  /// A word of `contrasts`.
  case contrast = "a contrast"
  /// A word of praise and a word of blame.
  case mixedSentiment = "praise and blame"
  /// A question mark, or a question's word in front.
  case question = "a question"
  /// Words behind the end of a sentence.
  case severalSentences = "several sentences"
  case number = "a number"
  /// Letters of two writing systems.
  case mixedScript = "two scripts"

  /// As files name it: one word.
  public var code: String {
    switch self {
    case .negation: "negation"
    case .contrast: "contrast"
    case .mixedSentiment: "mixed"
    case .question: "question"
    case .severalSentences: "sentences"
    case .number: "number"
    case .mixedScript: "scripts"
    }
  }

  /// All that hold of a text.
  public static func all(of text: String) -> Set<TextTrait> {
    let tokens = WordTokenizer().tokens(text.lowercased())
    var found: Set<TextTrait> = []
    func has(_ list: Set<String>) -> Bool { tokens.contains(where: list.contains) }
    if has(negations) || tokens.contains(where: { $0.hasSuffix("n't") }) { found.insert(.negation) }
    if has(contrasts) { found.insert(.contrast) }
    if has(praise), has(blame) { found.insert(.mixedSentiment) }
    if tokens.contains("?") || tokens.contains("؟") || tokens.first.map(questionWords.contains) == true {
      found.insert(.question)
    }
    if hasSeveralSentences(tokens) { found.insert(.severalSentences) }
    if text.unicodeScalars.contains(where: { $0.properties.numericType != nil && !$0.properties.isEmoji })
      || text.utf8.contains(where: { (0x30...0x39).contains($0) })
    {
      found.insert(.number)
    }
    if Script.all(in: text).count > 1 { found.insert(.mixedScript) }
    return found
  }

  /// Words, without signs, in lower case.
  public static func words(_ text: String) -> [String] {
    WordTokenizer().tokens(text.lowercased()).filter { $0.unicodeScalars.contains(where: \.properties.isAlphabetic) }
  }

  private static let sentenceEnds: Set<String> = [".", "!", "?", "…", "؟", "。", "።"]

  private static func hasSeveralSentences(_ tokens: [String]) -> Bool {
    var hasWord = false, hasEnded = false
    for token in tokens {
      let isWord = token.unicodeScalars.contains(where: \.properties.isAlphabetic)
      if isWord, hasEnded { return true }
      if isWord { hasWord = true }
      if hasWord, sentenceEnds.contains(token) { hasEnded = true }
    }
    return false
  }

  private static func list(_ words: String) -> Set<String> { Set(words.split(separator: " ").map(String.init)) }

  static let negations = list(
    """
    no not never none nobody nothing nowhere neither nor without cannot hardly barely dont doesnt didnt wont cant isnt \
    wasnt arent werent couldnt wouldnt shouldnt havent hasnt hadnt
    """)
  static let contrasts = list(
    "but however although though yet whereas despite except nevertheless nonetheless otherwise unfortunately instead")
  static let questionWords = list(
    """
    what when where which who whom whose why how is are am was were do does did can could will would should may has have
    """)
  static let praise = list(
    """
    good great excellent love loves loved best perfect perfectly amazing awesome fantastic wonderful nice happy pleased \
    satisfied easy easily helpful recommend recommended reliable beautiful favorite favourite superb enjoy enjoyed \
    thanks thank comfortable impressed
    """)
  static let blame = list(
    """
    bad poor poorly terrible awful worst worse hate hated broken breaks broke slow disappointed disappointing \
    disappointment useless waste wasted problem problems horrible annoying annoyed wrong fail fails failed failure crash \
    crashes crashed expensive defective cheaply difficult unhappy frustrating frustrated ridiculous refund junk garbage
    """)
}

/// Writing systems, by blocks of Unicode; what belongs to none of them counts for none.
private enum Script {
  case latin, greek, cyrillic, hebrew, arabic, devanagari, bengali, tamil, thai, ethiopic, hangul, kana, han

  static func all(in text: String) -> Set<Script> {
    var found: Set<Script> = []
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
      if let script = of(scalar.value) { found.insert(script) }
    }
    // Japanese is written in both.
    if found.contains(.kana) { found.remove(.han) }
    return found
  }

  private static func of(_ value: UInt32) -> Script? {
    switch value {
    case 0x41...0x24F, 0x1E00...0x1EFF: .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
    case 0x400...0x52F: .cyrillic
    case 0x590...0x5FF: .hebrew
    case 0x600...0x6FF, 0x750...0x77F, 0x8A0...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC: .arabic
    case 0x900...0x97F: .devanagari
    case 0x980...0x9FF: .bengali
    case 0xB80...0xBFF: .tamil
    case 0xE00...0xE7F: .thai
    case 0x1200...0x139F, 0x2D80...0x2DDF: .ethiopic
    case 0x1100...0x11FF, 0xAC00...0xD7AF: .hangul
    case 0x3040...0x30FF: .kana
    case 0x3400...0x4DBF, 0x4E00...0x9FFF: .han
    default: nil
    }
  }
}
