import Manifests
import Records
import Statistics
import Tasks

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
  /// Failed trials are left out of every mean and every pair. `kept` are the run's own rows of what records without
  /// whole probability vectors do not tell; `inputs` the files that it read, which say what domains share.
  public init(
    records: [TrialRecord], manifest: Manifest, inputs: [RunResult.Input] = [], kept: KeptRows? = nil
  ) {
    (summary, comparisons, slices, drops, transfers) = ([], [], [], [], [])
    let primary = manifest.comparisons.primary
    let effort = Effort(manifest: manifest), declared = DeclaredContrasts(manifest)
    let groups = TrialGroup.all(of: records, manifest: manifest)
    for group in groups {
      // Shared, so that each model is scored once on each draw.
      let resampling = GroupBootstrap(of: group, primary: primary, seed: manifest.seed)
      // Across domains novel texts decide: the others are remembered in part.
      let decisive = group.isCrossDomain ? NovelComparison(group, manifest) : nil
      slices += SliceRow.all(in: group, primary: primary)
      for model in group.models { summary += Self.summary(of: model, in: group, resampling) }
      for pair in declared.allPairs(of: group.models) {
        let rows = Comparison(group, pair.a, pair.b, manifest.comparisons, resampling: resampling).rows()
        let warning = effort.warning(pair.a, pair.b, in: [pair.a, pair.b].flatMap { group.ended[$0] ?? [] })
        comparisons += (decisive?.rows(pair.a, pair.b, beside: rows) ?? rows).map { row in
          var row = row
          row.warn(warning)
          return row
        }
      }
    }
    if let kept { complete(with: kept, primary: primary) }
    let transfer = Transfer.all(of: records, manifest: manifest)
    let judge = Judge(
      groups, manifest, transferPairs: transfer.reduce(0) { $0 + $1.declaredPairs.count },
      hashes: inputs.hashes(of: manifest))
    comparisons = judge.judged(comparisons)
    drops = transfer.flatMap { $0.drops() }
    transfers = transfer.flatMap { $0.judged($0.rows(), by: judge) }
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
      let interval = interval(of: defined, metric, in: group, resampling)
      let key = group.key
      return SummaryRow(
        task: key.task, corpus: key.corpus, protocolName: key.protocolName, source: key.source, target: key.target,
        model: model, kind: first.kind.rawValue, metric: metric, n: values.count, mean: mean,
        sd: values.count > 1 ? Descriptive.standardDeviation(values) : nil, low: interval?.low, high: interval?.high)
    }
  }

  /// 95 % interval of a model's mean score. It stays within what the metric can be, and is no point: a mean of finitely
  /// many rows. nil where the rows' part in it is not known: areas under the curve on an official split, and all but the
  /// accuracy of one trial.
  private static func interval(
    of trials: [TrialRecord], _ metric: String, in group: TrialGroup, _ resampling: GroupBootstrap
  ) -> Interval? {
    guard let first = trials.first else { return nil }
    let name = ScoreName(column: metric)
    if trials.count == 1 {
      guard metric == first.problem.exactness?.rawValue else { return nil }
      let right = first.outcome.isRight
      guard first.groups.isEmpty else {
        return GroupedProportion(right: right, groups: first.groups)?.wilson()
      }
      return ProportionInterval.wilson(successes: right.count(where: \.self), trials: right.count)
    }
    let contrast = contrast(of: trials, metric, in: group, resampling)
    guard let contrast else { return nil }
    guard let range = name?.range else { return contrast.interval(level: 0.95) }
    // The test rows of an official split are the same in every trial.
    let rows = group.design == .official ? first.rows : trials.reduce(0) { $0 + $1.rows }
    guard range.upperBound.isFinite, range.lowerBound.isFinite else {
      let interval = contrast.interval(level: 0.95)
      return Interval(low: max(range.lowerBound, interval.low), high: min(range.upperBound, interval.high))
    }
    return BoundedInterval.wilson(contrast, range: range, rows: rows)
  }

  /// Of a model's mean score, in the metric's own unit; nil where the rows' part in it is not known.
  package static func contrast(
    of trials: [TrialRecord], _ metric: String, in group: TrialGroup, _ resampling: GroupBootstrap
  ) -> Contrast? {
    // Areas under the curve are not resampled, and seeds alone would say nothing of the choice of examples.
    if group.design == .official || trials.count == 1 { return resampling.score(trials, metric)?.contrast }
    let each = trials.compactMap { resampling.score([$0], metric)?.exampleVariance }
    // What is no share of rows says nothing by its trials alone.
    if each.count < trials.count, ScoreName(column: metric)?.range.lowerBound.isFinite == false { return nil }
    return Contrast(
      corrected: trials.compactMap { $0.metrics[metric] }, testOverTrain: TrialGroup.testOverTrain(trials),
      floor: each.count == trials.count ? Descriptive.mean(each) ?? 0 : 0)
  }
}
