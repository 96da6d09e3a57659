import Foundation

/// The tokenizer of a checkpoint, of whichever kind its folder holds, with what a model asks of it.
///
/// `read` is the way in. (BERT's own folders, whose tokenizer_config.json has rules of its own, are read by
/// `BERTCheckpoint.tokenizer()`, which gives a `WordPiece`.)
public enum CheckpointTokenizer: Sendable {
  case wordPiece(WordPiece)
  /// Byte-level BPE, as of GPT-2, RoBERTa and ModernBERT, or unigram, as of XLM-R.
  case subword(SubwordTokenizer)

  /// Reads the tokenizer of a folder: from tokenizer.json where there is one, else from vocab.json with merges.txt, from
  /// sentencepiece.bpe.model, or from vocab.txt.
  ///
  /// - Throws: `TextError` with the file, the line and the key where a file is unreadable, malformed, or says something
  ///   that is not known here: what it means for the ids is never guessed.
  public static func read(_ folder: URL) throws(TextError) -> CheckpointTokenizer {
    func path(_ name: String) -> String? {
      let path = folder.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    if let file = path("tokenizer.json") {
      let file = try TokenizerFile(JSONField.read(contentsOfFile: file))
      return try file.kind() == "WordPiece" ? .wordPiece(file.wordPiece()) : .subword(file.subword())
    }
    if let vocabulary = path("vocab.json") {
      return .subword(try BytePairFiles(vocabulary: vocabulary, folder: folder).tokenizer())
    }
    if let file = path("sentencepiece.bpe.model") {
      return .subword(try SentencePieceModel(contentsOfFile: file).crossLingual())
    }
    if let file = path("vocab.txt") { return .wordPiece(try wordPiece(file, folder)) }
    throw .vocabulary(
      file: folder.path, line: nil,
      what:
        "has no tokenizer; expected tokenizer.json, vocab.json with merges.txt, sentencepiece.bpe.model or vocab.txt")
  }

  /// Casing is what tokenizer_config.json says, and lower case where it says nothing, as Transformers has it.
  private static func wordPiece(_ file: String, _ folder: URL) throws(TextError) -> WordPiece {
    let path = folder.appendingPathComponent("tokenizer_config.json").path
    guard FileManager.default.fileExists(atPath: path) else { return try WordPiece(contentsOfFile: file) }
    let settings = try JSONField.read(contentsOfFile: path)
    let lowercases = try settings.flag("do_lower_case", default: true)
    let strips = try settings.flag("strip_accents", default: lowercases)
    return try WordPiece(
      contentsOfFile: file, casing: BertCasing(lowercases: lowercases, stripsAccents: strips))
  }

  /// Ids with the special tokens around them, at most `maximumLength`: what is longer is cut at the end of the text.
  public func encode(_ text: String, maximumLength: Int = .max, controls: ControlTokens = .keep) -> [Int32] {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.encode(text, maximumLength: maximumLength, controls: controls)
    case .subword(let tokenizer): tokenizer.encode(text, maximumLength: maximumLength, controls: controls)
    }
  }

  /// The tokens in order of their ids.
  public var tokens: [String] {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.tokens
    case .subword(let tokenizer): tokenizer.tokens
    }
  }

  public var count: Int { tokens.count }

  /// The token that fills a batch; nil where no file names one.
  public var paddingID: Int32? {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.paddingID
    case .subword(let tokenizer): tokenizer.paddingID
    }
  }

  /// The token of what has no other; nil where there is none, as with byte-level BPE.
  public var unknownID: Int32? {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.unknownID
    case .subword(let tokenizer): tokenizer.unknownID
    }
  }

  /// The ids of the tokens that stand for no text.
  public var specialIDs: Set<Int32> {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.specialIDs
    case .subword(let tokenizer): tokenizer.specialIDs
    }
  }

  /// The token's id; nil where there is none.
  public func id(of token: String) -> Int32? {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.id(of: token)
    case .subword(let tokenizer): tokenizer.id(of: token)
    }
  }
}
