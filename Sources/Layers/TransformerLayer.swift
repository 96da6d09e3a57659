import Autograd

/// One encoder layer with the norms after the sums (Vaswani et al. 2017, section 3.1; Devlin et al. 2019).
public struct TransformerLayer {
  public let attention: SelfAttention
  public let attentionNorm: LayerNorm
  public let feedForward: FeedForward
  public let outputNorm: LayerNorm
  /// Probability of dropping an element of the feed-forward layer's output.
  public let dropout: Float
  /// Probability of dropping an element of attention's output.
  public let attentionOutputDropout: Float

  /// Parameters `name.attention.*`, `name.intermediate.*` and `name.output.*`, as Hugging Face names them, but for
  /// the joined q, k, v. Attention's output is dropped like the feed-forward layer's unless `dropsAttentionOutput` is
  /// false.
  public init(
    _ name: String, hidden: Int, heads: Int, intermediate: Int, dropout: Double, attentionDropout: Double,
    dropsAttentionOutput: Bool = true, epsilon: Double, initializer: Initializer, from source: ParameterSource
  ) {
    attention = SelfAttention(
      name + ".attention", hidden: hidden, heads: heads, dropout: attentionDropout, initializer: initializer,
      from: source)
    attentionNorm = LayerNorm(name + ".attention.output.LayerNorm", width: hidden, epsilon: epsilon, from: source)
    feedForward = FeedForward(
      name, hidden: hidden, intermediate: intermediate, initializer: initializer, from: source)
    outputNorm = LayerNorm(name + ".output.LayerNorm", width: hidden, epsilon: epsilon, from: source)
    self.dropout = Float(dropout)
    attentionOutputDropout = dropsAttentionOutput ? Float(dropout) : 0
  }

  /// `[n, hidden]` → `[n, hidden]`.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    let attended = attention(x, offsets: offsets, on: tape)  // [n, hidden]
    let middle = attentionNorm(
      attended, residual: x, dropout: attentionOutputDropout, on: tape)  // [n, hidden]
    return outputNorm(feedForward(middle, on: tape), residual: middle, dropout: dropout, on: tape)  // [n, hidden]
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    attention.count(lengths: lengths, in: &count)
    count.read(attentionNorm.parameters)
    feedForward.count(rows: lengths.reduce(0, +), in: &count)
    count.read(outputNorm.parameters)
  }

  public var parameters: [Parameter] {
    attention.parameters + attentionNorm.parameters + feedForward.parameters + outputNorm.parameters
  }
}
