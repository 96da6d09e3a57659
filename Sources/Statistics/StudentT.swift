import Foundation

/// Student's t distribution (Student 1908); degrees of freedom may be fractional, as Welch's test needs.
public struct StudentT: Sendable, Equatable {
  public let degreesOfFreedom: Double

  /// `degreesOfFreedom` > 0; every answer is NaN elsewhere.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// P(T > t), precise in the tail: ½·I_x(ν/2, ½) with x = ν/(ν + t²) for t ≥ 0.
  public func survival(_ t: Double) -> Double {
    guard degreesOfFreedom > 0, !t.isNaN else { return .nan }
    if t.isInfinite { return t > 0 ? 0 : 1 }
    let half = 0.5 * twoSided(t)
    return t >= 0 ? half : 1 - half
  }

  /// P(T ≤ t)
  public func cdf(_ t: Double) -> Double { survival(-t) }

  /// P(|T| ≥ |t|): the two-sided p-value.
  public func twoSided(_ t: Double) -> Double {
    guard degreesOfFreedom > 0, !t.isNaN else { return .nan }
    if t.isInfinite { return 0 }
    let square = t * t
    let total = degreesOfFreedom + square
    return SpecialFunctions.incompleteBeta(
      degreesOfFreedom / total, complement: square / total, degreesOfFreedom / 2, 0.5
    ).lower
  }

  /// The t with P(T ≤ t) = p; ±infinity at 0 and 1, NaN outside.
  public func quantile(_ p: Double) -> Double {
    guard degreesOfFreedom > 0, p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p == 0.5 { return 0 }
    let tail = p < 0.5 ? p : 1 - p
    var high = 1.0
    while survival(high) > tail, high < 1e300 { high *= 2 }
    let t = SpecialFunctions.root(low: high == 1 ? 0 : high / 2, high: high) { tail - survival($0) }
    return p < 0.5 ? -t : t
  }
}
