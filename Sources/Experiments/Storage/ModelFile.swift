import Foundation
import Models
import Text

/// A trained model as one file, exact to the bit: what a run keeps, and a later one reads.
///
/// It is a `StoredFile`, and so a safetensors file, whose weights any program can read. Its format is `bench-model 1`, its
/// outline the class names, the sizes, and the text pipeline with its vocabulary, the n-gram settings, or the class
/// counts. Its tensors are
/// - of a network: the weights under the names of PyTorch and Hugging Face;
/// - of TF-IDF: n-grams, their weights, the regression's (`TFIDFLogisticState.tensors`);
/// - of lookup: digests of the training texts and their label counts (`LookupState.tensors`);
/// - of majority: none.
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

  var draft: StoredFile.Draft {
    StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(Outline(model: model, labels: labels)), tensors: tensors)
  }

  /// - Throws: `CheckpointError` where the bytes are no such file, or are damaged; nothing in them makes it trap or take
  ///   more memory than a multiple of their number.
  public init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    let outline = try Outline(json: file.outline)
    self.init(model: try outline.model(file.tensors), labels: outline.labels)
  }

  /// - Throws: as `init(bytes:)`, and `CheckpointError.unreadable` with the system's reason.
  public init(contentsOf url: URL) throws(CheckpointError) {
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .unreadable("cannot be read: \(FileSystem.reason(of: error))")
    }
    try self.init(bytes: [UInt8](data))
  }

  private static let format = "bench-model 1"

  private var tensors: [Safetensors.Tensor] {
    switch model.state {
    case .network(_, let weights): weights.tensors.map(\.tensor)
    case .majority: []
    case .lookup(let state): state.tensors
    case .tfidfLogistic(let state): state.tensors
    }
  }
}

/// The part of a stored model that is no tensor.
private struct Outline: Codable {
  var labels: [String]
  var configuration: ModelConfiguration
  var pipeline: TextPipeline?
  var tfidf: TFIDFLogisticState.Outline?
  var prior: MajorityState?

  init(model: TrainedModel, labels: [String]) {
    (self.labels, configuration) = (labels, model.configuration)
    switch model.state {
    case .network(let pipeline, _): self.pipeline = pipeline
    case .majority(let state): prior = state
    case .lookup(let state): prior = state.prior
    case .tfidfLogistic(let state): tfidf = state.outline
    }
  }

  init(json: String) throws(CheckpointError) {
    do { self = try StoredJSON.decode(Outline.self, from: json) } catch {
      throw .malformed("its outline is not that of a model: \(error)")
    }
    guard !labels.isEmpty else { throw .malformed("its outline names no classes") }
  }

  func model(_ file: Safetensors) throws(CheckpointError) -> TrainedModel {
    TrainedModel(configuration: configuration, classes: labels.count, state: try state(file))
  }

  private func state(_ file: Safetensors) throws(CheckpointError) -> TrainedModel.State {
    switch configuration {
    case .majority: return .majority(try checkedPrior())
    case .lookup: return .lookup(try LookupState(prior: checkedPrior(), stored: file))
    case .tfidfLogistic:
      guard let tfidf else { throw missing("tfidf") }
      return .tfidfLogistic(try TFIDFLogisticState(outline: tfidf, classes: labels.count, stored: file))
    case .bert, .lstm, .bertLSTM:
      guard let pipeline else { throw missing("pipeline") }
      return .network(pipeline, try weights(file, pipeline))
    }
  }

  private func checkedPrior() throws(CheckpointError) -> MajorityState {
    guard let prior else { throw missing("prior") }
    guard prior.counts.count == labels.count, prior.counts.allSatisfy({ 0...(1 << 40) ~= $0 }) else {
      throw .malformed("its class counts are not those of \(labels.count) classes")
    }
    return prior
  }

  /// Held against the sizes before a network is made, and against the network's own names and shapes.
  private func weights(_ file: Safetensors, _ pipeline: TextPipeline) throws(CheckpointError) -> WeightSnapshot {
    let stored = file.entries.reduce(0) { $0 + $1.range.count / MemoryLayout<Float>.size }
    let expected = configuration.parameterCount(vocabulary: pipeline.embeddingRows, classes: labels.count)
    guard let expected, expected == Double(stored), pipeline.settings.maximumTokens <= longestSequence else {
      throw .malformed("its tensors hold \(stored) numbers, which its sizes do not ask for")
    }
    var tensors = [NamedTensor]()
    for entry in file.entries {
      guard entry.element == .f32 else {
        throw .kind(tensor: entry.name, got: entry.element.rawValue, expected: "F32")
      }
      tensors.append(NamedTensor(name: entry.name, shape: entry.shape, values: try file.floats(entry.name)))
    }
    let weights = WeightSnapshot(tensors)
    try TrainedModel.check(weights, configuration, vocabulary: pipeline.embeddingRows, classes: labels.count)
    return weights
  }

  /// In tokens.
  private var longestSequence: Int {
    switch configuration {
    case .bert(let sizes), .bertLSTM(let sizes, _): sizes.maximumPositions
    case .lstm, .majority, .lookup, .tfidfLogistic: .max
    }
  }

  private func missing(_ key: String) -> CheckpointError { .malformed("its outline has no \(key)") }
}
