import Families
import Models
import Tasks

extension ReportContext {
  /// `1 of 3 fits no better than the training majority, 1 not finite`; nil where none came to nothing.
  func divergences(of model: String) -> String? {
    let trials = result.records.filter { $0.model == model && $0.source == $0.target }
    let fits = Set(trials.map(\.fit)).count
    let ends = trials.map { (fit: $0.fit, divergence: $0.divergence(on: metric)) }
    let lost = Set(ends.filter { $0.divergence == .notFinite }.map(\.fit)).count
    let level = Set(ends.filter { $0.divergence == .noBetterThanMajority }.map(\.fit)).count
    let kinds = [(level, "no better than the training majority"), (lost, "not finite")].filter { $0.0 > 0 }
    guard let first = kinds.first else { return nil }
    let others = kinds.dropFirst().map { ", \($0.0) \($0.1)" }.joined()
    return "\(first.0) of \(fits) fits \(first.1)\(others)"
  }

  /// Whether early stopping ended a training of the model that came to nothing.
  func wasStoppedEarly(_ model: String) -> Bool {
    let declared = result.manifest.models.first { $0.name == model }?.training
    return declared?.earlyStopping != nil
      && result.records.contains { record in
        record.model == model && record.validationRows > 0 && record.epochs ?? .max < declared?.epochs ?? 0
          && record.divergence(on: metric) == .noBetterThanMajority
      }
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
    ModelKind(rawValue: kind(of: model))?.family.undertrainedEnd ?? "ended at a limit"
  }
}
