import Compute

/// Grows one boosted tree, always at the leaf that gains most (leaf-wise: Shi 2007; Ke et al. 2017).
///
/// Every open leaf has its sums over the bins of all columns. Of two new leaves only the one of fewer rows is summed row by
/// row; the other's sums are what remains of the node's. All buffers are taken once and serve tree after tree: 16 bytes a
/// leaf and bin, and 24 a row beside its bins.
struct BoostingGrower {
  private let rows: BinnedRows
  private let settings: BoostingSettings
  /// The rows of each leaf are a run of it.
  private var order: [Int32]
  private var spare: [Int32]
  /// A slot of `rows.total` sums for each leaf, and room that the last one may name.
  private var sums: [SIMD2<Int64>]
  private var gradients: GradientPairs
  private var finder: SplitFinder
  /// 1 for the bins of a split that go left.
  private var goesLeft = [UInt8](repeating: 0, count: 256)
  private var leaves: [Leaf] = []
  private var splits: [Split] = []

  struct Leaf {
    var range: Range<Int>
    var depth: Int
    var sums: SIMD2<Int64>
    var answer: Float
    /// Where its sums over bins stand.
    var slot: Int
    var best: BoostingSplit?
    /// The split above it, and on which side it stands.
    var parent: Int
    var isRight: Bool
  }

  /// A split with its two sides: another split, or −1 − leaf.
  struct Split {
    var split: BoostingSplit
    var left: Int
    var right: Int
  }

  init(_ rows: BinnedRows, settings: BoostingSettings) {
    (self.rows, self.settings) = (rows, settings)
    order = (0..<Int32(rows.rows)).map { $0 }
    spare = order
    gradients = GradientPairs(rows: rows.rows)
    finder = SplitFinder(rows, settings: settings)
    // A leaf has a row at least.
    let slots = max(1, min(settings.leaves, rows.rows))
    sums = [SIMD2<Int64>](repeating: .zero, count: slots * rows.total + 256)
    leaves.reserveCapacity(slots)
    splits.reserveCapacity(slots)
  }

  /// Grows a tree on derivatives of the loss, `gradients[first]`, `gradients[first + stride]` and so on.
  mutating func grow(
    _ derivatives: (gradients: [Double], hessians: [Double]), first: Int, stride: Int, pool: WorkerPool
  ) {
    gradients.take(derivatives.gradients, derivatives.hessians, first: first, stride: stride)
    finder.unit = gradients.unit
    leaves.removeAll(keepingCapacity: true)
    splits.removeAll(keepingCapacity: true)
    for row in order.indices { order[row] = Int32(row) }
    var total = SIMD2<Int64>.zero
    for pair in gradients.pairs { total &+= pair }
    leaves.append(leaf(0..<order.count, total, depth: 0, slot: 0, lambda: settings.lambda, parent: -1, isRight: false))
    if isOpen(leaves[0]), settings.leaves > 1 {
      add(leaves[0].range, slot: 0, pool: pool)
      leaves[0].best = finder.best(sums, at: 0, node: total)
    }
    while leaves.count < settings.leaves, let place = largest() { split(place, pool: pool) }
  }

  /// Appends the tree grown last.
  func addTree(to trees: inout BoostedNodes) { trees.append(leaves, splits, rows: rows) }

  /// Adds each row's answer of the tree grown last: `scores[first]`, `scores[first + stride]` and so on.
  func addAnswers(to scores: inout [Double], first: Int, stride: Int) {
    for leaf in leaves {
      let answer = Double(leaf.answer)
      for place in leaf.range { scores[first + Int(order[place]) * stride] += answer }
    }
  }

  private func leaf(
    _ range: Range<Int>, _ sums: SIMD2<Int64>, depth: Int, slot: Int, lambda: Double, parent: Int, isRight: Bool
  ) -> Leaf {
    let steepness = gradients.unit.hessian(sums) + lambda
    let answer = steepness > 0 ? -settings.learningRate * gradients.unit.gradient(sums) / steepness : 0
    return Leaf(
      range: range, depth: depth, sums: sums, answer: Float(answer), slot: slot, best: nil, parent: parent,
      isRight: isRight)
  }

