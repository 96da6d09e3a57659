import Compute

/// 128 minimum hashes of a set of shingles (Broder 1997): two sets share each with a probability of their Jaccard
/// coefficient.
struct MinHash: Sendable {
  /// Hash functions x ↦ a·x + b modulo 2³², a odd; the same on every machine.
  static let shared = MinHash()
  static let count = 128

  private let factors: [SIMD16<UInt32>]
  private let offsets: [SIMD16<UInt32>]

  private init() {
    var random = Random(seed: 0, stream: "minimum hashes")
    func lanes(_ value: () -> UInt32) -> [SIMD16<UInt32>] {
      (0..<Self.count / 16).map { _ in
        var lanes = SIMD16<UInt32>()
        for index in lanes.indices { lanes[index] = value() }
        return lanes
      }
    }
    factors = lanes { UInt32(truncatingIfNeeded: random.next() >> 32) | 1 }
    offsets = lanes { UInt32(truncatingIfNeeded: random.next() >> 32) }
  }

  /// All 128 minima; the largest number where there is no shingle.
  func signature(_ shingles: Shingles) -> [SIMD16<UInt32>] {
    factors.indices.map { block in
      let (a, b) = (factors[block], offsets[block])
      var minima = SIMD16<UInt32>(repeating: .max)
      for hash in shingles.hashes {
        let value = a &* SIMD16(repeating: UInt32(truncatingIfNeeded: hash >> 32)) &+ b
        minima.replace(with: value, where: value .< minima)
      }
      return minima
    }
  }
}
