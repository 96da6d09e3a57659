/// Fisher's F distribution, the ratio of two mean squares.
public struct FDistribution: Sendable, Equatable {
  /// Degrees of freedom of the numerator and of the denominator, both > 0.
  public let numerator: Double
  public let denominator: Double

  public init(numerator: Double, denominator: Double) { (self.numerator, self.denominator) = (numerator, denominator) }

  /// P(F > f), precise in the tail: I_x(d₂/2, d₁/2) with x = d₂/(d₂ + d₁·f).
  public func survival(_ f: Double) -> Double { tails(f).upper }

  /// P(F ≤ f)
  public func cdf(_ f: Double) -> Double { tails(f).lower }

  private func tails(_ f: Double) -> (lower: Double, upper: Double) {
    guard numerator > 0, denominator > 0, !f.isNaN else { return (.nan, .nan) }
    guard f > 0 else { return (0, 1) }
    guard f < .infinity else { return (1, 0) }
    let scaled = numerator * f
    let total = denominator + scaled
    let beta = SpecialFunctions.incompleteBeta(
      denominator / total, complement: scaled / total, denominator / 2, numerator / 2)
    return (beta.upper, beta.lower)
  }

  /// The f with P(F ≤ f) = p; 0 and infinity at the ends, NaN outside.
  public func quantile(_ p: Double) -> Double {
    guard numerator > 0, denominator > 0, p >= 0, p <= 1 else { return .nan }
    if p == 0 { return 0 }
    if p == 1 { return .infinity }
    let tail = 1 - p
    var high = 1.0
    while survival(high) > tail, high < 1e300 { high *= 2 }
    return SpecialFunctions.root(low: high == 1 ? 0 : high / 2, high: high) { tail - survival($0) }
  }
}
