/// What a tokenizer.json says, read to the letter: a name or a key that is not known, and so may mean anything, is an
/// error at its place.
///
/// `truncation` and `padding` are not read, as Transformers sets them anew for each call, and neither is `decoder`: no id
/// follows from them.
struct TokenizerFile {
  let root: JSONField
  let model: JSONField

  init(_ root: JSONField) throws(TextError) {
    self.root = root
    try root.allow(
      "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder",
      "model")
    model = try root.required("model")
  }

  /// `BPE`, `Unigram`, `WordPiece`; files of before `type` was written have merges or scores.
  func kind() throws(TextError) -> String {
    if let type = try model.optional("type") { return try type.text() }
    if try model.optional("merges") != nil { return "BPE" }
    throw model.error("has no type")
  }

  /// - Throws: `TextError` where the file says what cannot be done, or contradicts itself.
  func subword(_ files: TokenizerFiles) throws(TextError) -> SubwordTokenizer {
    let normalizers = try NormalizerReader.all(root.optional("normalizer"))
    let splitters = try SplitterReader.all(root.optional("pre_tokenizer"))
    var parts: SubwordTokenizer.Parts
    switch try kind() {
    case "BPE": parts = try BytePairReader(model, splitters: splitters).parts(files)
    case "Unigram": parts = try UnigramReader(model).parts(files)
    default: throw try model.required("type").unexpected("one of BPE, Unigram, WordPiece")
    }
    (parts.normalizers, parts.splitters) = (normalizers, splitters)
    parts.added = try listedTokens(parts.pieces)
    (parts.prefix, parts.suffix) = try SurroundingReader.read(root.optional("post_processor"))
    let count = (parts.added.map(\.id).max() ?? -1) + 1
    for id in parts.prefix + parts.suffix where id >= max(Int32(parts.pieces.count), count) {
      throw try root.required("post_processor").error("the id \(id) belongs to no token")
    }
    parts.padding = parts.added.first { ["<pad>", "[PAD]"].contains($0.content) }?.id
    return SubwordTokenizer(parts)
  }

  /// The added tokens, with the ids that the package gives them: that of the piece that is spelt so, or the next.
  func listedTokens(_ pieces: [String]) throws(TextError) -> [ListedToken] {
    guard let list = try root.optional("added_tokens") else { return [] }
    var known = [UTF8Key: Int32](minimumCapacity: pieces.count)
    for (id, piece) in pieces.enumerated() { known[UTF8Key(piece)] = Int32(id) }
    var tokens = [ListedToken](), next = Int32(pieces.count)
    for item in try list.items() {
      try item.allow("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special")
      let content = try item.required("content").text()
      if content.isEmpty { throw try item.required("content").error("an empty token") }
      let field = try item.required("id"), id = try field.id()
      let key = UTF8Key(content), expected = known[key] ?? next
      guard id == expected else {
        throw field.unexpected(known[key] == nil ? "\(expected), the next" : "that of the same token, \(expected)")
      }
      if known[key] == nil { next += 1 }
      known[key] = id
      tokens.append(
        ListedToken(
          content: content, id: id, isSpecial: try item.required("special").flag(),
          isNormalized: try item.required("normalized").flag(), isSingleWord: try item.required("single_word").flag(),
          stripsLeft: try item.required("lstrip").flag(), stripsRight: try item.required("rstrip").flag()))
    }
    return tokens
  }
}
