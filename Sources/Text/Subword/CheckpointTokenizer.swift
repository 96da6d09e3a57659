import Foundation

/// The tokenizer of a checkpoint, of whichever kind its folder holds, with what a model asks of it.
///
/// `read` is the way in. (WordPiece in the folders of BERT and its descendants, whose tokenizer_config.json has rules of
/// its own, is read by `BERTCheckpoint.wordPiece()`.)
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
    try CheckpointTokenizer(TokenizerFiles(folder: folder))
  }

  init(_ files: TokenizerFiles) throws(TextError) {
    if files.has("tokenizer.json") {
      let file = try TokenizerFile(files.json("tokenizer.json"))
      self = try file.kind() == "WordPiece" ? .wordPiece(file.wordPiece()) : .subword(file.subword(files))
    } else if files.has("vocab.json") {
      self = .subword(try BytePairFiles(files).tokenizer())
    } else if files.has("sentencepiece.bpe.model") {
      self = .subword(try SentencePieceModel(files, "sentencepiece.bpe.model").crossLingual())
    } else {
      self = .wordPiece(try Self.wordPiece(files))
    }
  }

  /// Casing is what tokenizer_config.json says, and lower case where it says nothing, as Transformers has it.
  private static func wordPiece(_ files: TokenizerFiles) throws(TextError) -> WordPiece {
    let settings = try files.optionalJSON("tokenizer_config.json")
    let lowercases = try settings?.flag("do_lower_case", default: true) ?? true
    let strips = try settings?.flag("strip_accents", default: lowercases) ?? lowercases
    return try WordPiece(
      vocabulary: files.bytes("vocab.txt"), file: files.path("vocab.txt"),
      casing: BertCasing(lowercases: lowercases, stripsAccents: strips))
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
