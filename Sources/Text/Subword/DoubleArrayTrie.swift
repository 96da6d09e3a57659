/// A trie over bytes in one array (Aoe 1989): the child of a node by a byte stands where the node's base and the byte meet,
/// and says whose child it is. One look a byte.
struct DoubleArrayTrie: Sendable {
  struct Unit: Sendable {
    /// Exclusive or with a byte: the place of the child.
    var base: Int32 = 0
    /// The node above; -1 where the place is free.
    var parent: Int32 = -1
    /// The piece that ends here; -1 where none does.
    var piece: Int32 = -1
  }

  static let root = 0
  /// Places that are tried for a node's children before a new block is begun.
  private static let tries = 64

  let units: [Unit]

  /// The pieces of another trie that start a word.
  init(_ trie: PieceTrie) {
    let edges = trie.sortedEdges
    var first = [Int](repeating: 0, count: trie.nodeCount + 1)
    for edge in edges { first[Int(edge >> 40) + 1] += 1 }
    for node in 1...trie.nodeCount { first[node] += first[node - 1] }
    var builder = Builder()
    var queue = [(node: PieceTrie.wordRoot, place: Self.root)], next = 0
    while next < queue.count {
      let (node, place) = queue[next]
      next += 1
      builder.units[place].piece = trie.piece(at: node)
      let children = edges[first[Int(node)]..<first[Int(node) + 1]]
      if children.isEmpty { continue }
      let base = builder.base(of: children.map { Int(truncatingIfNeeded: $0 >> 32) & 0xFF })
      builder.units[place].base = Int32(base)
      for child in children {
        let own = base ^ (Int(truncatingIfNeeded: child >> 32) & 0xFF)
        builder.take(own, parent: place)
        queue.append((UInt32(truncatingIfNeeded: child), own))
      }
    }
    units = builder.units
  }

  /// The array as it grows, in blocks of 256, with its free places in a list.
  private struct Builder {
    var units = [Unit]()
    private var following = [Int](), preceding = [Int]()
    private var firstFree = -1, lastFree = -1

    init() {
      addBlock()
      // The root is nobody's child.
      take(DoubleArrayTrie.root, parent: Int(Int32.max))
    }

    private mutating func addBlock() {
      for place in units.count..<units.count + 256 {
        units.append(Unit())
        following.append(-1)
        preceding.append(lastFree)
        if lastFree >= 0 { following[lastFree] = place } else { firstFree = place }
        lastFree = place
      }
    }

    mutating func take(_ place: Int, parent: Int) {
      units[place].parent = Int32(parent)
      let (before, after) = (preceding[place], following[place])
      if before >= 0 { following[before] = after } else { firstFree = after }
      if after >= 0 { preceding[after] = before } else { lastFree = before }
    }

    /// A base at which all the labels' places are free.
    mutating func base(of labels: [Int]) -> Int {
      var place = firstFree
      for _ in 0..<DoubleArrayTrie.tries where place >= 0 {
        let base = place ^ labels[0]
        if labels.allSatisfy({ units[base ^ $0].parent < 0 }) { return base }
        place = following[place]
      }
      let base = units.count
      addBlock()
      return base
    }
  }
}
