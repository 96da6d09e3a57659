import Records
import Tasks

/// How a search went: what ending it earlier would have lost, and how far its choice looked better than it is.
public struct SearchCourse: Sendable, Equatable {
  /// At k − 1 by how much the best of the first k trials lies behind the best of all, on validation rows; never below 0.
  /// As many as ran to their end; empty where no trial has a score.
  public var regrets: [Double] = []
  /// The validation score of the setting chosen less its score on test rows, which no search saw: above 0 where choosing by
  /// validation rows flattered it (Cawley and Talbot 2010, section 4). nil where one of the two is missing.
  public var optimism: Double?

  /// Of one fit's search. Of a metric that is better the lower it is, all signs are turned round. Before the first trial
  /// that has a score the worst stands for it.
  ///
  /// - Parameters:
  ///   - record: the search.
  ///   - metric: by which it chose.
  ///   - fresh: the score of the fit on the test rows of its own domain; nil where there is none.
  public init(_ record: TuningRecord, metric: MetricName, fresh: Double?) {
    let sign = metric.higherIsBetter ? 1.0 : -1.0
    let scores = record.completed.map { trial in trial.score.map { $0 * sign } }
    if let last = scores.compactMap(\.self).max(), let worst = scores.compactMap(\.self).min() {
      var best = worst
      regrets = scores.map { score in
        best = max(best, score ?? worst)
        return last - best
      }
    }
    if let chosen = record.trials.first(where: \.isChosen)?.score, let fresh { optimism = (chosen - fresh) * sign }
  }

  /// The mean over several fits: regrets for as many trials as each of them has, optimism over those that have it.
  public init(mean fits: [SearchCourse]) {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let known = fits.map(\.regrets).filter { !$0.isEmpty }
    regrets = (0..<(known.map(\.count).min() ?? 0)).map { index in mean(known.map { $0[index] }) }
    let optimisms = fits.compactMap(\.optimism)
    optimism = optimisms.isEmpty ? nil : mean(optimisms)
  }
}
