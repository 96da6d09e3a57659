/// Watches a validation value and says when it has stopped improving.
public struct EarlyStopping: Sendable, Equatable, Codable {
  public enum Verdict: Sendable, Equatable {
    /// The best value so far: keep the weights.
    case improved
    /// No better than the best; patience is left.
    case waiting
    /// Patience is used up.
    case stop
  }

  public let metric: EarlyStoppingSettings.Metric
  public let patience: Int
  /// The best value seen.
  public private(set) var best: Double?
  /// Evaluations since the best.
  public private(set) var waited = 0

  public init(_ settings: EarlyStoppingSettings) {
    (metric, patience) = (settings.metric, settings.patience)
  }

  /// Takes the next value: a loss (lower is better) or the primary metric (higher is better). Equal is no improvement.
  ///
  /// An undefined value (nil) is worse than every other, and uses up patience; before the first value that is defined
  /// there is nothing to compare, and training goes on.
  public mutating func observe(_ value: Double?) -> Verdict {
    guard let value else { return best == nil ? .waiting : wait() }
    let improves = best.map { metric == .loss ? value < $0 : value > $0 } ?? true
    if improves {
      (best, waited) = (value, 0)
      return .improved
    }
    return wait()
  }

  private mutating func wait() -> Verdict {
    waited += 1
    return waited >= patience ? .stop : .waiting
  }
}
