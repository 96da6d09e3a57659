import Statistics

/// What a contrast says of model_a against model_b, in words, after its interval and the margin.
///
/// Below, between and above the margin exclude each other, so one interval at one level serves all three claims (Goeman,
/// Solari and Stijnen 2010, "Three-sided hypothesis testing"). In this order: better or worse by more than the margin (the
/// interval lies beyond it), equivalent (it lies within ± margin), better or worse (it excludes 0), undecided.
public enum Verdict: Sendable, Equatable, Codable {
  case betterByMargin
  case worseByMargin
  case equivalent
  case better
  case worse
  case undecided(Remedy)
  /// Words were asked for and cannot be given; the reason in words.
  case none(String)

  /// What may decide; from the margin and the observed variance, never from the observed difference.
  public enum Remedy: Sendable, Equatable, Codable {
    /// About so many in all (`seeds`, `folds`, `domains`).
    case repetitions(Int, unit: String)
    /// Repetitions leave too much; about so many test rows would show a difference of the margin.
    case rows(Int, margin: Double, inPoints: Bool)
    /// Nothing that more of the same changes.
    case unknown
  }

  /// The verdict on model_a − model_b from its interval, in the unit of `margin`.
  ///
  /// `higherIsBetter` is false for losses: a negative difference is then the better one.
  public init(_ interval: Interval, margin: Double, higherIsBetter: Bool, remedy: @autoclosure () -> Remedy) {
    let own = higherIsBetter ? interval : Interval(low: -interval.high, high: -interval.low)
    if own.low > margin {
      self = .betterByMargin
    } else if own.high < -margin {
      self = .worseByMargin
    } else if own.low >= -margin, own.high <= margin {
      self = .equivalent
    } else if own.low > 0 {
      self = .better
    } else if own.high < 0 {
      self = .worse
    } else {
      self = .undecided(remedy())
    }
  }

  /// As comparisons.csv prints it.
  public var text: String {
    switch self {
    case .undecided(.unknown): word
    case .undecided(let remedy): "\(word): \(remedy.text)"
    case .none(let reason): "\(word): \(reason)"
    default: word
    }
  }

  /// The same without what would decide and without a reason.
  public var word: String {
    switch self {
    case .betterByMargin: "better by more than the margin"
    case .worseByMargin: "worse by more than the margin"
    case .equivalent: "equivalent"
    case .better: "better"
    case .worse: "worse"
    case .undecided: "undecided"
    case .none: "no verdict"
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

  /// Whether it says something that could be wrong.
  public var isDecisive: Bool { direction != 0 || self == .equivalent }

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

extension Verdict.Remedy {
  init(_ contrast: Contrast, level: Double, rows: Int, unit: String, scale: Comparison.Scale) {
    if let count = contrast.repetitionsToDecide(margin: scale.margin, level: level) {
      self = .repetitions(count, unit: unit)
    } else if let rows = contrast.rowsToDecide(margin: scale.margin, level: level, rows: rows) {
      self = .rows(rows, margin: scale.margin, inPoints: scale.isFraction)
    } else {
      self = .unknown
    }
  }

  public var text: String {
    switch self {
    case .repetitions(let count, "folds"):
      "more folds, of repeated cross-validation, may decide (at the variance seen about \(count); none is certain to)"
    case .repetitions(let count, let unit):
      "more \(unit) may decide (at the variance seen about \(count); none is certain to)"
    case .rows(let rows, let margin, let inPoints):
      "the test part is too small: about \(Self.rounded(rows)) rows would show "
        + (inPoints ? "\(Self.plain(margin)) point\(margin == 1 ? "" : "s")" : Self.plain(margin))
    case .unknown: ""
    }
  }

  /// To two digits, and with commas between thousands.
  private static func rounded(_ rows: Int) -> String {
    var unit = 1
    while rows / unit >= 100 { unit *= 10 }
    var digits = String((rows + unit / 2) / unit * unit)
    var result = ""
    while digits.count > 3 {
      result = "," + digits.suffix(3) + result
      digits.removeLast(3)
    }
    return digits + result
  }

  private static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
