/// Sizes of a BERT encoder (Devlin et al. 2019, section 3). Defaults are BERT-tiny's.
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

  public enum Pooling: String, Sendable, CaseIterable, Codable { case cls, mean }

  public init() {}
}

/// What can be said of an encoder before it is made.
extension TransformerConfiguration {
  /// Queries, keys, values, their mixture, two norms, and both sides of the feed-forward layer's activation.
  package var leastActivations: Double { Double(layers) * (6 * Double(hidden) + 2 * Double(intermediate)) }

  /// Of the encoder without pooler; nil where it has impossible sizes.
  package func parameterCount(vocabulary: Double) -> Double? {
    guard Extent.isPossible([layers, hidden, heads, intermediate, maximumPositions, typeVocabulary]),
      hidden % heads == 0, 0..<1 ~= dropout, 0..<1 ~= attentionDropout, layerNormEpsilon > 0
    else { return nil }
    let (h, i) = (Double(hidden), Double(intermediate))
    let embeddings = (vocabulary + Double(maximumPositions) + Double(typeVocabulary)) * h + 2 * h
    return embeddings + Double(layers) * (4 * (h * h + h) + 2 * (h * i) + i + h + 4 * h)
  }

  /// Of the encoder: four projections, the scores and their sums, and the feed-forward layer.
  package func operations(tokens: Double) -> Double {
    let hidden = Double(hidden)
    return Double(layers) * tokens * (8 * hidden * hidden + 4 * tokens * hidden + 4 * hidden * Double(intermediate))
  }
}
