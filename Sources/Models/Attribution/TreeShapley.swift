/// Shapley values of a tree's columns against one other row (Lundberg et al. 2020, interventional, with a background of one):
/// of each column what it adds to the tree's answer, averaged over all orders in which the columns of the one row take the
/// place of the other's.
///
/// At a split where both rows go the same way nothing is decided. Where they part, both ways are followed: a leaf that is
/// reached with `u` columns of the row and `v` of the other counts for each of the former by (u − 1)! v! / (u + v)!, and
/// against each of the latter by u! (v − 1)! / (u + v)!.
struct TreeShapley {
  /// What a node asks: where the row and the other go.
  enum Step {
    case leaf
    case split(column: Int, row: Int, other: Int)
  }

  /// Columns of the row, and of the other, that the way to a node depends on.
  private var own: [Int] = [], theirs: [Int] = []

  /// - Parameters:
  ///   - node: where to begin.
  ///   - step: what a node asks.
  ///   - leaf: gets each leaf with the columns for it and those against it, and the weight of either.
  mutating func walk(
    _ node: Int, _ step: (Int) -> Step,
    _ leaf: (_ node: Int, _ own: [Int], _ weight: Double, _ theirs: [Int], _ against: Double) -> Void
  ) {
    switch step(node) {
    case .leaf:
      let (u, v) = (own.count, theirs.count)
      leaf(node, own, Self.weight(u - 1, v), theirs, Self.weight(u, v - 1))
    case .split(let column, let row, let other):
      if row == other || own.contains(column) { return walk(row, step, leaf) }
      if theirs.contains(column) { return walk(other, step, leaf) }
      own.append(column)
      walk(row, step, leaf)
      own.removeLast()
      theirs.append(column)
      walk(other, step, leaf)
      theirs.removeLast()
    }
  }

  /// a! b! / (a + b + 1)!; 0 where one is below 0.
  private static func weight(_ a: Int, _ b: Int) -> Double {
    guard a >= 0, b >= 0 else { return 0 }
    // 1 / ((a + b + 1) · C(a + b, a))
    var chosen = 1.0
    for k in 0..<min(a, b) { chosen = chosen * Double(a + b - k) / Double(k + 1) }
    return 1 / (Double(a + b + 1) * chosen)
  }
}

extension TreeNodes {
  /// What each column adds to the mean of the trees' answers for one output, against a row of zeros.
  ///
  /// - Parameter row: `[columns]`.
  func shapley(_ row: [Float], output: Int) -> [Int: Double] {
    var values: [Int: Double] = [:], walker = TreeShapley()
    for tree in 0..<trees {
      walker.walk(starts[tree]) { place in
        let node = nodes[place], column = Int(node.column)
        guard column >= 0 else { return .leaf }
        func side(_ value: Float) -> Int { value <= node.threshold ? place + 1 : Int(node.link) }
        return .split(column: column, row: side(row[column]), other: side(0))
      } _: { place, own, weight, theirs, against in
        let leaf = Int(nodes[place].link)
        guard let found = (leafStarts[leaf]..<leafStarts[leaf + 1]).first(where: { leafOutputs[$0] == output }) else {
          return
        }
        let answer = Double(leafValues[found]) / Double(trees)
        for column in own { values[column, default: 0] += answer * weight }
        for column in theirs { values[column, default: 0] -= answer * against }
      }
    }
    return values
  }
}

extension GradientBoosting {
  /// What each column adds to one output's score, against a row of zeros: of numbers 0, of categories none that is known.
  ///
  /// Two classes share one score, which is the second's; the first has its opposite.
  ///
  /// - Parameter row: `[columns]`, as `values` gives it.
  func shapley(_ row: [Float], output: Int) -> [Int: Double] {
    var values: [Int: Double] = [:], walker = TreeShapley()
    let scores = start.count
    let sign: Double = scores == 1 && outputs == 2 && output == 0 ? -1 : 1
    for tree in 0..<nodes.trees where scores == 1 || tree % scores == output {
      walker.walk(nodes.starts[tree]) { place in
        let column = Int(nodes.nodes[place].column)
        guard column >= 0 else { return .leaf }
        let other: Float = kinds[column] == .categories ? -1 : 0
        return .split(column: column, row: nodes.next(place, row[column]), other: nodes.next(place, other))
      } _: { place, own, weight, theirs, against in
        let answer = sign * Double(nodes.nodes[place].value)
        for column in own { values[column, default: 0] += answer * weight }
        for column in theirs { values[column, default: 0] -= answer * against }
      }
    }
    return values
  }

  /// One output's score of a row, as `shapley` divides it.
  func score(_ row: [Float], output: Int) -> Double {
    let scores = start.count
    let place = scores == 1 ? 0 : output
    var all = start.map { Double($0) }
    nodes.add(0..<nodes.trees, to: &all, outputs: scores, row, columns: columns)
    return scores == 1 && outputs == 2 && output == 0 ? -all[place] : all[place]
  }
}
