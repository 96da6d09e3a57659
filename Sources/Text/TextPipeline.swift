import Foundation

/// A text as a model reads it.
public struct EncodedText: Sendable, Equatable {
  /// Token ids; at least one.
  public var ids: [Int32]
  /// How many of them are the unknown token.
  public var unknown: Int
  /// Whether the text was longer than the limit and lost its end.
  public var isTruncated: Bool

  public init(ids: [Int32], unknown: Int, isTruncated: Bool) {
    (self.ids, self.unknown, self.isTruncated) = (ids, unknown, isTruncated)
  }
}

/// The whole way from raw text to token ids for one model, with the vocabulary fitted on its training texts.
public struct TextPipeline: Sendable, Codable {
  private enum Tokens: Sendable {
    case wordPiece(WordPiece)
    case subword(SubwordTokenizer)
    case words(Vocabulary)
  }

  public let settings: TextSettings
  /// Rows of a checkpoint's word vectors beyond its tokenizer's tokens; no text comes to them.
  private let spareRows: Int
  private let preparation: TextPreparation
  private let tokens: Tokens

  private init(settings: TextSettings, tokens: Tokens, spareRows: Int = 0) {
    (self.settings, self.spareRows) = (settings, spareRows)
    preparation = TextPreparation(settings)
    self.tokens = tokens
  }

  /// Fits the vocabulary on the given texts and on nothing else, or loads `vocabularyFile`.
  public static func fit(_ settings: TextSettings, texts: [String]) throws(TextError) -> TextPipeline {
    try check(settings)
    if let file = settings.vocabularyFile {
      return TextPipeline(
        settings: settings,
        tokens: .wordPiece(try WordPiece(contentsOfFile: file, casing: casing(settings))))
    }
    if texts.isEmpty { throw .noTexts }
    let preparation = TextPreparation(settings)
    let prepared = texts.lazy.map { preparation.prepare($0) }
    switch settings.tokenizer {
    case .words:
      let tokenizer = WordTokenizer()
      let vocabulary = Vocabulary(
        fitting: prepared.map { tokenizer.tokens($0) }, minimumFrequency: settings.minimumFrequency,
        maximumSize: settings.vocabularySize)
      return TextPipeline(settings: settings, tokens: .words(vocabulary))
    case .wordpiece:
      var trainer = WordPieceTrainer()
      trainer.vocabularySize = settings.vocabularySize
      trainer.minimumFrequency = settings.minimumFrequency
      trainer.casing = casing(settings)
      trainer.placeholders = settings.anonymise ? PlaceholderToken.allCases : []
      trainer.controls = settings.controlTokens
      return TextPipeline(settings: settings, tokens: .wordPiece(try trainer.train(prepared)))
    }
  }

  /// With a tokenizer that is there already, as a checkpoint's, and as many rows of word vectors.
  public init(_ settings: TextSettings, wordPiece: WordPiece, rows: Int) {
    self.init(settings: settings, tokens: .wordPiece(wordPiece), spareRows: max(0, rows - wordPiece.count))
  }

  /// The same with a tokenizer of any kind.
  public init(_ settings: TextSettings, tokenizer: CheckpointTokenizer, rows: Int) {
    switch tokenizer {
    case .wordPiece(let wordPiece): self.init(settings, wordPiece: wordPiece, rows: rows)
    case .subword(let subword):
      self.init(settings: settings, tokens: .subword(subword), spareRows: max(0, rows - subword.count))
    }
  }

  /// Pieces that a fitted WordPiece vocabulary has before any of the texts'.
  public static func specialPieces(anonymise: Bool) -> Int {
    WordPiece.specialTokens.count + (anonymise ? PlaceholderToken.allCases.count : 0)
  }

  private static func casing(_ settings: TextSettings) -> BertCasing { settings.lowercase ? .uncased : .cased }

  private static func check(_ settings: TextSettings) throws(TextError) {
    let least = settings.tokenizer == .wordpiece ? 3 : 1
    if settings.maximumTokens < least {
      throw .setting(key: "maximum_tokens", what: "got \(settings.maximumTokens), expected at least \(least)")
    }
    if settings.tokenizer == .words, settings.vocabularySize < 3 {
      throw .setting(key: "vocabulary_size", what: "got \(settings.vocabularySize), expected at least 3")
    }
    if settings.tokenizer == .words, settings.vocabularyFile != nil {
      throw .setting(key: "vocabulary_file", what: "only the wordpiece tokenizer reads one")
    }
  }

  /// The text after all steps that come before tokens.
  public func prepare(_ text: String) -> String { preparation.prepare(text) }

  /// WordPiece: `[CLS]` … `[SEP]`. Other tokenizers of checkpoints: what their files put around a text. Words: their ids.
  /// A text without any id is the unknown token, or else the first special one.
  public func encode(_ text: String) -> EncodedText {
    let prepared = preparation.prepare(text)
    switch tokens {
    case .wordPiece(let wordPiece):
      let (ids, isTruncated) = wordPiece.encodeCounting(
        prepared, maximumLength: settings.maximumTokens, controls: settings.controlTokens)
      return EncodedText(ids: ids, unknown: ids.count { $0 == wordPiece.unknownID }, isTruncated: isTruncated)
    case .subword(let subword):
      var (ids, isTruncated) = subword.encodeCounting(
        prepared, maximumLength: settings.maximumTokens, controls: settings.controlTokens)
      if ids.isEmpty { ids = [unknownID] }
      return EncodedText(ids: ids, unknown: ids.count { $0 == subword.unknownID }, isTruncated: isTruncated)
    case .words(let vocabulary):
      let words = WordTokenizer().tokens(prepared)
      var ids = words.prefix(settings.maximumTokens).map { vocabulary.id(of: $0) }
      if ids.isEmpty { ids = [Vocabulary.unknownID] }
      return EncodedText(
        ids: ids, unknown: ids.count { $0 == Vocabulary.unknownID },
        isTruncated: words.count > settings.maximumTokens)
    }
  }

