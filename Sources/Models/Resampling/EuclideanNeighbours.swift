import Compute

/// The k other rows that are closest to a row by Euclidean distance, found exactly on sparse rows.
///
/// Two steps. ‖x‖² + ‖y‖² − 2 x · y with the product in Float, which is off by at most γ(‖x‖² + ‖y‖²) with
/// γ = mu / (1 − mu) for m non-zeros and u = 2⁻²⁴ (Higham 2002, section 3.1), tells which rows may be among the k
/// nearest; of these few, Σ (x_j − y_j)² is summed in twice the precision of Double (Dekker 1971). So distances that are
/// equal come out equal whatever the order of the columns, and of equally distant rows the first is the nearer.
///
/// Cost: for each row asked for, a product with all rows, 80 of them at a time.
struct EuclideanNeighbours {
  /// Neighbours of a row: k, or all others where there are fewer.
  let neighbours: Int
  private let rows: SparseRows
  /// ‖x‖² of each row.
  private let squares: [Double]
  /// γ and what products too small for a Float may add; infinite where Floats do not reach.
  private let relative: Double
  private let absolute: Double

  /// - Parameters:
  ///   - rows: finite values, columns ascending in each row.
  ///   - neighbours: k.
  init(_ rows: SparseRows, neighbours: Int) {
    precondition(neighbours > 0, "EuclideanNeighbours: k is \(neighbours)")
    precondition(rows.values.allSatisfy(\.isFinite), "EuclideanNeighbours: a value that is not finite")
    self.rows = rows
    self.neighbours = min(neighbours, max(rows.count - 1, 0))
    squares = (0..<rows.count).map { row in
      rows.values[rows.offsets[row]..<rows.offsets[row + 1]].reduce(0) { $0 + Double($1) * Double($1) }
    }
    let terms = Double((0..<rows.count).map { rows.offsets[$0 + 1] - rows.offsets[$0] }.max() ?? 0)
    // Three terms more than the product has: the norms and the sums in Double are not exact either.
    let units = (terms + 3) * 0x1p-24
    let isInReach = units < 0.5 && (squares.max() ?? 0) < 0x1p120
    relative = isInReach ? units / (1 - units) : .infinity
    absolute = terms * 0x1p-148
  }

  /// The nearest rows of each row in `queries`, the nearest first: row numbers `[queries, neighbours]`.
  ///
  /// - Parameter isStopped: asked every few milliseconds; true ends it.
  /// - Throws: `FitStopped` where it was ended so.
  func find(_ queries: [Int], pool: WorkerPool, isStopped: () -> Bool) throws(FitStopped) -> [Int32] {
    guard neighbours > 0 else { return [] }
    // Queries stand side by side in one dense block, fewer of them where that would be large.
    let stride = rows.columns <= 200_000 ? 80 : 16
    var block = [Float](repeating: 0, count: rows.columns * stride)
    var products = [Float](repeating: 0, count: rows.count * stride)
    var found = [Int32]()
    found.reserveCapacity(queries.count * neighbours)
    for part in WorkerPool.parts(queries.count, of: stride) {
      if isStopped() { throw FitStopped() }
      write(queries[part], to: &block, stride: stride, isClearing: false)
      rows.multiply(block, stride: stride, into: &products, pool: pool)
      write(queries[part], to: &block, stride: stride, isClearing: true)
      let pieces = WorkerPool.parts(part.count, of: 8), first = part.lowerBound
      let answers = pool.map(pieces.count) { piece in
        let lanes = pieces[piece]
        return candidates(lanes.map { queries[first + $0] }, products, stride: stride, firstLane: lanes.lowerBound)
          .flatMap { nearest($0) }
      }
      for rows in answers { found += rows }
    }
    return found
  }

