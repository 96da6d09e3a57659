import Tasks

extension TrialRecord {
  /// The test rows with each value of the corpus' slice column, in the order of the values' Unicode scalars.
  package var outcomesBySlice: [(slice: String, outcome: Outcome)] {
    var rows: [String: [Int]] = [:]
    for (row, slice) in slices.enumerated() { rows[slice, default: []].append(row) }
    return rows.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { slice in
      (slice, outcome.rows(rows[slice] ?? []))
    }
  }
}
