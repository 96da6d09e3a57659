import Autograd
import Layers

/// ModernBERT's encoder (Warner et al. 2024, section 2.1): pre-norm layers without biases, positions by rotation, and
/// layers that see all of a text between those that see a window of it.
///
/// Departures: sequences are packed without padding, so there is no attention mask.
public struct ModernEncoder: TokenEncoder {
  public let configuration: TransformerConfiguration
  /// `[vocabulary, hidden]`.
  public let words: Embedding
  public let embeddingNorm: LayerNorm
  public let layers: [PreNormLayer]
  public let finalNorm: LayerNorm
  private let embeddingDropout: Float
  private let isGlobal: [Bool]
  private let globalAngles, localAngles: RotaryAngles

  /// Parameters `name.embeddings.*`, `name.layers.K.*` and `name.final_norm.weight`.
  init(
    _ name: String, _ configuration: TransformerConfiguration, _ settings: EncoderVariant.ModernSettings,
    vocabulary: Int, from source: ParameterSource
  ) {
    self.configuration = configuration
    let hidden = configuration.hidden, epsilon = configuration.layerNormEpsilon
    let initializer = Initializer.normal(deviation: configuration.initializerRange)
    words = Embedding(
      name + ".embeddings.tok_embeddings", vocabulary: vocabulary, width: hidden, initializer: initializer,
      from: source)
    embeddingNorm = LayerNorm(
      name + ".embeddings.norm", width: hidden, epsilon: epsilon, hasBias: false, from: source)
    layers = settings.isGlobal.enumerated().map { index, isGlobal in
      PreNormLayer(
        "\(name).layers.\(index)", hidden: hidden, heads: configuration.heads,
        intermediate: configuration.intermediate, window: isGlobal ? .max : settings.window,
        hasAttentionNorm: index > 0, dropout: configuration.dropout, attentionDropout: configuration.attentionDropout,
        epsilon: epsilon, initializer: initializer, from: source)
    }
    finalNorm = LayerNorm(name + ".final_norm", width: hidden, epsilon: epsilon, hasBias: false, from: source)
    (embeddingDropout, isGlobal) = (Float(settings.embeddingDropout), settings.isGlobal)
    func angles(_ base: Double) -> RotaryAngles {
      RotaryAngles(
        base: base, width: hidden / configuration.heads, longest: configuration.maximumPositions,
        in: source.workspace)
    }
    (globalAngles, localAngles) = (angles(settings.globalBase), angles(settings.localBase))
  }

  /// A batch of n tokens → `[n, hidden]`. What is given as words, `[n, hidden]`, stands in place of the tokens' vectors.
  public func callAsFunction(_ batch: TokenBatch, words given: Tensor?, on tape: Tape) -> Tensor {
    let positions = batch.positions
    let embedded = embeddingNorm(given ?? words(batch.ids, on: tape), on: tape)  // [n, hidden]
    var x = tape.dropout(embedded, probability: embeddingDropout)  // [n, hidden]
    for (layer, isGlobal) in zip(layers, isGlobal) {
      x = layer(
        x, offsets: batch.offsets, positions: positions, angles: isGlobal ? globalAngles : localAngles, on: tape)
    }
    return finalNorm(x, on: tape)  // [n, hidden]
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    count.read(words.parameters + embeddingNorm.parameters)
    for layer in layers { layer.count(lengths: lengths, in: &count) }
    count.read(finalNorm.parameters)
  }

  public var parameters: [Parameter] {
    words.parameters + embeddingNorm.parameters + layers.flatMap(\.parameters) + finalNorm.parameters
  }
}
