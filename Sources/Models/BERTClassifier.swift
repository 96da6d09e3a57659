import Autograd
import Compute
import Layers

/// BERT, or one of its descendants, with a classifier on top (Devlin et al. 2019, sections 3 and 4.1).
///
/// With `pooling: cls` BERT's classifier reads tanh(W h + b) of the first token, as in the paper; with `mean` the mean of
/// the token vectors (Reimers and Gurevych 2019), and there is no pooler. `SentenceHead` has the other architectures'.
public final class BERTClassifier: Network {
  public let configuration: TransformerConfiguration
  public let classes: Int
  public let workspace: Workspace
  public let encoder: any TokenEncoder
  public let head: SentenceHead
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: TransformerConfiguration, vocabulary: Int, classes: Int, random: Random, workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.classes, self.workspace) = (configuration, classes, workspace)
    encoder = configuration.encoder(vocabulary: vocabulary, from: source)
    head = SentenceHead(configuration, from: source)
    classifier = Linear(
      configuration.lastLayer, inputs: configuration.hidden, outputs: classes,
      initializer: .normal(deviation: configuration.initializerRange), from: source)
    parameters = encoder.parameters + head.parameters + classifier.parameters
    Parameter.number(parameters)
  }

  public func words(_ batch: TokenBatch, on tape: Tape) -> Tensor { encoder.words(batch.ids, on: tape) }

  public func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor {
    let states = encoder(batch, words: words, on: tape)  // [n, hidden]
    let pooled = pool(states, offsets: batch.offsets, on: tape)  // [b, hidden]
    return classifier(tape.dropout(pooled, probability: head.dropout), on: tape)  // [b, classes]
  }

  /// `[n, hidden]` → `[b, hidden]`: what the classifier reads of each sequence.
  public func pool(_ states: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    head.pool(states, offsets: offsets, on: tape)
  }

  public var predictionShards: Int { 8 }

  public func count(lengths: [Int], in count: inout OperationCount) {
    encoder.count(lengths: lengths, in: &count)
    head.count(sequences: lengths.count, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}
