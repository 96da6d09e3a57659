/// What a text's form tells, without a word of it: how long it is, and its traits.
public struct TextForm: Sendable, Hashable {
  /// Words, without signs.
  public var words: Int
  /// A bit for each trait, by their order.
  private var bits: UInt16 = 0

  public init(_ text: String) {
    self.init(words: TextTrait.words(text).count, traits: TextTrait.all(of: text))
  }

  public init(words: Int, traits: Set<TextTrait>) {
    self.words = words
    for (place, trait) in TextTrait.allCases.enumerated() where traits.contains(trait) { bits |= 1 << place }
  }

  public var traits: [TextTrait] {
    TextTrait.allCases.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element)
  }

  public func has(_ trait: TextTrait) -> Bool { traits.contains(trait) }

  /// The traits' codes with blanks between, as files have them.
  public var code: String { traits.map(\.code).joined(separator: " ") }

  /// nil where a code is none.
  public init?(words: Int, code: String) {
    var traits: Set<TextTrait> = []
    for word in code.split(separator: " ") {
      guard let trait = TextTrait.allCases.first(where: { $0.code == word }) else { return nil }
      traits.insert(trait)
    }
    self.init(words: words, traits: traits)
  }
}
