import Foundation

/// The Shapiro–Wilk test of normality, by Royston's approximation (Royston 1995, algorithm AS R94).
public struct ShapiroWilkTest: Sendable, Equatable {
  /// W, from 0 to 1; 1 for a sample that lies like a normal one.
  public let statistic: Double
  public let p: Double

  /// nil for fewer than three values, for equal values, and for values that are not finite.
  /// Royston's fit covers 3 to 5,000 values.
  public init?(_ sample: [Double]) {
    let n = sample.count
    guard n >= 3, sample.allSatisfy(\.isFinite) else { return nil }
    let sorted = sample.sorted()
    guard sorted[n - 1] > sorted[0], let mean = Descriptive.mean(sorted) else { return nil }
    let weights = Self.weights(n)
    let scale = sorted[n - 1] - sorted[0]
    var numerator = 0.0
    for (i, weight) in weights.enumerated() { numerator += weight * ((sorted[n - 1 - i] - sorted[i]) / scale) }
    let sumOfSquares = sorted.reduce(0) { $0 + ($1 - mean) / scale * (($1 - mean) / scale) }
    statistic = min(1, numerator * numerator / sumOfSquares)
    p = Self.significance(w: statistic, n: n)
  }

  /// Weights of the differences largest − smallest, second largest − second smallest, …
  private static func weights(_ n: Int) -> [Double] {
    let half = n / 2
    if n == 3 { return [sqrt(0.5)] }
    let count = Double(n)
    let scores = (0..<half).map { -Normal.quantile((Double($0 + 1) - 0.375) / (count + 0.25)) }
    let squares = 2 * scores.reduce(0) { $0 + $1 * $1 }
    let r = 1 / count.squareRoot()
    let first =
      scores[0] / squares.squareRoot() + polynomial([0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056], r)
    var weights = [first]
    var left = squares - 2 * scores[0] * scores[0]
    var spent = 1 - 2 * first * first
    if n > 5 {
      let second =
        scores[1] / squares.squareRoot() + polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], r)
      weights.append(second)
      left -= 2 * scores[1] * scores[1]
      spent -= 2 * second * second
    }
    let divisor = (left / spent).squareRoot()
    weights += scores.dropFirst(weights.count).map { $0 / divisor }
    return weights
  }

  private static func significance(w: Double, n: Int) -> Double {
    if n == 3 {
      // The exact distribution for three values.
      return max(0, 6 / .pi * (asin(w.squareRoot()) - asin(sqrt(0.75))))
    }
    let count = Double(n)
    var y = log(1 - w)
    guard y.isFinite else { return 1 }
    let mean: Double
    let deviation: Double
    if n <= 11 {
      let gamma = polynomial([-2.273, 0.459], count)
      guard y < gamma else { return 0 }
      y = -log(gamma - y)
      mean = polynomial([0.5440, -0.39978, 0.025054, -6.714e-4], count)
      deviation = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], count))
    } else {
      let x = log(count)
      mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], x)
      deviation = exp(polynomial([-0.4803, -0.082676, 0.0030302], x))
    }
    return Normal.survival((y - mean) / deviation)
  }

  /// Coefficients from the constant term up.
  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}
