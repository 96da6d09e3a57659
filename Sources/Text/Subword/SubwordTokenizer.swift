/// A tokenizer as a Hugging Face folder describes it: normalisers, steps that cut words, a model that cuts words into
/// tokens, and the special tokens around a text.
///
/// Ids are those of the `tokenizers` package, version 0.23. Works on UTF-8 bytes; no string is made per word. Buffers and
/// the words met before are kept between texts, a set for each thread that encodes (`ScratchPool`).
public struct SubwordTokenizer: Sendable {
  /// What cuts words into tokens.
  enum Model: Sendable {
    case bytePair(BytePairEncoding)
    case unigram(Unigram)
  }

  /// What a file says, in the order in which a text takes it.
  struct Parts: Sendable {
    /// What was read: a stored model keeps it.
    var files: TokenizerFiles
    var normalizers = [TextNormalizer]()
    var splitters = [WordSplitter]()
    var model: Model
    /// The model's tokens in order of their ids.
    var pieces: [String]
    var added = [ListedToken]()
    var prefix = [Int32](), suffix = [Int32]()
    var unknown: Int32?
    var padding: Int32?
  }

  private struct Scratch: Sendable {
    var raw = [UInt8]()
    var stretches = [AddedTokenFinder.Stretch](), inner = [AddedTokenFinder.Stretch]()
    var text = NormalizedText()
    var pieces = TextPieces()
    var words = BytePairEncoding.Scratch()
    var lattice = Unigram.Scratch()
  }

  /// The model's tokens, and behind them the added ones that it has not, in order of their ids.
  public let tokens: [String]
  /// The token of what has no other; nil where the vocabulary has none.
  public let unknownID: Int32?
  /// The token that fills a batch; nil where no file names one.
  public let paddingID: Int32?
  /// The ids of the tokens that stand for no text.
  public let specialIDs: Set<Int32>

  private let parts: Parts
  private let raw, normalized: AddedTokenFinder
  private let pool = ScratchPool<Scratch>()

  public var count: Int { tokens.count }

  var files: TokenizerFiles { parts.files }
  var splitters: [WordSplitter] { parts.splitters }
  /// The tokens around each text.
  var surrounding: [Int32] { parts.prefix + parts.suffix }

  /// Tokens that stand around each text.
  public var specialCount: Int { parts.prefix.count + parts.suffix.count }

  /// How many of them stand before a text, and how many behind it.
  var marks: (leading: Int, trailing: Int) { (parts.prefix.count, parts.suffix.count) }

  /// - Parameter parts: added tokens that are no pieces must have the ids behind these, in order.
  init(_ parts: Parts) {
    self.parts = parts
    tokens = parts.pieces + parts.added.filter { $0.id >= parts.pieces.count }.sorted { $0.id < $1.id }.map(\.content)
    (unknownID, paddingID) = (parts.unknown, parts.padding)
    specialIDs = Set(parts.added.filter(\.isSpecial).map(\.id))
    let normalizers = parts.normalizers
    // Special tokens come first, so that of two that are spelt alike the special one counts.
    let listed = parts.added.filter(\.isSpecial) + parts.added.filter { !$0.isSpecial }
    raw = AddedTokenFinder(listed.filter { !$0.isNormalized }) { Array($0.content.utf8) }
    normalized = AddedTokenFinder(listed.filter(\.isNormalized)) {
      var text = NormalizedText()
      text.bytes = Array($0.content.utf8)
      for normalizer in normalizers { normalizer.apply(to: &text) }
      return text.bytes
    }
  }

  /// The token's id; nil where there is none.
  public func id(of token: String) -> Int32? {
    tokens.firstIndex { UTF8Key($0) == UTF8Key(token) }.map(Int32.init)
  }

  /// The tokens' spellings, in order.
  public func tokens(of ids: [Int32]) -> [String] { ids.map { tokens[Int($0)] } }

  /// Ids with the special tokens around them, at most `maximumLength`: what is longer is cut at the end of the text.
  public func encode(_ text: String, maximumLength: Int = .max, controls: ControlTokens = .keep) -> [Int32] {
    encodeCounting(text, maximumLength: maximumLength, controls: controls).ids
  }

