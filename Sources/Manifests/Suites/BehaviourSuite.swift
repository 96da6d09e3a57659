/// What a model is to do with texts of a kind, whatever data it was trained on: tests after CheckList (Ribeiro, Wu, Guestrin
/// and Singh 2020, "Beyond accuracy: behavioral testing of NLP models with CheckList").
public struct BehaviourSuite: Sendable, Equatable {
  public var name = ""
  /// Words by the name that stands for them in templates.
  public var lexicons: [Lexicon] = []
  /// Seed of what is drawn: cases of templates, and changes of texts.
  public var seed: UInt64 = 1
  public var tests: [BehaviourTest] = []

  public struct Lexicon: Sendable, Equatable {
    public var name: String
    public var words: [String]

    public init(name: String, words: [String]) { (self.name, self.words) = (name, words) }
  }

  public init() {}
}

/// One test of a suite: texts, how they are changed, and what is expected.
public struct BehaviourTest: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The texts have a known class.
    case minimum
    /// The changed text gets the class of the text.
    case invariance
    /// A class does not become more (or less) likely by the change.
    case direction
  }

  /// Where the probability of the class must not go.
  public enum Movement: String, Sendable, CaseIterable {
    /// It must not rise.
    case down
    /// It must not fall.
    case up
  }

  public var name = ""
  /// What the test is about: negation, typos.
  public var capability = ""
  public var kind = Kind.invariance
  /// Texts with `{lexicon}` in them; none where the texts are the user's rows.
  public var templates: [String] = []
  /// What is done to each text, one after the other.
  public var changes: [TextChange] = []
  /// One of these is put before each text, and one behind it.
  public var prepend: [String] = []
  public var append: [String] = []
  /// The class expected (minimum), or the one whose probability is watched (direction).
  public var label = ""
  public var moves = Movement.down
  /// By how much a probability may go the wrong way.
  public var tolerance = 0.1
  /// Share of cases that may fail; nil where nothing is demanded.
  public var atMost: Double?
  /// Cases at most.
  public var cases = 200

  public init() {}
}

/// A change of a text; all but the last leave its meaning. What is random follows from the suite's seed. A text that a
/// change does not alter is no case.
public enum TextChange: String, Sendable, CaseIterable {
  /// Two neighbouring letters of a word of at least four change places.
  case typo
  /// A letter of such a word is left out.
  case omission
  case capitals
  case lowerCase = "lower-case"
  /// Without signs at its end.
  case unpunctuated
  /// "do not" for "don't" and the other way.
  case contractions
  /// Every number becomes another one of as many digits.
  case numbers
  /// American spelling for British, or the other way.
  case spelling
  /// "is not" for "is", after the first such word of a text without a negation.
  case negation
}
