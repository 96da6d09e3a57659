import Foundation

/// How good it is to part a node's rows in two, while one row after another is moved out of it.
///
/// A score is of the rows moved and those that remain together, and larger is better:
/// - Gini index: Σ_sides Σ_c n_c² / n, largest where the weighted mean of 1 − Σ_c (n_c / n)² is smallest (Breiman et al.
///   1984, section 4.3).
/// - entropy: Σ_sides (Σ_c n_c ln n_c − n ln n), largest where the weighted mean of −Σ_c p_c ln p_c is smallest (Quinlan
///   1986); n ln n comes from a table.
/// - squared error: Σ_sides (Σ y)² / n, largest where Σ_sides Σ (y − ȳ)² is smallest (Breiman et al. 1984, section 8.3), of
///   y minus the mean of all rows.
///
/// To move a row costs a few operations, whatever the number of classes. Sums of classes are integers, n ln n in parts of a
/// power of two: in whichever order rows are moved, splits that are equally good have equal scores.
struct SplitJudge {
  private enum Kind { case gini, entropy, squares }

  private let kind: Kind
  private let labels: [Int32]
  private let numbers: [Double]
  /// Mean of all numbers.
  private let centre: Double
  /// n ln n, scaled; empty where there would be too many.
  private let table: [Int]
  private let scale: Double
  /// How often each row counts; 0 where a tree does not learn from it.
  private let draws: [Int32]
  /// What a row of each class counts each time; all 1 where classes weigh the same.
  private let units: [Int]
  private var counts: [Int]
  private var movedCounts: [Int]
  /// Σ_c of n_c² or n_c ln n_c, of all rows, those moved and those that remain.
  private var allCounts = 0, movedScore = 0, leftScore = 0
  /// Σ y
  private var sum = 0.0, movedSum = 0.0
  private var least = 0.0, greatest = 0.0
  /// Weight of the node's rows, and of those moved.
  private var total = 0, moved = 0
  /// Their number, a row that was drawn twice counted twice.
  private(set) var rows = 0
  private var movedRows = 0

  /// - Parameter classWeights: of each class' rows; all weigh the same where nil.
  init(_ targets: TreeTargets, draws: [Int32], classWeights: [Float]?, criterion: TreeSettings.Criterion) {
    self.draws = draws
    let count = draws.reduce(0) { $0 + Int($1) }
    switch targets {
    case .classes(let all, let classes):
      kind = criterion == .gini ? .gini : .entropy
      labels = all.map { Int32($0) }
      counts = [Int](repeating: 0, count: classes)
      units = Self.units(classWeights, classes: classes, rows: count)
      let largest = Double(count * (units.max() ?? 1))
      scale = Double(
        sign: .plus, exponent: min(44, 60 - Int(max(1, largest * log(max(1, largest))).exponent)), significand: 1)
      table = criterion == .gini || classWeights != nil ? [] : (0...count).map { [scale] in Self.entropy($0, scale) }
      (numbers, centre) = ([], 0)
    case .numbers(let all):
      kind = .squares
      let centre = all.reduce(0, +) / Double(max(all.count, 1))
      (numbers, self.centre) = (all.map { $0 - centre }, centre)
      (labels, counts, table, scale, units) = ([], [], [], 1, [])
    }
    movedCounts = counts
  }

  /// Weights as integers, the largest of which is 2¹⁶ or less, so that the square of all weights together fits an Int.
  private static func units(_ weights: [Float]?, classes: Int, rows: Int) -> [Int] {
    guard let weights else { return [Int](repeating: 1, count: classes) }
    precondition(
      weights.count == classes && weights.allSatisfy { $0 > 0 && $0.isFinite },
      "trees: \(weights) as weights of \(classes) classes")
    let most = Double(max(1, min(1 << 16, (1 << 31) / max(rows, 1)))), largest = Double(weights.max() ?? 1)
    return weights.map { max(1, Int((Double($0) / largest * most).rounded())) }
  }

  private static func entropy(_ n: Int, _ scale: Double) -> Int {
    n == 0 ? 0 : Int((Double(n) * log(Double(n)) * scale).rounded())
  }

  @inline(__always) private func entropy(_ n: Int) -> Int { table.isEmpty ? Self.entropy(n, scale) : table[n] }

  /// Takes the rows `order[range]` of a node; none is moved. Returns whether all have the same target.
  mutating func begin(_ order: [Int32], _ range: Range<Int>) -> Bool {
    (total, moved, rows, movedRows) = (0, 0, 0, 0)
    guard kind != .squares else {
      (sum, movedSum, least, greatest) = (0, 0, .infinity, -.infinity)
      for place in range {
        let row = Int(order[place]), number = numbers[row], weight = Int(draws[row])
        sum += Double(weight) * number
        rows += weight
        least = min(least, number)
        greatest = max(greatest, number)
      }
      total = rows
      return least >= greatest
    }
    for label in counts.indices { counts[label] = 0 }
    for place in range {
      let row = Int(order[place]), label = Int(labels[row]), count = Int(draws[row])
      counts[label] += count * units[label]
      total += count * units[label]
      rows += count
    }
    allCounts = counts.reduce(0) { $0 + (kind == .gini ? $1 * $1 : entropy($1)) }
    (movedScore, leftScore) = (0, allCounts)
    return counts[Int(labels[Int(order[range.lowerBound])])] == total
  }

