import Compute
import Models
import Tasks
import Text

/// What linear machines learn: scores that are no probabilities, or probabilities made of these.
protocol MarginState: LinearNGramState {
  /// From scores to probabilities; nil where scores they are.
  var calibration: ScoreCalibration? { get }
}

extension MarginState {
  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    let scores = LinearTextClassifier(linear)
    return calibration.map { CalibratedClassifier(scores, $0) } ?? scores
  }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    guard calibration == nil else {
      throw .unsupported("got a model of kind \(Self.kind) with a calibration, expected one with calibration: none")
    }
    return .numPy(Self.kind, linear, hasProbabilities: false, labels: labels)
  }
}

/// A linear model whose scores become probabilities.
final class CalibratedClassifier: TextClassifier {
  private let scores: LinearTextClassifier
  private let calibration: ScoreCalibration

  init(_ scores: LinearTextClassifier, _ calibration: ScoreCalibration) {
    (self.scores, self.calibration) = (scores, calibration)
  }

  var classes: Int { scores.classes }
  var parameterCount: Int { scores.parameterCount }
  var byteCount: Int { scores.byteCount }
  var vocabularyCount: Int? { scores.vocabularyCount }
  func encode(_ texts: [String]) -> EncodedTexts { scores.encode(texts) }
  func flops(_ encoded: EncodedTexts) -> Double { scores.flops(encoded) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    var answers = scores.scores(encoded, pool: pool)
    calibration.apply(&answers)
    return answers
  }
}

extension FitJob {
  /// Learns what makes probabilities of a model's scores, on the validation rows; where there are none, on the scores of
  /// each fifth of the training rows by a model of the other four.
  ///
  /// - Parameters:
  ///   - rows: what the model was fitted on.
  ///   - model: the model.
  ///   - refit: the model of other rows.
  /// - Throws: what `refit` throws.
  func calibration(
    _ kind: CalibrationKind, _ rows: NGramRows, _ model: LinearText,
    refit: (NGramRows) throws(FitStopped) -> LinearText
  ) throws(FitStopped) -> ScoreCalibration? {
    guard kind != .none else { return nil }
    let classes = shape.outputs
    if let validation, !validation.texts.isEmpty {
      let classifier = LinearTextClassifier(model)
      return ScoreCalibration(
        kind, scores: classifier.scores(classifier.encode(validation.texts), pool: pool), labels: validation.labels,
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
