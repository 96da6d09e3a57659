import Autograd
import Compute
import Layers

/// Word vectors, LSTM layers, one vector a text, classifier (Hochreiter and Schmidhuber 1997; two directions as in
/// Graves and Schmidhuber 2005).
///
/// Departures: the forget gate's bias starts at 1, recurrent weights start orthogonal.
public final class LSTMClassifier: Network {
  public let configuration: LSTMConfiguration
  public let classes: Int
  public let workspace: Workspace
  /// `[vocabulary, embedding]`.
  public let embedding: Embedding
  public let stack: LSTMStack
  public let pooling: SequencePooling
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: LSTMConfiguration, vocabulary: Int, classes: Int, random: Random, workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.classes, self.workspace) = (configuration, classes, workspace)
    embedding = Embedding("embedding", vocabulary: vocabulary, width: configuration.embedding, from: source)
    stack = LSTMStack("lstm", inputs: configuration.embedding, configuration, from: source)
    pooling = SequencePooling("attention", configuration.pooling.kind, width: stack.width, from: source)
    classifier = Linear("classifier", inputs: stack.width, outputs: classes, from: source)
    parameters = embedding.parameters + stack.parameters + pooling.parameters + classifier.parameters
    Parameter.number(parameters)
  }

  public func logits(_ batch: TokenBatch, on tape: Tape) -> Tensor {
    let dropout = Float(configuration.dropout)
    let vectors = tape.dropout(embedding(batch.ids, on: tape), probability: dropout)  // [n, embedding]
    let states = stack(vectors, offsets: batch.offsets, on: tape)  // of each layer
    let pooled = pooling(states[states.count - 1], offsets: batch.offsets, on: tape)  // [b, width]
    return classifier(tape.dropout(pooled, probability: dropout), on: tape)  // [b, classes]
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    let tokens = lengths.reduce(0, +)
    count.read(embedding.parameters)
    stack.count(tokens: tokens, in: &count)
    pooling.count(tokens: tokens, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}

extension LSTMStack {
  init(_ name: String, inputs: Int, _ configuration: LSTMConfiguration, from source: ParameterSource) {
    self.init(
      name, inputs: inputs, hidden: configuration.hidden, layers: configuration.layers,
      bidirectional: configuration.bidirectional, dropout: configuration.dropout, from: source)
  }
}

extension LSTMConfiguration.Pooling {
  var kind: SequencePooling.Kind {
    switch self {
    case .last: .last
    case .mean: .mean
    case .max: .max
    case .attention: .attention
    }
  }
}
