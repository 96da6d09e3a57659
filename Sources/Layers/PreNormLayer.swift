import Autograd

/// One encoder layer with the norms before its parts and without biases (Warner et al. 2024, section 2.1.1): x + A(N(x)),
/// then y + F(N(y)), A attention with rotated positions and F = W₂ (GELU(W₁ y) ⊙ W₃ y) (Shazeer 2020).
public struct PreNormLayer {
  /// nil in the first layer, which reads what is normed already.
  public let attentionNorm: LayerNorm?
  /// `[hidden]` → `[3 × hidden]`: q | k | v.
  public let projection: Linear
  public let output: Linear
  public let feedForwardNorm: LayerNorm
  /// `[hidden]` → `[2 × intermediate]`: what GELU reads | what its values are multiplied with.
  public let rise: Linear
  /// `[intermediate]` → `[hidden]`.
  public let fall: Linear
  public let heads: Int
  /// How far a token sees to each side.
  public let window: Int
  /// Probability of dropping an element of the feed-forward layer's middle.
  public let dropout: Float
  /// Probability of dropping an attention weight, or an element of attention's output.
  public let attentionDropout: Float

  /// Parameters `name.attn_norm.weight`, `name.attn.Wqkv.weight`, `name.attn.Wo.weight`, `name.mlp_norm.weight`,
  /// `name.mlp.Wi.weight` and `name.mlp.Wo.weight`, as Hugging Face names them.
  public init(
    _ name: String, hidden: Int, heads: Int, intermediate: Int, window: Int, hasAttentionNorm: Bool, dropout: Double,
    attentionDropout: Double, epsilon: Double, initializer: Initializer, from source: ParameterSource
  ) {
    precondition(heads > 0 && hidden % heads == 0, "attention: width \(hidden) is not a multiple of \(heads) heads")
    func norm(_ part: String) -> LayerNorm {
      LayerNorm(name + part, width: hidden, epsilon: epsilon, hasBias: false, from: source)
    }
    func linear(_ part: String, _ inputs: Int, _ outputs: Int) -> Linear {
      Linear(
        name + part, inputs: inputs, outputs: outputs, hasBias: false, initializer: initializer, from: source)
    }
    attentionNorm = hasAttentionNorm ? norm(".attn_norm") : nil
    projection = linear(".attn.Wqkv", hidden, 3 * hidden)
    output = linear(".attn.Wo", hidden, hidden)
    feedForwardNorm = norm(".mlp_norm")
    rise = linear(".mlp.Wi", hidden, 2 * intermediate)
    fall = linear(".mlp.Wo", intermediate, hidden)
    (self.heads, self.window) = (heads, window)
    (self.dropout, self.attentionDropout) = (Float(dropout), Float(attentionDropout))
  }

  /// `[n, hidden]` → `[n, hidden]`; `offsets` says where each sequence begins, `positions` where each token stands in
  /// its own.
  public func callAsFunction(
    _ x: Tensor, offsets: [Int], positions: [Int32], angles: RotaryAngles, on tape: Tape
  ) -> Tensor {
    let normed = attentionNorm.map { $0(x, on: tape) } ?? x  // [n, hidden]
    let qkv = tape.rotate(projection(normed, on: tape), positions: positions, heads: heads, by: angles)
    let mixed = tape.attention(qkv, offsets: offsets, heads: heads, dropout: attentionDropout, window: window)
    let attended = tape.dropout(output(mixed, on: tape), probability: attentionDropout)  // [n, hidden]
    let middle = tape.add(x, attended)  // [n, hidden]
    let gated = tape.gatedGELU(rise(feedForwardNorm(middle, on: tape), on: tape))  // [n, intermediate]
    return tape.add(middle, fall(tape.dropout(gated, probability: dropout), on: tape))  // [n, hidden]
  }

  /// The projections and the output, as much of the scores as is computed (all of them), and the feed-forward layer.
  public func count(lengths: [Int], in count: inout OperationCount) {
    let tokens = lengths.reduce(0, +), hidden = Double(output.weight.shape[0])
    if let attentionNorm { count.read(attentionNorm.parameters) }
    projection.count(rows: tokens, in: &count)
    count.mix(lengths.reduce(0.0) { $0 + 4 * Double($1) * Double($1) * hidden })
    output.count(rows: tokens, in: &count)
    count.read(feedForwardNorm.parameters)
    rise.count(rows: tokens, in: &count)
    fall.count(rows: tokens, in: &count)
  }

  public var parameters: [Parameter] {
    (attentionNorm?.parameters ?? []) + projection.parameters + output.parameters + feedForwardNorm.parameters
      + rise.parameters + fall.parameters
  }
}
