/// The distinct runs of five characters (Unicode scalars) of a normalised text, as sorted 64-bit hashes; a shorter text
/// is one run, an empty one has none.
struct Shingles: Sendable, Equatable {
  static let length = 5

  let hashes: [UInt64]

  init(_ text: String) {
    var window: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    var found: [UInt64] = []
    found.reserveCapacity(text.utf8.count)
    var count = 0
    for scalar in text.unicodeScalars {
      window = (window.1, window.2, window.3, window.4, UInt64(scalar.value) + 1)
      count += 1
      if count >= Self.length { found.append(Self.hash(window)) }
    }
    if count > 0, count < Self.length { found.append(Self.hash(window)) }
    found.sort()
    var distinct = 0
    for index in found.indices where index == 0 || found[index] != found[index - 1] {
      found[distinct] = found[index]
      distinct += 1
    }
    found.removeLast(found.count - distinct)
    hashes = found
  }

  /// Whether |A ∩ B| / |A ∪ B|, Jaccard's coefficient, is at least 0.8; in whole numbers, so that 0.8 itself counts.
  func isNear(_ other: Shingles) -> Bool {
    let (a, b) = (hashes, other.hashes)
    let (small, large) = (min(a.count, b.count), max(a.count, b.count))
    // No pair of these sizes has more in common than the smaller set.
    guard small > 0, 5 * small >= 4 * large else { return false }
    var (i, j, common) = (0, 0, 0)
    while i < a.count, j < b.count {
      if a[i] == b[j] {
        common += 1
        i += 1
        j += 1
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 5 * common >= 4 * (a.count + b.count - common)
  }

  /// Scalars have 21 bits: three fill one word, two the other, and each is mixed (SplitMix64's finaliser).
  private static func hash(_ window: (UInt64, UInt64, UInt64, UInt64, UInt64)) -> UInt64 {
    let head = window.0 | window.1 << 21 | window.2 << 42
    return mixed(mixed(head) &+ (window.3 | window.4 << 21))
  }

  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
