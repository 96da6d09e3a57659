import Metrics
import Models

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
  /// of classes, as any two models are.
  public func divergence(on primary: MetricName) -> Divergence? {
    guard kind.isNeural, source == target else { return nil }
    if status == .failed { return isNotFinite ? .notFinite : nil }
    guard let majority else { return nil }
    let list = ConfusionMetrics.occurring(in: [labels, predictions, [majority.majority]], classes: classes.count)
    guard let floor = majorityScore(primary, majority, over: list), let own = score(primary.rawValue, over: list) else {
      return nil
    }
    return (primary.higherIsBetter ? own <= floor : own >= floor) ? .noBetterThanMajority : nil
  }

  private func majorityScore(_ metric: MetricName, _ majority: MajorityState, over list: [Int]) -> Double? {
    if metric.needsProbabilities {
      let prior = majority.prior.map(Float.init)
      let all = Array(repeatElement(prior, count: labels.count).joined())
      return ClassificationMetrics(labels: labels, probabilities: all, classes: classes.count).value(metric)
    }
    let answers = [Int](repeating: majority.majority, count: labels.count)
    return ConfusionMetrics(labels: labels, predictions: answers, classes: classes.count, averaged: list).value(metric)
  }
}
