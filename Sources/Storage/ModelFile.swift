import Families
import Files
import Foundation
import Models
import Text

/// A trained model as one file, exact to the bit: what a run keeps, and a later one reads.
///
/// It is a `StoredFile`, and so a safetensors file, whose weights any program can read. Its format is `bench-model 1`, its
/// outline the class names, the sizes and the state's own (`ModelState.outline`); its tensors are the state's
/// (`ModelState.tensors`).
///
/// No training text is in it; a vocabulary and n-grams are words and pieces of training texts.
public struct ModelFile: Sendable {
  public var model: TrainedModel
  /// Names of the classes, in the order of the model's probabilities.
  public var labels: [String]

  public init(model: TrainedModel, labels: [String]) {
    precondition(labels.count == model.classes, "ModelFile: \(labels.count) names for \(model.classes) classes")
    (self.model, self.labels) = (model, labels)
  }

  /// The file's content; equal models give equal bytes.
  public var bytes: [UInt8] { draft.bytes }

  package var draft: StoredFile.Draft {
    StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(WholeOutline(model: model, labels: labels)),
      tensors: model.state.tensors)
  }

  /// - Throws: `CheckpointError` where the bytes are no such file, or are damaged; nothing in them makes it trap or take
  ///   more memory than a multiple of their number.
  public init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    let outline: Outline
    do { outline = try StoredJSON.decode(Outline.self, from: file.outline) } catch {
      throw .malformed("its outline is not that of a model: \(error)")
    }
    guard !outline.labels.isEmpty else { throw .malformed("its outline names no classes") }
    let classes = outline.labels.count
    let state = try outline.configuration.family.state(
      outline: file.outline, tensors: file.tensors, classes: classes)
    self.init(
      model: TrainedModel(configuration: outline.configuration, classes: classes, state: state), labels: outline.labels)
  }

  /// - Throws: as `init(bytes:)`, and `CheckpointError.unreadable` with the system's reason.
  public init(contentsOf url: URL) throws(CheckpointError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .unreadable("cannot be read: \(FileSystem.reason(of: error))")
    }
    try self.init(bytes: [UInt8](data))
  }

  /// - Throws: `CheckpointError.unsupported` where it is a floor, or has a tokenizer that its folder cannot hold.
  public func export() throws(CheckpointError) -> ModelExport { try model.state.export(labels: labels) }

  private static let format = "bench-model 1"
}

/// The part of a stored model that is no tensor: what every model has, beside the keys of its own state.
private struct Outline: Codable {
  var labels: [String]
  var configuration: ModelConfiguration
}

private struct WholeOutline: Encodable {
  let model: TrainedModel
  let labels: [String]

  func encode(to encoder: any Encoder) throws {
    try Outline(labels: labels, configuration: model.configuration).encode(to: encoder)
    try model.state.outline.encode(to: encoder)
  }
}
