/// What one test says of model_a against model_b, in words, after its intervals and the margin.
///
/// In this order: better or worse by more than the margin (the 95 % interval lies beyond it), equivalent (the 90 %
/// interval lies within ± margin: two one-sided tests at 5 %, Schuirmann 1987), better or worse (the 95 % interval
/// excludes 0), undecided.
public enum Verdict: Sendable, Equatable {
  case betterByMargin
  case worseByMargin
  case equivalent
  case better
  case worse
  case undecided(Remedy)
  /// No pair of trials, or a test that gives no interval; the reason in words.
  case none(String)

  /// What would decide; from the margin and the observed variance, never from the observed difference.
  public enum Remedy: Sendable, Equatable {
    /// So many in all (`seeds`, `folds`).
    case repetitions(Int, unit: String)
    /// No number of them can: what remains does not shrink with them.
    case never(unit: String)
    /// One trial a side shows nothing of how they vary.
    case unobserved(unit: String)
    /// The test does not tell.
    case unknown
  }

  /// The verdict on `difference` = model_a − model_b from its intervals; all in the same unit as `margin`.
  ///
  /// `higherIsBetter` is false for losses: a negative difference is then the better one.
  public init(
    interval95: (low: Double, high: Double), interval90: (low: Double, high: Double), margin: Double,
    higherIsBetter: Bool, remedy: Remedy
  ) {
    let wide: (low: Double, high: Double) = higherIsBetter ? interval95 : (-interval95.high, -interval95.low)
    if wide.low > margin {
      self = .betterByMargin
    } else if wide.high < -margin {
      self = .worseByMargin
    } else if interval90.low >= -margin, interval90.high <= margin {
      self = .equivalent
    } else if wide.low > 0 {
      self = .better
    } else if wide.high < 0 {
      self = .worse
    } else {
      self = .undecided(remedy)
    }
  }

  /// As comparisons.csv prints it.
  public var text: String {
    switch self {
    case .betterByMargin: "better by more than the margin"
    case .worseByMargin: "worse by more than the margin"
    case .equivalent: "equivalent"
    case .better: "better"
    case .worse: "worse"
    case .undecided(.repetitions(let count, "folds")):
      "undecided: \(count) folds in all, of repeated cross-validation, would decide"
    case .undecided(.repetitions(let count, let unit)): "undecided: \(count) \(unit) would decide"
    case .undecided(.never(let unit)): "undecided: no number of \(unit) can decide"
    case .undecided(.unobserved(let unit)): "undecided: one trial shows nothing of how \(unit) vary"
    case .undecided(.unknown): "undecided"
    case .none(let reason): "no verdict: \(reason)"
    }
  }

  /// 1 where model_a is the better one, −1 where it is the worse one, 0 elsewhere.
  public var direction: Int {
    switch self {
    case .betterByMargin, .better: 1
    case .worseByMargin, .worse: -1
    case .equivalent, .undecided, .none: 0
    }
  }

  /// The same from model_b's side.
  public var reversed: Verdict {
    switch self {
    case .betterByMargin: .worseByMargin
    case .worseByMargin: .betterByMargin
    case .better: .worse
    case .worse: .better
    case .equivalent, .undecided, .none: self
    }
  }
}
