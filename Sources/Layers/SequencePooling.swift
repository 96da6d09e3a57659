import Autograd

/// Makes one vector of a sequence's states: the last ones, their mean, their maximum, or a trained average.
public struct SequencePooling {
  public enum Kind: Sendable { case last, mean, max, attention }

  public let kind: Kind
  /// For `attention`: the score of a state is v · tanh(W h + b) (Yang et al. 2016, section 2.2).
  public let projection: Linear?
  /// v, `[1, width]`.
  public let score: Parameter?

  /// Parameters `name.projection.*` and `name.score.weight` for `attention`, none elsewhere.
  public init(_ name: String, _ kind: Kind, width: Int, from source: ParameterSource) {
    self.kind = kind
    let isTrained = kind == .attention
    projection = isTrained ? Linear(name + ".projection", inputs: width, outputs: width, from: source) : nil
    score = isTrained ? source.weight(name + ".score.weight", [1, width], .xavier) : nil
  }

  /// States of the last layer → `[b, width]`.
  public func callAsFunction(_ states: RecurrentLayer.States, offsets: [Int], on tape: Tape) -> Tensor {
    switch kind {
    case .last:
      return states.hidden.count == 2 ? tape.concatenate(states.hidden[0], states.hidden[1]) : states.hidden[0]
    case .mean: return tape.pool(states.output, offsets: offsets, .mean)
    case .max: return tape.pool(states.output, offsets: offsets, .max)
    case .attention:
      guard let projection, let score else { preconditionFailure("attention pooling without its weights") }
      let projected = projection(states.output, on: tape, activation: .tanh)  // [n, width]
      let scores = tape.linear(projected, weight: score, bias: nil)  // [n, 1]
      return tape.attentionPool(states.output, scores: scores, offsets: offsets)
    }
  }

  public func count(tokens: Int, in count: inout OperationCount) {
    guard let projection, let score else { return }
    projection.count(rows: tokens, in: &count)
    count.multiply(2 * Double(tokens) * Double(score.count), by: [score])
  }

  public var parameters: [Parameter] { (projection?.parameters ?? []) + (score.map { [$0] } ?? []) }
}
