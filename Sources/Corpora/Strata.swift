/// What every part of a split is to have in the same shares: classes, labels, or ranges of numbers.
struct Strata {
  /// How many there are.
  let count: Int
  private let rows: [[Int]]

  subscript(row: Int) -> [Int] { rows[row] }

  /// All rows in one of `count`.
  init(count: Int, rows: Int) { (self.count, self.rows) = (count, [[Int]](repeating: [0], count: rows)) }

  /// A row with several labels is of several strata at once, as in iterative stratification (Sechidis et al. 2011), and
  /// of one for rows with so many labels, so that parts keep their shares of the rows too. Numbers are cut at their
  /// deciles, equal ones never; up to ten different numbers are a stratum each.
  init(_ examples: [Example], classes: Int) {
    let numbers = examples.compactMap { if case .number(let number) = $0.target { number } else { nil } }.sorted()
    guard numbers.isEmpty else {
      let distinct = numbers.enumerated().filter { $0.offset == 0 || numbers[$0.offset - 1] != $0.element }
      let last =
        distinct.count <= Self.ranges
        ? distinct.map(\.element)
        : (1...Self.ranges).map { numbers[$0 * numbers.count / Self.ranges - 1] }
      let bounds = last.enumerated().filter { $0.offset == 0 || last[$0.offset - 1] != $0.element }.map(\.element)
      count = bounds.count
      rows = examples.map { example in
        guard case .number(let number) = example.target else { return [0] }
        return [min(bounds.count - 1, bounds.count { $0 < number })]
      }
      return
    }
    let most = examples.map { if case .labels(let labels) = $0.target { labels.count } else { -1 } }.max() ?? -1
    count = max(classes + most + 1, 1)
    rows = examples.map { example in
      guard case .labels(let labels) = example.target else { return example.target.classes }
      return labels + [classes + labels.count]
    }
  }

  private static let ranges = 10
}
