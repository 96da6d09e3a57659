import Metrics
import Models

extension TrialRecord {
  /// Every metric of some test rows, or of all; those that `answers` do not tell are nil.
  package func classificationMetrics(of rows: [Int]? = nil) -> ClassificationMetrics {
    let labels = rows.map { $0.map { self.labels[$0] } } ?? self.labels
    if let answers {
      return ClassificationMetrics(
        labels: labels, answers: rows.map(answers.rows) ?? answers, classes: classes.count)
    }
    return ClassificationMetrics(
      labels: labels, probabilities: rows.map(probabilities(of:)) ?? probabilities, classes: classes.count)
  }

  /// The same for weighted resamples of all test rows.
  package func resampledMetrics(for metrics: [MetricName]) -> ResampledMetrics {
    answers.map { ResampledMetrics(labels: labels, answers: $0, classes: classes.count) }
      ?? ResampledMetrics(labels: labels, probabilities: probabilities, classes: classes.count, for: metrics)
  }

  /// Of the predictions only those of some test rows stay.
  package mutating func keepPredictions(of rows: [Int]) {
    if let own = answers { answers = own.rows(rows) } else { probabilities = probabilities(of: rows) }
  }

  private func probabilities(of rows: [Int]) -> [Float] {
    rows.flatMap { probabilities[$0 * classes.count..<($0 + 1) * classes.count] }
  }

  /// Sets what all test rows say: the metrics, those of each class, and the confusion counts.
  package mutating func score() {
    let scores = classificationMetrics()
    for name in MetricName.allCases { metrics[name.rawValue] = scores.value(name) }
    confusion = scores.confusion
    perClass = classes.indices.map {
      PerClass(
        name: classes[$0], precision: scores.counts.precision($0), recall: scores.counts.recall($0),
        f1: scores.counts.f1($0), support: scores.counts.support[$0])
    }
  }
}

extension TrialRecord {
  /// The class of highest probability for each row; the lowest index among equals.
  public var predictions: [Int] { answers?.predictions ?? mostProbable(probabilities, classes: classes.count) }

  /// Whether each row is predicted right.
  package var isRight: [Bool] { zip(predictions, labels).map { $0 == $1 } }
}
