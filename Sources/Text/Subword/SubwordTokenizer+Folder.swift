import Foundation

/// What a folder holds of the tokenizer, for one that is written anew.
extension SubwordTokenizer {
  /// The files that it was read from, by name, but for tokenizer_config.json and config.json, which are written anew.
  public var vocabularyFiles: [(name: String, content: Data)] {
    files.contents.filter { !["tokenizer_config.json", "config.json"].contains($0.key) }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The class of Transformers that reads them.
  public var transformersClass: String {
    if files.has("tokenizer.json") { return "PreTrainedTokenizerFast" }
    if files.has("sentencepiece.bpe.model") { return "XLMRobertaTokenizer" }
    return specialIDs.count > 1 ? "RobertaTokenizer" : "GPT2Tokenizer"
  }

  /// Whether a space is put before a text, where that stands in tokenizer_config.json alone.
  public var addsPrefixSpace: Bool? {
    guard !files.has("tokenizer.json"), case .byteLevel(let addsPrefixSpace, _)? = splitters.first else { return nil }
    return addsPrefixSpace
  }

  /// Special tokens by what Transformers calls them, as far as the files tell.
  public var roles: [(role: String, token: String)] {
    let ids = [
      ("cls_token", surrounding.first), ("sep_token", surrounding.last), ("pad_token", paddingID),
      ("unk_token", unknownID),
    ]
    return ids.compactMap { role, id in
      id.flatMap { specialIDs.contains($0) ? (role, tokens[Int($0)]) : nil }
    }
  }
}
