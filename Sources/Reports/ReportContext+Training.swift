import Experiments

extension ReportContext {
  /// `2 of 3 fits: 1 no better than the most frequent class, 1 not finite`; nil where none came to nothing.
  func divergences(of model: String) -> String? {
    let trials = result.records.filter { $0.model == model && $0.source == $0.target }
    let fits = Set(trials.map(\.fit)).count
    let lost = Set(trials.filter { $0.divergence == .notFinite }.map(\.fit)).count
    let level = Set(trials.filter { $0.divergence == .noBetterThanMajority }.map(\.fit)).count
    guard lost + level > 0 else { return nil }
    return "\(lost + level) of \(fits) fits: \(level) no better than the most frequent class, \(lost) not finite"
  }

  /// `2 of 3 fits` that ended at their last epoch, before early stopping would have ended them; nil where none did.
  func undertrained(_ model: String) -> String? {
    let trials = result.records.filter { $0.model == model && $0.status == .ok }
    // A fit that is tested on several domains counts once.
    let fits = Set(trials.map(\.fit)).count
    let marked = Set(trials.filter(\.mayBeUndertrained).map(\.fit)).count
    return marked == 0 ? nil : "\(marked) of \(fits) fits"
  }
}
