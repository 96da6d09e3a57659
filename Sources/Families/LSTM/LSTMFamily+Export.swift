import Models
import Text

extension NumPyFolder {
  /// - Parameter words: the pipeline's, whose tokens are words.
  init(_ configuration: LSTMConfiguration, _ weights: WeightSnapshot, words: TextPipeline, labels: [String]) {
    precondition(words.wordPiece == nil, "NumPyFolder: an LSTM that reads word pieces")
    self.init(
      kind: LSTMFamily.kind.rawValue, labels: labels, steps: words.settings.steps,
      sizes: [
        ("hidden", .integer(configuration.hidden)), ("layers", .integer(configuration.layers)),
        ("bidirectional", .flag(configuration.bidirectional)), ("pooling", .text(configuration.pooling.rawValue)),
        ("maximum_tokens", .integer(words.settings.maximumTokens)),
        ("placeholders", .list(PlaceholderToken.allCases.map { .text($0.rawValue) })),
        ("emoji", .list(emoji.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })),
      ], tensors: weights.tensors.map(\.tensor), vocabulary: words.vocabularyTokens)
  }
}

/// Numbers of all scalars beyond ASCII that are emoji, which Python does not know.
private let emoji: [ClosedRange<Int>] = {
  var ranges: [ClosedRange<Int>] = []
  for number in 0x80...0x1FFFF where Unicode.Scalar(number)?.properties.isEmoji == true {
    if let last = ranges.last, last.upperBound == number - 1 {
      ranges[ranges.count - 1] = last.lowerBound...number
    } else {
      ranges.append(number...number)
    }
  }
  return ranges
}()
