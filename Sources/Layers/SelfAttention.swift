import Autograd

/// Every token looks at every token of its own sequence (Vaswani et al. 2017, section 3.2).
///
/// softmax(Q Kᵀ / √(hidden / heads)) V for each head, heads side by side, then a linear output. The three
/// projections are one parameter, rows q | k | v, so that one product makes all of them.
public struct SelfAttention {
  /// `[hidden]` → `[3 × hidden]`: q | k | v.
  public let projection: Linear
  public let output: Linear
  public let heads: Int
  /// Probability of dropping an attention weight.
  public let dropout: Float

  /// Parameters `name.self.qkv.*` and `name.output.dense.*`.
  public init(
    _ name: String, hidden: Int, heads: Int, dropout: Double, initializer: Initializer, from source: ParameterSource
  ) {
    precondition(heads > 0 && hidden % heads == 0, "attention: width \(hidden) is not a multiple of \(heads) heads")
    projection = Linear(
      name + ".self.qkv", inputs: hidden, outputs: 3 * hidden, initializer: initializer, from: source)
    output = Linear(name + ".output.dense", inputs: hidden, outputs: hidden, initializer: initializer, from: source)
    self.heads = heads
    self.dropout = Float(dropout)
  }

  /// `[n, hidden]` → `[n, hidden]`; `offsets` says where each sequence begins.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    let qkv = projection(x, on: tape)  // [n, 3 × hidden]
    let mixed = tape.attention(qkv, offsets: offsets, heads: heads, dropout: dropout)  // [n, hidden]
    return output(mixed, on: tape)  // [n, hidden]
  }

  /// The projections, 4 × length² × hidden for each sequence, and the output.
  public func count(lengths: [Int], in count: inout OperationCount) {
    let tokens = lengths.reduce(0, +), hidden = Double(output.weight.shape[0])
    projection.count(rows: tokens, in: &count)
    count.mix(lengths.reduce(0.0) { $0 + 4 * Double($1) * Double($1) * hidden })
    output.count(rows: tokens, in: &count)
  }

  public var parameters: [Parameter] { projection.parameters + output.parameters }
}
