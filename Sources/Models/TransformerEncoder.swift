import Autograd
import Layers

/// Token ids to one vector a token, each aware of all others in its text (Devlin et al. 2019, section 3, on Vaswani et
/// al. 2017): post-norm layers, learned positions, token types, GELU by erf.
///
/// Departures: sequences are packed without padding, so there is no attention mask.
public struct TransformerEncoder {
  public let configuration: TransformerConfiguration
  /// `[vocabulary, hidden]`.
  public let words: Embedding
  /// `[maximumPositions, hidden]`.
  public let positions: Embedding
  /// `[typeVocabulary, hidden]`.
  public let types: Embedding
  public let embeddingNorm: LayerNorm
  public let layers: [TransformerLayer]

  /// Parameters `name.embeddings.*` and `name.encoder.layer.K.*`.
  public init(
    _ name: String, _ configuration: TransformerConfiguration, vocabulary: Int, from source: ParameterSource
  ) {
    self.configuration = configuration
    let hidden = configuration.hidden, epsilon = configuration.layerNormEpsilon
    let initializer = Initializer.normal(deviation: configuration.initializerRange)
    func table(_ part: String, _ count: Int) -> Embedding {
      Embedding(
        "\(name).embeddings.\(part)_embeddings", vocabulary: count, width: hidden, initializer: initializer,
        from: source)
    }
    words = table("word", vocabulary)
    positions = table("position", configuration.maximumPositions)
    types = table("token_type", configuration.typeVocabulary)
    embeddingNorm = LayerNorm("\(name).embeddings.LayerNorm", width: hidden, epsilon: epsilon, from: source)
    layers = (0..<configuration.layers).map { index in
      TransformerLayer(
        "\(name).encoder.layer.\(index)", hidden: hidden, heads: configuration.heads,
        intermediate: configuration.intermediate, dropout: configuration.dropout,
        attentionDropout: configuration.attentionDropout, epsilon: epsilon, initializer: initializer, from: source)
    }
  }

  /// A batch of n tokens → `[n, hidden]`.
  public func callAsFunction(_ batch: TokenBatch, on tape: Tape) -> Tensor {
    let embedded = tape.bertEmbedding(
      ids: batch.ids, positions: batch.positions, types: batch.types ?? [Int32](repeating: 0, count: batch.ids.count),
      word: words.table, position: positions.table, type: types.table)  // [n, hidden]
    let normed = embeddingNorm(embedded, on: tape)  // [n, hidden]
    var x = tape.dropout(normed, probability: Float(configuration.dropout))  // [n, hidden]
    for layer in layers { x = layer(x, offsets: batch.offsets, on: tape) }  // [n, hidden]
    return x
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    count.read(embeddingParameters)
    for layer in layers { layer.count(lengths: lengths, in: &count) }
  }

  public var parameters: [Parameter] { embeddingParameters + layers.flatMap(\.parameters) }

  private var embeddingParameters: [Parameter] {
    words.parameters + positions.parameters + types.parameters + embeddingNorm.parameters
  }
}
