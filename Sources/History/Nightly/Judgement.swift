/// What a night says of one series.
public struct Judgement: Sendable, Equatable, Codable {
  public enum Status: String, Sendable, Codable {
    /// First figures: nothing to compare with.
    case baseline
    /// No worse than chance allows.
    case steady
    case improvement
    case regression
    /// A trial failed, or the baseline has figures that tonight lacks.
    case unmeasured
    /// The manifest has changed what makes the series, or has it no more, or its trials have other rows: nothing to
    /// compare with, and nobody has said that it is meant.
    case ended
  }
  public var series: String
  public var isTime: Bool
  public var status: Status
  /// Positive is worse: points for scores, the logarithm of the ratio for times; nil without a baseline. `low` and
  /// `high` are its 95 % interval.
  public var worsening, low, high: Double?
  /// The worsening from which on it is an alarm, and the one that matters.
  public var line: Double?
  public var threshold: Double
  /// Probability of so much by chance alone.
  public var p: Double?
  /// Nights in the baseline, and measurements of tonight.
  public var nights, measurements: Int
  /// A regression's first night and its commit, and the commit of the night before.
  public var sinceNight: Int64?
  public var sinceCommit, lastGoodCommit: String?
  /// An ended series' last night, and the settings that have changed since.
  public var lastNight: Int64?
  public var changes: [String]?
  /// In words, what a reader should know besides.
  public var note: String?

  /// Whether a change that matters would have been seen: there is a baseline, and the alarm line is not above what
  /// matters. Equal bits are seen to be equal.
  public var isTelling: Bool {
    guard status == .steady || status == .improvement, worsening != nil else { return false }
    return line.map { $0 <= threshold } ?? true
  }

  init(_ series: String, isTime: Bool, status: Status, threshold: Double, nights: Int, measurements: Int) {
    (self.series, self.isTime, self.status, self.threshold) = (series, isTime, status, threshold)
    (self.nights, self.measurements) = (nights, measurements)
  }
}
