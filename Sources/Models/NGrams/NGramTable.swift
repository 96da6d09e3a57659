/// Distinct n-grams as bytes, numbered from 0 in order of insertion: an open-addressing hash table over one arena.
///
/// No String is made for an n-gram: it is looked up by a hash of its bytes and verified byte by byte.
struct NGramTable: Sendable, Equatable {
  /// The bytes of all n-grams, one after another.
  private(set) var bytes: [UInt8] = []
  /// n-gram `i` is `bytes[starts[i] ..< starts[i + 1]]`.
  private(set) var starts: [Int] = [0]
  private var hashes: [UInt64] = []
  /// n-gram numbers, −1 where free; a power of two of them, at most half taken.
  private var slots: [Int32] = [Int32](repeating: -1, count: 1024)

  /// Start value and step of the hash over bytes (64-bit FNV-1a; Fowler, Noll and Vo 1991).
  static let hashStart: UInt64 = 0xcbf2_9ce4_8422_2325
  @inline(__always) static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  /// Number of distinct n-grams.
  var count: Int { hashes.count }

  /// The n-gram's text.
  func text(_ index: Int) -> String { String(decoding: bytes[starts[index]..<starts[index + 1]], as: UTF8.self) }

  /// Number of the n-gram `source[from ..< to]`, −1 where it is unknown. `hash` is the hash of those bytes.
  func find(_ hash: UInt64, _ source: [UInt8], _ from: Int, _ to: Int) -> Int {
    let mask = slots.count - 1
    var slot = Self.slot(hash, mask)
    while slots[slot] >= 0 {
      let index = Int(slots[slot])
      if hashes[index] == hash && equals(index, source, from, to) { return index }
      slot = (slot + 1) & mask
    }
    return -1
  }

  /// As `find`, adding the n-gram where it is unknown.
  mutating func insert(_ hash: UInt64, _ source: [UInt8], _ from: Int, _ to: Int) -> Int {
    let known = find(hash, source, from, to)
    if known >= 0 { return known }
    let index = count
    precondition(index < Int(Int32.max), "NGramTable.insert: more than \(Int32.max) n-grams")
    bytes.append(contentsOf: source[from..<to])
    starts.append(bytes.count)
    hashes.append(hash)
    if count * 2 > slots.count { grow() } else { place(index) }
    return index
  }

  /// True where n-gram `a` stands before n-gram `b` in the order of their bytes, which is that of their scalars.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    var i = starts[a], j = starts[b]
    let endA = starts[a + 1], endB = starts[b + 1]
    while i < endA && j < endB {
      if bytes[i] != bytes[j] { return bytes[i] < bytes[j] }
      i += 1
      j += 1
    }
    return endA - starts[a] < endB - starts[b]
  }

  /// A table of the n-grams named in `indices`, numbered in that order.
  func selecting(_ indices: [Int]) -> NGramTable {
    var table = NGramTable()
    for index in indices { _ = table.insert(hashes[index], bytes, starts[index], starts[index + 1]) }
    return table
  }

  /// FNV's low bits are good; the high bits folded in make short n-grams spread too.
  @inline(__always) private static func slot(_ hash: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
  }

  @inline(__always) private func equals(_ index: Int, _ source: [UInt8], _ from: Int, _ to: Int) -> Bool {
    let start = starts[index]
    guard starts[index + 1] - start == to - from else { return false }
    for offset in 0..<(to - from) where bytes[start + offset] != source[from + offset] { return false }
    return true
  }

  private mutating func place(_ index: Int) {
    let mask = slots.count - 1
    var slot = Self.slot(hashes[index], mask)
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = Int32(index)
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for index in 0..<count { place(index) }
  }
}

extension NGramTable {
  /// The table of stored n-grams: n-gram `i` is `bytes[starts[i] ..< starts[i + 1]]`.
  ///
  /// - Throws: `CheckpointError` where the positions do not fit the bytes or an n-gram repeats.
  init(bytes: [UInt8], starts: [Int]) throws(CheckpointError) {
    guard starts.first == 0, starts.last == bytes.count else {
      throw .malformed("the n-grams' positions do not span their bytes")
    }
    guard starts.count <= Int(Int32.max) else { throw .malformed("\(starts.count - 1) n-grams are too many") }
    self.init()
    for (index, (start, end)) in zip(starts, starts.dropFirst()).enumerated() {
      guard start <= end, end <= bytes.count else { throw .malformed("n-gram \(index) ends before it starts") }
      var hash = Self.hashStart
      for byte in bytes[start..<end] { hash = Self.hash(hash, adding: byte) }
      guard insert(hash, bytes, start, end) == index else { throw .malformed("n-gram \(index) stands twice") }
    }
  }
}
