import Foundation

/// One set of predictions, prepared so that any metric of a weighted resample of its rows is quick: what a bootstrap
/// asks for thousands of times.
///
/// Macro averages of precision, recall and F1 are over one list of classes, the same on every resample. A class without
/// rows on a resample has no area under the curve there, and is left out of that mean.
///
/// - Complexity: O(rows + classes) a value; AUC O(rows·classes).
public struct ResampledMetrics: Sendable {
  public let rows: Int
  public let classes: Int
  /// The classes that macro averages are over: those that occur among labels or predictions.
  public let averaged: [Int]
  private let labels: [Int]
  private let predictions: [Int]
  private let losses: [Double]
  private let squares: [Double]
  private let confidences: [Double]
  private let ranked: [OneVersusRest]

  /// For metrics that need the predicted classes only; the others are nil.
  public init(labels: [Int], predictions: [Int], classes: Int) {
    precondition(
      labels.count == predictions.count,
      "ResampledMetrics: \(labels.count) labels, \(predictions.count) predictions")
    (rows, self.classes, self.labels, self.predictions) = (labels.count, classes, labels, predictions)
    averaged = ConfusionMetrics.occurring(in: [labels, predictions], classes: classes)
    (losses, squares, confidences, ranked) = ([], [], [], [])
  }

  /// For metrics that need no more than answers; areas under the curve and the Brier score are nil. The others are the same
  /// to the last bit as from whole vectors.
  public init(labels: [Int], answers: RowAnswers, classes: Int) {
    let predictions = answers.predictions
    precondition(
      labels.count == predictions.count, "ResampledMetrics: \(labels.count) labels, \(predictions.count) answers")
    (rows, self.classes, self.labels, self.predictions) = (labels.count, classes, labels, predictions)
    averaged = ConfusionMetrics.occurring(in: [labels, predictions], classes: classes)
    losses = answers.ofLabels.map { RowScores.logLoss(Double($0), epsilon: Double(Float.ulpOfOne)) }
    confidences = answers.probabilities.map(Double.init)
    (squares, ranked) = ([], [])
  }

  /// `probabilities` is `[rows, classes]`. Log loss is clipped as in `ClassificationMetrics`.
  ///
  /// `metrics` are those that will be asked for; areas under the curve sort the rows once a class.
  public init(
    labels: [Int], probabilities: [Float], classes: Int, for metrics: [MetricName] = MetricName.allCases
  ) {
    precondition(
      classes > 0 && probabilities.count == labels.count * classes,
      "ResampledMetrics: \(labels.count) labels, \(classes) classes, \(probabilities.count) probabilities")
    let values = probabilities.map(Double.init)
    var predictions = [Int](repeating: 0, count: labels.count)
    for row in labels.indices {
      for k in 1..<max(classes, 1) where values[row * classes + k] > values[row * classes + predictions[row]] {
        predictions[row] = k
      }
    }
    (rows, self.classes, self.labels, self.predictions) = (labels.count, classes, labels, predictions)
    averaged = ConfusionMetrics.occurring(in: [labels, predictions], classes: classes)
    losses = labels.indices.map {
      RowScores.logLoss(values[$0 * classes + labels[$0]], epsilon: Double(Float.ulpOfOne))
    }
    squares =
      metrics.contains(.brier)
      ? labels.indices.map { RowScores.brier(values, start: $0 * classes, classes: classes, label: labels[$0]) } : []
    confidences = labels.indices.map { values[$0 * classes + predictions[$0]] }
    ranked =
      metrics.contains(.aucMacro) || metrics.contains(.aucWeighted)
      ? (0..<classes).map { OneVersusRest(labels: labels, probabilities: values, classes: classes, label: $0) } : []
  }

  /// The metric where row i counts weights[i] times; nil where it is undefined.
  public func value(_ metric: MetricName, weights: [Int32]) -> Double? {
    precondition(weights.count == rows, "ResampledMetrics: \(weights.count) weights for \(rows) rows")
    guard metric.problems.contains(.classification) else { return nil }
    guard metric.needsProbabilities else {
      return counts(weights).value(metric)
    }
    guard confidences.count == rows, rows > 0 else { return nil }
    if metric.needsAllProbabilities, metric == .brier ? squares.count != rows : ranked.count != classes { return nil }
    let value: Double?
    switch metric {
    case .logLoss: value = mean(losses, weights)
    case .brier: value = mean(squares, weights)
    case .ece:
      value =
        Calibration(
          confidences: confidences, correct: labels.indices.map { labels[$0] == predictions[$0] }, weights: weights
        ).expectedError
    case .aucMacro: value = OneVersusRest.average(ranked.map { $0.auc(weights: weights) }, weights: nil)
    default:
      value = OneVersusRest.average(ranked.map { $0.auc(weights: weights) }, weights: counts(weights).support)
    }
    guard let value, value.isFinite else { return nil }
    return value
  }

  private func counts(_ weights: [Int32]) -> ConfusionMetrics {
    ConfusionMetrics(
      labels: labels, predictions: predictions, classes: classes, weights: weights, averaged: averaged)
  }

  private func mean(_ values: [Double], _ weights: [Int32]) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for row in values.indices {
      let weight = Double(weights[row])
      if weight > 0 { sum += weight * values[row] }
      total += weight
    }
    return total > 0 ? sum / total : nil
  }
}
