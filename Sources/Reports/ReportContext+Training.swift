import Experiments
import Metrics
import Models

extension ReportContext {
  /// `2 of 3 fits: 1 no better than the training majority, 1 not finite`; nil where none came to nothing.
  func divergences(of model: String) -> String? {
    let trials = result.records.filter { $0.model == model && $0.source == $0.target }
    let fits = Set(trials.map(\.fit)).count
    let metric = MetricName(rawValue: primary) ?? .f1Macro
    let ends = trials.map { (fit: $0.fit, divergence: $0.divergence(on: metric)) }
    let lost = Set(ends.filter { $0.divergence == .notFinite }.map(\.fit)).count
    let level = Set(ends.filter { $0.divergence == .noBetterThanMajority }.map(\.fit)).count
    guard lost + level > 0 else { return nil }
    return "\(lost + level) of \(fits) fits: \(level) no better than the training majority, \(lost) not finite"
  }

  /// `2 of 3 fits` that ended at a limit, as `undertrainedEnd` says; nil where none did.
  func undertrained(_ model: String) -> String? {
    let trials = result.records.filter { $0.model == model && $0.status == .ok }
    // A fit that is tested on several domains counts once.
    let fits = Set(trials.map(\.fit)).count
    let marked = Set(trials.filter(\.mayBeUndertrained).map(\.fit)).count
    return marked == 0 ? nil : "\(marked) of \(fits) fits"
  }

  /// How the fits of a model ended that may be undertrained.
  func undertrainedEnd(_ model: String) -> String {
    kind(of: model) == ModelKind.tfidfLogistic.rawValue
      ? "ended at L-BFGS's last allowed iteration, before it had converged"
      : "ended at the last allowed epoch, before early stopping would have ended them"
  }
}
