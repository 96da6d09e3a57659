/// A unigram model in SentencePiece's own file (`sentencepiece_model.proto` of the reference implementation): the fields
/// that ids follow from.
struct SentencePieceModel {
  /// What a piece is for.
  private enum Kind: UInt64 { case normal = 1, unknown, control, userDefined, unused, byte }

  private struct Piece {
    var text = ""
    var score: Float = 0
    var kind = Kind.normal
  }

  private let files: TokenizerFiles
  private let file: String
  private let bytes: [UInt8]
  private var pieces = [Piece]()
  private var fallsBackToBytes = false
  private var normalizer = SentencePieceNormalizer()

  /// - Throws: `TextError` where the file is no unigram model of known kind.
  init(_ files: TokenizerFiles, _ name: String) throws(TextError) {
    (self.files, file, bytes) = (files, files.path(name), try files.bytes(name))
    try read(0..<bytes.count) { (model, field, value) throws(TextError) in
      switch (field, value) {
      case (1, .bytes(let range)): model.pieces.append(try model.piece(range))
      case (2, .bytes(let range)): try model.readTraining(range)
      case (3, .bytes(let range)): try model.readNormalizer(range)
      default: break
      }
    }
    if pieces.isEmpty { throw error("has no pieces") }
  }

  private func error(_ what: String) -> TextError { .vocabulary(file: file, line: nil, what: what) }

  private mutating func read(
    _ range: Range<Int>,
    _ take: (inout Self, _ field: UInt64, ProtobufReader.Value) throws(TextError) -> Void
  ) throws(TextError) {
    var reader = ProtobufReader(bytes, range)
    while true {
      let next: (field: UInt64, value: ProtobufReader.Value)?
      do { next = try reader.next() } catch { throw self.error("is no SentencePiece model: at byte \(error.offset)") }
      guard let next else { return }
      try take(&self, next.field, next.value)
    }
  }

  private mutating func piece(_ range: Range<Int>) throws(TextError) -> Piece {
    var piece = Piece()
    let number = pieces.count
    try read(range) { (model, field, value) throws(TextError) in
      switch (field, value) {
      case (1, .bytes(let range)):
        guard let text = String(validating: model.bytes[range], as: UTF8.self) else {
          throw model.error("piece \(number) is not valid UTF-8")
        }
        piece.text = text
      case (2, .float(let score)):
        guard score.isFinite else { throw model.error("piece \(number) has the score \(score)") }
        piece.score = score
      case (3, .integer(let kind)):
        guard let known = Kind(rawValue: kind) else {
          throw model.error("piece \(number) is of type \(kind), expected 1 to 6")
        }
        piece.kind = known
      default: break
      }
    }
    return piece
  }

