import Families
import Files
import Foundation
import Models
import Tasks
import Text

/// A trained model as one file, exact to the bit: what a run keeps, and a later one reads.
///
/// It is a `StoredFile`, and so a safetensors file, whose weights any program can read. Its format is `bench-model 1`, its
/// outline the class names, the task where it is no classification, the sizes and the state's own (`ModelState.outline`);
/// its tensors are the state's (`ModelState.tensors`).
///
/// No training text is in it; a vocabulary and n-grams are words and pieces of training texts.
public struct ModelFile: Sendable {
  public var model: TrainedModel
  /// Names of the classes, in the order of the model's probabilities.
  public var labels: [String]

  public init(model: TrainedModel, labels: [String]) {
    precondition(
      labels.count == model.shape.classes, "ModelFile: \(labels.count) names for \(model.shape.classes) classes")
    (self.model, self.labels) = (model, labels)
  }

  /// The file's content; equal models give equal bytes.
  public var bytes: [UInt8] { draft.bytes }

  package var draft: StoredFile.Draft {
    StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(WholeOutline(file: self)),
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
    let problem = outline.problem ?? .classification, threshold = outline.threshold ?? LabelThreshold.usual
    guard outline.labels.isEmpty == (problem == .regression) else { throw .malformed("its outline names no classes") }
    guard type(of: outline.configuration.family).problems.contains(problem), 0...1 ~= threshold else {
      throw .malformed("its outline has a task that \(outline.configuration.kind) does not have")
    }
    let shape = TaskShape(problem, classes: outline.labels.count)
    let state = try outline.configuration.family.state(
      outline: file.outline, tensors: file.tensors, shape: shape)
    var model = TrainedModel(configuration: outline.configuration, shape: shape, state: state)
    model.threshold = threshold
    guard outline.adjustment?.isSound(classes: shape.classes) ?? true else {
      throw .malformed("its adjustment is not one of \(shape.classes) classes")
    }
    model.adjustment = outline.adjustment
    self.init(model: model, labels: outline.labels)
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
  public func export() throws(CheckpointError) -> ModelExport {
    guard model.shape.problem == .classification else {
      throw .unsupported("got a model of `problem: \(model.shape.problem.rawValue)`, expected one of classes")
    }
    guard model.adjustment == nil else {
      throw .unsupported("got a model with `training.calibration` or `training.thresholds`, expected one without")
    }
    return try model.state.export(labels: labels)
  }

  private static let format = "bench-model 1"
}

/// The part of a stored model that is no tensor: what every model has, beside the keys of its own state.
private struct Outline: Codable {
  var labels: [String]
  var configuration: ModelConfiguration
  /// nil of a classification, as earlier versions wrote it.
  var problem: Problem?
  /// From which probability a label is given, where there may be several.
  var threshold: Float?
  /// What is done to its probabilities; nil where nothing is.
  var adjustment: AnswerAdjustment?

  init(_ file: ModelFile) {
    (labels, configuration) = (file.labels, file.model.configuration)
    let own = file.model.shape.problem
    problem = own == .classification ? nil : own
    threshold = own == .multiLabel ? file.model.threshold : nil
    adjustment = file.model.adjustment
  }
}

private struct WholeOutline: Encodable {
  let file: ModelFile

  func encode(to encoder: any Encoder) throws {
    try Outline(file).encode(to: encoder)
    try file.model.state.outline.encode(to: encoder)
  }
}
