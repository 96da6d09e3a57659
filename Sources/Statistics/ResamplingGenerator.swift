import Foundation

/// A small generator for resampling: SplitMix64 (Steele, Lea and Flood 2014). The same seed gives the same sequence
/// on every machine.
public struct ResamplingGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number from 0 to n − 1, each equally likely; n > 0.
  public mutating func below(_ n: Int) -> Int {
    precondition(n > 0, "ResamplingGenerator.below(\(n)): needs a positive bound")
    let bound = UInt64(n)
    // Lemire (2019): the high half of a product, rejecting the few low halves that would favour some values.
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }
}

extension ResamplingGenerator {
  /// Uniform in (0, 1): 53 bits, never an end.
  public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// A standard normal value (Box and Muller 1958).
  public mutating func normal() -> Double {
    (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }
}
