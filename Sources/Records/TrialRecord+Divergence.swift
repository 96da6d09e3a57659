import Families
import Models
import Tasks

extension TrialRecord {
  /// How a training run came to nothing (Mosbach et al. 2021, section 3: "failed runs").
  public enum Divergence: Sendable {
    /// A loss, gradient, weight, validation value or probability was not finite.
    case notFinite
    /// On its own domain's test part it is no better than the training majority.
    case noBetterThanMajority
  }

  /// nil for a trial that learnt something, that failed for another reason, or that trains nothing by gradients, and
  /// where the metric has no value.
  ///
  /// The bar is what the majority baseline of the same training rows scores on the same test rows by the deciding metric:
  /// the most frequent training class for every row, with the class prior as probabilities. Both are scored over one list
  /// of classes, as any two models are. Where right answers to every row would score no better than the majority does, the
  /// part tells nobody apart and nothing is said: it has the majority's class alone, or a metric that is one constant on
  /// one class (kappa and Matthews' coefficient).
  public func divergence(on primary: MetricName) -> Divergence? {
    guard facts.kind.isNeural, facts.source == facts.target else { return nil }
    if facts.status == .failed { return facts.isNotFinite ? .notFinite : nil }
    guard let majority, case .classification = outcome else { return nil }
    let list = ConfusionMetrics.occurring(in: [labels, predictions, [majority.majority]], classes: classes.count)
    guard let floor = majorityScore(primary, majority, over: list), let own = score(primary.rawValue, over: list),
      let best = perfectScore(primary, over: list)
    else { return nil }
    func isBetter(_ score: Double) -> Bool { primary.higherIsBetter ? score > floor : score < floor }
    return isBetter(best) && !isBetter(own) ? .noBetterThanMajority : nil
  }

  /// What a model scores that is right on every row and sure of it.
  private func perfectScore(_ metric: MetricName, over list: [Int]) -> Double? {
    if metric.needsProbabilities {
      var sure = [Float](repeating: 0, count: labels.count * classes.count)
      for (row, label) in labels.enumerated() { sure[row * classes.count + label] = 1 }
      return ClassificationMetrics(labels: labels, probabilities: sure, classes: classes.count).value(metric)
    }
    return ConfusionMetrics(labels: labels, predictions: labels, classes: classes.count, averaged: list).value(metric)
  }

  private func majorityScore(_ metric: MetricName, _ majority: MajorityState, over list: [Int]) -> Double? {
    if metric.needsProbabilities {
      // The baseline's answers are the classes that training has.
      let total = Double(majority.counts.reduce(0, +) + majority.counts.count { $0 > 0 })
      let prior = majority.counts.map { $0 > 0 ? Float(Double($0 + 1) / total) : 0 }
      let all = Array(repeatElement(prior, count: labels.count).joined())
      return ClassificationMetrics(labels: labels, probabilities: all, classes: classes.count).value(metric)
    }
    let answers = [Int](repeating: majority.majority, count: labels.count)
    return ConfusionMetrics(labels: labels, predictions: answers, classes: classes.count, averaged: list).value(metric)
  }
}
