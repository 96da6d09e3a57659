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
    /// What repetitions leave is too much; more rows would show a difference of the margin.
    case rows(Rows, narrowing: Narrowing?, margin: Margin)
    /// Nothing that more of the same changes.
    case unknown

    public enum Rows: Sendable, Equatable, Codable {
      /// About so many, of one test part on which all trials are tested.
      case test(Int)
      /// About so many times those that there are, of parts that are drawn anew from all rows: a larger test part alone
      /// would take from the training part.
      case times(Double)
    }

    /// How far more repetitions narrow the interval, and no further: half of it, in the unit of the differences.
    public struct Narrowing: Sendable, Equatable, Codable {
      public var halfWidth: Double
      public var unit: String

      public init(halfWidth: Double, unit: String) { (self.halfWidth, self.unit) = (halfWidth, unit) }
    }

    /// The margin in the unit of the differences.
    public struct Margin: Sendable, Equatable, Codable {
      public var size: Double
      public var inPoints: Bool

      public init(_ size: Double, inPoints: Bool) { (self.size, self.inPoints) = (size, inPoints) }
    }
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
  /// - Parameter parts: what more rows would change; nil where that is not known.
  package init(_ contrast: Contrast, level: Double, parts: Parts?, unit: String, scale: Comparison.Scale) {
    if let count = contrast.repetitionsToDecide(margin: scale.margin, level: level) {
      self = .repetitions(count, unit: unit)
      return
    }
    guard let parts, let times = contrast.timesRowsToDecide(margin: scale.margin, level: level), times < 1e9 else {
      self = .unknown
      return
    }
    let narrowest = contrast.narrowestHalfWidth(level: level)
    // Worth a word where it is a good deal narrower than now.
    let isNarrower = narrowest < 0.8 * contrast.halfWidth(level: level)
    let rows: Rows =
      switch parts {
      case .test(let count): .test(max(count + 1, Int((Double(count) * times).rounded(.up))))
      case .all: .times(times)
      }
    self = .rows(
      rows, narrowing: isNarrower ? Narrowing(halfWidth: narrowest, unit: unit) : nil,
      margin: Margin(scale.margin, inPoints: scale.isFraction))
  }

  /// The rows that trials are made of.
  package enum Parts {
    /// One test part of so many rows, on which all trials are tested.
    case test(Int)
    /// All of them, divided anew for each trial.
    case all
  }

  /// From so many on a number says no more than that they are many.
  private static let many = 100

  public var text: String {
    switch self {
    case .repetitions(let count, let unit):
      let units = unit == "folds" ? "folds, of repeated cross-validation," : unit
      return count > Self.many
        ? "it would take more than \(Self.many) \(units) at the variance seen here"
        : "about \(count) \(units) in all may decide, at the variance seen here; no number is certain to"
    case .rows(let rows, let narrowing, let margin):
      let start = narrowing.map {
        "more \($0.unit) alone will not decide (at best ±\(Self.narrow($0.halfWidth, margin))); "
      }
      switch rows {
      case .test(let count):
        let needed =
          "about \(Self.rounded(count)) \(start == nil ? "" : "test ")rows would show a difference of \(Self.shown(margin))"
        return (start ?? "the test part is too small: ") + needed
      case .times(let times):
        let needed = times < 1_000 ? "about \(Self.rounded(max(2, Int(times.rounded(.up)))))" : "more than 1,000"
        return (start ?? "too few rows: ")
          + "a difference of \(Self.shown(margin)) would show with \(needed) times the rows"
      }
    case .unknown: return ""
    }
  }

  private static func shown(_ margin: Margin) -> String {
    margin.inPoints ? "\(plain(margin.size)) point\(margin.size == 1 ? "" : "s")" : plain(margin.size)
  }

  /// To the tenth of a point, and of other units to the thousandth.
  private static func narrow(_ width: Double, _ margin: Margin) -> String {
    let unit = margin.inPoints ? 10.0 : 1_000
    return plain((width * unit).rounded() / unit)
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
