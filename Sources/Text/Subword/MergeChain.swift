/// The tokens of a long word as a chain, with a heap of the pairs that may be joined: n log n steps for n tokens, and the
/// same tokens as joining the lowest pair again and again.
struct MergeChain: Sendable {
  private struct Candidate {
    var rank: Int32
    var place: Int32
    /// What the pair joins to; another where one of the two has been joined since.
    var joined: Int32
    var left: Int32
    var right: Int32

    func precedes(_ other: Candidate) -> Bool { (rank, place) < (other.rank, other.place) }
  }

  private var tokens = [Int32]()
  private var previous = [Int32]()
  private var next = [Int32]()
  private var heap = [Candidate]()

  /// Appends what the tokens are joined to.
  mutating func join(_ word: [Int32], by merges: MergeTable, to ids: inout [Int32]) {
    tokens = word
    previous = word.indices.map { Int32($0 - 1) }
    next = word.indices.map { Int32($0 + 1 < word.count ? $0 + 1 : -1) }
    heap.removeAll(keepingCapacity: true)
    for place in word.indices.dropLast() { push(Int32(place), merges) }
    while let best = pop() {
      let place = Int(best.place), right = Int(next[place])
      guard right >= 0, tokens[place] == best.left, tokens[right] == best.right else { continue }
      tokens[place] = best.joined
      tokens[right] = -1
      next[place] = next[right]
      if next[right] >= 0 { previous[Int(next[right])] = best.place }
      next[right] = -1
      if next[place] >= 0 { push(best.place, merges) }
      if previous[place] >= 0 { push(previous[place], merges) }
    }
    var place = 0
    while place >= 0 {
      ids.append(tokens[place])
      place = Int(next[place])
    }
  }

  private mutating func push(_ place: Int32, _ merges: MergeTable) {
    let left = tokens[Int(place)], right = tokens[Int(next[Int(place)])]
    let found = merges.find(left, right)
    if found == .max { return }
    heap.append(
      Candidate(
        rank: Int32(truncatingIfNeeded: found >> 32), place: place, joined: Int32(truncatingIfNeeded: found),
        left: left, right: right))
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func pop() -> Candidate? {
    guard let best = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return best }
    heap[0] = last
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { return best }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(heap[parent]) else { return best }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
