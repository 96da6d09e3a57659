import Manifests
import Statistics

/// One row of summary.csv. Values are fractions from 0 to 1 (log loss in nats).
public struct SummaryRow: Sendable {
  public var task, corpus, protocolName, source, target, model, kind, metric: String
  public var n: Int
  public var mean: Double
  /// Sample standard deviation; nil for n = 1.
  public var sd: Double?
  public var low: Double?
  public var high: Double?
}

/// One row of comparisons.csv. Differences, intervals and the margin are in points for metrics that are fractions.
public struct ComparisonRow: Sendable {
  public enum Role: String, Sendable { case primary, sensitivity }
  public var task, corpus, protocolName, source, target, metric: String
  public var role: Role
  public var modelA, modelB: String
  /// `corrected-t`, `paired-t`, `mcnemar`, `bootstrap`.
  public var test: String
  public var n: Int
  public var difference: Double
  public var low, high: Double?
  public var statistic, p, pHolm: Double?
  /// Standardised mean difference (d_z), or the risk difference for McNemar.
  public var effect: Double?
  public var margin: Double
  public var verdict: String
}

/// One row of cross-domain.csv. `drop` is in points.
public struct DropRow: Sendable {
  public var task, corpus, metric, model, source, target: String
  public var n: Int
  public var inDomain, outOfDomain, drop: Double
}

/// What the records say: the rows that the reports print.
public struct Analysis: Sendable {
  public var summary: [SummaryRow]
  public var comparisons: [ComparisonRow]
  public var drops: [DropRow]
}
