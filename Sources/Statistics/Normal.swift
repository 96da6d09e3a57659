import Foundation

/// The standard normal distribution.
public enum Normal {
  public static func density(_ x: Double) -> Double { exp(-0.5 * x * x - SpecialFunctions.halfLogTwoPi) }

  /// P(X ≤ x)
  public static func cdf(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// P(X > x), precise in the tail.
  public static func survival(_ x: Double) -> Double { 0.5 * erfc(x * 0.5.squareRoot()) }

  /// The x with P(X ≤ x) = p; ±infinity at 0 and 1, NaN outside.
  public static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p)
  }

  /// The x ≥ 0 with P(X > x) = q, for 0 < q ≤ ½.
  private static func upperQuantile(_ q: Double) -> Double {
    // Asymptotic start, then Halley's method: cubic convergence, from any q in at most six steps.
    let t = (-2 * log(q)).squareRoot()
    var x = q > 0.1 ? (0.5 - q) * 2.6 : t - (log(t) + SpecialFunctions.halfLogTwoPi) / t
    for _ in 0..<20 {
      let step = (survival(x) - q) / density(x)
      let next = x + step / (1 - 0.5 * x * step)
      if abs(next - x) <= 1e-16 * abs(next) { return next }
      x = next
    }
    return x
  }
}
