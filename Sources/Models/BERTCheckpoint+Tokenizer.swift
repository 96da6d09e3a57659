import Foundation
import Text

extension BERTCheckpoint {
  /// The checkpoint's tokenizer: pieces from vocab.txt, else from tokenizer.json; casing from tokenizer_config.json,
  /// else from tokenizer.json; uncased where neither says.
  ///
  /// - Throws: `CheckpointError` where a file is unreadable or malformed, asks for another kind of tokenizer, or has more
  ///   pieces than the checkpoint has word vectors.
  public func tokenizer() throws(CheckpointError) -> WordPiece {
    let settings = try tokenizerSettings(), file = try tokenizerFile()
    let lowercases = settings.do_lower_case ?? file?.normalizer?.lowercase ?? true
    let strips = settings.strip_accents ?? file?.normalizer?.strip_accents
    // As in the reference implementation, accents go with the capitals where nothing is said of them.
    let casing = BertCasing(lowercases: lowercases, stripsAccents: strips ?? lowercases)
    let list = folder.appendingPathComponent("vocab.txt")
    let wordPiece: WordPiece, source: String
    do {
      if CheckpointFile.exists(list) {
        (wordPiece, source) = (try WordPiece(contentsOfFile: list.path, casing: casing), "vocab.txt")
      } else if let file {
        (wordPiece, source) = (try WordPiece(tokens: try file.pieces(), casing: casing), "tokenizer.json")
      } else {
        throw CheckpointError.unreadable("vocab.txt is missing, and there is no tokenizer.json")
      }
    } catch let error as CheckpointError { throw error } catch { throw .malformed("\(error)") }
    guard wordPiece.count <= vocabulary else {
      throw .malformed("\(source) has \(wordPiece.count) pieces, config.json's vocab_size is \(vocabulary)")
    }
    return wordPiece
  }

  private struct TokenizerSettings: Decodable {
    var do_lower_case, strip_accents, tokenize_chinese_chars, do_basic_tokenize: Bool?
    var tokenizer_class: String?
  }

  private func tokenizerSettings() throws(CheckpointError) -> TokenizerSettings {
    let url = folder.appendingPathComponent("tokenizer_config.json")
    guard CheckpointFile.exists(url) else { return TokenizerSettings() }
    let settings = try CheckpointFile.json(url, as: TokenizerSettings.self, what: "the settings of a BERT tokenizer")
    if let name = settings.tokenizer_class, !["BertTokenizer", "BertTokenizerFast"].contains(name) {
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
    if let type = file.model.type, type != "WordPiece" {
      throw .unsupported("tokenizer.json: model.type is \(type), this tokenizer is WordPiece")
    }
    if let prefix = file.model.continuing_subword_prefix, prefix != "##" {
      throw .unsupported("tokenizer.json: model.continuing_subword_prefix is \"\(prefix)\", only \"##\" works")
    }
    if let type = file.normalizer?.type, type != "BertNormalizer" {
      throw .unsupported("tokenizer.json: normalizer.type is \(type), only BertNormalizer works")
    }
    if file.normalizer?.handle_chinese_chars == false || file.normalizer?.clean_text == false {
      throw .unsupported("tokenizer.json: handle_chinese_chars or clean_text is false, only true works")
    }
    return file
  }
}

/// What is read of a tokenizer.json.
private struct TokenizerFile: Decodable {
  struct Model: Decodable {
    var type, continuing_subword_prefix: String?
    var vocab: [String: Int]
  }
  struct Normalizer: Decodable {
    var type: String?
    var lowercase, strip_accents, handle_chinese_chars, clean_text: Bool?
  }
  struct Added: Decodable {
    var id: Int
    var content: String
  }
  var model: Model
  var normalizer: Normalizer?
  var added_tokens: [Added]?

  /// The pieces in order of their ids, which must be 0, 1, 2 …
  func pieces() throws(CheckpointError) -> [String] {
    var ids = model.vocab
    for added in added_tokens ?? [] where ids.updateValue(added.id, forKey: added.content) ?? added.id != added.id {
      throw .malformed("tokenizer.json: \"\(added.content)\" has two ids")
    }
    var pieces = [String?](repeating: nil, count: ids.count)
    for (piece, id) in ids {
      guard pieces.indices.contains(id), pieces[id] == nil else {
        throw .malformed("tokenizer.json: the ids of the pieces are not 0 to \(ids.count - 1), each once")
      }
      pieces[id] = piece
    }
    return pieces.compactMap { $0 }
  }
}
