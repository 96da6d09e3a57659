import Metrics

extension TrialRecord {
  /// Scores on the test rows with each value of the corpus' slice column, in the order of the values' Unicode scalars.
  var scoresBySlice: [(slice: String, scores: ClassificationMetrics)] {
    var rows: [String: [Int]] = [:]
    for (row, slice) in slices.enumerated() { rows[slice, default: []].append(row) }
    let count = classes.count
    return rows.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { slice in
      let own = rows[slice] ?? [], labels = own.map { self.labels[$0] }
      let scores = ClassificationMetrics(
        labels: labels, probabilities: own.flatMap { probabilities[$0 * count..<($0 + 1) * count] }, classes: count)
      return (slice, scores)
    }
  }
}
