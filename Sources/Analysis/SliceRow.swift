import Statistics
import Tasks

/// One row of slices.csv: a model on the test rows with one value of the corpus' slice column.
public struct SliceRow: Sendable, Codable {
  public var task, corpus, protocolName, source, target, model, kind, metric: String
  /// The column's value; empty for the rows without one.
  public var slice: String
  /// Trials that have such rows and a value of the metric.
  public var n: Int
  /// Test rows of all trials together.
  public var rows: Int
  /// Over the trials; a fraction from 0 to 1 (log loss in nats).
  public var mean: Double
  /// Sample standard deviation; nil for n = 1.
  public var sd: Double?

  /// By model, slice and metric: the deciding one, then the share of rows answered exactly right.
  package static func all(in group: TrialGroup, primary: MetricName) -> [SliceRow] {
    let exactness = group.ended.values.joined().first?.problem.exactness
    let metrics = [primary] + (exactness.map { $0 == primary ? [] : [$0] } ?? [])
    return group.models.flatMap { model -> [SliceRow] in
      let trials = group.ended[model] ?? []
      guard let first = trials.first else { return [] }
      var found: [String: [(rows: Int, scores: [MetricName: Double])]] = [:]
      for trial in trials {
        for (slice, outcome) in trial.outcomesBySlice {
          found[slice, default: []].append((outcome.rows, outcome.scores))
        }
      }
      let slices = found.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return slices.flatMap { slice in
        metrics.compactMap { metric -> SliceRow? in
          let scores = found[slice] ?? []
          let values = scores.compactMap { $0.scores[metric] }.filter(\.isFinite)
          guard let mean = Descriptive.mean(values) else { return nil }
          let key = group.key
          return SliceRow(
            task: key.task, corpus: key.corpus, protocolName: key.protocolName, source: key.source, target: key.target,
            model: model, kind: first.kind.rawValue, metric: metric.rawValue, slice: slice, n: values.count,
            rows: scores.reduce(0) { $0 + $1.rows }, mean: mean,
            sd: values.count > 1 ? Descriptive.standardDeviation(values) : nil)
        }
      }
    }
  }
}