  /// Whether a leaf may be split at all.
  private func isOpen(_ leaf: Leaf) -> Bool {
    leaf.range.count >= 2 * settings.minimumLeaf && leaf.depth < settings.maximumDepth ?? .max && rows.total > 0
  }

  /// The leaf that gains most, the first among equals.
  private func largest() -> Int? {
    var found: Int?
    for place in leaves.indices {
      guard let gain = leaves[place].best?.gain else { continue }
      if gain > found.flatMap({ leaves[$0].best?.gain }) ?? 0 { found = place }
    }
    return found
  }

  // MARK: A split

  private mutating func split(_ place: Int, pool: WorkerPool) {
    let old = leaves[place]
    guard let best = old.best else { return }
    let number = splits.count, middle = part(old.range, best)
    if old.parent >= 0 {
      if old.isRight { splits[old.parent].right = number } else { splits[old.parent].left = number }
    }
    splits.append(Split(split: best, left: -1 - place, right: -1 - leaves.count))
    let slot = leaves.count * rows.total
    var left = leaf(
      old.range.lowerBound..<middle, best.sums, depth: old.depth + 1, slot: old.slot, lambda: best.lambda,
      parent: number, isRight: false)
    var right = leaf(
      middle..<old.range.upperBound, old.sums &- best.sums, depth: old.depth + 1, slot: slot, lambda: best.lambda,
      parent: number, isRight: true)
    // The last split of a tree needs no sums.
    if leaves.count + 1 < settings.leaves, isOpen(left) || isOpen(right) {
      let leftIsSmaller = left.range.count < right.range.count
      if leftIsSmaller { (left.slot, right.slot) = (slot, old.slot) }
      let smaller = leftIsSmaller ? left : right, larger = leftIsSmaller ? right : left
      for bin in slot..<slot + rows.total { sums[bin] = .zero }
      add(smaller.range, slot: smaller.slot, pool: pool)
      for bin in 0..<rows.total { sums[larger.slot + bin] &-= sums[smaller.slot + bin] }
      if isOpen(left) { left.best = finder.best(sums, at: left.slot, node: left.sums) }
      if isOpen(right) { right.best = finder.best(sums, at: right.slot, node: right.sums) }
    }
    leaves[place] = left
    leaves.append(right)
  }

  /// Puts the rows that go left before the others, each in the order that they have; returns where the right ones begin.
  private mutating func part(_ range: Range<Int>, _ best: BoostingSplit) -> Int {
    let width = rows.columns.count
    for bin in 0..<256 { goesLeft[bin] = BoostingSplit.holds(best.left, bin) ? 1 : 0 }
    var left = range.lowerBound, right = 0
    // Written to both sides, since no processor can foresee where a row goes; what is wrong is overwritten.
    for place in range {
      let row = order[place], isLeft = Int(goesLeft[Int(rows.held[Int(row) * width + best.column])])
      order[left] = row
      spare[right] = row
      left += isLeft
      right += 1 - isLeft
    }
    for place in 0..<right { order[left + place] = spare[place] }
    return left
  }

  /// Rows and columns from which on threads share the sums of a leaf.
  private static let sharedWork = 1 << 18

  /// Adds the derivatives of some rows to the sums of a slot, which are zeros.
  private mutating func add(_ range: Range<Int>, slot: Int, pool: WorkerPool) {
    if slot == 0, range.count == rows.rows { for bin in 0..<rows.total { sums[bin] = .zero } }
    guard pool.threads > 1, range.count * rows.columns.count >= Self.sharedWork else {
      GradientHistogram.add(
        order, range, bins: rows.held, offsets: rows.offsets, pairs: gradients.pairs, to: &sums, at: slot)
      return
    }
    let shards = WorkerPool.parts(range.count, of: (range.count + pool.threads - 1) / pool.threads)
    let (order, rows, pairs) = (order, rows, gradients.pairs)
    let parts = pool.map(shards.count) { shard in
      var sums = [SIMD2<Int64>](repeating: .zero, count: rows.total + 256)
      GradientHistogram.add(
        order, range.lowerBound + shards[shard].lowerBound..<range.lowerBound + shards[shard].upperBound,
        bins: rows.held, offsets: rows.offsets, pairs: pairs, to: &sums, at: 0)
      return sums
    }
    for part in parts { for bin in 0..<rows.total { sums[slot + bin] &+= part[bin] } }
  }
}
