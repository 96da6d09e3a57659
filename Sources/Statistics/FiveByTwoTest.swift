/// Tests on five replications of two-fold cross-validation.
public struct FiveByTwoTest: Sendable, Equatable {
  /// t = d₁₁ / √(Σ s²/5) with 5 degrees of freedom (Dietterich 1998, section 3.5).
  public let t: Double
  public let tP: Double
  /// F = Σ d² / (2·Σ s²) with 10 and 5 degrees of freedom (Alpaydın 1999).
  public let f: Double
  public let fP: Double

  /// `differences` is five pairs, the two folds of each replication.
  ///
  /// nil for another form or a value that is not finite. Without variance p is 1 where all differences are 0
  /// (for t: the first), and 0 elsewhere.
  public init?(_ differences: [[Double]]) {
    guard differences.count == 5, differences.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isFinite) }) else {
      return nil
    }
    var (variances, squares) = (0.0, 0.0)
    for pair in differences {
      // (d₁ − d̄)² + (d₂ − d̄)²
      variances += (pair[0] - pair[1]) * (pair[0] - pair[1]) / 2
      squares += pair[0] * pair[0] + pair[1] * pair[1]
    }
    let first = differences[0][0]
    if variances > 0 {
      t = first / (variances / 5).squareRoot()
      tP = StudentT(degreesOfFreedom: 5).twoSided(t)
      f = squares / (2 * variances)
      fP = FDistribution(numerator: 10, denominator: 5).survival(f)
    } else {
      (t, tP) = first == 0 ? (0, 1) : (first > 0 ? .infinity : -.infinity, 0)
      (f, fP) = squares == 0 ? (0, 1) : (.infinity, 0)
    }
  }
}
