/// The chi-squared distribution, the sum of squares of that many standard normal variables.
public struct ChiSquared: Sendable, Equatable {
  public let degreesOfFreedom: Double

  /// `degreesOfFreedom` > 0; every answer is NaN elsewhere.
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  /// P(X > x), precise in the tail: Q(ν/2, x/2).
  public func survival(_ x: Double) -> Double { SpecialFunctions.incompleteGamma(degreesOfFreedom / 2, x / 2).upper }

  /// P(X ≤ x)
  public func cdf(_ x: Double) -> Double { SpecialFunctions.incompleteGamma(degreesOfFreedom / 2, x / 2).lower }

  /// The x with P(X ≤ x) = p; 0 and infinity at the ends, NaN outside.
  public func quantile(_ p: Double) -> Double {
    guard degreesOfFreedom > 0, p >= 0, p <= 1 else { return .nan }
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    let tail = 1 - p
    var high = 1.0
    while survival(high) > tail, high < 1e300 { high *= 2 }
    return SpecialFunctions.root(low: high == 1 ? 0 : high / 2, high: high) { tail - survival($0) }
  }
}
