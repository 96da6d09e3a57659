import Autograd

/// Sizes of a recurrent classifier. For the hybrid, `embedding` is not used: token vectors come from the encoder.
public struct RecurrentConfiguration: Sendable, Equatable, Codable {
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

  /// n-grams of each word's letters, whose vectors' mean is added to the word's (Bojanowski et al. 2017); none where nil.
  public var letters: HashedWords?

  public enum Pooling: String, Sendable, CaseIterable, Codable { case last, mean, max, attention }

  public init() {}
}

/// What can be said of a recurrent network before it is made.
extension RecurrentConfiguration {
  /// Gates, output, and what the cell's gradient needs besides, of each direction.
  package func leastActivations(_ cell: RecurrentCell) -> Double {
    let besides =
      switch cell {
      case .rnn: 0
      case .gru: 3
      case .lstm: 1
      }
    return Double(layers) * (bidirectional ? 2 : 1) * Double(cell.gates + 1 + besides) * Double(hidden)
  }

  /// Of the vectors of n-grams of letters.
  package var letterParameters: Double { Double(letters?.buckets ?? 0) * Double(embedding) }

  /// Of the layers over vectors of width `inputs`, the pooling and the classifier; nil where it has impossible sizes.
  package func parameterCount(_ cell: RecurrentCell, inputs: Double, classes: Double) -> Double? {
    guard Extent.isPossible([layers, hidden]), 0..<1 ~= dropout else { return nil }
    let h = Double(hidden), directions: Double = bidirectional ? 2 : 1, gates = Double(cell.gates)
    let width = directions * h
    let first = directions * gates * h * (inputs + h + 2)
    let other = directions * gates * h * (width + h + 2)
    let attention = pooling == .attention ? width * width + 2 * width : 0
    return first + Double(layers - 1) * other + attention + width * classes + classes
  }

  /// Of the layers, the pooling and the classifier.
  package func operations(_ cell: RecurrentCell, tokens: Double, inputs: Int, classes: Int) -> Double {
    let directions = bidirectional ? 2 : 1
    let width = directions * hidden
    let read = (0..<layers).reduce(0) { $0 + ($1 == 0 ? inputs : width) + hidden }
    let pooled = pooling == .attention ? 2 * Double(width * width + width) : 0
    return tokens * (2 * Double(cell.gates * width) * Double(read) + pooled) + 2 * Double(width * classes)
  }
}
