import Metrics

extension TrialRecord {
  /// Scores on the test rows with each value of the corpus' slice column, in the order of the values' Unicode scalars.
  package var scoresBySlice: [(slice: String, scores: ClassificationMetrics)] {
    var rows: [String: [Int]] = [:]
    for (row, slice) in slices.enumerated() { rows[slice, default: []].append(row) }
    return rows.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { slice in
      (slice, classificationMetrics(of: rows[slice] ?? []))
    }
  }
}
