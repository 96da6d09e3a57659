import Compute
import Foundation
import Models
import Tasks
import Text

/// From rows to the columns that boosted trees look at.
struct BoostingInput: Sendable {
  let encoder: FeatureEncoder
  /// Whether columns are read as the features that other models read; as they are where false.
  let isEncoded: Bool

  /// All columns but those of vectors.
  func table(_ inputs: [Input]) -> TableColumns {
    isEncoded ? TableColumns(encoder.features(inputs)) : encoder.table(inputs)
  }
}

/// What gradient boosting learns.
struct BoostingState: FeatureReader {
  let input: BoostingInput
  let model: GradientBoosting

  init(input: BoostingInput, model: GradientBoosting) { (self.input, self.model) = (input, model) }

  private struct Outline: Codable {
    var tfidf: FeatureEncoder.Outline
    var outputs: Int
    var isEncoded: Bool
  }

  var outline: any Encodable {
    Outline(tfidf: encoder.outline, outputs: model.outputs, isEncoded: input.isEncoded)
  }
  var tensors: [Safetensors.Tensor] { encoder.tensors(with: model.tensors) }
  var encoder: FeatureEncoder { input.encoder }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  init(outline: String, stored file: Safetensors, shape: TaskShape) throws(CheckpointError) {
    let outline = try Self.part(Outline.self, of: outline)
    guard outline.outputs == shape.outputs else {
      throw .malformed("a model of \(outline.outputs) outputs for \(shape.outputs)")
    }
    input = BoostingInput(
      encoder: try FeatureEncoder(outline: outline.tfidf, stored: file), isEncoded: outline.isEncoded)
    model = try GradientBoosting(
      stored: file, columns: input.table([]).columns.count + (input.encoder.vectors?.width ?? 0),
      outputs: shape.outputs,
      isNumber: shape.problem == .regression)
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { BoostingClassifier(input, model) }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    throw .notExported(GradientBoostingFamily.kind)
  }
}

/// Answers rows by boosted trees.
final class BoostingClassifier: TextClassifier {
  fileprivate let input: BoostingInput
  fileprivate let model: GradientBoosting

  init(_ input: BoostingInput, _ model: GradientBoosting) { (self.input, self.model) = (input, model) }

  var classes: Int { model.outputs }
  var parameterCount: Int { model.parameterCount }
  var byteCount: Int { model.byteCount + input.encoder.byteCount }
  var vocabularyCount: Int? { input.encoder.count }

  func encode(_ inputs: [Input]) -> EncodedTexts { .table(input.table(inputs)) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] { model.predict(table(encoded), pool: pool) }

  /// One comparison for each split on the way to a leaf, in balanced trees.
  func flops(_ encoded: EncodedTexts) -> Double {
    guard model.nodes.trees > 0 else { return 0 }
    let leaves = Double(model.nodes.leaves) / Double(model.nodes.trees)
    return Double(encoded.count * model.nodes.trees) * log2(max(2, leaves)).rounded(.up)
  }

  private func table(_ encoded: EncodedTexts) -> TableColumns {
    guard case .table(let table) = encoded else { preconditionFailure("boosted trees read columns") }
    return table
  }
}

extension BoostingClassifier: AttributingClassifier {
  var attributionMethod: AttributionMethod? { input.encoder.isText && model.nodes.trees > 0 ? .shapley : nil }

  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    pool.map(texts.count) { index in
      let found = model.attribution(input.table([Input(text: texts[index])]), output: outputs[index])
      return input.encoder.attribution(texts[index], found)
    }
  }
}
