import Foundation
import Text

extension BERTCheckpoint {
  /// The checkpoint's tokenizer, of whichever kind its files are: WordPiece where there is a vocab.txt or tokenizer.json
  /// says so, else byte-level BPE or unigram.
  ///
  /// - Throws: `CheckpointError` where a file is unreadable or malformed, says what is not known here, or has more tokens
  ///   than the checkpoint has word vectors.
  public func tokenizer() throws(CheckpointError) -> CheckpointTokenizer {
    guard try !isWordPiece() else { return .wordPiece(try wordPiece()) }
    let tokenizer: CheckpointTokenizer
    do { tokenizer = try CheckpointTokenizer.read(folder) } catch { throw .malformed("\(error)") }
    guard tokenizer.count <= vocabulary else {
      throw .malformed("the tokenizer has \(tokenizer.count) tokens, config.json's vocab_size is \(vocabulary)")
    }
    return tokenizer
  }

  /// From raw text to the ids of this checkpoint.
  ///
  /// - Throws: `CheckpointError`, as `tokenizer()`.
  public func pipeline(_ settings: TextSettings) throws(CheckpointError) -> TextPipeline {
    TextPipeline(settings, tokenizer: try tokenizer(), rows: vocabulary)
  }

  private struct TokenizerKind: Decodable {
    struct Model: Decodable { var type: String? }
    var model: Model
  }

  private func isWordPiece() throws(CheckpointError) -> Bool {
    func has(_ name: String) -> Bool { CheckpointFile.exists(folder.appendingPathComponent(name)) }
    if has("vocab.txt") { return true }
    if has("tokenizer.json") {
      let file = folder.appendingPathComponent("tokenizer.json")
      let type = try CheckpointFile.json(file, as: TokenizerKind.self, what: "a tokenizer").model.type
      return type == nil || type == "WordPiece"
    }
    return !has("vocab.json") && !has("sentencepiece.bpe.model")
  }

  /// The WordPiece tokenizer, as Transformers reads BERT's: pieces from vocab.txt or tokenizer.json, casing from
  /// tokenizer_config.json and from nowhere else (uncased where it does not say), added tokens from whichever file has
  /// them.
  ///
  /// - Throws: `CheckpointError` where a file is unreadable or malformed, asks for another kind of tokenizer, disagrees
  ///   with another, or has more tokens than the checkpoint has word vectors.
  public func wordPiece() throws(CheckpointError) -> WordPiece {
    let settings = try tokenizerSettings(), file = try tokenizerFile()
    let lowercases = settings.do_lower_case ?? true
    // Accents go with the capitals where nothing is said of them.
    let casing = BertCasing(lowercases: lowercases, stripsAccents: settings.strip_accents ?? lowercases)
    let (pieces, source) = try pieces(file)
    let added = try CheckpointAddedTokens(folder: folder, listed: file?.added_tokens ?? []).all(pieces: pieces)
    let wordPiece: WordPiece
    do { wordPiece = try WordPiece(tokens: pieces, casing: casing, added: added) } catch {
      throw .malformed("\(source): \(error)")
    }
    guard wordPiece.count <= vocabulary else {
      let more = wordPiece.count > pieces.count ? " and \(wordPiece.count - pieces.count) added tokens" : ""
      throw .malformed("\(source) has \(pieces.count) pieces\(more), config.json's vocab_size is \(vocabulary)")
    }
    return wordPiece
  }

  private func pieces(_ file: TokenizerFile?) throws(CheckpointError) -> (pieces: [String], source: String) {
    let list = folder.appendingPathComponent("vocab.txt")
    let own = try file?.pieces()
    guard CheckpointFile.exists(list) else {
      if let own { return (own, "tokenizer.json") }
      throw .unreadable("vocab.txt is missing, and there is no tokenizer.json")
    }
    let pieces: [String]
    do { pieces = try WordPiece.pieces(inFile: list.path) } catch { throw .malformed("\(error)") }
    if pieces.first?.unicodeScalars.first == "\u{FEFF}" {
      throw .malformed(
        "vocab.txt begins with a byte order mark, which Transformers takes for a part of the first piece; "
          + "expected UTF-8 without one (sed -i '1s/^\\xEF\\xBB\\xBF//' vocab.txt)")
    }
    if let own, own != pieces {
      let place = zip(own, pieces).enumerated().first { $1.0 != $1.1 }?.offset ?? min(own.count, pieces.count)
      throw .malformed("vocab.txt and tokenizer.json: other pieces in each, from the id \(place) on")
    }
    return (pieces, "vocab.txt")
  }

