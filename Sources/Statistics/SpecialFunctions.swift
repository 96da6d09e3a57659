import Foundation

/// The functions behind the distributions: log-gamma and the regularised incomplete gamma and beta functions.
///
/// Leading factors are formed from Stirling's error term and log(1 + x) − x rather than from differences of
/// large logarithms (Loader 2000, "Fast and accurate computation of binomial probabilities"), so that a tail of
/// 1e-70 keeps its relative precision.
public enum SpecialFunctions {
  /// ½·log(2π)
  static let halfLogTwoPi = 0.918938533204672741780329736406

  /// log Γ(z) for z > 0; NaN elsewhere.
  public static func logGamma(_ z: Double) -> Double {
    guard z > 0 else { return .nan }
    return (z - 0.5) * log(z) - z + halfLogTwoPi + stirlingError(z)
  }

  /// log Γ(z) − [(z − ½)·log z − z + ½·log 2π] for z > 0: what Stirling's formula leaves out.
  static func stirlingError(_ z: Double) -> Double {
    // The asymptotic series is exact to the last bit from 12 on; below, step up by Γ(z + 1) = z·Γ(z).
    var shifted = z
    var sum = 0.0
    while shifted < 12 {
      sum += (shifted + 0.5) * log1p(1 / shifted) - 1
      shifted += 1
    }
    let r = 1 / (shifted * shifted)
    let series =
      1.0 / 12 + r * (-1.0 / 360 + r * (1.0 / 1260 + r * (-1.0 / 1680 + r * (1.0 / 1188 - r * 691 / 360_360))))
    return sum + series / shifted
  }

  /// log(1 + x) − x without cancellation near 0; `onePlusX` is 1 + x where the caller knows it more precisely.
  static func logOnePlusMinus(_ x: Double, onePlusX: Double) -> Double {
    guard abs(x) < 0.5 else { return log(onePlusX) - x }
    // With r = x / (2 + x), log(1 + x) = 2·(r + r³/3 + r⁵/5 + …), and 2r − x = −x·r.
    let r = x / (2 + x)
    let square = r * r
    var power = square
    var sum = 0.0
    var divisor = 3.0
    while true {
      let term = power / divisor
      let next = sum + term
      if next == sum { break }
      sum = next
      power *= square
      divisor += 2
    }
    return r * (2 * sum - x)
  }

  /// Regularised incomplete gamma functions, P(a, x) = γ(a, x)/Γ(a) and Q = 1 − P, for a > 0 and x ≥ 0.
  ///
  /// The smaller of the two is computed directly, so both tails keep their relative precision.
  public static func incompleteGamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    guard a > 0, !x.isNaN else { return (.nan, .nan) }
    guard x > 0 else { return (0, 1) }
    guard x < .infinity else { return (1, 0) }
    let deviation = (x - a) / a
    // x^a·e^−x / Γ(a)
    let factor =
      (a / (2 * .pi)).squareRoot() * exp(a * logOnePlusMinus(deviation, onePlusX: x / a) - stirlingError(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while true {
        n += 1
        term *= x / n
        let next = sum + term
        if next == sum { break }
        sum = next
      }
      let lower = min(factor * sum, 1)
      return (lower, 1 - lower)
    }
    // Legendre's continued fraction, 1/(x + 1 − a − 1·(1 − a)/(x + 3 − a − …)), by Lentz's method.
    var b = x + 1 - a
    var c = Double.infinity
    var d = 1 / b
    var fraction = d
    for i in 1...100_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / guarded(numerator * d + b)
      c = guarded(b + numerator / c)
      let step = c * d
      fraction *= step
      if abs(step - 1) < 1e-16 { break }
    }
    let upper = min(factor * fraction, 1)
    return (1 - upper, upper)
  }

  /// x^a·y^b / B(a, b) for x + y = 1.
  static func betaTerm(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0, y > 0 else { return 0 }
    let d = b * x - a * y
    let exponent =
      a * logOnePlusMinus(d / a, onePlusX: x * (a + b) / a) + b * logOnePlusMinus(-d / b, onePlusX: y * (a + b) / b)
    let stirling = stirlingError(a + b) - stirlingError(a) - stirlingError(b)
    return (a / (a + b) * b / (2 * .pi)).squareRoot() * exp(exponent + stirling)
  }

  /// Regularised incomplete beta function I_x(a, b) and its complement I_y(b, a), for x + y = 1 and a, b > 0.
  ///
  /// x and y are both asked for, because the caller often knows the smaller one more precisely than 1 − the other.
  public static func incompleteBeta(
    _ x: Double, complement y: Double, _ a: Double, _ b: Double
  ) -> (lower: Double, upper: Double) {
    guard a > 0, b > 0, !x.isNaN, !y.isNaN else { return (.nan, .nan) }
    guard x > 0 else { return (0, 1) }
    guard y > 0 else { return (1, 0) }
    let factor = betaTerm(x, y, a, b)
    if x < (a + 1) / (a + b + 2) {
      let lower = min(factor / a * betaFraction(x, a, b), 1)
      return (lower, 1 - lower)
    }
    let upper = min(factor / b * betaFraction(y, b, a), 1)
    return (1 - upper, upper)
  }

  /// Continued fraction of I_x(a, b)·a·B(a, b) / (x^a·y^b), DLMF 8.17.22, by Lentz's method.
  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for i in 1...100_000 {
      let m = Double(i)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      let step = d * c
      fraction *= step
      if abs(step - 1) < 1e-16 { break }
    }
    return fraction
  }

  /// Keeps a denominator of Lentz's method from 0.
  private static func guarded(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }

  /// The root of an increasing function between `low` and `high`, to about one unit in the last place.
  static func root(low: Double, high: Double, _ function: (Double) -> Double) -> Double {
    var (low, high) = (low, high)
    var (atLow, atHigh) = (function(low), function(high))
    if !(atLow < 0) { return low }
    if !(atHigh > 0) { return high }
    // Secant steps between the ends; every third step halves, so that no flat stretch holds it up.
    for step in 0..<400 {
      let width = high - low
      if width <= 2 * max(abs(low), abs(high)).ulp { break }
      var middle = low + width / 2
      if step % 3 != 2 {
        let secant = low - atLow * width / (atHigh - atLow)
        if secant > low, secant < high { middle = secant }
      }
      let value = function(middle)
      if value == 0 { return middle }
      if value < 0 {
        (low, atLow) = (middle, value)
        if step % 3 == 0 { atHigh /= 2 }
      } else {
        (high, atHigh) = (middle, value)
        if step % 3 == 0 { atLow /= 2 }
      }
      // The halved values steer the next secant only while they keep their signs, which they do.
    }
    return low + (high - low) / 2
  }
}
