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
  /// As in manifests.
  public let kind: String
  /// The classes' names, in order.
  public let labels: [String]
  /// Steps from a raw text to what is cut into words or n-grams, by their names in manifests.
  public let steps: [String]

  package init(
    kind: String, labels: [String], steps: [String], sizes: [(String, JSONValue)], tensors: [Safetensors.Tensor],
    vocabulary: [String]? = nil
  ) {
    (self.kind, self.labels, self.steps) = (kind, labels, steps)
    (self.sizes, self.tensors, self.vocabulary) = (sizes, tensors, vocabulary)
  }

  /// - Parameter hasProbabilities: whether the softmax of its scores is one.
  package init(kind: String, _ model: LinearText, hasProbabilities: Bool, labels: [String]) {
    let ranges = [NGramScanner.Unit.word, .character].map { unit -> (String, JSONValue) in
      let range = model.encoder.vectorizer.blocks.first { $0.unit == unit }?.range
      return ("\(unit.rawValue)_ngrams", .list(range.map { [.integer($0.low), .integer($0.high)] } ?? []))
    }
    var sizes = ranges + [("sublinear", .flag(model.encoder.vectorizer.sublinear))]
    if !hasProbabilities { sizes.append(("probabilities", .flag(false))) }
    self.init(kind: kind, labels: labels, steps: model.encoder.text.steps, sizes: sizes, tensors: model.tensors)
  }

  /// Writes a folder with config.json, model.safetensors, bench_model.py, which answers as the model does, and of an LSTM
  /// vocab.txt.
  ///
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public func write(to folder: URL) throws {
    let settings = JSONValue.object(
      [
        ("bench_model", .text(kind)), ("labels", .list(labels.map { .text($0) })),
        ("bench_text", .list(steps.map { .text($0) })),
      ] + sizes)
    var files = [("config.json", settings.text() + "\n"), (BERTCheckpoint.loaderName, Self.loader)]
    if let vocabulary { files.append(("vocab.txt", vocabulary.map { $0 + "\n" }.joined())) }
    try ExportFolder.write(files.map { ($0, Data($1.utf8)) }, tensors: tensors, to: folder)
  }
}

/// A folder that is written whole or not at all.
enum ExportFolder {
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  static func write(
    _ files: [(name: String, content: Data)], tensors: [Safetensors.Tensor], metadata: [String: String] = [:],
    to folder: URL
  ) throws {
    let manager = FileManager.default
    guard !CheckpointFile.exists(folder) else {
      throw CheckpointError.unreadable("\(folder.lastPathComponent) exists already")
    }
    let draft = folder.deletingLastPathComponent().appendingPathComponent(".\(folder.lastPathComponent).\(UUID())")
    try manager.createDirectory(at: draft, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: draft) }
    for (name, content) in files { try content.write(to: draft.appendingPathComponent(name)) }
    try Safetensors.write(tensors, metadata: metadata, to: draft.appendingPathComponent("model.safetensors"))
    try manager.moveItem(at: draft, to: folder)
  }
}
