import Autograd
import Compute
import Layers

/// Word vectors, recurrent layers, one vector a text, classifier: a simple recurrent network (Elman 1990), a GRU (Cho et
/// al. 2014) or an LSTM (Hochreiter and Schmidhuber 1997); two directions as in Graves and Schmidhuber 2005.
///
/// Departures: an LSTM's forget gate starts at 1, recurrent weights start orthogonal.
public final class RecurrentClassifier: Network {
  public let configuration: RecurrentConfiguration
  public let classes: Int
  public let workspace: Workspace
  /// `[vocabulary, embedding]`.
  public let embedding: Embedding
  /// `[buckets, embedding]`: of n-grams of letters; nil where words alone are read.
  public let letters: Embedding?
  public let stack: RecurrentStack
  public let pooling: SequencePooling
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ cell: RecurrentCell, _ configuration: RecurrentConfiguration, vocabulary: Int, classes: Int, random: Random,
    workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.classes, self.workspace) = (configuration, classes, workspace)
    embedding = Embedding("embedding", vocabulary: vocabulary, width: configuration.embedding, from: source)
    letters = configuration.letters.map {
      Embedding("letters", vocabulary: $0.buckets, width: configuration.embedding, from: source)
    }
    stack = RecurrentStack(
      cell.rawValue, cell, inputs: configuration.embedding, configuration, from: source)
    pooling = SequencePooling("attention", configuration.pooling.kind, width: stack.width, from: source)
    classifier = Linear("classifier", inputs: stack.width, outputs: classes, from: source)
    parameters =
      embedding.parameters + (letters?.parameters ?? []) + stack.parameters + pooling.parameters + classifier.parameters
    Parameter.number(parameters)
  }

  /// With n-grams of letters the sum of a word's vector and the mean of theirs.
  public func words(_ batch: TokenBatch, on tape: Tape) -> Tensor {
    guard let letters else { return embedding(batch.ids, on: tape) }
    let read = WordsWithLetters(batch, vocabulary: embedding.table.shape[0])
    let spelt = tape.pool(letters(read.buckets, on: tape), offsets: read.bucketOffsets, .mean)  // [n, embedding]
    return tape.add(embedding(read.words, on: tape), spelt)
  }

  public func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor {
    let dropout = Float(configuration.dropout), offsets = offsets(of: batch)
    let vectors = words ?? self.words(batch, on: tape)  // [n, embedding]
    let states = stack(tape.dropout(vectors, probability: dropout), offsets: offsets, on: tape)  // of each layer
    let pooled = pooling(states[states.count - 1], offsets: offsets, on: tape)  // [b, width]
    return classifier(tape.dropout(pooled, probability: dropout), on: tape)  // [b, classes]
  }

  /// Where each text begins among the words, and the end.
  private func offsets(of batch: TokenBatch) -> [Int] {
    letters == nil ? batch.offsets : WordsWithLetters(batch, vocabulary: embedding.table.shape[0]).offsets
  }

  /// Words: n-grams of letters are beside them.
  public func length(_ sequence: [Int32]) -> Int {
    letters == nil ? max(1, sequence.count) : max(1, sequence.count { $0 < embedding.table.shape[0] })
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    let tokens = lengths.reduce(0, +)
    count.read(embedding.parameters + (letters?.parameters ?? []))
    stack.count(tokens: tokens, in: &count)
    pooling.count(tokens: tokens, in: &count)
    classifier.count(rows: lengths.count, in: &count)
  }
}

extension RecurrentStack {
  init(
    _ name: String, _ cell: RecurrentCell, inputs: Int, _ configuration: RecurrentConfiguration,
    from source: ParameterSource
  ) {
    self.init(
      name, cell, inputs: inputs, hidden: configuration.hidden, layers: configuration.layers,
      bidirectional: configuration.bidirectional, dropout: configuration.dropout, from: source)
  }
}

extension RecurrentConfiguration.Pooling {
  var kind: SequencePooling.Kind {
    switch self {
    case .last: .last
    case .mean: .mean
    case .max: .max
    case .attention: .attention
    }
  }
}
