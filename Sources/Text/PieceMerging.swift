/// The merging itself: words as rows of pieces, the counts of neighbouring pairs kept up to date merge by merge.
///
/// A merge touches only the words that hold the pair, and a heap with late corrections finds the next pair, so the cost
/// is about that of the merges themselves.
struct PieceMerging {
  struct Character {
    var scalar: UInt32
    /// Also stands inside words.
    var continues: Bool
  }
  private struct Pair {
    var left: Int32
    var right: Int32
    var count = 0
    /// Words that hold the pair, or held it.
    var words = [Int32]()
  }
  private struct Candidate {
    var count: Int
    var key: UInt64
    var pair: Int32

    /// Whether it is joined before `other`.
    func precedes(_ other: Candidate) -> Bool { count != other.count ? count > other.count : key < other.key }
  }

  /// The pieces by id, as a vocabulary spells them, in UTF-8: strings that are canonically equivalent stay apart.
  private var pieces: [[UInt8]]
  private var starting = [UInt32: Int32]()
  private var continuing = [UInt32: Int32]()
  private var ids = [[UInt8]: Int32]()
  private var words = [[Int32]]()
  private var counts = [Int]()
  private var pairs = [Pair]()
  private var index = [UInt64: Int32]()
  private var heap = [Candidate]()

  init(special: [String], alphabet: [Character]) {
    pieces = special.map { Array($0.utf8) }
    for character in alphabet {
      starting[character.scalar] = Int32(pieces.count)
      pieces.append([])
      ScalarClass.append(character.scalar, to: &pieces[pieces.count - 1])
    }
    for character in alphabet where character.continues {
      continuing[character.scalar] = Int32(pieces.count)
      pieces.append(Array("##".utf8))
      ScalarClass.append(character.scalar, to: &pieces[pieces.count - 1])
    }
  }

  /// The pieces in order of their ids.
  var spellings: [String] { pieces.map { String(decoding: $0, as: UTF8.self) } }

  /// Adds a word type; one with a character outside the alphabet teaches nothing.
  mutating func add(_ scalars: [UInt32], count: Int) {
    var word = [Int32]()
    for (position, scalar) in scalars.enumerated() {
      guard let id = position == 0 ? starting[scalar] : continuing[scalar] else { return }
      word.append(id)
    }
    words.append(word)
    counts.append(count)
  }

  mutating func run(until size: Int, minimumFrequency: Int) {
    for (id, piece) in pieces.enumerated() { ids[piece] = Int32(id) }
    for word in words.indices {
      for position in words[word].indices.dropLast() { count(word, position) }
    }
    for pair in pairs.indices { push(pair) }
    while pieces.count < size, let best = pop() {
      let pair = Int(best.pair)
      if pairs[pair].count < best.count {
        // Other merges took some of it since: back to where it belongs now.
        if pairs[pair].count >= minimumFrequency { push(pair) }
        continue
      }
      // A larger count was pushed on its own when it grew.
      if pairs[pair].count > best.count { continue }
      if best.count < minimumFrequency { break }
      merge(pair)
    }
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

  /// Counts the pair at `position` of a word; gives its number.
  @discardableResult
  private mutating func count(_ word: Int, _ position: Int) -> Int {
    let left = words[word][position], right = words[word][position + 1]
    let key = Self.key(left, right)
    let pair: Int
    if let known = index[key] {
      pair = Int(known)
    } else {
      pair = pairs.count
      index[key] = Int32(pair)
      pairs.append(Pair(left: left, right: right))
    }
    pairs[pair].count += counts[word]
    if pairs[pair].words.last != Int32(word) { pairs[pair].words.append(Int32(word)) }
    return pair
  }

  private mutating func merge(_ pair: Int) {
    let left = pairs[pair].left, right = pairs[pair].right
    let piece = pieces[Int(left)] + pieces[Int(right)].dropFirst(2)
    let joined: Int32
    if let known = ids[piece] {
      joined = known
    } else {
      joined = Int32(pieces.count)
      ids[piece] = joined
      pieces.append(piece)
    }
    let holders = pairs[pair].words
    pairs[pair].words = []
    var grown = [Int]()
    for holder in holders {
      let word = Int(holder), old = words[word]
      var new = [Int32]()
      var position = 0
      while position < old.count {
        if position + 1 < old.count, old[position] == left, old[position + 1] == right {
          new.append(joined)
          position += 2
        } else {
          new.append(old[position])
          position += 1
        }
      }
      if new.count == old.count { continue }
      for position in 0..<old.count - 1 {
        pairs[Int(index[Self.key(old[position], old[position + 1])]!)].count -= counts[word]
      }
      words[word] = new
      for position in 0..<new.count - 1 {
        if new[position] == joined || new[position + 1] == joined {
          grown.append(count(word, position))
        } else {
          pairs[Int(index[Self.key(new[position], new[position + 1])]!)].count += counts[word]
        }
      }
    }
    for pair in Set(grown).sorted() { push(pair) }
  }

  private mutating func push(_ pair: Int) {
    let key = Self.key(pairs[pair].left, pairs[pair].right)
    heap.append(Candidate(count: pairs[pair].count, key: key, pair: Int32(pair)))
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
