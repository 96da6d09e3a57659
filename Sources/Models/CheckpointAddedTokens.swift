import Foundation
import Text

/// The tokens that a checkpoint's files add to its pieces, read as Transformers reads them.
///
/// tokenizer.json's `added_tokens` and tokenizer_config.json's `added_tokens_decoder` say each token's id and flags, and
/// must agree. Where there is no `added_tokens_decoder`, added_tokens.json gives ids and special_tokens_map.json names.
/// What is named as special and has no id follows behind the others.
struct CheckpointAddedTokens {
  /// A token with its flags; of its spelling alone the others are nil.
  struct Token: Decodable {
    var content: String
    var id: Int?
    var special, normalized, single_word: Bool?

    private enum Key: String, CodingKey { case content, id, special, normalized, single_word }

    init(_ content: String, id: Int? = nil, special: Bool? = nil) {
      (self.content, self.id, self.special) = (content, id, special)
    }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.init(text)
        return
      }
      let fields = try decoder.container(keyedBy: Key.self)
      self.init(try fields.decode(String.self, forKey: .content))
      id = try fields.decodeIfPresent(Int.self, forKey: .id)
      special = try fields.decodeIfPresent(Bool.self, forKey: .special)
      normalized = try fields.decodeIfPresent(Bool.self, forKey: .normalized)
      single_word = try fields.decodeIfPresent(Bool.self, forKey: .single_word)
    }

    var hasFlags: Bool { normalized != nil || single_word != nil }

    /// Special tokens stand in the raw text, others in the folded one, where nothing else is said.
    func added(id: Int, isSpecial: Bool) -> AddedToken {
      let isPlaceholder = PlaceholderToken(rawValue: content) != nil
      return AddedToken(
        content, id: Int32(id), isControl: isSpecial && !isPlaceholder, isNormalized: normalized ?? !isSpecial,
        isSingleWord: single_word ?? false)
    }
  }

  /// The special tokens that a file names: `cls_token` and its like, lists of more, and names of the model's own.
  struct Names: Decodable {
    var named = [(key: String, token: Token)]()
    var more = [Token]()
    /// Of maps from a name to a token, which Transformers 4 writes as `extra_special_tokens`.
    var ofModel = [Token]()

    private static let lists = ["additional_special_tokens", "extra_special_tokens"]

    init() {}

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: AnyKey.self)
      // The order of Transformers, in which tokens without an id get theirs.
      let keys = fields.allKeys.map(\.stringValue).sorted()
      let first = ["bos_token", "eos_token"]
      for key in first + keys.filter({ $0.hasSuffix("_token") && !first.contains($0) }) {
        if let token = try? fields.decodeIfPresent(Token.self, forKey: AnyKey(key)) { named.append((key, token)) }
      }
      for key in Self.lists where keys.contains(key) {
        let own = AnyKey(key)
        if try fields.decodeNil(forKey: own) { continue }
        if let map = try? fields.nestedContainer(keyedBy: AnyKey.self, forKey: own) {
          for name in map.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            ofModel.append(try map.decode(Token.self, forKey: name))
          }
        } else {
          more += try fields.decode([Token].self, forKey: own)
        }
      }
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ key: String) { stringValue = key }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  private var order = [String]()
  private var tokens: [String: (token: Token, file: String)] = [:]
  /// Of the model's own names, those that no file gives an id.
  private var ofModel: [(content: String, file: String)] = []

  /// - Parameter listed: tokenizer.json's.
  /// - Throws: `CheckpointError` where a file is malformed, two disagree, or a special token is not BERT's.
  init(folder: URL, listed: [Token]) throws(CheckpointError) {
    struct Decoder: Decodable { var added_tokens_decoder: [String: Token]? }
    let configuration = folder.appendingPathComponent("tokenizer_config.json")
    var names = [(file: String, names: Names)]()
    for token in listed { try declare(token, in: "tokenizer.json") }
    var isOld = true
    if CheckpointFile.exists(configuration) {
      let what = "the settings of a BERT tokenizer"
      names.append(
        (
          "tokenizer_config.json", try CheckpointFile.json(configuration, as: Names.self, what: what)
        ))
      let decoder = try CheckpointFile.json(configuration, as: Decoder.self, what: what).added_tokens_decoder
      isOld = decoder == nil
      for (key, token) in (decoder ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard let id = Int(key) else {
          throw .malformed("tokenizer_config.json: added_tokens_decoder: got the key \"\(key)\", expected an id")
        }
        var own = token
        own.id = id
        try declare(own, in: "tokenizer_config.json")
      }
    }
    if isOld { try readOldFiles(folder, &names) }
    try name(names)
  }

  private mutating func readOldFiles(
    _ folder: URL, _ names: inout [(file: String, names: Names)]
  ) throws(CheckpointError) {
    let map = folder.appendingPathComponent("special_tokens_map.json")
    if CheckpointFile.exists(map) {
      names.append(
        (
          "special_tokens_map.json", try CheckpointFile.json(map, as: Names.self, what: "a map of special tokens")
        ))
    }
    let list = folder.appendingPathComponent("added_tokens.json")
    guard CheckpointFile.exists(list) else { return }
    let special = Set(
      names.flatMap { $0.names.named.map(\.token) + $0.names.more + $0.names.ofModel }.map(\.content))
    let ids = try CheckpointFile.json(list, as: [String: Int].self, what: "a map of tokens to ids")
    for (content, id) in ids.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
      try declare(Token(content, id: id, special: special.contains(content)), in: "added_tokens.json")
    }
  }

  private mutating func declare(_ token: Token, in file: String) throws(CheckpointError) {
    let spaces = token.content.unicodeScalars
    guard let first = spaces.first, let last = spaces.last, !first.properties.isWhitespace,
      !last.properties.isWhitespace
    else { throw .unsupported("\(file): an added token that is empty, or begins or ends with white space") }
    guard let known = tokens[token.content] else {
      order.append(token.content)
      tokens[token.content] = (token, file)
      return
    }
    if known.token.id == nil || token.id != nil && known.token.id != token.id {
      throw .malformed("\(known.file) and \(file): \"\(token.content)\" has two ids")
    }
    // A file that gives an id alone says nothing of flags.
    guard token.hasFlags, known.token.hasFlags else { return }
    if token.special != known.token.special || token.normalized != known.token.normalized
      || (token.single_word ?? false) != (known.token.single_word ?? false)
    {
      throw .malformed("\(known.file) and \(file): \"\(token.content)\" has other flags in each")
    }
  }

  /// The five that BERT has must be called as it calls them; others are special too.
  private mutating func name(_ names: [(file: String, names: Names)]) throws(CheckpointError) {
    let own = [
      "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]",
    ]
    for (file, names) in names {
      for (key, token) in names.named {
        if let expected = own[key], token.content != expected {
          throw .unsupported("\(file): \(key) is \"\(token.content)\", this tokenizer has \(expected)")
        }
        add(token, isNamed: true)
      }
    }
    for content in WordPiece.specialTokens { add(Token(content), isNamed: true) }
    for token in names.flatMap(\.names.more) { add(token, isNamed: false) }
    for (file, names) in names {
      for token in names.ofModel {
        if tokens[token.content] == nil { ofModel.append((token.content, file)) }
        add(token, isNamed: true)
      }
    }
  }

  private mutating func add(_ token: Token, isNamed: Bool) {
    if tokens[token.content] == nil {
      order.append(token.content)
      tokens[token.content] = (token, "")
    } else if !isNamed {
      return
    }
    tokens[token.content]?.token.special = true
  }

  /// All of them in the order of their ids; what has none gets that of the piece that is spelt so, or the next.
  ///
  /// - Throws: `CheckpointError` where an id is none.
  func all(pieces: [String]) throws(CheckpointError) -> [AddedToken] {
    var known = [String: Int]()
    for (id, piece) in pieces.enumerated() { known[piece] = id }
    var added = [AddedToken](), next = pieces.count, open = [Token]()
    for content in order {
      guard let entry = tokens[content] else { continue }
      guard let id = entry.token.id ?? known[content] else {
        open.append(entry.token)
        continue
      }
      guard 0..<(1 << 24) ~= id else { throw .malformed("\(entry.file): \"\(content)\" has the id \(id)") }
      added.append(entry.token.added(id: id, isSpecial: entry.token.special ?? false))
      next = max(next, id + 1)
    }
    // Their ids would follow the order in which a map was written, which JSON does not keep.
    if let token = ofModel.first(where: { known[$0.content] == nil }) {
      throw .unsupported(
        "\(token.file): extra_special_tokens has \"\(token.content)\", of which no file gives the id; expected it in "
          + "added_tokens_decoder or added_tokens.json")
    }
    // [MASK], which a vocabulary may lack, is no token then.
    for token in open where !WordPiece.specialTokens.contains(token.content) {
      added.append(token.added(id: next, isSpecial: true))
      next += 1
    }
    return added.sorted { ($0.id, $0.content) < ($1.id, $1.content) }
  }
}
