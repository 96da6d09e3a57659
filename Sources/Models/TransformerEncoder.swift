import Autograd
import Layers

/// Token ids to one vector a token, each aware of all others in its text (Devlin et al. 2019, section 3, on Vaswani et
/// al. 2017): post-norm layers, learned positions, token types, GELU by erf.
///
/// RoBERTa's counts positions from behind the padding's id, DistilBERT's has no token types and no dropout on attention's
/// output, ELECTRA's may project its embeddings to a larger width (`EncoderVariant`).
///
/// Departures: sequences are packed without padding, so there is no attention mask.
public struct TransformerEncoder: TokenEncoder {
  public let configuration: TransformerConfiguration
  /// `[vocabulary, width]`.
  public let words: Embedding
  /// `[maximumPositions, width]`; more in RoBERTa.
  public let positions: Embedding
  /// `[typeVocabulary, width]`; nil in DistilBERT.
  public let types: Embedding?
  public let embeddingNorm: LayerNorm
  /// `[width]` → `[hidden]`; nil where they are the same.
  public let projection: Linear?
  public let layers: [TransformerLayer]

  /// Parameters `name.embeddings.*`, `name.embeddings_project.*` and `name.encoder.layer.K.*`.
  public init(
    _ name: String, _ configuration: TransformerConfiguration, vocabulary: Int, from source: ParameterSource
  ) {
    self.configuration = configuration
    let hidden = configuration.hidden, epsilon = configuration.layerNormEpsilon, width = configuration.embeddingWidth
    let isDistilled = configuration.architecture == .distilBERT
    let initializer = Initializer.normal(deviation: configuration.initializerRange)
    func table(_ part: String, _ count: Int) -> Embedding {
      Embedding(
        "\(name).embeddings.\(part)_embeddings", vocabulary: count, width: width, initializer: initializer,
        from: source)
    }
    words = table("word", vocabulary)
    positions = table("position", configuration.positionRows)
    types = isDistilled ? nil : table("token_type", configuration.typeVocabulary)
    embeddingNorm = LayerNorm("\(name).embeddings.LayerNorm", width: width, epsilon: epsilon, from: source)
    projection =
      width == hidden
      ? nil
      : Linear(
        "\(name).embeddings_project", inputs: width, outputs: hidden, initializer: initializer, from: source)
    layers = (0..<configuration.layers).map { index in
      TransformerLayer(
        "\(name).encoder.layer.\(index)", hidden: hidden, heads: configuration.heads,
        intermediate: configuration.intermediate, dropout: configuration.dropout,
        attentionDropout: configuration.attentionDropout, dropsAttentionOutput: !isDistilled, epsilon: epsilon,
        initializer: initializer, from: source)
    }
  }

  /// A batch of n tokens → `[n, hidden]`. What is given as words, `[n, width]`, stands in place of the tokens' vectors.
  public func callAsFunction(_ batch: TokenBatch, words given: Tensor?, on tape: Tape) -> Tensor {
    let normed = embeddingNorm(embed(batch, given, on: tape), on: tape)  // [n, width]
    var x = tape.dropout(normed, probability: Float(configuration.dropout))  // [n, width]
    if let projection { x = projection(x, on: tape) }  // [n, hidden]
    for layer in layers { x = layer(x, offsets: batch.offsets, on: tape) }  // [n, hidden]
    return x
  }

  /// The sum of a token's vectors: `[n, width]`.
  private func embed(_ batch: TokenBatch, _ given: Tensor?, on tape: Tape) -> Tensor {
    let places = places(in: batch), kinds = batch.types ?? [Int32](repeating: 0, count: batch.ids.count)
    if given == nil, let types {
      return tape.bertEmbedding(
        ids: batch.ids, positions: places, types: kinds, word: words.table, position: positions.table, type: types.table
      )
    }
    let placed = tape.add(given ?? words(batch.ids, on: tape), positions(places, on: tape))
    return types.map { tape.add(placed, $0(kinds, on: tape)) } ?? placed
  }

  /// Rows of the table of positions. In RoBERTa the padding token has the row of its id, all others those behind, in their
  /// order.
  private func places(in batch: TokenBatch) -> [Int32] {
    guard let padding = configuration.variant?.padding.map(Int32.init) else { return batch.positions }
    var places = [Int32]()
    places.reserveCapacity(batch.ids.count)
    for (start, end) in zip(batch.offsets, batch.offsets.dropFirst()) {
      var last = padding
      for id in batch.ids[start..<end] {
        if id != padding { last += 1 }
        places.append(id == padding ? padding : last)
      }
    }
    return places
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    count.read(embeddingParameters)
    projection?.count(rows: lengths.reduce(0, +), in: &count)
    for layer in layers { layer.count(lengths: lengths, in: &count) }
  }

  public var parameters: [Parameter] {
    embeddingParameters + (projection?.parameters ?? []) + layers.flatMap(\.parameters)
  }

  private var embeddingParameters: [Parameter] {
    words.parameters + positions.parameters + (types?.parameters ?? []) + embeddingNorm.parameters
  }
}
