/// Reads a BPE model: the `model` of a tokenizer.json, or vocab.json and merges.txt.
struct BytePairReader {
  /// Tokens by their ids, and how to find them.
  struct Pieces {
    var tokens: [String]
    var trie: PieceTrie
  }

  private let model: JSONField
  private let isByteLevel: Bool

  /// - Parameter splitters: with `ByteLevel` as the last of them the model's words are bytes.
  init(_ model: JSONField, splitters: [WordSplitter]) {
    self.model = model
    if case .byteLevel? = splitters.last { isByteLevel = true } else { isByteLevel = false }
  }

  func parts(_ files: TokenizerFiles) throws(TextError) -> SubwordTokenizer.Parts {
    try model.allow(
      "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
      "ignore_merges", "vocab", "merges")
    if let dropout = try model.optional("dropout"), try dropout.number() != 0 {
      throw dropout.unexpected("null: with it a text would have other ids each time")
    }
    let pieces = try Self.pieces(model.required("vocab"))
    var options = BytePairEncoding.Options()
    options.isByteLevel = isByteLevel
    options.fusesUnknown = try model.flag("fuse_unk", default: false)
    options.fallsBackToBytes = try model.flag("byte_fallback", default: false)
    options.ignoresMerges = try model.flag("ignore_merges", default: false)
    options.prefix = Array(try model.optional("continuing_subword_prefix")?.text().utf8 ?? "".utf8)
    options.suffix = Array(try model.optional("end_of_word_suffix")?.text().utf8 ?? "".utf8)
    if let unknown = try model.optional("unk_token") {
      options.unknown = pieces.trie.find(try unknown.text().utf8, root: PieceTrie.wordRoot)
      if options.unknown == nil { throw unknown.unexpected("a token of vocab") }
    }
    let merges = try model.required("merges"), list = try merges.list()
    var table = MergeTable(capacity: list.count), rank: Int32 = 0
    for (index, tree) in list.enumerated() {
      let pair: [String]
      switch tree.value {
      case .text(let line):
        if line.hasPrefix("#version") { continue }
        pair = Self.halves(line)
      case .list(let items):
        pair = items.compactMap { if case .text(let text) = $0.value { text } else { nil } }
      default: pair = []
      }
      guard pair.count == 2 else { throw merges.item(index, tree).unexpected("two tokens") }
      let (left, right) = (pair[0], pair[1])
      if let missing = Self.insert(left, right, rank: rank, pieces, prefix: options.prefix.count, into: &table) {
        throw merges.item(index, tree).error("the token \(JSONText.quoted(missing)) is not in vocab")
      }
      rank += 1
    }
    let encoding = BytePairEncoding(trie: pieces.trie, merges: table, options: options)
    return SubwordTokenizer.Parts(
      files: files, model: .bytePair(encoding), pieces: pieces.tokens, unknown: options.unknown)
  }

  /// A vocabulary, `{"token": id}`, whose ids must be 0, 1, 2 …, each once.
  static func pieces(_ vocabulary: JSONField) throws(TextError) -> Pieces {
    let entries = try vocabulary.entries()
    guard entries.reduce(0, { $0 + $1.key.utf8.count }) < 1 << 24 else {
      throw vocabulary.error("has more than 16 MiB of tokens")
    }
    var tokens = [String](repeating: "", count: entries.count), isTaken = tokens.map { _ in false }
    var trie = PieceTrie(lowercases: false)
    for entry in entries {
      guard case .number(let number) = entry.value.value, let id = Int(exactly: number), tokens.indices.contains(id),
        !isTaken[id]
      else {
        throw vocabulary.entry(entry).unexpected("an id of its own, 0 to \(entries.count - 1)")
      }
      (tokens[id], isTaken[id]) = (entry.key, true)
      guard entry.key.isEmpty || trie.insert(entry.key.utf8, root: PieceTrie.wordRoot, id: Int32(id)) else {
        throw vocabulary.entry(entry).error("stands there twice")
      }
    }
    return Pieces(tokens: tokens, trie: trie)
  }

  /// The two tokens of a line; less or more where there are not two.
  static func halves(_ line: String) -> [String] {
    line.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Enters a merge; gives the token that is missing, if one is.
  static func insert(
    _ left: String, _ right: String, rank: Int32, _ pieces: Pieces, prefix: Int, into table: inout MergeTable
  ) -> String? {
    func find(_ token: String) -> Int32? { pieces.trie.find(token.utf8, root: PieceTrie.wordRoot) }
    guard let first = find(left) else { return left }
    guard let second = find(right) else { return right }
    let joined = String(decoding: Array(left.utf8) + Array(right.utf8.dropFirst(prefix)), as: UTF8.self)
    guard let token = find(joined) else { return joined }
    table.insert(first, second, rank: rank, joined: token)
    return nil
  }
}
