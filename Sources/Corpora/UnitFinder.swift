import Text

/// Finds the rows that must stay on one side of a split: those with equal normalised texts or equal groups, pairs that are
/// given, and whatever these link together (union–find; Tarjan 1975).
struct UnitFinder {
  private var parents: [Int]

  /// Sets of positions in `examples` that stay together, each sorted, ordered by their first position. `near` are pairs of
  /// positions.
  static func units(of examples: [Example], texts: [String]?, near: [(Int, Int)] = []) -> [[Int]] {
    var finder = UnitFinder(examples.count)
    if let texts { finder.join(texts.map(Optional.some)) }
    finder.join(examples.map(\.group))
    for (a, b) in near { finder.join(a, b) }
    var unitOfRoot = [Int](repeating: -1, count: examples.count)
    var units: [[Int]] = []
    for position in examples.indices {
      let root = finder.root(of: position)
      if unitOfRoot[root] < 0 {
        unitOfRoot[root] = units.count
        units.append([])
      }
      units[unitOfRoot[root]].append(position)
    }
    return units
  }

  private init(_ count: Int) { parents = Array(0..<count) }

  private mutating func join(_ keys: [String?]) {
    var first: [String: Int] = [:]
    for (position, key) in keys.enumerated() {
      guard let key else { continue }
      if let other = first[key] {
        join(other, position)
      } else {
        first[key] = position
      }
    }
  }

  private mutating func join(_ a: Int, _ b: Int) {
    let (a, b) = (root(of: a), root(of: b))
    parents[max(a, b)] = min(a, b)
  }

  private mutating func root(of position: Int) -> Int {
    var root = position
    while parents[root] != root { root = parents[root] }
    var at = position
    while parents[at] != root { (at, parents[at]) = (parents[at], root) }
    return root
  }
}
