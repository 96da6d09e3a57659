import Manifests
import Metrics
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
  /// Pairs of trials; examples for McNemar.
  public var n: Int
  /// Pairs that are missing, because a side failed or the metric is undefined there.
  public var missing: Int
  /// model_a − model_b; nil without a pair.
  public var difference: Double?
  public var low, high: Double?
  public var statistic, p, pHolm: Double?
  /// Standardised mean difference (d_z), or the risk difference for McNemar.
  public var effect: Double?
  public var margin: Double
  public var verdict: Verdict
  /// What a reader of the verdict must know: one trial a side, or unequal effort. Empty where there is nothing.
  public var warning = ""
}

/// What the records say: the rows that the reports print.
public struct Analysis: Sendable {
  public var summary: [SummaryRow]
  public var comparisons: [ComparisonRow]
  public var drops: [DropRow]
  /// Differences of drops, by corpus and pair of models.
  public var transfers: [TransferRow]
  /// Scores by the value of a slice column.
  public var slices: [SliceRow]

  /// Summarises and compares. `records` are in the plan's order; the rows follow it, and the manifest's order of models.
  ///
  /// Failed trials are left out of every mean and every pair.
  public init(records: [TrialRecord], manifest: Manifest) {
    (summary, comparisons, slices) = ([], [], [])
    let primary = MetricName(rawValue: manifest.comparisons.primary) ?? .f1Macro
    let effort = Effort(manifest: manifest)
    for group in TrialGroup.all(of: records, manifest: manifest) {
      // Shared, so that each model is scored once on each draw.
      let resampling = GroupBootstrap(of: group.key, primary: manifest.comparisons.primary, seed: manifest.seed)
      // Across domains novel texts decide: the others are remembered in part.
      let decisive = group.isCrossDomain ? NovelComparison(group, manifest) : nil
      slices += SliceRow.all(in: group, primary: primary)
      for model in group.models { summary += Self.summary(of: model, in: group, resampling) }
      for (a, b) in Self.pairs(of: group.models, manifest.comparisons.pairs) {
        let rows = Comparison(group, a, b, manifest.comparisons, resampling: resampling).rows()
        let warning = effort.warning(a, b, in: [a, b].flatMap { group.ended[$0] ?? [] })
        comparisons += (decisive?.rows(a, b, beside: rows) ?? rows).map { row in
          var row = row
          row.warning = [row.warning, warning].filter { !$0.isEmpty }.joined(separator: "; ")
          return row
        }
      }
    }
    Self.correct(&comparisons)
    let transfer = Transfer.all(of: records, manifest: manifest)
    drops = transfer.flatMap { $0.drops() }
    transfers = transfer.flatMap { $0.rows() }
  }

  /// The pairs declared, or all in the order of the models.
  static func pairs(
    of models: [String], _ declared: [ComparisonSettings.Pair]
  ) -> [(String, String)] {
    guard declared.isEmpty else {
      return declared.filter { models.contains($0.a) && models.contains($0.b) }.map { ($0.a, $0.b) }
    }
    return models.indices.flatMap { first in models[(first + 1)...].map { (models[first], $0) } }
  }

  /// Holm's correction over the deciding rows of one task and protocol, all pairs of models in it.
  private static func correct(_ rows: inout [ComparisonRow]) {
    var families: [[String]: [Int]] = [:]
    for (index, row) in rows.enumerated() where row.role == .primary && row.p != nil {
      families[[row.task, row.protocolName], default: []].append(index)
    }
    for members in families.values {
      let adjusted = MultipleComparisons.holm(members.compactMap { rows[$0].p })
      for (index, p) in zip(members, adjusted) { rows[index].pHolm = p }
    }
  }

  // MARK: Summary

  private static func summary(
    of model: String, in group: TrialGroup, _ resampling: GroupBootstrap
  ) -> [SummaryRow] {
    guard let trials = group.ended[model], let first = trials.first else { return [] }
    let order = ScoreName.known.map(\.column)
    let named = order.filter { name in trials.contains { $0.metrics[name] != nil } }
    let others = Set(trials.flatMap { $0.metrics.keys }).subtracting(order).sorted()
    return (named + others).compactMap { metric -> SummaryRow? in
      let defined = trials.filter { $0.metrics[metric]?.isFinite == true }
      let values = defined.compactMap { $0.metrics[metric] }
      guard let mean = Descriptive.mean(values) else { return nil }
      var interval: Interval?
      if values.count == 1 {
        if metric == "accuracy", let trial = defined.first, !trial.groups.isEmpty {
          interval = GroupedProportion(right: trial.isRight, groups: trial.groups)?.wilson()
        } else if metric == "accuracy", let trial = defined.first {
          let right = trial.confusion.indices.reduce(0) { $0 + trial.confusion[$1][$1] }
          interval = ProportionInterval.wilson(successes: right, trials: trial.testRows)
        }
      } else if group.design == .official {
        // Areas under the curve are not resampled, and seeds alone would say nothing of the choice of examples.
        interval = resampling.score(defined, metric)?.interval(level: 0.95)
      } else {
        let ratio = TrialGroup.testOverTrain(defined)
        interval = TTest.corrected(values, testOverTrain: ratio)?.interval(level: 0.95)
      }
      let key = group.key
      return SummaryRow(
        task: key.task, corpus: key.corpus, protocolName: key.protocolName, source: key.source, target: key.target,
        model: model, kind: first.kind.rawValue, metric: metric, n: values.count, mean: mean,
        sd: values.count > 1 ? Descriptive.standardDeviation(values) : nil, low: interval?.low, high: interval?.high)
    }
  }
}
