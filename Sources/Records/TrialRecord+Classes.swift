import Corpora
import Metrics

extension TrialRecord {
  /// The classes that stand among the true or the predicted ones of any of the trials, ascending; of the rows of one
  /// novelty alone where `part` is given. Two models on one test part are compared over this list.
  package static func occurring(in trials: [TrialRecord], on part: Novelty? = nil) -> [Int] {
    let lists = trials.flatMap { trial in
      let answers = trial.answers(on: part)
      return [answers.labels, answers.predictions]
    }
    return ConfusionMetrics.occurring(in: lists, classes: trials.map(\.classes.count).max() ?? 0)
  }

  /// The score of a column with its mean over the classes `list`, where it is one over classes. nil where the column
  /// has no value.
  package func score(_ column: String, over list: [Int]) -> Double? {
    guard let own = metrics[column], own.isFinite else { return nil }
    guard let name = ScoreName(column: column), let metric = name.metric, metric.isClassMean else { return own }
    let (labels, predictions) = answers(on: name.novelty)
    guard list != ConfusionMetrics.occurring(in: [labels, predictions], classes: classes.count) else { return own }
    return ConfusionMetrics(labels: labels, predictions: predictions, classes: classes.count, averaged: list)
      .value(metric)
  }

  private func answers(on part: Novelty?) -> (labels: [Int], predictions: [Int]) {
    guard let part else { return (labels, predictions) }
    let all = predictions, rows = novelty.indices.filter { novelty[$0] == part }
    return (rows.map { labels[$0] }, rows.map { all[$0] })
  }
}
