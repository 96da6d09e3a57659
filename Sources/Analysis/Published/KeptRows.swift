import Records
import Tasks

/// Rows of an analysis that cannot be computed from answers alone: what resamples areas under the curve and Brier scores,
/// and those of slices. A run publishes them as it computed them.
public struct KeptRows: Sendable, Codable {
  public var comparisons: [ComparisonRow]
  public var slices: [SliceRow]

  public init(of analysis: Analysis, primary: MetricName) {
    comparisons = analysis.comparisons.filter { Self.isResampled($0, primary) && $0.contrast != nil }
    // Judged anew, with all that has words then.
    for index in comparisons.indices { comparisons[index].words = nil }
    slices = analysis.slices.filter { Self.needsAllProbabilities($0.metric) }
  }

  package static func needsAllProbabilities(_ column: String) -> Bool {
    ScoreName(column: column)?.metric?.needsAllProbabilities ?? false
  }

  /// A bootstrap, or the primary metric over several trials: its variance is at least that of resampled test rows.
  package static func isResampled(_ row: ComparisonRow, _ primary: MetricName) -> Bool {
    guard needsAllProbabilities(row.metric) else { return false }
    return row.test == .bootstrap
      || (row.test == .correctedT && ScoreName(column: row.metric)?.metric == primary)
  }
}

extension Analysis {
  /// Puts the run's own rows where records without whole probability vectors gave none; what the run did not compute
  /// either (for another pair or margin) says so.
  package mutating func complete(with kept: KeptRows, primary: MetricName) {
    for index in comparisons.indices where KeptRows.isResampled(comparisons[index], primary) {
      let row = comparisons[index]
      // The run may have had the pair in the other direction.
      let found =
        kept.comparisons.first { $0.isOf(row) } ?? kept.comparisons.lazy.map(\.reversed).first { $0.isOf(row) }
      guard let own = found else {
        comparisons[index].contrast = nil
        comparisons[index].reason = "it needs the probabilities of all classes, which are not in the folder"
        continue
      }
      (comparisons[index].contrast, comparisons[index].reason) = (own.contrast, own.reason)
      (comparisons[index].low, comparisons[index].high) = (own.low, own.high)
      (comparisons[index].statistic, comparisons[index].p) = (own.statistic, own.p)
    }
    guard primary.needsAllProbabilities else { return }
    // The share of rows answered exactly right stands behind the primary metric of a slice.
    let exactness = primary.problems.compactMap(\.exactness).map(\.rawValue)
    var all: [SliceRow] = []
    for row in slices {
      if exactness.contains(row.metric) {
        all += kept.slices.filter { $0.metric == primary.rawValue && $0.isBeside(row) }
      }
      all.append(row)
    }
    slices = all
  }
}

extension ComparisonRow {
  fileprivate func isOf(_ row: ComparisonRow) -> Bool {
    key == row.key && metric == row.metric && modelA == row.modelA && modelB == row.modelB && test == row.test
      && n == row.n
  }
}

extension SliceRow {
  fileprivate func isBeside(_ row: SliceRow) -> Bool {
    key == row.key && slice == row.slice && model == row.model
  }
}
