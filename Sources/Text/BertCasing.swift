/// What a BERT tokenizer does to letters before it looks for pieces.
public struct BertCasing: Sendable, Equatable, Codable {
  public var lowercases: Bool
  /// Canonical decomposition, then no accents.
  public var stripsAccents: Bool

  public static let uncased = BertCasing(lowercases: true, stripsAccents: true)
  public static let cased = BertCasing(lowercases: false, stripsAccents: false)

  public init(lowercases: Bool, stripsAccents: Bool) {
    (self.lowercases, self.stripsAccents) = (lowercases, stripsAccents)
  }
}
