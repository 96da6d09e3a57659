/// Sizes of a BERT encoder (Devlin et al. 2019, section 3), or of one of its descendants. Defaults are BERT-tiny's.
public struct TransformerConfiguration: Sendable, Equatable, Codable {
  public var layers = 2
  /// Width of a token vector; a multiple of `heads`.
  public var hidden = 128
  public var heads = 2
  /// Width of the feed-forward layer; 4 × hidden in every published BERT.
  public var intermediate = 512
  /// Longest sequence in tokens.
  public var maximumPositions = 512
  public var typeVocabulary = 2
  /// Dropout on embeddings, attention output and feed-forward output, a probability.
  public var dropout = 0.1
  /// Dropout on attention weights, a probability.
  public var attentionDropout = 0.1
  public var layerNormEpsilon = 1e-12
  /// Standard deviation of the initial weights.
  public var initializerRange = 0.02
  /// What the classifier reads: the pooler's output at [CLS], or the mean of the token vectors.
  public var pooling = Pooling.cls

  /// What an encoder of another architecture has besides; nil for BERT's.
  public var variant: EncoderVariant?

  public enum Pooling: String, Sendable, CaseIterable, Codable { case cls, mean }

  public init() {}
}

/// What can be said of an encoder before it is made.
extension TransformerConfiguration {
  /// Queries, keys, values, their mixture, two norms, and both sides of the feed-forward layer's activation.
  package var leastActivations: Double { Double(layers) * (6 * Double(hidden) + 2 * Double(intermediate)) }

  /// Of the encoder without what stands above it; nil where it has impossible sizes.
  package func parameterCount(vocabulary: Double) -> Double? {
    guard Extent.isPossible([layers, hidden, heads, intermediate, maximumPositions, typeVocabulary]),
      hidden % heads == 0, 0..<1 ~= dropout, 0..<1 ~= attentionDropout, layerNormEpsilon > 0,
      variant?.isPossible(in: self) ?? true
    else { return nil }
    let (h, i) = (Double(hidden), Double(intermediate))
    let l = Double(layers)
    // A gated feed-forward layer has two rising products; there are no biases, and no norm before the first layer.
    if architecture == .modernBERT { return vocabulary * h + l * (4 * h * h + 3 * h * i + 2 * h) + h }
    let width = Double(embeddingWidth), types = Double(architecture == .distilBERT ? 0 : typeVocabulary)
    let embeddings = (vocabulary + Double(positionRows) + types) * width + 2 * width
    let projection = embeddingWidth == hidden ? 0 : width * h + h
    return embeddings + projection + l * (4 * (h * h + h) + 2 * (h * i) + i + h + 4 * h)
  }

  /// Of the dense layer between the encoder and a classifier that reads it, with its biases, or the gains of its norm.
  package var headParameterCount: Double { hasDenseHead ? Double(hidden) * Double(hidden) + Double(hidden) : 0 }

  /// Of the encoder: four projections, the scores and their sums, and the feed-forward layer.
  package func operations(tokens: Double) -> Double {
    let hidden = Double(hidden), rising: Double = architecture == .modernBERT ? 6 : 4
    return Double(layers) * tokens
      * (8 * hidden * hidden + 4 * tokens * hidden + rising * hidden * Double(intermediate))
  }
}