  private mutating func readTraining(_ range: Range<Int>) throws(TextError) {
    try read(range) { (model, field, value) throws(TextError) in
      guard case .integer(let integer) = value else { return }
      switch field {
      case 3 where integer != 1:
        let names: [UInt64: String] = [2: "BPE", 3: "words", 4: "characters"]
        throw model.error("trainer_spec.model_type: got \(names[integer] ?? "\(integer)"), expected 1, unigram")
      case 24 where integer != 0:
        throw model.error("trainer_spec.treat_whitespace_as_suffix: got true, only false works")
      case 35: model.fallsBackToBytes = integer != 0
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ range: Range<Int>) throws(TextError) {
    try read(range) { (model, field, value) throws(TextError) in
      switch (field, value) {
      case (2, .bytes(let range)) where !range.isEmpty:
        do throws(PrecompiledCharacters.Mistake) {
          model.normalizer.characters = try PrecompiledCharacters(Array(model.bytes[range]))
        } catch { throw model.error("normalizer_spec.precompiled_charsmap: \(error.what)") }
      case (3, .integer(let flag)): model.normalizer.addsPrefix = flag != 0
      case (4, .integer(let flag)): model.normalizer.removesExtraSpaces = flag != 0
      case (5, .integer(let flag)): model.normalizer.escapesSpaces = flag != 0
      default: break
      }
    }
  }

  /// The tokenizer of XLM-R (Conneau et al. 2020) in the ids of fairseq: `<s>`, `<pad>`, `</s>`, `<unk>`, then the pieces
  /// behind the file's first three, then `<mask>`.
  func crossLingual() throws(TextError) -> SubwordTokenizer {
    let first = ["<unk>", "<s>", "</s>"]
    guard pieces.prefix(3).map(\.text) == first, pieces[0].kind == .unknown else {
      throw error(
        "its first pieces are \(pieces.prefix(3).map(\.text).joined(separator: ", ")), expected "
          + first.joined(separator: ", "))
    }
    let special = ["<s>", "<pad>", "</s>", "<unk>"]
    var parts = try parts(shift: 1, unknown: 3)
    parts.pieces = special + pieces.dropFirst(3).map(\.text)
    parts.added = special.enumerated().map { ListedToken(content: $0.element, id: Int32($0.offset)) }
    parts.added.append(ListedToken(content: "<mask>", id: Int32(parts.pieces.count), stripsLeft: true))
    (parts.prefix, parts.suffix, parts.padding) = ([0], [2], 1)
    return SubwordTokenizer(parts)
  }

  /// - Parameters:
  ///   - shift: what ids are larger by than the pieces' places.
  ///   - unknown: the id of the unknown token.
  private func parts(shift: Int, unknown: Int32) throws(TextError) -> SubwordTokenizer.Parts {
    guard pieces.reduce(0, { $0 + $1.text.utf8.count }) < 1 << 24 else { throw error("has more than 16 MiB of pieces") }
    let normal = pieces.filter { $0.kind == .normal }.map(\.score)
    let lowest = normal.min() ?? 0, highest = normal.max() ?? 0
    var trie = PieceTrie(lowercases: false), defined = PieceTrie(lowercases: false), starts = Set<UInt8>()
    var scores = [Double](repeating: 0, count: pieces.count + shift)
    var fallback = [Int32](repeating: -1, count: 256)
    let codes = Dictionary(uniqueKeysWithValues: (0...UInt8.max).map { (ByteAlphabet.code(of: $0), Int($0)) })
    for (place, piece) in pieces.enumerated() {
      let id = Int32(place + shift)
      scores[Int(id)] = Double(piece.score)
      switch piece.kind {
      case .unknown, .control, .unused: continue
      case .byte:
        guard let byte = codes[piece.text] else {
          throw error("piece \(place): got \"\(piece.text)\" for a byte, expected <0x00> to <0xFF>")
        }
        fallback[byte] = id
        continue
      case .userDefined:
        // Always taken, as nothing else scores as high.
        scores[Int(id)] = Double(Float(piece.text.utf8.count) * highest) - 0.1
        _ = defined.insert(piece.text.utf8, root: PieceTrie.wordRoot, id: id)
        if let first = piece.text.utf8.first { starts.insert(first) }
      case .normal: break
      }
      if piece.text.isEmpty { throw error("piece \(place) is empty") }
      guard trie.insert(piece.text.utf8, root: PieceTrie.wordRoot, id: id) else {
        throw error("piece \(place), \"\(piece.text)\", stands there twice")
      }
    }
    var normalizer = normalizer
    if !starts.isEmpty { (normalizer.userDefined, normalizer.userDefinedStarts) = (defined, starts) }
    let options = Unigram.Options(
      unknown: unknown, fallback: fallsBackToBytes ? fallback : [], roundsSums: true)
    let unigram = Unigram(trie: trie, scores: scores, lowest: Double(lowest), options: options)
    return SubwordTokenizer.Parts(
      files: files, normalizers: [.sentencePiece(normalizer)], model: .unigram(unigram), pieces: pieces.map(\.text),
      unknown: unknown)
  }
}
