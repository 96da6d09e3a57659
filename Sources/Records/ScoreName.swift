import Corpora
import Tasks

/// What a column of scores holds: a metric over all test rows (`f1_macro`) or over those of one novelty
/// (`f1_macro_novel`), or the share of test rows that have it (`novel_share`).
public enum ScoreName: Sendable, Hashable {
  case all(MetricName)
  case part(MetricName, Novelty)
  case share(Novelty)

  /// Every score, in the order of summary.csv.
  public static let known: [ScoreName] =
    MetricName.allCases.map(ScoreName.all) + Novelty.allCases.map(ScoreName.share)
    + Novelty.allCases.flatMap { novelty in MetricName.allCases.map { .part($0, novelty) } }

  private static let byColumn = Dictionary(uniqueKeysWithValues: known.map { ($0.column, $0) })

  /// The score of a column; nil for a name that is none.
  public init?(column: String) {
    guard let found = Self.byColumn[column] else { return nil }
    self = found
  }

  public var column: String {
    switch self {
    case .all(let metric): metric.rawValue
    case .part(let metric, let novelty): "\(metric.rawValue)_\(novelty.rawValue)"
    case .share(let novelty): "\(novelty.rawValue)_share"
    }
  }

  /// The metric; nil for a share.
  public var metric: MetricName? {
    switch self {
    case .all(let metric), .part(let metric, _): metric
    case .share: nil
    }
  }

  /// The novelty of the rows that a metric is over; nil for a metric over all, and for a share.
  public var novelty: Novelty? {
    if case .part(_, let novelty) = self { novelty } else { nil }
  }

  /// The name for readers, as it stands inside a sentence.
  public var title: String {
    switch self {
    case .all(let metric): metric.title
    case .part(let metric, let novelty): "\(metric.title) on \(novelty.rawValue) texts"
    case .share(let novelty): "share of \(novelty.rawValue) texts"
    }
  }

  /// What the score can be, in its own unit.
  package var range: ClosedRange<Double> { metric?.range ?? 0...1 }

  public var isFraction: Bool { metric?.isFraction ?? true }
  public var higherIsBetter: Bool { metric?.higherIsBetter ?? true }
}
