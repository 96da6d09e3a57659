/// A trie over the bytes of a vocabulary's pieces, with its edges in one open-addressing table.
///
/// Two roots: pieces that start a word, and pieces that continue one (without their `##`).
struct PieceTrie: Sendable {
  static let wordRoot: UInt32 = 0
  static let continuationRoot: UInt32 = 1

  /// node << 8 | byte in the upper half, the child in the lower; all ones where empty.
  private var edges: [UInt64]
  private var shift: UInt32
  /// The piece that ends at each node; -1 where none does.
  private var pieces: [Int32] = [-1, -1]

  /// What a byte of the text counts as: lower-cased, A to Z count as a to z. Folded text folds to itself.
  private let fold: [UInt8]

  init(lowercases: Bool) {
    edges = Array(repeating: .max, count: 1 << 10)
    shift = 32 - 10
    fold = (0...UInt8.max).map { lowercases && $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
  }

  /// Twice the room for edges.
  private mutating func grow() {
    let old = edges
    edges = Array(repeating: .max, count: old.count * 2)
    shift -= 1
    for edge in old where edge != .max { edges[slot(UInt32(truncatingIfNeeded: edge >> 32))] = edge }
  }

  /// Where the edge is, or would be put.
  @inline(__always)
  private func slot(_ key: UInt32) -> Int {
    let mask = edges.count - 1
    var index = Int((key &* 0x9E37_79B1) >> shift)
    while edges[index] != .max, UInt32(truncatingIfNeeded: edges[index] >> 32) != key { index = (index + 1) & mask }
    return index
  }

  /// False where the piece is in the trie already.
  mutating func insert(_ bytes: some Sequence<UInt8>, root: UInt32, id: Int32) -> Bool {
    var node = root
    for byte in bytes {
      let key = node << 8 | UInt32(byte)
      let index = slot(key)
      if edges[index] == .max {
        precondition(pieces.count < 1 << 24, "PieceTrie: more than 16,777,216 nodes")
        node = UInt32(pieces.count)
        pieces.append(-1)
        edges[index] = UInt64(key) << 32 | UInt64(node)
        if pieces.count * 2 > edges.count { grow() }
      } else {
        node = UInt32(truncatingIfNeeded: edges[index])
      }
    }
    guard pieces[Int(node)] < 0 else { return false }
    pieces[Int(node)] = id
    return true
  }

  /// The piece that is spelt so; nil where there is none.
  func find(_ bytes: some Sequence<UInt8>, root: UInt32) -> Int32? {
    var node = root
    for byte in bytes {
      let edge = edges[slot(node << 8 | UInt32(byte))]
      if edge == .max { return nil }
      node = UInt32(truncatingIfNeeded: edge)
    }
    return pieces[Int(node)] >= 0 ? pieces[Int(node)] : nil
  }

  var nodeCount: Int { pieces.count }

  /// node << 8 | byte in the upper half, the child in the lower, in order.
  var sortedEdges: [UInt64] { edges.filter { $0 != .max }.sorted() }

  /// The piece that ends at a node; -1 where none does.
  @inline(__always)
  func piece(at node: UInt32) -> Int32 { pieces[Int(node)] }

  /// Appends the longest pieces of a word from left to right, in folded bytes; appends nothing and is false where some
  /// part of it is none.
  ///
  /// One call a word: debug builds, which optimise file by file, inline nothing across files.
  func appendPieces(of bytes: [UInt8], _ word: Range<Int>, to ids: inout [Int32]) -> Bool {
    let first = ids.count
    var position = word.lowerBound, root = Self.wordRoot
    while position < word.upperBound {
      let piece = longest(in: bytes, from: position, to: word.upperBound, root: root)
      guard piece.id >= 0 else {
        ids.removeLast(ids.count - first)
        return false
      }
      ids.append(piece.id)
      position = piece.end
      root = Self.continuationRoot
    }
    return true
  }

  /// The longest piece that `bytes`, folded, has at `start` and before `limit`: its id and its end; id -1 where there is
  /// none.
  @inline(__always)
  func longest(in bytes: [UInt8], from start: Int, to limit: Int, root: UInt32) -> (id: Int32, end: Int) {
    var node = root, index = start
    var best = (id: Int32(-1), end: start)
    while index < limit {
      let edge = edges[slot(node << 8 | UInt32(fold[Int(bytes[index])]))]
      if edge == .max { break }
      node = UInt32(truncatingIfNeeded: edge)
      index += 1
      let piece = pieces[Int(node)]
      if piece >= 0 { best = (piece, index) }
    }
    return best
  }
}
