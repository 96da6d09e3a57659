/// How raw text becomes tokens for one model. Every step can be switched by model.
public struct TextSettings: Sendable, Equatable, Codable {
  /// What splits the prepared text into tokens.
  public enum Tokenizer: String, Sendable, CaseIterable, Codable {
    /// BERT's WordPiece; a vocabulary is trained from the training part unless `vocabularyFile` names one.
    case wordpiece
    /// Runs of letters and digits, and each punctuation character alone.
    case words
  }
  /// Removes HTML, control characters and repeated white space; composes Unicode (NFC).
  public var clean = true
  /// Replaces e-mail addresses, phone numbers, payment cards, IBANs, links, handles and long identifiers.
  public var anonymise = false
  public var lowercase = true
  public var removePunctuation = false
  public var removeNonAlphanumeric = false
  /// Removes English stop words; the list includes "not", as the study's does.
  public var removeStopWords = false
  /// Porter's stemmer (1980).
  public var stem = false
  public var tokenizer = Tokenizer.words
  /// Largest vocabulary, special tokens included.
  public var vocabularySize = 8_000
  /// Tokens (words, or word types for WordPiece training) rarer than this in the training part are left out.
  public var minimumFrequency = 2
  /// Longest sequence in tokens, special tokens included; what is longer is cut at the end.
  public var maximumTokens = 128
  /// What `[SEP]`, `[MASK]` and the like are in a text: letters and signs, or the tokenizer's own tokens (WordPiece only;
  /// no text comes to the special words of `words`).
  public var controlTokens = ControlTokens.escape
  /// A `vocab.txt` to use instead of training one (WordPiece only).
  public var vocabularyFile: String?

  public init() {}

  /// The steps before the tokenizer that are switched on, in their order, by their names in manifests.
  public var steps: [String] {
    [
      ("clean", clean), ("anonymise", anonymise), ("lowercase", lowercase), ("remove_punctuation", removePunctuation),
      ("remove_non_alphanumeric", removeNonAlphanumeric), ("remove_stop_words", removeStopWords), ("stem", stem),
    ].filter(\.1).map(\.0)
  }
}
