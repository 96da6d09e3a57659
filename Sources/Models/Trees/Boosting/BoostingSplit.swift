/// How a node's rows are parted.
struct BoostingSplit {
  /// What it gains over the node as one leaf.
  var gain: Double
  /// Place among the columns that are looked at.
  var column: Int
  /// Bins that go left, one bit each; those of numbers are the first ones, and perhaps that of what is missing.
  var left: SIMD4<UInt64>
  /// Of numbers: the last bin of values that goes left. Of categories −1.
  var lastLeft: Int
  /// Sums of the rows that go left.
  var sums: SIMD2<Int64>
  /// λ for the answers of both sides.
  var lambda: Double

  static func holds(_ bins: SIMD4<UInt64>, _ bin: Int) -> Bool { bins[bin >> 6] >> UInt64(bin & 63) & 1 == 1 }
  static func add(_ bin: Int, to bins: inout SIMD4<UInt64>) { bins[bin >> 6] |= 1 << UInt64(bin & 63) }
}

/// Sums of rows, back from the integers of `GradientPairs`.
struct GradientUnit {
  /// What 1 stands for.
  var gradient: Double
  var hessian: Double
  var countBits: Int64

  @inline(__always) func gradient(_ sum: SIMD2<Int64>) -> Double { Double(sum[0]) * gradient }
  @inline(__always) func hessian(_ sum: SIMD2<Int64>) -> Double { Double(sum[1] &>> countBits) * hessian }
  @inline(__always) func count(_ sum: SIMD2<Int64>) -> Int { Int(sum[1] & ((1 &<< countBits) - 1)) }
}

/// Finds the best split of a node by its sums over bins (Chen and Guestrin 2016, section 2.2; Ke et al. 2017).
///
/// With G and H the sums of first and second derivatives of a side, a split gains Σ_sides G² / (H + λ) over the node. Of
/// splits that gain the same the first is taken: lowest column, lowest bin, what is missing on the right. Cost: an
/// evaluation for each bin that has rows, twice where rows miss the value.
struct SplitFinder {
  /// A column that is looked at, and where its bins begin.
  private struct Column {
    var kind: TableColumns.Kind
    var first: Int
    var count: Int
    var hasMissing: Bool
  }

  private let columns: [Column]
  private let settings: BoostingSettings
  /// Of the tree that grows.
  var unit = GradientUnit(gradient: 1, hessian: 1, countBits: 1)
  private let minimumLeaf: Int
  // What a column's categories are put in order with.
  private var ranked: [Int] = []
  private var ratios: [Double] = []

  init(_ rows: BinnedRows, settings: BoostingSettings) {
    self.settings = settings
    columns = rows.columns.indices.map { place in
      let bins = rows.bins[rows.columns[place]]
      return Column(
        kind: bins.kind, first: Int(rows.offsets[place]), count: bins.count, hasMissing: bins.hasMissing)
    }
    minimumLeaf = settings.minimumLeaf
    ranked.reserveCapacity(256)
    ratios.reserveCapacity(256)
  }

  /// - Parameters:
  ///   - sums: of all bins, from `start` on.
  ///   - node: sums of the node's rows.
  mutating func best(_ sums: [SIMD2<Int64>], at start: Int, node: SIMD2<Int64>) -> BoostingSplit? {
    var best: BoostingSplit?
    for place in columns.indices {
      let column = columns[place], first = start + column.first
      switch column.kind {
      case .numbers: tryNumbers(place, sums, first, column.count, hasMissing: column.hasMissing, node, &best)
      case .categories where column.count < settings.categories.oneAgainstRest:
        tryEach(place, sums, first, column.count, node, &best)
      case .categories: tryOrdered(place, sums, first, column.count, node, &best)
      }
    }
    return best
  }

  /// Σ_sides G² / (H + λ), or nothing where a side has too small an H.
  @inline(__always) private func score(_ left: SIMD2<Int64>, _ node: SIMD2<Int64>, _ lambda: Double) -> Double {
    let right = node &- left
    let (leftSteepness, rightSteepness) = (unit.hessian(left), unit.hessian(right))
    guard leftSteepness >= settings.minimumHessian, rightSteepness >= settings.minimumHessian else {
      return -.infinity
    }
    let (a, b) = (unit.gradient(left), unit.gradient(right))
    let (c, d) = (leftSteepness + lambda, rightSteepness + lambda)
    // One division in place of two; without any steepness there is no answer.
    return c > 0 && d > 0 ? (a * a * d + b * b * c) / (c * d) : -.infinity
  }

  /// What has to be exceeded: the node's own score, with room for rounding, and the gain asked for.
  private func floor(_ node: SIMD2<Int64>) -> Double {
    let steepness = unit.hessian(node) + settings.lambda
    guard steepness > 0 else { return .infinity }
    let score = unit.gradient(node) * unit.gradient(node) / steepness
    return score * (1 + 1e-10) + settings.minimumGain
  }

