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

/// What a model over weights of n-grams learns where it is no linear one.
struct NGramState<Model: FeatureModel>: ModelState {
  let kind: ModelKind
  let encoder: NGramEncoder
  let model: Model

  init(_ kind: ModelKind, _ data: NGramRows, text: TextSettings, _ model: Model) {
    self.init(kind, NGramEncoder(text: text, vectorizer: data.vectorizer), model)
  }

  private init(_ kind: ModelKind, _ encoder: NGramEncoder, _ model: Model) {
    (self.kind, self.encoder, self.model) = (kind, encoder, model)
  }

  struct Outline: Codable {
    var tfidf: NGramEncoder.Outline
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
    let encoder = try NGramEncoder(outline: outline.tfidf, stored: file)
    self.init(kind, encoder, try read(file, encoder.vectorizer.count))
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    NGramClassifier(encoder: encoder, model: model)
  }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(kind) }
}

/// Answers texts by the weights of their n-grams.
final class NGramClassifier<Model: FeatureModel>: TextClassifier {
  private let encoder: NGramEncoder
  private let model: Model

  init(encoder: NGramEncoder, model: Model) { (self.encoder, self.model) = (encoder, model) }

  var classes: Int { model.outputs }
  var parameterCount: Int { model.parameterCount }
  var byteCount: Int { model.byteCount + encoder.vectorizer.byteCount }
  var vocabularyCount: Int? { encoder.vectorizer.count }

  func encode(_ texts: [String]) -> EncodedTexts { .features(encoder.features(texts)) }
  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] { model.answers(rows(encoded), pool: pool) }
  func flops(_ encoded: EncodedTexts) -> Double { model.flops(rows(encoded)) }

  private func rows(_ encoded: EncodedTexts) -> SparseRows {
    guard case .features(let rows) = encoded, rows.columns == encoder.vectorizer.count else {
      preconditionFailure(
        "NGramClassifier: got \(encoded.count) \(encoded.form), expected \(encoder.vectorizer.count) features")
    }
    return rows
  }
}