  private struct TokenizerSettings: Decodable {
    var do_lower_case, strip_accents, tokenize_chinese_chars, do_basic_tokenize: Bool?
    var tokenizer_class: String?
  }

  private func tokenizerSettings() throws(CheckpointError) -> TokenizerSettings {
    let url = folder.appendingPathComponent("tokenizer_config.json")
    guard CheckpointFile.exists(url) else { return TokenizerSettings() }
    let settings = try CheckpointFile.json(url, as: TokenizerSettings.self, what: "the settings of a BERT tokenizer")
    let classes = ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer"].flatMap { [$0, $0 + "Fast"] }
    if let name = settings.tokenizer_class, !classes.contains(name) {
      throw .unsupported("tokenizer_config.json: tokenizer_class is \(name), this tokenizer is BertTokenizer")
    }
    if settings.tokenize_chinese_chars == false || settings.do_basic_tokenize == false {
      throw .unsupported("tokenizer_config.json: tokenize_chinese_chars or do_basic_tokenize is false, only true works")
    }
    return settings
  }

  private func tokenizerFile() throws(CheckpointError) -> TokenizerFile? {
    let url = folder.appendingPathComponent("tokenizer.json")
    guard CheckpointFile.exists(url) else { return nil }
    let file = try CheckpointFile.json(url, as: TokenizerFile.self, what: "a WordPiece tokenizer")
    let expected: [(String, String?, String)] = [
      ("model.type", file.model.type, "WordPiece"), ("model.unk_token", file.model.unk_token, "[UNK]"),
      ("model.continuing_subword_prefix", file.model.continuing_subword_prefix, "##"),
      ("model.max_input_chars_per_word", file.model.max_input_chars_per_word.map { "\($0)" }, "100"),
      ("normalizer.type", file.normalizer?.type, "BertNormalizer"),
      ("pre_tokenizer.type", file.pre_tokenizer?.type, "BertPreTokenizer"),
    ]
    for (key, got, want) in expected {
      if let got, got != want { throw .unsupported("tokenizer.json: \(key) is \(got), this tokenizer has \(want)") }
    }
    if file.normalizer?.handle_chinese_chars == false || file.normalizer?.clean_text == false {
      throw .unsupported("tokenizer.json: handle_chinese_chars or clean_text is false, only true works")
    }
    return file
  }
}

/// What is read of a tokenizer.json. Its normalizer's `lowercase` and `strip_accents` are not: Transformers makes its own
/// of tokenizer_config.json.
private struct TokenizerFile: Decodable {
  struct Model: Decodable {
    var type, continuing_subword_prefix, unk_token: String?
    var max_input_chars_per_word: Int?
    var vocab: [String: Int]
  }
  struct Normalizer: Decodable {
    var type: String?
    var handle_chinese_chars, clean_text: Bool?
  }
  struct Splitter: Decodable { var type: String? }
  var model: Model
  var normalizer: Normalizer?
  var pre_tokenizer: Splitter?
  var added_tokens: [CheckpointAddedTokens.Token]?

  /// The pieces in order of their ids, which must be 0, 1, 2 …
  func pieces() throws(CheckpointError) -> [String] {
    var pieces = [String?](repeating: nil, count: model.vocab.count)
    for (piece, id) in model.vocab {
      guard pieces.indices.contains(id), pieces[id] == nil else {
        throw .malformed("tokenizer.json: the ids of the pieces are not 0 to \(pieces.count - 1), each once")
      }
      pieces[id] = piece
    }
    return pieces.compactMap { $0 }
  }
}
