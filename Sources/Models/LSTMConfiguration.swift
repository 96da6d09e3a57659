/// Sizes of an LSTM classifier. For the hybrid, `embedding` is not used: token vectors come from the encoder.
public struct LSTMConfiguration: Sendable, Equatable, Codable {
  /// Width of a word vector.
  public var embedding = 128
  /// Width of a hidden state, per direction.
  public var hidden = 128
  public var layers = 1
  public var bidirectional = true
  /// Dropout on embeddings, between layers and before the classifier, a probability.
  public var dropout = 0.3
  /// How the hidden states become one vector: the last states, or mean, maximum, attention over time.
  public var pooling = Pooling.max

  public enum Pooling: String, Sendable, CaseIterable, Codable { case last, mean, max, attention }

  public init() {}
}

/// What can be said of an LSTM before it is made.
extension LSTMConfiguration {
  /// Four gates, the cell and the output, of each direction.
  package var leastActivations: Double { Double(layers) * (bidirectional ? 2 : 1) * 6 * Double(hidden) }

  /// Of the layers over vectors of width `inputs`, the pooling and the classifier; nil where it has impossible sizes.
  package func parameterCount(inputs: Double, classes: Double) -> Double? {
    guard Extent.isPossible([layers, hidden]), 0..<1 ~= dropout else { return nil }
    let h = Double(hidden), directions: Double = bidirectional ? 2 : 1
    let width = directions * h
    let first = directions * (4 * h * inputs + 4 * h * h + 8 * h)
    let other = directions * (4 * h * width + 4 * h * h + 8 * h)
    let attention = pooling == .attention ? width * width + 2 * width : 0
    return first + Double(layers - 1) * other + attention + width * classes + classes
  }

  /// Of the layers, the pooling and the classifier.
  package func operations(tokens: Double, inputs: Int, classes: Int) -> Double {
    let directions = bidirectional ? 2 : 1
    let width = directions * hidden
    let read = (0..<layers).reduce(0) { $0 + ($1 == 0 ? inputs : width) + hidden }
    let pooled = pooling == .attention ? 2 * Double(width * width + width) : 0
    return tokens * (8 * Double(width) * Double(read) + pooled) + 2 * Double(width * classes)
  }
}
