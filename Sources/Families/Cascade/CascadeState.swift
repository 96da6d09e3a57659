import Compute
import Foundation
import Models
import Tasks
import Text
import Training

/// Two models, and from which probability on the first answers.
struct CascadeState: ModelState {
  let first: TrainedModel
  let second: TrainedModel
  let threshold: Float

  init(first: TrainedModel, second: TrainedModel, threshold: Float) {
    (self.first, self.second, self.threshold) = (first, second, threshold)
  }

  private struct Outline: Codable {
    struct Stage: Codable {
      var configuration: ModelConfiguration
      var adjustment: AnswerAdjustment?
      /// JSON of its state's own outline.
      var state: String
    }
    var stages: [Stage]
    var from: Float
  }

  private static func stage(_ model: TrainedModel) -> Outline.Stage {
    Outline.Stage(
      configuration: model.configuration, adjustment: model.adjustment,
      state: StoredJSON.encode(AnyOutline(model.state.outline)))
  }

  var outline: any Encodable { Outline(stages: [Self.stage(first), Self.stage(second)], from: threshold) }

  /// Those of both under their names, `first.` or `second.` before each.
  var tensors: [Safetensors.Tensor] {
    let all = zip(["first", "second"], [first, second]).flatMap { name, model in
      model.state.tensors.map { $0.named("\(name).\($0.name)") }
    }
    return [8, 4, 2, 1].flatMap { size in all.filter { $0.element.size == size } }
  }

  /// - Throws: `CheckpointError` where one of the models does not fit its sizes, or itself.
  init(outline: String, stored file: Safetensors, shape: TaskShape) throws(CheckpointError) {
    let outline = try Self.part(Outline.self, of: outline)
    guard outline.stages.count == 2, !outline.from.isNaN else {
      throw .malformed("a cascade of \(outline.stages.count) models from \(outline.from) on")
    }
    var models: [TrainedModel] = []
    for (name, stage) in zip(["first", "second"], outline.stages) {
      guard stage.configuration.kind != .cascade, stage.adjustment?.isSound(classes: shape.classes) ?? true else {
        throw .malformed("its \(name) model is not one of \(shape.classes) classes")
      }
      let state = try stage.configuration.family.state(
        outline: stage.state, tensors: file.part("\(name)."), shape: shape)
      var model = TrainedModel(configuration: stage.configuration, shape: shape, state: state)
      model.adjustment = stage.adjustment
      models.append(model)
    }
    self.init(first: models[0], second: models[1], threshold: outline.from)
  }

  var columns: [InputColumn] { first.columns.isEmpty ? second.columns : first.columns }
  var readsText: Bool { first.readsText || second.readsText }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    CascadeClassifier(
      first.classifier(in: workspace, batchSize: batchSize), second.classifier(in: workspace, batchSize: batchSize),
      threshold: threshold)
  }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(CascadeFamily.kind) }
}

private struct AnyOutline: Encodable {
  let value: any Encodable
  init(_ value: any Encodable) { self.value = value }
  func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// Asks the second model what the first is not sure of.
final class CascadeClassifier: TextClassifier {
  private let first: any TextClassifier
  private let second: any TextClassifier
  private let threshold: Float

  init(_ first: any TextClassifier, _ second: any TextClassifier, threshold: Float) {
    (self.first, self.second, self.threshold) = (first, second, threshold)
  }

  var classes: Int { second.classes }
  var parameterCount: Int { first.parameterCount + second.parameterCount }
  var byteCount: Int { first.byteCount + second.byteCount }
  var vocabularyCount: Int? { nil }

  /// Which model reads a row is known when the first has answered.
  func encode(_ inputs: [Input]) -> EncodedTexts { .rows(inputs) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    let inputs = rows(encoded)
    var answers = first.answers(first.encode(inputs), pool: pool)
    let unsure = unsure(answers)
    guard !unsure.isEmpty else { return answers }
    let others = second.answers(second.encode(unsure.map { inputs[$0] }), pool: pool)
    for (place, row) in unsure.enumerated() {
      answers.replaceSubrange(
        row * classes..<(row + 1) * classes, with: others[place * classes..<(place + 1) * classes])
    }
    return answers
  }

  /// Share of the rows that the first answers.
  func coverage(_ inputs: [Input], pool: WorkerPool) -> Double? {
    guard !inputs.isEmpty else { return nil }
    let unsure = unsure(first.answers(first.encode(inputs), pool: pool))
    return 1 - Double(unsure.count) / Double(inputs.count)
  }

  private func unsure(_ answers: [Float]) -> [Int] {
    CascadeThreshold.sureness(answers, classes: classes).enumerated().filter { $1 < threshold }.map(\.offset)
  }

  func flops(_ encoded: EncodedTexts) -> Double {
    let inputs = rows(encoded), read = first.encode(inputs)
    let unsure = unsure(first.answers(read, pool: WorkerPool(threads: 1))).map { inputs[$0] }
    return first.flops(read) + (unsure.isEmpty ? 0 : second.flops(second.encode(unsure)))
  }

  private func rows(_ encoded: EncodedTexts) -> [Input] {
    guard case .rows(let inputs) = encoded else { preconditionFailure("a cascade reads rows") }
    return inputs
  }
}

extension TrainedModel {
  /// Of a cascade, the share of the rows that its first model answers; nil of what is none.
  public func coverage(_ inputs: [Input], pool: WorkerPool) -> Double? {
    (state as? CascadeState).flatMap { state in
      (state.classifier(in: Workspace(), batchSize: 32) as? CascadeClassifier)?.coverage(inputs, pool: pool)
    }
  }
}
