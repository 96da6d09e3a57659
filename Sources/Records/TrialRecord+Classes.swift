import Corpora
import Tasks

extension TrialRecord {
  /// The classes or labels that stand among the true or the answered ones of any of the trials, ascending; of the rows of
  /// one novelty alone where `part` is given. Two models on one test part are compared over this list.
  package static func occurring(in trials: [TrialRecord], on part: Novelty? = nil) -> [Int] {
    Set(trials.flatMap { $0.outcome(on: part).occurring }).sorted()
  }

  /// The score of a column with its mean over the classes `list`, where it is one over classes. nil where the column
  /// has no value.
  package func score(_ column: String, over list: [Int]) -> Double? {
    guard let own = metrics[column], own.isFinite else { return nil }
    guard let name = ScoreName(column: column), let metric = name.metric, metric.isClassMean else { return own }
    let outcome = outcome(on: name.novelty)
    return list == outcome.occurring ? own : outcome.value(metric, over: list)
  }

  private func outcome(on part: Novelty?) -> Outcome {
    guard let part else { return outcome }
    return outcome.rows(novelty.indices.filter { novelty[$0] == part })
  }
}
