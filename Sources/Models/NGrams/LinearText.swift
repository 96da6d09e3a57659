import Compute
import Tasks
import Text

/// A linear model over features, as plain values: the scores of a row's features x are x W + b.
public struct LinearText: Sendable, Equatable {
  public let encoder: FeatureEncoder
  /// What its scores stand for.
  public let problem: Problem
  /// Scores of a text: classes or labels, or 1 for a number.
  public let classes: Int
  /// `[features, classes]`
  public let weights: [Float]
  /// `[classes]`
  public let biases: [Float]

  package init(
    encoder: FeatureEncoder, problem: Problem = .classification, classes: Int, weights: [Float], biases: [Float]
  ) {
    precondition(
      weights.count == encoder.count * classes && biases.count == classes,
      "LinearText: \(weights.count) weights and \(biases.count) biases for [\(encoder.count), \(classes)]")
    (self.encoder, self.problem, self.classes) = (encoder, problem, classes)
    (self.weights, self.biases) = (weights, biases)
  }
}

/// What is stored of it.
extension LinearText {
  /// The small part; the tensors are the large one.
  package typealias Outline = FeatureEncoder.Outline

  package var outline: Outline { encoder.outline }

  /// Those of `FeatureEncoder`, `weights` F32 `[features, classes]` and `biases` F32 `[classes]`.
  public var tensors: [Safetensors.Tensor] {
    encoder.tensors(with: [
      Safetensors.Tensor("weights", [encoder.count, classes], .floats(weights)),
      Safetensors.Tensor("biases", [classes], .floats(biases)),
    ])
  }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  package init(outline: Outline, shape: TaskShape, stored file: Safetensors) throws(CheckpointError) {
    let classes = shape.outputs
    let encoder = try FeatureEncoder(outline: outline, stored: file)
    for (name, expected) in [("weights", [encoder.count, classes]), ("biases", [classes])] {
      guard let shape = file[name]?.shape else { throw .missing(tensor: name) }
      guard shape == expected else { throw .shape(tensor: name, got: shape, expected: expected) }
    }
    self.init(
      encoder: encoder, problem: shape.problem, classes: classes, weights: try file.floats("weights"),
      biases: try file.floats("biases"))
  }
}

/// Answers with softmax(x W + b), which keeps the order of the scores; whether they are probabilities is the model's to
/// say. With several labels each has 1 / (1 + e^−(x w + b)), and a number is x w + b.
public final class LinearTextClassifier: TextClassifier {
  let model: LinearText
  private let stride: Int
  /// `[features + 1, stride]`, the biases last.
  private let weights: [Float]

  public init(_ model: LinearText) {
    let (classes, features) = (model.classes, model.encoder.count)
    self.model = model
    stride = SparseRows.stride(columns: classes)
    let padding = [Float](repeating: 0, count: stride - classes)
    var weights: [Float] = []
    weights.reserveCapacity((features + 1) * stride)
    for feature in 0..<features {
      weights += model.weights[feature * classes..<(feature + 1) * classes]
      weights += padding
    }
    self.weights = weights + model.biases + padding
  }

  public var classes: Int { model.classes }
  public var parameterCount: Int { model.weights.count + model.biases.count }
  public var byteCount: Int { parameterCount * MemoryLayout<Float>.size + model.encoder.byteCount }
  public var vocabularyCount: Int? { model.encoder.count }

  public func encode(_ inputs: [Input]) -> EncodedTexts { .features(model.encoder.features(inputs)) }

  /// x W + b of each text, `[texts, classes]`.
  package func scores(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    let scores = padded(features(encoded), pool: pool)
    return stride == classes
      ? scores : (0..<encoded.count).flatMap { scores[$0 * stride..<$0 * stride + classes] }
  }

  /// `[rows, stride]`.
  private func padded(_ rows: SparseRows, pool: WorkerPool) -> [Float] {
    var scores = [Float](repeating: 0, count: rows.count * stride)
    rows.multiply(weights, stride: stride, initialRow: rows.columns, into: &scores, pool: pool)
    return scores
  }

  public func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    let rows = features(encoded), scores = padded(rows, pool: pool)
    switch model.problem {
    case .classification: return SoftmaxRows.probabilities(scores, rows: rows.count, classes: classes, stride: stride)
    case .multiLabel: return SigmoidRows.probabilities(scores, rows: rows.count, classes: classes, stride: stride)
    case .regression: return (0..<rows.count).map { scores[$0 * stride] }
    }
  }

  /// Two for each stored value and class; adding biases and the softmax count for nothing beside it.
  public func flops(_ encoded: EncodedTexts) -> Double { 2 * Double(features(encoded).nonZeros) * Double(classes) }

  private func features(_ encoded: EncodedTexts) -> SparseRows {
    guard case .features(let rows) = encoded, rows.columns == model.encoder.count else {
      preconditionFailure(
        "LinearTextClassifier: got \(encoded.count) \(encoded.form), expected \(model.encoder.count) features")
    }
    return rows
  }
}
