import Foundation

/// BERT's WordPiece (Devlin et al. 2019; Wu et al. 2016, section 4.1): words are cut into the longest pieces of the
/// vocabulary from left to right; a word that cannot be cut, or of more than 100 characters, is `[UNK]`.
///
/// Exact to the reference implementation's values, cased and uncased. Works on UTF-8 bytes; no string is made per word.
public struct WordPiece: Sendable {
  /// What a text becomes: ids with `[CLS]` and `[SEP]`.
  public struct Encoding: Sendable, Equatable {
    public var ids: [Int32]
    /// 0 for the first text with its `[SEP]`, 1 for the second.
    public var types: [Int32]
    /// The bytes of the original text's UTF-8 that each piece stands for; empty for the added `[CLS]` and `[SEP]`.
    public var offsets: [Range<Int>]
    public var isTruncated: Bool
  }

  /// Words of more Unicode scalars are unknown.
  static let longestWord = 100
  public static let specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

  /// The pieces, and behind them the added tokens that are no pieces, in order of their ids.
  public let tokens: [String]
  /// How many of the tokens are pieces, which words are cut into.
  public let pieceCount: Int
  /// Tokens that are found before words are cut: BERT's special ones, and a checkpoint's own or an anonymiser's
  /// placeholders.
  public let added: [AddedToken]
  /// Whether text is lower-cased, and stripped of accents.
  public let casing: BertCasing
  public let paddingID: Int32
  public let unknownID: Int32
  public let classID: Int32
  public let separatorID: Int32
  /// `[MASK]`, which only pretraining needs.
  public let maskID: Int32?

  let trie: PieceTrie
  let folding: BertFolding
  /// What the scanner finds itself where control tokens are kept, and where they are escaped.
  private let kept: [BertWordScanner.Special], escaped: [BertWordScanner.Special]
  /// Finds the added tokens where the scanner cannot.
  private let splitter: AddedTokenSplitter?

  public var count: Int { tokens.count }

  /// The ids of the control tokens: they stand for no text.
  public var specialIDs: Set<Int32> { Set(added.filter(\.isControl).map(\.id)) }

  /// From pieces in order of their ids. `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]` must be among them.
  ///
  /// `added` are tokens found before words are cut. Ids of those that are no pieces go on from the pieces', in order. By
  /// default BERT's special tokens and an anonymiser's placeholders, those of them that are pieces.
  public init(
    tokens: [String], casing: BertCasing = .uncased, added: [AddedToken]? = nil
  ) throws(TextError) {
    try self.init(tokens: tokens, casing: casing, added: added, file: "vocabulary")
  }

  /// From a `vocab.txt`: a piece a line, ids from 0.
  public init(contentsOfFile path: String, casing: BertCasing = .uncased) throws(TextError) {
    try self.init(tokens: Self.pieces(inFile: path), casing: casing, added: nil, file: path)
  }

  /// The same from what the file holds.
  init(vocabulary: [UInt8], file: String, casing: BertCasing) throws(TextError) {
    try self.init(tokens: Self.pieces(of: vocabulary, file: file), casing: casing, added: nil, file: file)
  }

