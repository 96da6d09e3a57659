/// What can be said of a network before it is made.
extension ModelConfiguration {
  /// Trained numbers of the network; nil where it has impossible sizes, or is no network.
  ///
  /// In Double, so that sizes from a hostile file cannot overflow: a file is held against it before memory is taken.
  public func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Self.isPossible([vocabulary, classes]) else { return nil }
    let (v, c) = (Double(vocabulary), Double(classes))
    switch self {
    case .bert(let sizes):
      guard let encoder = sizes.parameterCount(vocabulary: v) else { return nil }
      let hidden = Double(sizes.hidden)
      return encoder + (sizes.pooling == .cls ? hidden * hidden + hidden : 0) + hidden * c + c
    case .lstm(let sizes):
      guard Self.isPossible([sizes.embedding]) else { return nil }
      return sizes.parameterCount(inputs: Double(sizes.embedding), classes: c).map { $0 + v * Double(sizes.embedding) }
    case .bertLSTM(let sizes, let head):
      guard let encoder = sizes.parameterCount(vocabulary: v) else { return nil }
      return head.parameterCount(inputs: Double(sizes.hidden), classes: c).map { $0 + encoder }
    case .majority, .lookup, .tfidfLogistic: return nil
    }
  }

  /// Numbers that a training step holds for its backward pass at least, for each token: the outputs of the layers' parts.
  public var leastActivations: Double {
    switch self {
    case .bert(let sizes): sizes.leastActivations
    case .lstm(let sizes): Double(sizes.embedding) + sizes.leastActivations
    case .bertLSTM(let sizes, let head): sizes.leastActivations + head.leastActivations
    case .majority, .lookup, .tfidfLogistic: 0
    }
  }

  /// Whether each can be an extent of a tensor.
  static func isPossible(_ sizes: [Int]) -> Bool { sizes.allSatisfy { 1...(1 << 24) ~= $0 } }
}

extension TransformerConfiguration {
  /// Queries, keys, values, their mixture, two norms, and both sides of the feed-forward layer's activation.
  fileprivate var leastActivations: Double { Double(layers) * (6 * Double(hidden) + 2 * Double(intermediate)) }

  /// Of the encoder without pooler; nil where it has impossible sizes.
  fileprivate func parameterCount(vocabulary: Double) -> Double? {
    guard ModelConfiguration.isPossible([layers, hidden, heads, intermediate, maximumPositions, typeVocabulary]),
      hidden % heads == 0, 0..<1 ~= dropout, 0..<1 ~= attentionDropout, layerNormEpsilon > 0
    else { return nil }
    let (h, i) = (Double(hidden), Double(intermediate))
    let embeddings = (vocabulary + Double(maximumPositions) + Double(typeVocabulary)) * h + 2 * h
    return embeddings + Double(layers) * (4 * (h * h + h) + 2 * (h * i) + i + h + 4 * h)
  }
}

extension LSTMConfiguration {
  /// Four gates, the cell and the output, of each direction.
  fileprivate var leastActivations: Double { Double(layers) * (bidirectional ? 2 : 1) * 6 * Double(hidden) }

  /// Of the layers over vectors of width `inputs`, the pooling and the classifier; nil where it has impossible sizes.
  fileprivate func parameterCount(inputs: Double, classes: Double) -> Double? {
    guard ModelConfiguration.isPossible([layers, hidden]), 0..<1 ~= dropout else { return nil }
    let h = Double(hidden), directions: Double = bidirectional ? 2 : 1
    let width = directions * h
    let first = directions * (4 * h * inputs + 4 * h * h + 8 * h)
    let other = directions * (4 * h * width + 4 * h * h + 8 * h)
    let attention = pooling == .attention ? width * width + 2 * width : 0
    return first + Double(layers - 1) * other + attention + width * classes + classes
  }
}
