/// Reads the `model` of a unigram tokenizer.json.
struct UnigramReader {
  private let model: JSONField

  init(_ model: JSONField) { self.model = model }

  func parts(_ files: TokenizerFiles) throws(TextError) -> SubwordTokenizer.Parts {
    try model.allow("unk_id", "vocab", "byte_fallback")
    let vocabulary = try model.required("vocab"), list = try vocabulary.list()
    var pieces = [String](), scores = [Double]()
    pieces.reserveCapacity(list.count)
    scores.reserveCapacity(list.count)
    for (index, tree) in list.enumerated() {
      guard case .list(let pair) = tree.value, pair.count == 2, case .text(let piece) = pair[0].value,
        case .number(let score) = pair[1].value
      else { throw vocabulary.item(index, tree).unexpected("a token and its score") }
      pieces.append(piece)
      scores.append(score)
    }
    guard pieces.reduce(0, { $0 + $1.utf8.count }) < 1 << 24 else {
      throw vocabulary.error("has more than 16 MiB of tokens")
    }
    var trie = PieceTrie(lowercases: false)
    for (id, piece) in pieces.enumerated() where !piece.isEmpty {
      guard trie.insert(piece.utf8, root: PieceTrie.wordRoot, id: Int32(id)) else {
        throw vocabulary.item(id, list[id]).error("the token \(JSONText.quoted(piece)) stands there twice")
      }
    }
    var options = Unigram.Options()
    if try model.flag("byte_fallback", default: false) {
      options.fallback = (0...UInt8.max).map {
        trie.find(ByteAlphabet.code(of: $0).utf8, root: PieceTrie.wordRoot) ?? -1
      }
    }
    // Without one, a text with an unknown character would have no ids.
    let unknown = try model.required("unk_id")
    let id = try unknown.id()
    guard Int(id) < pieces.count else { throw unknown.unexpected("an id below \(pieces.count)") }
    options.unknown = id
    let unigram = Unigram(trie: trie, scores: scores, lowest: scores.min() ?? 0, options: options)
    return SubwordTokenizer.Parts(files: files, model: .unigram(unigram), pieces: pieces, unknown: id)
  }
}
