import Corpora
import Tasks

extension TrialRecord {
  /// Adds the shares of seen, near and novel test rows, and the scores on each; a score without rows stays out.
  package mutating func score(novelty: [Novelty], primary: MetricName) {
    precondition(novelty.count == rows, "TrialRecord: \(novelty.count) novelties, \(rows) rows")
    self.novelty = novelty
    guard !novelty.isEmpty else { return }
    let names = problem.compared + (problem.compared.contains(primary) ? [] : [primary])
    for part in Novelty.allCases {
      let rows = novelty.count { $0 == part }
      metrics[ScoreName.share(part).column] = Double(rows) / Double(novelty.count)
      guard rows > 0 else { continue }
      let scores = outcome.rows(self.rows(of: part)).scores
      for name in names { metrics[ScoreName.part(name, part).column] = scores[name] }
    }
  }

  private func rows(of part: Novelty) -> [Int] { novelty.indices.filter { novelty[$0] == part } }

  /// How many test rows a score is over.
  package func rows(behind metric: String) -> Int {
    ScoreName(column: metric)?.novelty.map { rows(of: $0).count } ?? rows
  }

  /// The trial as if it had been tested on the rows of one novelty alone, each metric in the place of the whole's; nil
  /// where there are none. `testRows` stays that of the whole: the rows of the part come with it.
  package func part(_ part: Novelty) -> TrialRecord? {
    guard novelty.contains(part) else { return nil }
    var record = only(rows(of: part))
    for name in problem.metrics { record.metrics[name.rawValue] = metrics[ScoreName.part(name, part).column] }
    return record
  }

  /// The trial on some of its test rows alone, without scores.
  package func only(_ rows: [Int]) -> TrialRecord {
    func chosen<Value>(_ values: [Value]) -> [Value] { values.isEmpty ? [] : rows.map { values[$0] } }
    var record = self
    record.outcome = outcome.rows(rows)
    (record.ids, record.groups, record.novelty) = (chosen(ids), chosen(groups), chosen(novelty))
    (record.forms, record.slices, record.metrics) = (chosen(forms), [], [:])
    return record
  }
}
