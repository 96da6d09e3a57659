import Models
import Text

extension NumPyFolder {
  /// A network that reads words.
  ///
  /// - Parameters:
  ///   - sizes: what its program needs to know besides the tensors.
  ///   - pipeline: whose tokens are words.
  /// - Throws: `CheckpointError.unsupported` where they are pieces of words.
  init(
    _ kind: ModelKind, sizes: [(String, JSONValue)], _ weights: WeightSnapshot, _ pipeline: TextPipeline,
    labels: [String]
  ) throws(CheckpointError) {
    guard pipeline.settings.tokenizer == .words else {
      throw .unsupported(
        "got a model of kind \(kind) that reads word pieces (tokenizer: wordpiece), expected one that reads whole words"
      )
    }
    self.init(
      kind: kind.rawValue, labels: labels, steps: pipeline.settings.steps,
      sizes: sizes + [
        ("maximum_tokens", .integer(pipeline.settings.maximumTokens)),
        ("placeholders", .list(PlaceholderToken.allCases.map { .text($0.rawValue) })),
        ("emoji", .list(emoji.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })),
      ], tensors: weights.tensors.map(\.tensor), vocabulary: pipeline.vocabularyTokens)
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