  /// The rows of these numbers as columns of `block` `[columns, stride]`, or zeros where they stand.
  private func write(_ queries: ArraySlice<Int>, to block: inout [Float], stride: Int, isClearing: Bool) {
    for (lane, query) in queries.enumerated() {
      for place in rows.offsets[query]..<rows.offsets[query + 1] {
        block[Int(rows.indices[place]) * stride + lane] = isClearing ? 0 : rows.values[place]
      }
    }
  }

  // MARK: Rows that may be among the nearest

  private struct Candidates {
    let query: Int
    /// The smallest upper bounds of squared distances so far, ascending, k of them.
    var uppers: [Double]
    var rows: [Int32] = []
    /// The lower bound of each row's squared distance.
    var lowers: [Double] = []

    var limit: Double { uppers[uppers.count - 1] }

    mutating func offer(_ row: Int, lower: Double, upper: Double) {
      rows.append(Int32(row))
      lowers.append(lower)
      guard upper < limit else { return }
      var place = uppers.count - 1
      while place > 0, uppers[place - 1] > upper {
        uppers[place] = uppers[place - 1]
        place -= 1
      }
      uppers[place] = upper
    }
  }

  /// For each query the rows whose distance may be one of the k smallest; its products are a column of `products`
  /// `[rows, stride]`.
  private func candidates(
    _ queries: [Int], _ products: [Float], stride: Int, firstLane: Int
  ) -> [Candidates] {
    var all = queries.map {
      Candidates(query: $0, uppers: [Double](repeating: .infinity, count: neighbours))
    }
    guard relative < .infinity else {
      for place in all.indices {
        for row in 0..<rows.count where row != all[place].query { all[place].offer(row, lower: 0, upper: .infinity) }
      }
      return all
    }
    // A row is a candidate where 2 x · y − (1 − γ)‖y‖² reaches this.
    var thresholds = [Double](repeating: -.infinity, count: all.count)
    for row in 0..<rows.count {
      let square = squares[row], short = (1 - relative) * square
      for place in all.indices {
        let product = 2 * Double(products[row * stride + firstLane + place])
        guard product - short >= thresholds[place], row != all[place].query else { continue }
        let sum = squares[all[place].query] + square, bound = relative * sum + absolute
        all[place].offer(row, lower: sum - product - bound, upper: sum - product + bound)
        thresholds[place] = (1 - relative) * (squares[all[place].query]) - absolute - all[place].limit
      }
    }
    return all
  }

  // MARK: Exact distances

  /// A squared distance to twice the precision of Double, `high` the nearest Double to it.
  private struct Distance {
    var high = 0.0
    var low = 0.0

    /// Adds d², its rounding and that of the sum included.
    mutating func add(_ d: Double) {
      let square = d * d, sum = high + square, added = sum - high
      low += (high - (sum - added)) + (square - added) + (-square).addingProduct(d, d)
      high = sum
    }

    var normalised: Distance {
      let sum = high + low
      return Distance(high: sum, low: low - (sum - high))
    }

    static func < (a: Self, b: Self) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
  }

  private func nearest(_ candidates: Candidates) -> [Int32] {
    var nearest = [Int32](), distances = [Distance]()
    for (row, lower) in zip(candidates.rows, candidates.lowers) where lower <= candidates.limit {
      // Nothing is nearer than copies of the row, of which the first are known then.
      if nearest.count == neighbours, distances[neighbours - 1].high == 0 { break }
      let distance = distance(candidates.query, Int(row))
      if nearest.count == neighbours {
        guard distance < distances[neighbours - 1] else { continue }
        nearest.removeLast()
        distances.removeLast()
      }
      // Rows come in ascending order, so that an equal one goes behind.
      var place = nearest.count
      while place > 0, distance < distances[place - 1] { place -= 1 }
      nearest.insert(row, at: place)
      distances.insert(distance, at: place)
    }
    return nearest
  }

  private func distance(_ a: Int, _ b: Int) -> Distance {
    var distance = Distance()
    rows.merge(a, b) { _, x, y in distance.add(Double(x) - Double(y)) }
    return distance.normalised
  }
}
