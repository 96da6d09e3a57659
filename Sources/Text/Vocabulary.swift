/// The words a model knows, each with its number: `[PAD]` 0, `[UNK]` 1, then by frequency, then by Unicode scalars.
public struct Vocabulary: Sendable, Equatable, Codable {
  public static let paddingID: Int32 = 0
  public static let unknownID: Int32 = 1
  private static let special = ["[PAD]", "[UNK]"]

  /// In order of their numbers.
  public let tokens: [String]
  private let ids: [String: Int32]

  public var count: Int { tokens.count }

  /// Counts the tokens of all texts and keeps those seen `minimumFrequency` times or more, at most `maximumSize` with the
  /// two special ones.
  public init(fitting texts: some Sequence<[String]>, minimumFrequency: Int = 1, maximumSize: Int = .max) {
    var counts = [String: Int]()
    for text in texts {
      for token in text { counts[token, default: 0] += 1 }
    }
    let known = counts.filter { $0.value >= minimumFrequency && !Self.special.contains($0.key) }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    self.init(Self.special + known.prefix(max(0, maximumSize - Self.special.count)).map(\.key))
  }

  private init(_ tokens: [String]) {
    self.tokens = tokens
    ids = Dictionary(tokens.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The token's number; `[UNK]`'s where it is not known.
  public func id(of token: String) -> Int32 { ids[token] ?? Self.unknownID }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let tokens = try container.decode([String].self)
    guard tokens.starts(with: Self.special) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a vocabulary starts with [PAD], [UNK]")
    }
    self.init(tokens)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(tokens)
  }
}
