import Families
import Manifests
import Records
import Training

/// Whether two models were given the same chances; what differs is said beside each verdict on them.
package struct Effort {
  package let manifest: Manifest

  /// In words, with semicolons between; empty where nothing differs. Without validation rows (`validation: none`)
  /// nothing is chosen and nothing stops early.
  package func warning(_ a: String, _ b: String, in trials: [TrialRecord]) -> String {
    let usesValidation = trials.contains { ($0.model == a || $0.model == b) && $0.validationRows > 0 }
    guard usesValidation, let a = manifest.models.first(where: { $0.name == a }),
      let b = manifest.models.first(where: { $0.name == b })
    else { return "" }
    let differences = [tuning(a, b), stopping(a, b)].compactMap(\.self)
    return differences.isEmpty ? "" : "unequal effort: " + differences.joined(separator: "; ")
  }

  /// Floors have nothing to tune.
  private func tuning(_ a: ModelDeclaration, _ b: ModelDeclaration) -> String? {
    guard manifest.tuning != nil, a.space.isEmpty != b.space.isEmpty else { return nil }
    let (tuned, other) = a.space.isEmpty ? (b, a) : (a, b)
    return other.configuration.kind.isFloor ? nil : "only \(tuned.name) is tuned"
  }

  private func stopping(_ a: ModelDeclaration, _ b: ModelDeclaration) -> String? {
    guard a.configuration.kind.isNeural, b.configuration.kind.isNeural else { return nil }
    let (first, second) = (a.training.earlyStopping, b.training.earlyStopping)
    guard first != second else { return nil }
    guard let first, let second else { return "only \(first == nil ? b.name : a.name) stops early" }
    var parts: [String] = []
    if first.metric != second.metric {
      parts.append("metric \(first.metric.rawValue) against \(second.metric.rawValue)")
    }
    if first.patience != second.patience { parts.append("patience \(first.patience) against \(second.patience)") }
    if first.evaluationsPerEpoch != second.evaluationsPerEpoch {
      parts.append("evaluations per epoch \(first.evaluationsPerEpoch) against \(second.evaluationsPerEpoch)")
    }
    return "early stopping differs: " + parts.joined(separator: ", ")
  }
}