  private func tryNumbers(
    _ column: Int, _ sums: [SIMD2<Int64>], _ first: Int, _ count: Int, hasMissing: Bool, _ node: SIMD2<Int64>,
    _ best: inout BoostingSplit?
  ) {
    let floor = floor(node), total = unit.count(node)
    let missing = hasMissing ? sums[first + count] : .zero
    let missed = unit.count(missing)
    var score = -Double.infinity, found = -1, goesLeft = false, foundSums = SIMD2<Int64>.zero
    var side = SIMD2<Int64>.zero
    // The last bin is a split where what is missing stands alone on the right.
    for bin in 0..<(missed > 0 ? count : count - 1) {
      let sum = sums[first + bin]
      let held = unit.count(sum)
      if held == 0 { continue }
      side &+= sum
      let left = unit.count(side)
      if left >= minimumLeaf {
        if total - left < minimumLeaf { break }
        let value = self.score(side, node, settings.lambda)
        if value > score { (score, found, goesLeft, foundSums) = (value, bin, false, side) }
      }
      if missed > 0, bin < count - 1, left + missed >= minimumLeaf, total - left - missed >= minimumLeaf {
        let value = self.score(side &+ missing, node, settings.lambda)
        if value > score { (score, found, goesLeft, foundSums) = (value, bin, true, side &+ missing) }
      }
    }
    guard found >= 0, score > floor, score - floor > best?.gain ?? 0 else { return }
    // Where nothing is missing in the node, what will be goes with the greater part.
    if missed == 0 { goesLeft = 2 * unit.count(foundSums) > total }
    // Bins without rows between the sides are shared out evenly; above the last one of all they stay left.
    var next = found + 1
    while next < count, unit.count(sums[first + next]) == 0 { next += 1 }
    let last = next == count ? count - 1 : (found + next - 1) / 2
    var left = SIMD4<UInt64>.zero
    for bin in 0...last { BoostingSplit.add(bin, to: &left) }
    if goesLeft { BoostingSplit.add(count, to: &left) }
    best = BoostingSplit(
      gain: score - floor, column: column, left: left, lastLeft: last, sums: foundSums, lambda: settings.lambda)
  }

  // MARK: Categories

  /// Each category against all others.
  private func tryEach(
    _ column: Int, _ sums: [SIMD2<Int64>], _ first: Int, _ count: Int, _ node: SIMD2<Int64>,
    _ best: inout BoostingSplit?
  ) {
    let floor = floor(node), total = unit.count(node)
    for bin in 0..<count {
      let sum = sums[first + bin], held = unit.count(sum)
      guard held >= minimumLeaf, total - held >= minimumLeaf else { continue }
      let gain = score(sum, node, settings.lambda) - floor
      guard gain > best?.gain ?? 0 else { continue }
      var left = SIMD4<UInt64>.zero
      BoostingSplit.add(bin, to: &left)
      best = BoostingSplit(
        gain: gain, column: column, left: left, lastLeft: -1, sums: sum, lambda: settings.lambda)
    }
  }

  /// Categories by their G / (H + smoothing), from each end (Fisher 1958; Ke et al. 2017). What is missing stays right.
  private mutating func tryOrdered(
    _ column: Int, _ sums: [SIMD2<Int64>], _ first: Int, _ count: Int, _ node: SIMD2<Int64>,
    _ best: inout BoostingSplit?
  ) {
    let rules = settings.categories, lambda = settings.lambda + rules.lambda
    let floor = floor(node), total = unit.count(node)
    rank(sums, first, count)
    let limit = min(rules.limit, (ranked.count + 1) / 2)
    for isReversed in [false, true] {
      var side = SIMD2<Int64>.zero, since = 0, left = SIMD4<UInt64>.zero
      for place in 0..<limit {
        let bin = ranked[isReversed ? ranked.count - 1 - place : place]
        BoostingSplit.add(bin, to: &left)
        side &+= sums[first + bin]
        since += unit.count(sums[first + bin])
        let held = unit.count(side)
        if total - held < max(minimumLeaf, rules.minimumGroup) { break }
        guard held >= minimumLeaf, since >= rules.minimumGroup else { continue }
        since = 0
        let gain = score(side, node, lambda) - floor
        guard gain > best?.gain ?? 0 else { continue }
        best = BoostingSplit(gain: gain, column: column, left: left, lastLeft: -1, sums: side, lambda: lambda)
      }
    }
  }

  /// Puts the categories with enough rows into `ranked`, the lowest ratio first, of equals the lowest bin.
  private mutating func rank(_ sums: [SIMD2<Int64>], _ first: Int, _ count: Int) {
    ranked.removeAll(keepingCapacity: true)
    ratios.removeAll(keepingCapacity: true)
    let smoothing = settings.categories.smoothing
    for bin in 0..<count {
      let sum = sums[first + bin], held = unit.count(sum)
      guard held > 0, Double(held) >= smoothing else { continue }
      let steepness = unit.hessian(sum) + smoothing
      let ratio = steepness > 0 ? unit.gradient(sum) / steepness : 0
      ranked.append(bin)
      ratios.append(ratio)
      var hole = ranked.count - 1
      while hole > 0, ratios[hole - 1] > ratio {
        ranked[hole] = ranked[hole - 1]
        ratios[hole] = ratios[hole - 1]
        hole -= 1
      }
      ranked[hole] = bin
      ratios[hole] = ratio
    }
  }
}
