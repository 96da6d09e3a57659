/// Byte-level BPE in the two files of GPT-2 and RoBERTa: vocab.json and merges.txt.
///
/// They say nothing of special tokens; these follow from the kind of tokenizer that tokenizer_config.json, or else
/// config.json, names.
struct BytePairFiles {
  private enum Kind { case gpt2, roberta }

  private let files: TokenizerFiles
  private let vocabulary: JSONField

  init(_ files: TokenizerFiles) throws(TextError) {
    self.files = files
    vocabulary = try files.json("vocab.json")
  }

  func tokenizer() throws(TextError) -> SubwordTokenizer {
    let pieces = try BytePairReader.pieces(vocabulary)
    var options = BytePairEncoding.Options()
    options.isByteLevel = true
    let encoding = BytePairEncoding(trie: pieces.trie, merges: try merges(pieces), options: options)
    let configuration = try files.optionalJSON("tokenizer_config.json")
    var parts = SubwordTokenizer.Parts(files: files, model: .bytePair(encoding), pieces: pieces.tokens)
    parts.splitters = [
      .byteLevel(
        addsPrefixSpace: try configuration?.flag("add_prefix_space", default: false) ?? false, usesPattern: true)
    ]
    func id(_ token: String) throws(TextError) -> Int32 {
      guard let id = pieces.trie.find(token.utf8, root: PieceTrie.wordRoot) else {
        throw vocabulary.error("has no token \(token)")
      }
      return id
    }
    switch try kind(configuration) {
    case .gpt2: parts.added = [ListedToken(content: "<|endoftext|>", id: try id("<|endoftext|>"))]
    case .roberta:
      for content in ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] {
        parts.added.append(ListedToken(content: content, id: try id(content), stripsLeft: content == "<mask>"))
      }
      (parts.prefix, parts.suffix) = ([try id("<s>")], [try id("</s>")])
      (parts.padding, parts.unknown) = (try id("<pad>"), try id("<unk>"))
    }
    return SubwordTokenizer(parts)
  }

  private func merges(_ pieces: BytePairReader.Pieces) throws(TextError) -> MergeTable {
    let path = files.path("merges.txt")
    var lines = try WordPiece.pieces(of: files.bytes("merges.txt"), file: path)
    let head = lines.first?.hasPrefix("#version") == true ? 1 : 0
    while lines.last?.isEmpty == true { lines.removeLast() }
    var table = MergeTable(capacity: lines.count)
    for (index, line) in lines.enumerated().dropFirst(head) {
      func error(_ what: String) -> TextError { .vocabulary(file: path, line: index + 1, what: what) }
      let pair = BytePairReader.halves(line)
      guard pair.count == 2 else { throw error("got \(JSONText.quoted(line)), expected two tokens") }
      let missing = BytePairReader.insert(
        pair[0], pair[1], rank: Int32(index - head), pieces, prefix: 0, into: &table)
      if let missing { throw error("the token \(JSONText.quoted(missing)) is not in vocab.json") }
    }
    return table
  }

  private func kind(_ configuration: JSONField?) throws(TextError) -> Kind {
    if let name = try configuration?.optional("tokenizer_class") {
      return try name.choice([
        "GPT2Tokenizer": .gpt2, "GPT2TokenizerFast": .gpt2, "RobertaTokenizer": .roberta,
        "RobertaTokenizerFast": .roberta,
      ])
    }
    if let model = try files.optionalJSON("config.json")?.optional("model_type") {
      return try model.choice(["gpt2": .gpt2, "roberta": .roberta])
    }
    throw vocabulary.error(
      "no file says which special tokens stand around a text; expected tokenizer.json, or tokenizer_class in "
        + "tokenizer_config.json, or model_type in config.json")
  }
}
