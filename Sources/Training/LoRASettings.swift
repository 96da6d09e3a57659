import Autograd

/// Low-rank changes of an encoder's weights in place of the training of all of them (Hu et al. 2021).
public struct LoRASettings: Sendable, Equatable, Codable {
  /// Weights of a transformer's layer.
  public enum Target: String, Sendable, CaseIterable, Codable {
    case query, key, value
    /// What follows attention's heads.
    case output
    /// Both of the feed-forward layer.
    case feedForward = "feed-forward"
  }
  /// Rows of A and columns of B.
  public var rank = 8
  /// The product counts by alpha / rank.
  public var alpha = 16.0
  /// Queries and values, as Hu et al. 2021 have it in section 7.1.
  public var targets: [Target] = [.query, .value]

  public init() {}

  /// The rows of an encoder's weight that are adapted, and what they are; none of a weight that is not.
  func blocks(of parameter: Parameter) -> [(target: Target, rows: Range<Int>)] {
    guard parameter.shape.count == 2 else { return [] }
    return Self.parts(of: parameter.name, outputs: parameter.shape[0]).filter { targets.contains($0.target) }
  }

  /// Queries, keys and values stand in one weight, one block of rows behind the other.
  private static func parts(of name: String, outputs: Int) -> [(target: Target, rows: Range<Int>)] {
    func ends(_ endings: String...) -> Bool { endings.contains { name.hasSuffix($0 + ".weight") } }
    if ends(".attention.self.qkv", ".attn.Wqkv") {
      let size = outputs / 3
      return [Target.query, .key, .value].enumerated().map { ($1, $0 * size..<($0 + 1) * size) }
    }
    if ends(".attention.output.dense", ".attn.Wo") { return [(.output, 0..<outputs)] }
    if ends(".intermediate.dense", ".output.dense", ".mlp.Wi", ".mlp.Wo") { return [(.feedForward, 0..<outputs)] }
    return []
  }
}
