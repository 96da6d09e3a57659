/// First and second derivatives of the loss as integers, so that their sums do not depend on the order of rows.
///
/// A pair holds g · 2^a, and h · 2^b in the upper bits of a word whose lower bits count rows: one addition adds all three.
/// a and b are chosen for each tree, so that the largest values keep 30 bits where there is room for their sum, about
/// those of a Float.
struct GradientPairs {
  private(set) var pairs: [SIMD2<Int64>]
  private(set) var unit = GradientUnit(gradient: 1, hessian: 1, countBits: 1)

  init(rows: Int) { pairs = [SIMD2<Int64>](repeating: .zero, count: rows) }

  /// Takes the derivatives of every row, those of second order at least 0: `gradients[first]`, `gradients[first + stride]`
  /// and so on.
  mutating func take(_ gradients: [Double], _ hessians: [Double], first: Int, stride: Int) {
    let countBits = Int64.bitWidth - pairs.count.leadingZeroBitCount
    var largest = 0.0, steepest = 0.0, place = first
    for _ in pairs.indices {
      largest = max(largest, gradients[place].magnitude)
      steepest = max(steepest, hessians[place])
      place += stride
    }
    let scale = Self.scale(largest, bits: min(30, 62 - countBits))
    let steepness = Self.scale(steepest, bits: min(30, 62 - 2 * countBits))
    unit = GradientUnit(gradient: 1 / scale, hessian: 1 / steepness, countBits: Int64(countBits))
    place = first
    for row in pairs.indices {
      let gradient = Self.integer(gradients[place] * scale)
      let hessian = Self.integer(hessians[place] * steepness)
      pairs[row] = SIMD2(gradient, hessian &<< Int64(countBits) | 1)
      place += stride
    }
  }

  /// Rounded; 0 for what is no number or has no end, which training that runs away may come to.
  private static func integer(_ value: Double) -> Int64 {
    value.magnitude < 0x1p62 ? Int64(value + (value < 0 ? -0.5 : 0.5)) : 0
  }

  /// The power of two that brings `largest` just below 2^bits.
  private static func scale(_ largest: Double, bits: Int) -> Double {
    guard largest > 0, largest.isFinite else { return 1 }
    let exponent = min(max(bits - 1 - Int(largest.exponent), -1_000), 1_000)
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
