/// Which two tokens are joined, to which, and before which others: a hash of pairs in one open-addressing table.
struct MergeTable: Sendable {
  /// Left << 32 | right; all ones where empty.
  private var keys: [UInt64]
  /// Rank << 32 | the joined token.
  private var values: [UInt64]
  private let shift: UInt64

  init(capacity: Int) {
    var bits = 4
    while 1 << bits < capacity * 2 + 1 { bits += 1 }
    keys = Array(repeating: .max, count: 1 << bits)
    values = Array(repeating: .max, count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  @inline(__always)
  private func place(of key: UInt64) -> Int {
    var index = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[index] != .max, keys[index] != key { index = (index + 1) & (keys.count - 1) }
    return index
  }

  /// Of a pair that stands twice the last rank counts.
  mutating func insert(_ left: Int32, _ right: Int32, rank: Int32, joined: Int32) {
    let index = place(of: UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)))
    keys[index] = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    values[index] = UInt64(UInt32(bitPattern: rank)) << 32 | UInt64(UInt32(bitPattern: joined))
  }

  /// Rank << 32 | the joined token; all ones where the two are never joined.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> UInt64 {
    values[place(of: UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)))]
  }
}
