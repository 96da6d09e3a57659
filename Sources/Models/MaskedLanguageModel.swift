import Autograd
import Compute
import Layers

/// BERT's encoder with the head that says which tokens are hidden (Devlin et al. 2019, section 3.1, task 1).
///
/// Above a hidden token's vector stand a dense layer with GELU, a layer norm, and the word vectors themselves as the
/// output's weights, with a bias of their own. Next-sentence prediction is left out, as in Liu et al. 2019.
public final class MaskedLanguageModel: Parameterised {
  public let workspace: Workspace
  public let encoder: TransformerEncoder
  public let transform: Linear
  public let norm: LayerNorm
  /// `[vocabulary]`.
  public let bias: Parameter
  public let parameters: [Parameter]

  /// Parameters `bert.*` as a classifier's encoder has them, and `cls.predictions.*`.
  public init(_ configuration: TransformerConfiguration, vocabulary: Int, random: Random, workspace: Workspace) {
    let source = ParameterSource(random: random, workspace: workspace)
    let hidden = configuration.hidden
    self.workspace = workspace
    encoder = TransformerEncoder("bert", configuration, vocabulary: vocabulary, from: source)
    transform = Linear(
      "cls.predictions.transform.dense", inputs: hidden, outputs: hidden,
      initializer: .normal(deviation: configuration.initializerRange), from: source)
    norm = LayerNorm(
      "cls.predictions.transform.LayerNorm", width: hidden, epsilon: configuration.layerNormEpsilon, from: source)
    bias = source.bias("cls.predictions.bias", [vocabulary])
    parameters = encoder.parameters + transform.parameters + norm.parameters + [bias]
    Parameter.number(parameters)
  }

  /// `[places, vocabulary]`: log-probabilities up to a constant of the token at each of these places of the batch's ids.
  public func logits(_ batch: TokenBatch, at places: [Int], on tape: Tape) -> Tensor {
    let states = encoder(batch, on: tape)  // [n, hidden]
    let hidden = tape.rows(states, places)  // [places, hidden]
    let transformed = norm(transform(hidden, on: tape, activation: .gelu), on: tape)  // [places, hidden]
    return tape.linear(transformed, weight: encoder.words.table, bias: bias)  // [places, vocabulary]
  }

  /// The products over sequences of these lengths with so many hidden tokens.
  public func operations(lengths: [Int], places: Int) -> OperationCount {
    let table = encoder.words.table
    return OperationCount { count in
      encoder.count(lengths: lengths, in: &count)
      transform.count(rows: places, in: &count)
      count.read(norm.parameters)
      count.multiply(2 * Double(places) * Double(table.count), by: [table])
    }
  }
}
