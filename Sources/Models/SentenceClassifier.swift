import Autograd
import Compute
import Layers

/// One vector a text, of a pretrained encoder, into a linear classifier (Reimers and Gurevych 2019).
///
/// The vector is the mean of the token vectors or the first of them, of length 1 where that is asked for.
public final class SentenceClassifier: Network {
  public let configuration: TransformerConfiguration
  /// Whether each vector is divided by its length.
  public let hasUnitLength: Bool
  public let classes: Int
  public let workspace: Workspace
  public let encoder: any TokenEncoder
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: TransformerConfiguration, hasUnitLength: Bool, vocabulary: Int, classes: Int, random: Random,
    workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.hasUnitLength) = (configuration, hasUnitLength)
    (self.classes, self.workspace) = (classes, workspace)
    encoder = configuration.encoder(vocabulary: vocabulary, from: source)
    classifier = Linear("classifier", inputs: configuration.hidden, outputs: classes, from: source)
    parameters = encoder.parameters + classifier.parameters
    Parameter.number(parameters)
  }

  public func words(_ batch: TokenBatch, on tape: Tape) -> Tensor { encoder.words(batch.ids, on: tape) }

  public func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor {
    classifier(vectors(batch, words: words, on: tape), on: tape)  // [b, classes]
  }

  /// `[b, hidden]`.
  public func vectors(_ batch: TokenBatch, words: Tensor? = nil, on tape: Tape) -> Tensor {
    let states = encoder(batch, words: words, on: tape)  // [n, hidden]
    let vectors =
      configuration.pooling == .mean
      ? tape.pool(states, offsets: batch.offsets, .mean) : tape.rows(states, Array(batch.offsets.dropLast()))
    return hasUnitLength ? tape.unitRows(vectors) : vectors
  }

  public var predictionShards: Int { 8 }

  public func count(lengths: [Int], in count: inout OperationCount) {
    encoder.count(lengths: lengths, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}
