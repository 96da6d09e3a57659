import Autograd
import Compute
import Layers

/// The encoder's token vectors into an LSTM, then a classifier: the study's BERT→LSTM hybrid.
///
/// The encoder is BERT's without the pooler (Devlin et al. 2019); all of it is trained. The LSTM reads [CLS] and [SEP]
/// too. `RecurrentConfiguration.embedding` is not used.
public final class HybridClassifier: Network {
  public let configuration: TransformerConfiguration
  public let head: RecurrentConfiguration
  public let classes: Int
  public let workspace: Workspace
  public let encoder: any TokenEncoder
  public let stack: RecurrentStack
  public let pooling: SequencePooling
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: TransformerConfiguration, _ head: RecurrentConfiguration, vocabulary: Int, classes: Int,
    random: Random, workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.head, self.classes, self.workspace) = (configuration, head, classes, workspace)
    encoder = configuration.encoder(vocabulary: vocabulary, from: source)
    stack = RecurrentStack("head.lstm", .lstm, inputs: configuration.hidden, head, from: source)
    pooling = SequencePooling("head.attention", head.pooling.kind, width: stack.width, from: source)
    classifier = Linear("head.classifier", inputs: stack.width, outputs: classes, from: source)
    parameters = encoder.parameters + stack.parameters + pooling.parameters + classifier.parameters
    Parameter.number(parameters)
  }

  public func words(_ batch: TokenBatch, on tape: Tape) -> Tensor { encoder.words(batch.ids, on: tape) }

  public func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor {
    let dropout = Float(head.dropout)
    let vectors = tape.dropout(encoder(batch, words: words, on: tape), probability: dropout)  // [n, hidden]
    let states = stack(vectors, offsets: batch.offsets, on: tape)  // of each layer
    let pooled = pooling(states[states.count - 1], offsets: batch.offsets, on: tape)  // [b, width]
    return classifier(tape.dropout(pooled, probability: dropout), on: tape)  // [b, classes]
  }

  public var predictionShards: Int { 4 }

  public func count(lengths: [Int], in count: inout OperationCount) {
    let tokens = lengths.reduce(0, +)
    encoder.count(lengths: lengths, in: &count)
    stack.count(tokens: tokens, in: &count)
    pooling.count(tokens: tokens, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}
