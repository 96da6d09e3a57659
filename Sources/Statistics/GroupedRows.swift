/// Rows that come in groups (the turns of one conversation, the letters of one customer): what belongs to one group is
/// no independent sample, so the group is the unit that is drawn and counted.
struct GroupedRows: Sendable, Equatable {
  /// Place of each row's group, numbered by first appearance; `[rows]`.
  let places: [Int]
  let count: Int

  /// `groups` holds any number for each row, equal ones for the rows of one group.
  init(_ groups: [Int]) {
    var known: [Int: Int] = [:]
    places = groups.map { group in
      let place = known[group] ?? known.count
      known[group] = place
      return place
    }
    count = known.count
  }

  /// Sum of a value over the rows of each group, `[groups]`.
  func sums(_ value: (_ row: Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    for (row, place) in places.enumerated() { sums[place] += value(row) }
    return sums
  }
}
