extension TrialRecord {
  /// How a training run came to nothing (Mosbach et al. 2021, section 3: "failed runs").
  public enum Divergence: Sendable {
    /// A loss, gradient or validation value was not finite.
    case notFinite
    /// On its own domain's test part it is no better than the most frequent class.
    case noBetterThanMajority
  }

  /// nil for a trial that learnt something, that failed for another reason, or that trains nothing by gradients.
  public var divergence: Divergence? {
    guard kind.isNeural, source == target else { return nil }
    if status == .failed { return isNotFinite ? .notFinite : nil }
    guard let accuracy = metrics["accuracy"], let most = confusion.map({ $0.reduce(0, +) }).max(), testRows > 0 else {
      return nil
    }
    return accuracy <= Double(most) / Double(testRows) ? .noBetterThanMajority : nil
  }
}
