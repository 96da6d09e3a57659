import Foundation
import Text

/// A model that NumPy is enough for, with all that another program needs to answer as it does: TF-IDF with its
/// regression, or an LSTM that reads words.
public struct NumPyFolder: Sendable {
  /// config.json, but for what all kinds have.
  private var sizes: [(String, JSONValue)]
  private var tensors: [Safetensors.Tensor]
  /// In the order of their numbers; nil where the tensors have the n-grams.
  private var vocabulary: [String]?
  public let kind: ModelKind
  /// The classes' names, in order.
  public let labels: [String]
  /// Steps from a raw text to what is cut into words or n-grams, by their names in manifests.
  public let steps: [String]

  public init(_ state: TFIDFLogisticState, labels: [String]) {
    (kind, self.labels, steps, tensors) = (.tfidfLogistic, labels, state.text.steps, state.tensors)
    let ranges = [NGramScanner.Unit.word, .character].map { unit -> (String, JSONValue) in
      let range = state.vectorizer.blocks.first { $0.unit == unit }?.range
      return ("\(unit.rawValue)_ngrams", .list(range.map { [.integer($0.low), .integer($0.high)] } ?? []))
    }
    sizes = ranges + [("sublinear", .flag(state.vectorizer.sublinear))]
  }

  /// - Parameter words: the pipeline's, whose tokens are words.
  public init(_ configuration: LSTMConfiguration, _ weights: WeightSnapshot, words: TextPipeline, labels: [String]) {
    precondition(words.wordPiece == nil, "NumPyFolder: an LSTM that reads word pieces")
    (kind, self.labels, steps) = (.lstm, labels, words.settings.steps)
    (tensors, vocabulary) = (weights.tensors.map(\.tensor), words.vocabularyTokens)
    sizes = [
      ("hidden", .integer(configuration.hidden)), ("layers", .integer(configuration.layers)),
      ("bidirectional", .flag(configuration.bidirectional)), ("pooling", .text(configuration.pooling.rawValue)),
      ("maximum_tokens", .integer(words.settings.maximumTokens)),
      ("placeholders", .list(PlaceholderToken.allCases.map { .text($0.rawValue) })),
      ("emoji", .list(Self.emoji.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })),
    ]
  }

  /// Numbers of all scalars beyond ASCII that are emoji, which Python does not know.
  private static let emoji: [ClosedRange<Int>] = {
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

  /// Writes a folder with config.json, model.safetensors, bench_model.py, which answers as the model does, and of an LSTM
  /// vocab.txt.
  ///
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public func write(to folder: URL) throws {
    let settings = JSONValue.object(
      [
        ("bench_model", .text(kind.rawValue)), ("labels", .list(labels.map { .text($0) })),
        ("bench_text", .list(steps.map { .text($0) })),
      ] + sizes)
    var files = [("config.json", settings.text() + "\n"), (BERTCheckpoint.loaderName, Self.loader)]
    if let vocabulary { files.append(("vocab.txt", vocabulary.map { $0 + "\n" }.joined())) }
    try ExportFolder.write(files, tensors: tensors, to: folder)
  }
}

/// A folder that is written whole or not at all.
enum ExportFolder {
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  static func write(
    _ files: [(String, String)], tensors: [Safetensors.Tensor], metadata: [String: String] = [:],
    to folder: URL
  ) throws {
    let manager = FileManager.default
    guard !CheckpointFile.exists(folder) else {
      throw CheckpointError.unreadable("\(folder.lastPathComponent) exists already")
    }
    let draft = folder.deletingLastPathComponent().appendingPathComponent(".\(folder.lastPathComponent).\(UUID())")
    try manager.createDirectory(at: draft, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: draft) }
    for (name, text) in files { try Data(text.utf8).write(to: draft.appendingPathComponent(name)) }
    try Safetensors.write(tensors, metadata: metadata, to: draft.appendingPathComponent("model.safetensors"))
    try manager.moveItem(at: draft, to: folder)
  }
}