  /// The words of a text whose numbers `encode` gives, `[UNK]` of one without any; none where texts are cut otherwise.
  public func words(_ text: String) -> [String] {
    guard case .words(let vocabulary) = tokens else { return [] }
    let words = WordTokenizer().tokens(preparation.prepare(text)).prefix(settings.maximumTokens)
    return words.isEmpty ? [vocabulary.tokens[Int(Vocabulary.unknownID)]] : Array(words)
  }

  /// Whether words are left of a text that is split into words.
  func hasWords(_ text: String) -> Bool { !WordTokenizer().tokens(preparation.prepare(text)).isEmpty }

  /// The WordPiece tokenizer; nil where there is another, or texts are split into words.
  public var wordPiece: WordPiece? { if case .wordPiece(let wordPiece) = tokens { wordPiece } else { nil } }

  /// The tokenizer of a checkpoint of another kind; nil where there is none.
  public var subword: SubwordTokenizer? { if case .subword(let subword) = tokens { subword } else { nil } }

  /// The tokenizer as a checkpoint's folder holds it; nil where texts are split into words.
  public var checkpointTokenizer: CheckpointTokenizer? {
    switch tokens {
    case .wordPiece(let wordPiece): .wordPiece(wordPiece)
    case .subword(let subword): .subword(subword)
    case .words: nil
    }
  }

  /// Tokens that the model knows, special ones included.
  public var vocabularyCount: Int { vocabularyTokens.count }

  /// Rows of the network's embedding: one a token, and those that a checkpoint has beyond its tokens.
  public var embeddingRows: Int { vocabularyCount + spareRows }

  /// The tokens in order of their ids.
  public var vocabularyTokens: [String] {
    switch tokens {
    case .wordPiece(let wordPiece): wordPiece.tokens
    case .subword(let subword): subword.tokens
    case .words(let vocabulary): vocabulary.tokens
    }
  }

  /// Where a checkpoint has no such token, the unknown one.
  public var paddingID: Int32 {
    switch tokens {
    case .wordPiece(let wordPiece): wordPiece.paddingID
    case .subword(let subword): subword.paddingID ?? unknownID
    case .words: Vocabulary.paddingID
    }
  }

  /// Where a checkpoint has no such token, as with byte-level BPE, its first special one.
  public var unknownID: Int32 {
    switch tokens {
    case .wordPiece(let wordPiece): wordPiece.unknownID
    case .subword(let subword): subword.unknownID ?? subword.specialIDs.min() ?? 0
    case .words: Vocabulary.unknownID
    }
  }

  /// The ids of the tokens that stand for no text, and of the unknown one.
  public var specialIDs: Set<Int32> {
    switch tokens {
    case .wordPiece(let wordPiece): wordPiece.specialIDs
    case .subword(let subword): subword.specialIDs.union([unknownID])
    case .words: [Vocabulary.paddingID, Vocabulary.unknownID]
    }
  }

  private enum CodingKeys: String, CodingKey { case settings, pieces, casing, added, files, spareRows, words }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let settings = try container.decode(TextSettings.self, forKey: .settings)
    try Self.check(settings)
    if let pieces = try container.decodeIfPresent([String].self, forKey: .pieces) {
      let casing = try container.decode(BertCasing.self, forKey: .casing)
      let added = try container.decodeIfPresent([AddedToken].self, forKey: .added)
      self.init(
        settings: settings, tokens: .wordPiece(try WordPiece(tokens: pieces, casing: casing, added: added)),
        spareRows: try Self.spareRows(container))
    } else if let files = try container.decodeIfPresent([String: Data].self, forKey: .files) {
      guard case .subword(let subword) = try CheckpointTokenizer(TokenizerFiles(stored: files)),
        settings.maximumTokens >= subword.specialCount
      else { throw TextError.setting(key: "files", what: "are no tokenizer that is stored so") }
      self.init(settings: settings, tokens: .subword(subword), spareRows: try Self.spareRows(container))
    } else {
      self.init(settings: settings, tokens: .words(try container.decode(Vocabulary.self, forKey: .words)))
    }
  }

  private static func spareRows(_ container: KeyedDecodingContainer<CodingKeys>) throws -> Int {
    let spareRows = try container.decodeIfPresent(Int.self, forKey: .spareRows) ?? 0
    guard 0...(1 << 24) ~= spareRows else {
      throw TextError.setting(key: "spareRows", what: "got \(spareRows), expected 0 to \(1 << 24)")
    }
    return spareRows
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(settings, forKey: .settings)
    switch tokens {
    case .wordPiece(let wordPiece):
      try container.encode(Array(wordPiece.tokens.prefix(wordPiece.pieceCount)), forKey: .pieces)
      try container.encode(wordPiece.casing, forKey: .casing)
      try container.encode(wordPiece.added, forKey: .added)
      if spareRows > 0 { try container.encode(spareRows, forKey: .spareRows) }
    case .subword(let subword):
      try container.encode(subword.files.contents, forKey: .files)
      if spareRows > 0 { try container.encode(spareRows, forKey: .spareRows) }
    case .words(let vocabulary): try container.encode(vocabulary, forKey: .words)
    }
  }
}