  /// The pieces of a `vocab.txt`, in order.
  public static func pieces(inFile path: String) throws(TextError) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .vocabulary(file: path, line: nil, what: "cannot be read")
    }
    return try pieces(of: [UInt8](data), file: path)
  }

  /// The lines of a file, in order.
  static func pieces(of bytes: [UInt8], file path: String) throws(TextError) -> [String] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var tokens = [String]()
    tokens.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      let bytes = line.last == 0x0D ? line.dropLast() : line
      guard let token = String(validating: bytes, as: UTF8.self) else {
        throw .vocabulary(file: path, line: index + 1, what: "is not valid UTF-8")
      }
      tokens.append(token)
    }
    return tokens
  }

  private init(tokens: [String], casing: BertCasing, added: [AddedToken]?, file: String) throws(TextError) {
    // The trie's nodes have numbers of 24 bits.
    guard tokens.reduce(0, { $0 + $1.utf8.count }) < 1 << 24 else {
      throw .vocabulary(file: file, line: nil, what: "has more than 16 MiB of pieces")
    }
    var trie = PieceTrie(lowercases: casing.lowercases)
    for (index, token) in tokens.enumerated() {
      let bytes = token.utf8
      if bytes.isEmpty { throw .vocabulary(file: file, line: index + 1, what: "an empty piece") }
      let continues = bytes.count > 2 && bytes.starts(with: "##".utf8)
      let isNew = trie.insert(
        continues ? bytes.dropFirst(2) : bytes[...], root: continues ? PieceTrie.continuationRoot : PieceTrie.wordRoot,
        id: Int32(index))
      if !isNew { throw .vocabulary(file: file, line: index + 1, what: "the piece \"\(token)\" stands there twice") }
    }
    func id(_ token: String) -> Int32? { trie.find(token.utf8, root: PieceTrie.wordRoot) }
    func required(_ token: String) throws(TextError) -> Int32 {
      guard let id = id(token) else { throw .vocabulary(file: file, line: nil, what: "has no line \(token)") }
      return id
    }
    paddingID = try required("[PAD]")
    unknownID = try required("[UNK]")
    classID = try required("[CLS]")
    separatorID = try required("[SEP]")
    maskID = id("[MASK]")
    let own = added ?? Self.defaults(id)
    var all = tokens
    for token in own where id(token.content) != token.id {
      guard id(token.content) == nil, token.id == all.count, !token.content.isEmpty else {
        throw .vocabulary(
          file: file, line: nil,
          what: "the added token \"\(token.content)\" has the id \(token.id), expected "
            + "\(id(token.content).map { "that of the piece, \($0)" } ?? "\(all.count), the next")")
      }
      all.append(token.content)
    }
    self.trie = trie
    self.tokens = all
    pieceCount = tokens.count
    self.added = own
    self.casing = casing
    folding = .of(casing)
    let isPlain = own.allSatisfy { Self.isPlain($0) }
    kept = isPlain ? own.map { BertWordScanner.Special(bytes: Array($0.content.utf8), id: $0.id) } : []
    escaped =
      isPlain
      ? own.filter { !$0.isControl }.map { BertWordScanner.Special(bytes: Array($0.content.utf8), id: $0.id) } : []
    splitter = isPlain ? nil : AddedTokenSplitter(own, folding: folding)
  }

  /// BERT's special tokens and an anonymiser's placeholders, those of them that are pieces.
  static func defaults(_ id: (String) -> Int32?) -> [AddedToken] {
    let controls = specialTokens.map { ($0, true) },
      placeholders = PlaceholderToken.allCases.map { ($0.rawValue, false) }
    return (controls + placeholders).compactMap { content, isControl in
      id(content).map { AddedToken(content, id: $0, isControl: isControl) }
    }
  }

  /// Whether the scanner finds such a token: it looks at brackets alone, and none may begin inside another.
  private static func isPlain(_ token: AddedToken) -> Bool {
    func isBracket(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "[") || byte == UInt8(ascii: "<") }
    return !token.isNormalized && !token.isSingleWord && token.content.utf8.first.map(isBracket) == true
      && !token.content.utf8.dropFirst().contains(where: isBracket)
  }

  /// The token's id; nil where the vocabulary does not have it.
  public func id(of token: String) -> Int32? {
    piece(token) ?? added.first { $0.content == token }?.id
  }

  private func piece(_ token: String) -> Int32? {
    let continues = token.utf8.count > 2 && token.utf8.starts(with: "##".utf8)
    return continues
      ? trie.find(token.utf8.dropFirst(2), root: PieceTrie.continuationRoot)
      : trie.find(token.utf8, root: PieceTrie.wordRoot)
  }

  /// The pieces' spellings, in order.
  public func tokens(of ids: [Int32]) -> [String] { ids.map { tokens[Int($0)] } }

  /// Ids with `[CLS]` and `[SEP]`, at most `maximumLength` of them: what is longer is cut at the end.
  public func encode(_ text: String, maximumLength: Int = .max, controls: ControlTokens = .keep) -> [Int32] {
    encodeCounting(text, maximumLength: maximumLength, controls: controls).ids
  }

  /// The same, and whether the text was cut.
  func encodeCounting(
    _ text: String, maximumLength: Int, controls: ControlTokens
  ) -> (ids: [Int32], isTruncated: Bool) {
    precondition(maximumLength >= 2, "WordPiece.encode: maximumLength \(maximumLength) has no room for [CLS] and [SEP]")
    var ids = [classID]
    var offsets = [Range<Int>]()
    let isTruncated = append(
      text, controls, limit: maximumLength - 2, to: &ids, offsets: &offsets, wantsOffsets: false)
    ids.append(separatorID)
    return (ids, isTruncated)
  }

  /// Ids with the bytes that each stands for.
  public func encoding(
    _ text: String, maximumLength: Int = .max, controls: ControlTokens = .keep
  ) -> Encoding {
    precondition(
      maximumLength >= 2, "WordPiece.encoding: maximumLength \(maximumLength) has no room for [CLS] and [SEP]")
    var ids = [classID]
    var offsets = [0..<0]
    let isTruncated = append(
      text, controls, limit: maximumLength - 2, to: &ids, offsets: &offsets, wantsOffsets: true)
    ids.append(separatorID)
    offsets.append(0..<0)
    return Encoding(ids: ids, types: ids.map { _ in 0 }, offsets: offsets, isTruncated: isTruncated)
  }

  /// Two texts in one sequence: `[CLS] first [SEP] second [SEP]`; the longer one is cut first.
  public func encoding(_ first: String, _ second: String, maximumLength: Int = .max) -> Encoding {
    precondition(maximumLength >= 3, "WordPiece.encoding: maximumLength \(maximumLength) has no room for a pair")
    let room = maximumLength == .max ? maximumLength : maximumLength - 3
    var ids = [classID], rest = [Int32]()
    var offsets = [0..<0], restOffsets = [Range<Int>]()
    // Both lengths decide who loses the odd place, so neither text can be cut early.
    _ = append(first, .keep, limit: .max, to: &ids, offsets: &offsets, wantsOffsets: true)
    _ = append(second, .keep, limit: .max, to: &rest, offsets: &restOffsets, wantsOffsets: true)
    let kept = Self.longestFirst(ids.count - 1, rest.count, room: room)
    let isTruncated = kept.first < ids.count - 1 || kept.second < rest.count
    ids.removeLast(ids.count - 1 - kept.first)
    offsets.removeLast(offsets.count - 1 - kept.first)
    ids.append(separatorID)
    offsets.append(0..<0)
    let types = ids.map { _ in Int32(0) } + repeatElement(1, count: kept.second + 1)
    ids += rest.prefix(kept.second) + [separatorID]
    offsets += restOffsets.prefix(kept.second) + [0..<0]
    return Encoding(ids: ids, types: types, offsets: offsets, isTruncated: isTruncated)
  }

  /// How many pieces of each text stay: the longer is cut to the shorter's length, then both to half the room; an odd
  /// place goes to the longer one, to the second where they are equal.
  static func longestFirst(_ first: Int, _ second: Int, room: Int) -> (first: Int, second: Int) {
    if first <= room, second <= room - first { return (first, second) }
    let short = min(first, second)
    let (low, high) = short <= room / 2 ? (short, room - short) : (room / 2, room - room / 2)
    return first > second ? (high, low) : (low, high)
  }

  /// Appends the tokens of a text, at most `limit`; true where the text has more.
  private func append(
    _ text: String, _ controls: ControlTokens, limit: Int, to ids: inout [Int32], offsets: inout [Range<Int>],
    wantsOffsets: Bool
  ) -> Bool {
    let start = ids.count
    if let splitter {
      for part in splitter.parts(of: text, controls) where ids.count - start <= limit {
        switch part {
        case .token(let id, let range):
          ids.append(id)
          if wantsOffsets { offsets.append(range) }
        case .text(let folded):
          let first = offsets.count
          var scanner = BertWordScanner(folded.bytes, folding: folding, specials: [])
          append(&scanner, limit: limit, since: start, to: &ids, offsets: &offsets, wantsOffsets: wantsOffsets)
          for index in first..<offsets.count { offsets[index] = folded.source(of: offsets[index]) }
        }
      }
    } else {
      var scanner = BertWordScanner(text, folding: folding, specials: controls == .keep ? kept : escaped)
      append(&scanner, limit: limit, since: start, to: &ids, offsets: &offsets, wantsOffsets: wantsOffsets)
    }
    let excess = ids.count - start - limit
    guard excess > 0 else { return false }
    ids.removeLast(excess)
    if wantsOffsets { offsets.removeLast(excess) }
    return true
  }

  /// Appends a scanner's words, cut into pieces, and its special tokens, until there are more than `limit` in all.
  private func append(
    _ scanner: inout BertWordScanner, limit: Int, since start: Int, to ids: inout [Int32],
    offsets: inout [Range<Int>], wantsOffsets: Bool
  ) {
    let bytes = scanner.bytes
    ids.reserveCapacity(ids.count + min(limit, bytes.count / 3) + 2)
    while ids.count - start <= limit {
      let first = ids.count
      if !scanner.isPending, let word = ScalarClass.plainWord(bytes, from: &scanner.position) {
        append(bytes, word, isKnown: word.count <= Self.longestWord, to: &ids)
        if wantsOffsets { appendOffsets(of: ids[first...], word, to: &offsets) }
        continue
      }
      guard scanner.next() else { break }
      if scanner.special >= 0 {
        ids.append(scanner.special)
        if wantsOffsets { offsets.append(scanner.specialRange) }
        continue
      }
      let word = 0..<scanner.word.count
      append(scanner.word, word, isKnown: scanner.scalars <= Self.longestWord, to: &ids)
      guard wantsOffsets else { continue }
      let folded = offsets.count
      appendOffsets(of: ids[first...], word, to: &offsets)
      for index in folded..<offsets.count { offsets[index] = Self.source(of: offsets[index], in: scanner) }
    }
  }

  /// Appends the pieces of one word, or `[UNK]`.
  private func append(_ bytes: [UInt8], _ word: Range<Int>, isKnown: Bool, to ids: inout [Int32]) {
    if !isKnown || !trie.appendPieces(of: bytes, word, to: &ids) { ids.append(unknownID) }
  }

  /// Appends where each piece of a word stands, from the pieces' lengths.
  private func appendOffsets(of pieces: ArraySlice<Int32>, _ word: Range<Int>, to offsets: inout [Range<Int>]) {
    var position = word.lowerBound
    for id in pieces {
      let prefix = position > word.lowerBound ? 2 : 0
      let length = id == unknownID ? word.count : tokens[Int(id)].utf8.count - prefix
      offsets.append(position..<position + length)
      position += length
    }
  }

  private static func source(of range: Range<Int>, in scanner: BertWordScanner) -> Range<Int> {
    // Canonical order may have moved marks: the outermost bytes count.
    var low = Int(scanner.starts[range.lowerBound]), high = Int(scanner.ends[range.upperBound - 1])
    for index in range {
      low = min(low, Int(scanner.starts[index]))
      high = max(high, Int(scanner.ends[index]))
    }
    return low..<high
  }
}
