import Records
import Statistics
import Tasks

/// The best validation score that one can expect of a search, by the number of its trials (Dodge et al. 2019).
public struct ExpectedBest: Sendable, Equatable {
  /// At k − 1 that of k trials; as many as were completed.
  public var scores: [Double] = []
  /// Mean nominal core-seconds of a completed trial.
  public var cost = 0.0

  /// Of one fit's search. A trial that failed counts as the worst that ended; one that the budget cut counts for
  /// nothing, as nobody knows its score. Empty where no trial has a score.
  public init(_ record: TuningRecord, metric: String, nominalSeconds: (_ flops: Double) -> Double) {
    let completed = record.completed
    let sign = MetricName(rawValue: metric)?.higherIsBetter ?? true ? 1.0 : -1.0
    let known = completed.compactMap { $0.score.map { $0 * sign } }
    guard let worst = known.min() else { return }
    let values = completed.map { $0.score.map { $0 * sign } ?? worst }
    scores = (1...values.count).compactMap { ExpectedMaximum.of(values, draws: $0).map { $0 * sign } }
    cost = completed.reduce(0) { $0 + nominalSeconds($1.flops) } / Double(completed.count)
  }

  /// The mean over several fits, for as many trials as each of them has.
  public init(mean fits: [ExpectedBest]) {
    let known = fits.filter { !$0.scores.isEmpty }
    guard let count = known.map(\.scores.count).min() else { return }
    scores = (0..<count).map { index in known.reduce(0) { $0 + $1.scores[index] } / Double(known.count) }
    cost = known.reduce(0) { $0 + $1.cost } / Double(known.count)
  }
}