  @inline(__always) private mutating func move(_ row: Int) {
    let draw = Int(draws[row])
    movedRows += draw
    guard kind != .squares else {
      movedSum += Double(draw) * numbers[row]
      moved += draw
      return
    }
    let label = Int(labels[row]), weight = draw * units[label]
    let count = movedCounts[label], left = counts[label] - count
    if kind == .gini {
      movedScore += weight * (2 * count + weight)
      leftScore -= weight * (2 * left - weight)
    } else {
      movedScore += entropy(count + weight) - entropy(count)
      leftScore += entropy(left - weight) - entropy(left)
    }
    movedCounts[label] = count + weight
    moved += weight
  }

  @inline(__always) private var score: Double {
    switch kind {
    case .gini: return Double(movedScore) / Double(moved) + Double(leftScore) / Double(total - moved)
    case .entropy: return Double(movedScore - entropy(moved) + leftScore - entropy(total - moved))
    case .squares:
      let left = sum - movedSum
      return movedSum * movedSum / Double(moved) + left * left / Double(total - moved)
    }
  }

  @inline(__always) private mutating func takeBack(_ entries: [UInt64], _ range: Range<Int>) {
    if kind != .squares {
      for place in range { movedCounts[Int(labels[Int(entries[place] & 0xffff_ffff)])] = 0 }
    }
    (moved, movedRows, movedScore, leftScore, movedSum) = (0, 0, 0, allCounts, 0)
  }

  /// The best split so far: of equal scores the one of the lower column, then the lower values.
  struct Best {
    var score = -Double.infinity
    var column = -1
    /// Keys of the values on both sides of the threshold.
    var low: UInt32 = 0, high: UInt32 = 0
  }

  /// Tries every split of a column.
  ///
  /// `entries[range]` are the node's rows that hold something else than 0 in it, the value's key in the upper half of each
  /// word and the row in the lower, ascending. Values below 0 are moved from the least up, values above 0 from the greatest
  /// down, so that the rows of 0 are never touched.
  ///
  /// - Parameter hasZeros: the node has rows that hold 0.
  mutating func tryColumn(
    _ column: Int, _ entries: [UInt64], _ range: Range<Int>, hasZeros: Bool, minimumLeaf: Int, best: inout Best
  ) {
    let zero = UInt64(TreeColumns.zero) << 32
    var place = range.lowerBound
    while place < range.upperBound, entries[place] < zero {
      let key = entries[place] >> 32
      repeat {
        move(Int(entries[place] & 0xffff_ffff))
        place += 1
      } while place < range.upperBound && entries[place] >> 32 == key
      if place < range.upperBound, entries[place] < zero || !hasZeros {
        judge(column, UInt32(key), UInt32(entries[place] >> 32), minimumLeaf, &best)
      } else if hasZeros {
        judge(column, UInt32(key), TreeColumns.zero, minimumLeaf, &best)
      }
    }
    let positive = place
    if positive > range.lowerBound { takeBack(entries, range.lowerBound..<positive) }
    place = range.upperBound
    while place > positive {
      let key = entries[place - 1] >> 32
      repeat {
        place -= 1
        move(Int(entries[place] & 0xffff_ffff))
      } while place > positive && entries[place - 1] >> 32 == key
      if place > positive {
        judge(column, UInt32(entries[place - 1] >> 32), UInt32(key), minimumLeaf, &best)
      } else if hasZeros {
        judge(column, TreeColumns.zero, UInt32(key), minimumLeaf, &best)
      }
    }
    if positive < range.upperBound { takeBack(entries, positive..<range.upperBound) }
  }

  @inline(__always) private func judge(
    _ column: Int, _ low: UInt32, _ high: UInt32, _ minimumLeaf: Int, _ best: inout Best
  ) {
    guard movedRows >= minimumLeaf, rows - movedRows >= minimumLeaf else { return }
    let score = score
    if score > best.score || score == best.score && (column, low) < (best.column, best.low) {
      best = Best(score: score, column: column, low: low, high: high)
    }
  }

  /// Appends what a leaf of the node's rows answers: the classes that it has with their shares, or output 0 with the mean.
  func answer(_ outputs: inout [Int32], _ values: inout [Float]) {
    if kind == .squares {
      outputs.append(0)
      values.append(Float(centre + sum / Double(total)))
    }
    for (label, count) in counts.enumerated() where count > 0 {
      outputs.append(Int32(label))
      values.append(Float(Double(count) / Double(total)))
    }
  }
}
