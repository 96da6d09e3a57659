import Autograd
import Compute
import Layers

/// BERT with a classifier on top (Devlin et al. 2019, sections 3 and 4.1).
///
/// With `pooling: cls` the classifier reads tanh(W h + b) of the first token, as in the paper; with `mean` the mean of
/// the token vectors (Reimers and Gurevych 2019), and there is no pooler.
public final class BERTClassifier: Network {
  public let configuration: TransformerConfiguration
  public let classes: Int
  public let workspace: Workspace
  public let encoder: TransformerEncoder
  /// nil with mean pooling.
  public let pooler: Linear?
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: TransformerConfiguration, vocabulary: Int, classes: Int, random: Random, workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    let initializer = Initializer.normal(deviation: configuration.initializerRange)
    let hidden = configuration.hidden
    (self.configuration, self.classes, self.workspace) = (configuration, classes, workspace)
    encoder = TransformerEncoder("bert", configuration, vocabulary: vocabulary, from: source)
    pooler =
      configuration.pooling == .cls
      ? Linear("bert.pooler.dense", inputs: hidden, outputs: hidden, initializer: initializer, from: source) : nil
    classifier = Linear("classifier", inputs: hidden, outputs: classes, initializer: initializer, from: source)
    parameters = encoder.parameters + (pooler?.parameters ?? []) + classifier.parameters
    Parameter.number(parameters)
  }

  public func logits(_ batch: TokenBatch, on tape: Tape) -> Tensor {
    let states = encoder(batch, on: tape)  // [n, hidden]
    let pooled = pool(states, offsets: batch.offsets, on: tape)  // [b, hidden]
    let kept = tape.dropout(pooled, probability: Float(configuration.dropout))  // [b, hidden]
    return classifier(kept, on: tape)  // [b, classes]
  }

  /// `[n, hidden]` → `[b, hidden]`: what the classifier reads of each sequence.
  public func pool(_ states: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    guard let pooler else { return tape.pool(states, offsets: offsets, .mean) }
    return pooler(tape.rows(states, Array(offsets.dropLast())), on: tape, activation: .tanh)
  }

  public var predictionShards: Int { 8 }

  public func count(lengths: [Int], in count: inout OperationCount) {
    encoder.count(lengths: lengths, in: &count)
    pooler?.count(rows: lengths.count, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}
