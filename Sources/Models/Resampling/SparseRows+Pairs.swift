import Compute

/// Two rows side by side.
extension SparseRows {
  /// The same matrix with the columns of each row ascending.
  func ascending() -> SparseRows {
    let isAscending = (0..<count).allSatisfy { row in
      let held = indices[offsets[row]..<offsets[row + 1]]
      return zip(held, held.dropFirst()).allSatisfy { $0 < $1 }
    }
    if isAscending { return self }
    var sorted = SparseRows(columns: columns)
    for row in 0..<count {
      let places = (offsets[row]..<offsets[row + 1]).sorted { indices[$0] < indices[$1] }
      sorted.append(indices: places.map { indices[$0] }, values: places.map { values[$0] })
    }
    return sorted
  }

  /// Calls `body` with each column that rows a or b hold and the value of both, 0 where one has none. The columns of
  /// both ascend.
  @inline(__always)
  func merge(_ a: Int, _ b: Int, _ body: (_ column: Int32, _ a: Float, _ b: Float) -> Void) {
    var first = offsets[a], second = offsets[b]
    let firstEnd = offsets[a + 1], secondEnd = offsets[b + 1]
    while first < firstEnd, second < secondEnd {
      let column = indices[first], other = indices[second]
      body(min(column, other), column <= other ? values[first] : 0, other <= column ? values[second] : 0)
      if column <= other { first += 1 }
      if other <= column { second += 1 }
    }
    for place in first..<firstEnd { body(indices[place], values[place], 0) }
    for place in second..<secondEnd { body(indices[place], 0, values[place]) }
  }
}
