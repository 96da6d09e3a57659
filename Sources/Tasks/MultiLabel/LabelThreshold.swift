/// From which probability a label is given.
public enum LabelThreshold {
  public static let usual: Float = 0.5

  /// What is tried: every twentieth, and smaller ones for labels that are rare.
  static let candidates: [Float] = [0.001, 0.002, 0.005, 0.01, 0.02] + (1..<20).map { Float($0) / 20 }

  /// The threshold, one for all labels, that scores best on rows with known labels, and that score; of equally good ones
  /// the nearest to one half. `probabilities` is `[rows, labels]`.
  ///
  /// The score is nil where none has a value: the threshold is the usual one then.
  public static func best(
    _ targets: [[Int]], _ probabilities: [Float], labels: Int, by metric: MetricName
  ) -> (threshold: Float, score: Double?) {
    var best: (threshold: Float, score: Double?) = (usual, nil)
    for threshold in candidates.sorted(by: { abs($0 - usual) < abs($1 - usual) }) {
      let answers = LabelOutcome.answers(probabilities, labels: labels, threshold: threshold)
      let scores = MultiLabelScores(
        targets: targets, answers: answers, probabilities: metric.needsProbabilities ? probabilities : [],
        labels: labels)
      guard let score = scores.value(metric) else { continue }
      // Those that need no answer are the same at every threshold.
      if metric.needsProbabilities { return (usual, score) }
      if best.score.map({ metric.higherIsBetter ? score > $0 : score < $0 }) ?? true { best = (threshold, score) }
    }
    return best
  }
}

extension Targets {
  /// The score of a model's answers `[rows, outputs]`, of several labels at their best threshold; nil where it has no
  /// value.
  public func score(_ answers: [Float], of shape: TaskShape, by metric: MetricName) -> Double? {
    switch self {
    case .classes(let labels):
      return Outcome.classification(ClassOutcome(labels: labels, classes: shape.classes, probabilities: answers))
        .value(metric)
    case .labels(let sets): return LabelThreshold.best(sets, answers, labels: shape.classes, by: metric).score
    case .numbers(let numbers):
      return Outcome.regression(NumberOutcome(targets: numbers, answers: answers)).value(metric)
    }
  }
}
