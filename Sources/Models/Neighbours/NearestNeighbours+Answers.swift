import Compute

extension NearestNeighbours {
  /// The neighbours of some rows, the nearest first.
  public struct Found: Sendable, Equatable {
    /// Neighbours of each row: k, or all training rows where there are fewer.
    public let neighbours: Int
    /// Training rows, `[rows, neighbours]`.
    public var rows: [Int32]
    /// 1 − cosine, in 0 ... 2, `[rows, neighbours]`.
    public var distances: [Double]
  }

  /// Rows that are answered in one piece: enough to share its sums, few enough to keep all threads at work.
  private static let pieceCount = 32

  /// The nearest training rows of each row.
  public func neighbours(of rows: SparseRows, pool: WorkerPool) -> Found {
    precondition(
      rows.columns == columns, "NearestNeighbours: got \(rows.columns) columns, expected \(columns)")
    let pieces = WorkerPool.parts(rows.count, of: Self.pieceCount)
    let parts = pool.map(pieces.count) { find(rows, pieces[$0]) }
    var found = Found(neighbours: min(settings.neighbours, count), rows: [], distances: [])
    found.rows.reserveCapacity(rows.count * found.neighbours)
    found.distances.reserveCapacity(rows.count * found.neighbours)
    for part in parts {
      found.rows += part.rows
      found.distances += part.distances
    }
    return found
  }

  private func find(_ rows: SparseRows, _ range: Range<Int>) -> Found {
    var sums = [Double](repeating: 0, count: count)
    var best = NearestList(capacity: min(settings.neighbours, count))
    var found = Found(neighbours: best.capacity, rows: [], distances: [])
    found.rows.reserveCapacity(range.count * best.capacity)
    found.distances.reserveCapacity(range.count * best.capacity)
    for row in range {
      let length = Self.length(of: rows, row)
      for place in sums.indices { sums[place] = 0 }
      if length > 0 {
        for place in rows.offsets[row]..<rows.offsets[row + 1] {
          index.add(Double(rows.values[place]) / length, row: Int(rows.indices[place]), to: &sums)
        }
      }
      best.fill(sums)
      for place in 0..<best.capacity {
        found.rows.append(best.rows[place])
        found.distances.append(min(max(1 - best.scores[place], 0), 2))
      }
    }
    return found
  }

  /// Shares of the neighbours' classes, or the mean of their numbers, weighted: `[rows, outputs]`.
  public func predict(_ rows: SparseRows, pool: WorkerPool) -> [Float] {
    let found = neighbours(of: rows, pool: pool)
    var answers = [Float](repeating: 0, count: rows.count * outputs)
    var weights = [Double](repeating: 1, count: found.neighbours)
    var shares = [Double](repeating: 0, count: outputs)
    for row in 0..<rows.count {
      let start = row * found.neighbours
      if settings.weights == .distance { weigh(found, from: start, into: &weights) }
      for output in shares.indices { shares[output] = 0 }
      var total = 0.0
      for place in 0..<found.neighbours {
        let neighbour = Int(found.rows[start + place])
        switch self.answers {
        case .classes(let all): shares[Int(all[neighbour])] += weights[place]
        case .numbers(let all): shares[0] += weights[place] * Double(all[neighbour])
        }
        total += weights[place]
      }
      for output in shares.indices { answers[row * outputs + output] = Float(shares[output] / total) }
    }
    return answers
  }

  private func weigh(_ found: Found, from start: Int, into weights: inout [Double]) {
    let hasZero = found.distances[start] <= Self.zero
    for place in weights.indices {
      let distance = found.distances[start + place]
      weights[place] = hasZero ? (distance <= Self.zero ? 1 : 0) : 1 / distance
    }
  }
}

/// The places of the largest of some scores, the largest first, the first among equals.
struct NearestList {
  let capacity: Int
  private(set) var rows: [Int32]
  private(set) var scores: [Double]

  init(capacity: Int) {
    self.capacity = capacity
    rows = [Int32](repeating: 0, count: capacity)
    scores = [Double](repeating: 0, count: capacity)
  }

  /// One pass: what is above the smallest of the list goes in by insertion. `all` has at least `capacity` scores.
  mutating func fill(_ all: [Double]) {
    precondition(all.count >= capacity && capacity > 0, "NearestList: \(capacity) of \(all.count)")
    for row in 0..<capacity { insert(all[row], Int32(row), at: row) }
    var smallest = scores[capacity - 1]
    for row in capacity..<all.count where all[row] > smallest {
      insert(all[row], Int32(row), at: capacity - 1)
      smallest = scores[capacity - 1]
    }
  }

  /// Puts it before all that are smaller, of which the one at `last` is lost.
  private mutating func insert(_ score: Double, _ row: Int32, at last: Int) {
    var place = last
    while place > 0, scores[place - 1] < score {
      scores[place] = scores[place - 1]
      rows[place] = rows[place - 1]
      place -= 1
    }
    (scores[place], rows[place]) = (score, row)
  }
}
