/// Some scores of an outcome, prepared so that those of a weighted resample of its rows are quick: what a bootstrap asks
/// for thousands of times.
public struct ResampledOutcome: Sendable {
  public let metrics: [MetricName]
  private let prepared: Prepared

  private enum Prepared: Sendable {
    case classes(labels: [Int], predictions: [Int], classes: Int, ResampledMetrics)
    case labels(MultiLabelScores)
    case numbers(RegressionScores)
  }

  /// - Parameter metrics: those that will be asked for.
  init(_ outcome: Outcome, _ metrics: [MetricName]) {
    self.metrics = metrics
    switch outcome {
    case .classification(let own):
      let resampled =
        own.answers.map { ResampledMetrics(labels: own.labels, answers: $0, classes: own.classes) }
        ?? ResampledMetrics(
          labels: own.labels, probabilities: own.probabilities, classes: own.classes, for: metrics)
      prepared = .classes(labels: own.labels, predictions: own.predictions, classes: own.classes, resampled)
    case .multiLabel(let own): prepared = .labels(own.scores)
    case .regression(let own): prepared = .numbers(own.scores)
    }
  }

  /// Of all rows once; nil where it has no value.
  public func value(_ metric: MetricName) -> Double? {
    switch prepared {
    case .classes(_, _, _, let scores): scores.value(metric, weights: [Int32](repeating: 1, count: scores.rows))
    case .labels(let scores): scores.value(metric)
    case .numbers(let scores): scores.value(metric)
    }
  }

  /// The value of each of `metrics`, NaN where it has none, where row i counts weights[i] times and means over classes or
  /// labels are over `list`.
  public func values(weights: [Int32], over list: [Int]) -> [Double] {
    switch prepared {
    case .classes(let labels, let predictions, let classes, let scores):
      // One pass over the rows serves all metrics of predicted classes.
      let counts = ConfusionMetrics(
        labels: labels, predictions: predictions, classes: classes, weights: weights, averaged: list)
      return metrics.map {
        ($0.needsProbabilities ? scores.value($0, weights: weights) : counts.value($0)) ?? .nan
      }
    case .labels(let scores):
      let counts = scores.counts(weights: weights)
      return metrics.map { counts.value($0, over: list) ?? .nan }
    case .numbers(let scores): return metrics.map { scores.value($0, weights: weights) ?? .nan }
    }
  }
}
