import Foundation

/// A named stream of random numbers: the same seed and label give the same numbers on every machine.
///
/// xoshiro256** (Blackman and Vigna 2021), its state filled by SplitMix64 from the seed and the label's
/// 64-bit FNV-1a hash. It brings its own shuffle and bounded integers, since the standard library's may
/// change between Swift versions.
public struct Random: Sendable, Codable, Hashable, RandomNumberGenerator {
  /// What children derive from: never changes, however much is drawn.
  private var key: UInt64
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64
  /// The second value of the last pair of normals.
  private var spare: Double?

  public init(seed: UInt64, stream: String) {
    self.init(key: Self.mixed(Self.mixed(seed) ^ Self.hash(stream)))
  }

  private init(key: UInt64) {
    self.key = key
    var counter = key
    func fill() -> UInt64 {
      counter &+= 0x9e37_79b9_7f4a_7c15
      return Self.mixed(counter)
    }
    s0 = fill()
    s1 = fill()
    s2 = fill()
    s3 = fill()
  }

  /// A child stream; it depends on this stream's origin and the label, not on what was drawn.
  public func stream(_ label: String) -> Random {
    Random(key: Self.mixed((key ^ 0xa076_1d64_78bd_642f) &+ Self.hash(label)))
  }

  /// SplitMix64's output function (Steele, Lea and Flood 2014).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// FNV-1a over the label's UTF-8.
  private static func hash(_ label: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotated(s3, 45)
    return result
  }

  /// Uniform on [0, 1), in steps of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform on [0, 1), in steps of 2⁻²⁴.
  public mutating func float() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Standard normal, by the polar method (Marsaglia and Bray 1964).
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let u = 2 * uniform() - 1, v = 2 * uniform() - 1
      let s = u * u + v * v
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * log(s) / s).squareRoot()
      spare = v * factor
      return u * factor
    }
  }

  /// Uniform on 0 ..< n, without bias (Lemire 2019).
  public mutating func below(_ n: Int) -> Int {
    precondition(n > 0, "Random.below: \(n) is not positive")
    let bound = UInt64(n)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Fisher and Yates, from the last element down.
  @inlinable
  public mutating func shuffle<T>(_ array: inout [T]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      let other = below(last + 1)
      if other != last { array.swapAt(last, other) }
    }
  }
}
