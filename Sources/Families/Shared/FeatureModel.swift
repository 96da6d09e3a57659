import Compute
import Models
import Tasks
import Text

/// A model that answers rows of features, whatever these are.
protocol FeatureModel: Sendable {
  /// Numbers that a row gets: one for each class, or 1.
  var outputs: Int { get }
  /// Trained numbers.
  var parameterCount: Int { get }
  var byteCount: Int { get }
  var tensors: [Safetensors.Tensor] { get }
  /// Probabilities of the classes, or numbers: `[rows, outputs]`.
  func answers(_ rows: SparseRows, pool: WorkerPool) -> [Float]
  /// Floating-point operations to answer for these rows, comparisons counted as one.
  func flops(_ rows: SparseRows) -> Double
}

/// One whose scores can be divided among the columns of a row.
protocol AttributingFeatureModel: FeatureModel {
  static var attributionMethod: AttributionMethod { get }
  /// - Parameter row: one row.
  func attribution(_ row: SparseRows, output: Int) -> FeatureAttribution
}

/// What a model over features learns where it is no linear one.
struct FeatureState<Model: FeatureModel>: FeatureReader {
  let kind: ModelKind
  let encoder: FeatureEncoder
  let model: Model

  init(_ kind: ModelKind, _ encoder: FeatureEncoder, _ model: Model) {
    (self.kind, self.encoder, self.model) = (kind, encoder, model)
  }

  struct Outline: Codable {
    var tfidf: FeatureEncoder.Outline
    var outputs: Int
  }

  var outline: any Encodable { Outline(tfidf: encoder.outline, outputs: model.outputs) }
  var tensors: [Safetensors.Tensor] { encoder.tensors(with: model.tensors) }

  /// - Parameter read: makes the model of the stored tensors and the number of features.
  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  init(
    _ kind: ModelKind, outline: String, shape: TaskShape, stored file: Safetensors,
    _ read: (Safetensors, _ features: Int) throws(CheckpointError) -> Model
  ) throws(CheckpointError) {
    let outline = try Self.part(Outline.self, of: outline)
    guard outline.outputs == shape.outputs else {
      throw .malformed("a model of \(outline.outputs) outputs for \(shape.outputs)")
    }
    let encoder = try FeatureEncoder(outline: outline.tfidf, stored: file)
    self.init(kind, encoder, try read(file, encoder.count))
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    FeatureClassifier(encoder: encoder, model: model)
  }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(kind) }
}

/// Answers rows by their features.
final class FeatureClassifier<Model: FeatureModel>: TextClassifier {
  fileprivate let encoder: FeatureEncoder
  fileprivate let model: Model

  init(encoder: FeatureEncoder, model: Model) { (self.encoder, self.model) = (encoder, model) }

  var classes: Int { model.outputs }
  var parameterCount: Int { model.parameterCount }
  var byteCount: Int { model.byteCount + encoder.byteCount }
  var vocabularyCount: Int? { encoder.count }

  func encode(_ inputs: [Input]) -> EncodedTexts { .features(encoder.features(inputs)) }
  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] { model.answers(rows(encoded), pool: pool) }
  func flops(_ encoded: EncodedTexts) -> Double { model.flops(rows(encoded)) }

  private func rows(_ encoded: EncodedTexts) -> SparseRows {
    guard case .features(let rows) = encoded, rows.columns == encoder.count else {
      preconditionFailure(
        "FeatureClassifier: got \(encoded.count) \(encoded.form), expected \(encoder.count) features")
    }
    return rows
  }
}

extension FeatureClassifier: AttributingClassifier where Model: AttributingFeatureModel {
  var attributionMethod: AttributionMethod? { encoder.isText ? Model.attributionMethod : nil }

  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    encoder.attributions(texts, pool: pool) { row, index in model.attribution(row, output: outputs[index]) }
  }
}
