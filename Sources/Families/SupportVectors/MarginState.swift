import Compute
import Models
import Tasks
import Text

/// What linear machines learn: scores that are no probabilities, or probabilities made of these.
struct MarginState: FeatureReader {
  let kind: ModelKind
  let linear: LinearText
  let fit: OneAgainstRest.Fit
  /// From scores to probabilities; nil where scores they are.
  var calibration: ScoreCalibration?

  init(kind: ModelKind, linear: LinearText, fit: OneAgainstRest.Fit) {
    (self.kind, self.linear, self.fit) = (kind, linear, fit)
  }

  private struct Outline: Codable {
    var tfidf: LinearText.Outline
    var svm: OneAgainstRest.Fit
    var calibration: ScoreCalibration?
  }

  var outline: any Encodable { Outline(tfidf: linear.outline, svm: fit, calibration: calibration) }
  var tensors: [Safetensors.Tensor] { linear.tensors }
  var encoder: FeatureEncoder { linear.encoder }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others, or the
  ///   calibration is of other classes or has numbers that are none.
  init(_ kind: ModelKind, outline: String, stored file: Safetensors, shape: TaskShape) throws(CheckpointError) {
    let outline = try Self.part(Outline.self, of: outline)
    self.init(
      kind: kind, linear: try LinearText(outline: outline.tfidf, shape: shape, stored: file), fit: outline.svm)
    calibration = outline.calibration
    if let calibration, calibration.curves.count != shape.outputs || !calibration.curves.allSatisfy(\.isSound) {
      throw .malformed("its calibration is not one of \(shape.outputs) classes")
    }
  }

  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    let scores = LinearTextClassifier(linear)
    guard let calibration else { return scores }
    return AdjustedClassifier(scores) { scores, encoded, pool in
      var answers = scores.scores(encoded, pool: pool)
      calibration.apply(&answers)
      return answers
    }
  }

  func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    guard calibration == nil else {
      throw .unsupported("got a model of kind \(kind) with a calibration, expected one with calibration: none")
    }
    return try .numPy(kind, linear, hasProbabilities: false, labels: labels)
  }
}

extension FitJob {
  /// Learns what makes probabilities of a model's scores, on the validation rows; where there are none, on the scores of
  /// each fifth of the training rows by a model of the other four. Nil where neither gives a row.
  ///
  /// - Parameters:
  ///   - rows: what the model was fitted on.
  ///   - model: the model.
  ///   - refit: the model of other rows.
  /// - Throws: what `refit` throws.
  func calibration(
    _ kind: CalibrationKind, _ rows: FeatureRows, _ model: LinearText,
    refit: (FeatureRows) throws(FitStopped) -> LinearText
  ) throws(FitStopped) -> ScoreCalibration? {
    let classes = shape.outputs
    if let validation, !validation.inputs.isEmpty {
      let classifier = LinearTextClassifier(model)
      return ScoreCalibration(
        kind,
        scores: classifier.scores(.features(try features(validation.inputs, by: rows.encoder)), pool: pool),
        labels: validation.labels,
        classes: classes)
    }
    var scores = [Float](repeating: 0, count: rows.labels.count * classes)
    var seen = [Int](repeating: 0, count: classes)
    let folds = rows.labels.map { label in
      seen[label] += 1
      return seen[label] % 5
    }
    for fold in 0..<5 {
      let inside = folds.indices.filter { folds[$0] != fold }, outside = folds.indices.filter { folds[$0] == fold }
      if inside.isEmpty || outside.isEmpty { continue }
      let classifier = LinearTextClassifier(try refit(rows.rows(inside)))
      let found = classifier.scores(.features(rows.features.rows(outside)), pool: pool)
      for (place, row) in outside.enumerated() {
        for label in 0..<classes { scores[row * classes + label] = found[place * classes + label] }
      }
    }
    return ScoreCalibration(kind, scores: scores, labels: rows.labels, classes: classes)
  }
}