  /// The same, and whether the text was cut.
  func encodeCounting(
    _ text: String, maximumLength: Int, controls: ControlTokens
  ) -> (ids: [Int32], isTruncated: Bool) {
    precondition(
      maximumLength >= specialCount,
      "SubwordTokenizer.encode: maximumLength \(maximumLength) has no room for \(specialCount) special tokens")
    var scratch = pool.take() ?? Scratch()
    scratch.raw.removeAll(keepingCapacity: true)
    scratch.raw.append(contentsOf: text.utf8)
    var ids = [Int32]()
    ids.reserveCapacity(min(maximumLength, scratch.raw.count / 3 + specialCount + 2))
    ids.append(contentsOf: parts.prefix)
    // One more than there is room for tells that the text is cut.
    let room = maximumLength == .max ? Int.max : maximumLength - parts.suffix.count
    append(controls, limit: room, to: &ids, &scratch)
    pool.give(scratch)
    let isTruncated = ids.count > room
    if isTruncated { ids.removeLast(ids.count - room) }
    ids.append(contentsOf: parts.suffix)
    return (ids, isTruncated)
  }

  /// Appends the tokens of the raw text until there are more than `limit`.
  private func append(_ controls: ControlTokens, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
    scratch.stretches.removeAll(keepingCapacity: true)
    raw.appendStretches(of: scratch.raw, controls, to: &scratch.stretches)
    for index in scratch.stretches.indices where ids.count <= limit {
      let stretch = scratch.stretches[index]
      if stretch.id >= 0 {
        ids.append(stretch.id)
        continue
      }
      scratch.text.bytes.removeAll(keepingCapacity: true)
      scratch.text.bytes.append(contentsOf: scratch.raw[stretch.start..<stretch.end])
      scratch.text.keepsStart = stretch.start == 0
      for normalizer in parts.normalizers { normalizer.apply(to: &scratch.text) }
      if normalized.isEmpty {
        swap(&scratch.pieces.bytes, &scratch.text.bytes)
        appendWords(0, scratch.pieces.bytes.count, limit: limit, to: &ids, &scratch)
        continue
      }
      scratch.inner.removeAll(keepingCapacity: true)
      normalized.appendStretches(of: scratch.text.bytes, controls, to: &scratch.inner)
      for index in scratch.inner.indices where ids.count <= limit {
        let stretch = scratch.inner[index]
        if stretch.id >= 0 {
          ids.append(stretch.id)
          continue
        }
        scratch.pieces.bytes.removeAll(keepingCapacity: true)
        scratch.pieces.bytes.append(contentsOf: scratch.text.bytes[stretch.start..<stretch.end])
        if stretch.start > 0 { scratch.text.keepsStart = false }
        appendWords(0, scratch.pieces.bytes.count, limit: limit, to: &ids, &scratch)
      }
    }
  }

  /// Cuts the normalised text in `scratch.pieces` into words, and these into tokens.
  private func appendWords(
    _ start: Int, _ end: Int, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch
  ) {
    if start == end { return }
    scratch.pieces.bounds.removeAll(keepingCapacity: true)
    scratch.pieces.bounds.append(Int32(start))
    scratch.pieces.bounds.append(Int32(end))
    scratch.pieces.startsText = scratch.text.keepsStart
    for splitter in parts.splitters { splitter.apply(to: &scratch.pieces) }
    switch parts.model {
    case .bytePair(let model):
      for index in stride(from: 0, to: scratch.pieces.bounds.count, by: 2) where ids.count <= limit {
        model.append(
          scratch.pieces.bytes, Int(scratch.pieces.bounds[index]), Int(scratch.pieces.bounds[index + 1]),
          &scratch.words, to: &ids)
      }
    case .unigram(let model):
      for index in stride(from: 0, to: scratch.pieces.bounds.count, by: 2) where ids.count <= limit {
        model.append(
          scratch.pieces.bytes, Int(scratch.pieces.bounds[index]), Int(scratch.pieces.bounds[index + 1]),
          &scratch.lattice, to: &ids)
      }
    }
  }
}
