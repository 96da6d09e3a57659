/// The tokens of words met before, by the words' bytes.
///
/// Of bounded size: full, it begins anew. What it holds follows from the word alone, so it changes the time that a text
/// takes and nothing else.
struct WordCache: Sendable {
  /// Longer words are cut each time.
  static let longest = 23
  private static let capacity = 1 << 14
  private static let mostTokens = 1 << 17

  /// A word of up to 23 bytes in three integers, its length in the last byte; all zeros for none.
  struct Key: Equatable, Sendable {
    var a: UInt64 = 0
    var b: UInt64 = 0
    var c: UInt64 = 0

    @inline(__always)
    init(_ bytes: [UInt8], _ start: Int, _ end: Int) {
      var position = start
      while position < min(end, start + 8) {
        a = a << 8 | UInt64(bytes[position])
        position += 1
      }
      while position < min(end, start + 16) {
        b = b << 8 | UInt64(bytes[position])
        position += 1
      }
      while position < end {
        c = c << 8 | UInt64(bytes[position])
        position += 1
      }
      c |= UInt64(end - start) << 56
    }

    @inline(__always)
    var hash: UInt64 {
      var hash = (a ^ b &* 0x9E37_79B9_7F4A_7C15 ^ c &* 0xC2B2_AE3D_27D4_EB4F) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
      return hash &* 0xD6E8_FEB8_6659_FD93
    }
  }

  private struct Slot {
    var a: UInt64 = 0
    var b: UInt64 = 0
    var c: UInt64 = 0
    var first: Int32 = 0
    var count: Int32 = 0
  }

  private var slots = [Slot](repeating: Slot(), count: 2 * capacity)
  private var tokens = [Int32]()
  private var count = 0

  /// Appends the tokens of a word; false where it is not there.
  @inline(__always)
  func append(_ key: Key, to ids: inout [Int32]) -> Bool {
    let slot = slots[place(of: key)]
    if slot.c == 0 { return false }
    for index in Int(slot.first)..<Int(slot.first + slot.count) { ids.append(tokens[index]) }
    return true
  }

  mutating func insert(_ key: Key, _ ids: ArraySlice<Int32>) {
    if count == Self.capacity || tokens.count + ids.count > Self.mostTokens {
      for index in slots.indices { slots[index] = Slot() }
      tokens.removeAll(keepingCapacity: true)
      count = 0
    }
    slots[place(of: key)] = Slot(
      a: key.a, b: key.b, c: key.c, first: Int32(tokens.count), count: Int32(ids.count))
    tokens.append(contentsOf: ids)
    count += 1
  }

  @inline(__always)
  private func place(of key: Key) -> Int {
    var index = Int(truncatingIfNeeded: key.hash >> 32) & (2 * Self.capacity - 1)
    while slots[index].c != 0, slots[index].a != key.a || slots[index].b != key.b || slots[index].c != key.c {
      index = (index + 1) & (2 * Self.capacity - 1)
    }
    return index
  }
}
