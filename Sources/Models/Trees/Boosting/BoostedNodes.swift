/// Boosted trees as flat arrays, one tree's nodes after another's, each tree's in the order root, left part, right part.
///
/// The left child of a node that splits is the node after it.
public struct BoostedNodes: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    /// Column of a split; −1 at a leaf.
    var column: Int32
    /// What is at most it goes left; at a leaf what the leaf answers.
    var value: Float
    /// The right child of a split, counted from the first node of all.
    var link: Int32
    /// Numbers: `missingRight` or `missingLeft`. Categories: `firstSet` + the number of the set that goes left.
    var rule: Int32
  }

  static let missingRight: Int32 = 0, missingLeft: Int32 = 1, firstSet: Int32 = 2
  /// Words of a set of categories.
  static let setWords = 8

  /// First node of each tree, and the number of nodes.
  var starts: [Int] = [0]
  var nodes: [Node] = []
  /// Sets of categories by their places among a column's codes, a bit each, `[sets, setWords]`.
  var sets: [UInt32] = []

  public var trees: Int { starts.count - 1 }
  /// Splits and leaves.
  public var count: Int { nodes.count }
  /// In a binary tree a leaf more than splits.
  public var leaves: Int { (nodes.count + trees) / 2 }
  public var byteCount: Int { nodes.count * 16 + sets.count * 4 + starts.count * 8 }

  /// A tree of at least one leaf.
  mutating func append(_ leaves: [BoostingGrower.Leaf], _ splits: [BoostingGrower.Split], rows: BinnedRows) {
    precondition(count + 2 * leaves.count <= Int(Int32.max), "BoostedNodes: \(count) nodes and \(leaves.count) leaves")
    // Sides whose turn is to come, and the split of which each is the right one.
    var open = [(side: splits.isEmpty ? -1 : 0, parent: -1)]
    while let (side, parent) = open.popLast() {
      if parent >= 0 { nodes[parent].link = Int32(nodes.count) }
      guard side >= 0 else {
        nodes.append(Node(column: -1, value: leaves[-1 - side].answer, link: 0, rule: 0))
        continue
      }
      let split = splits[side]
      open.append((split.right, nodes.count))
      open.append((split.left, -1))
      nodes.append(node(split.split, rows))
    }
    starts.append(nodes.count)
  }

  private mutating func node(_ split: BoostingSplit, _ rows: BinnedRows) -> Node {
    let column = rows.columns[split.column], bins = rows.bins[column]
    guard bins.kind == .categories else {
      let isLeft = BoostingSplit.holds(split.left, bins.count)
      return Node(
        column: Int32(column), value: bins.edges[split.lastLeft], link: 0,
        rule: isLeft ? Self.missingLeft : Self.missingRight)
    }
    let set = Int32(sets.count / Self.setWords)
    for word in 0..<Self.setWords {
      sets.append(UInt32(truncatingIfNeeded: split.left[word / 2] >> UInt64(word % 2 * 32)))
    }
    return Node(column: Int32(column), value: 0, link: 0, rule: Self.firstSet + set)
  }

  /// Drops all trees but the first ones.
  mutating func keep(_ trees: Int) {
    starts.removeLast(starts.count - 1 - trees)
    nodes.removeLast(nodes.count - starts[trees])
    let used = nodes.reduce(0) { max($0, Int($1.rule - Self.firstSet) + 1) }
    sets.removeLast(sets.count - used * Self.setWords)
  }

  /// The node after a split, for a row's value in its column: a number, or of categories the place among the codes, −1 for
  /// others.
  @inline(__always) func next(_ place: Int, _ value: Float) -> Int {
    let node = nodes[place], goesLeft: Bool
    if node.rule >= Self.firstSet {
      let code = Int(value)
      goesLeft =
        code >= 0 && sets[Int(node.rule - Self.firstSet) * Self.setWords + code >> 5] >> UInt32(code & 31) & 1 == 1
    } else {
      goesLeft = value <= node.value || node.rule == Self.missingLeft && value.isNaN
    }
    return goesLeft ? place + 1 : Int(node.link)
  }

  /// What a tree answers to `row[first ..< first + columns]`: numbers, and of categories places among the codes, −1 for
  /// others.
  @inline(__always) private func answer(_ tree: Int, _ row: [Float], _ first: Int) -> Float {
    var place = starts[tree], column = nodes[place].column
    while column >= 0 {
      place = next(place, row[first + Int(column)])
      column = nodes[place].column
    }
    return nodes[place].value
  }

  /// Adds the answers of some trees to some rows: `scores[row, tree % outputs]`, tree after tree.
  func add(_ trees: Range<Int>, to scores: inout [Double], outputs: Int, _ values: [Float], columns: Int) {
    let rows = scores.count / max(outputs, 1)
    for tree in trees {
      var place = tree % outputs, first = 0
      for _ in 0..<rows {
        scores[place] += Double(answer(tree, values, first))
        place += outputs
        first += columns
      }
    }
  }
}
