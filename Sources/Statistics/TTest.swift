/// The outcome of a t-test on a mean difference.
public struct TTest: Sendable, Equatable {
  /// meanDifference / standardError; ±infinity where the standard error is 0 and the mean is not.
  public let statistic: Double
  public let degreesOfFreedom: Double
  /// Two-sided.
  public let p: Double
  /// Mean of a − b, in the unit of the values.
  public let meanDifference: Double
  public let standardError: Double

  /// With no variance the test is degenerate: p is 1 where the mean difference is 0, and 0 elsewhere.
  init(meanDifference: Double, standardError: Double, degreesOfFreedom: Double) {
    self.meanDifference = meanDifference
    self.standardError = standardError
    self.degreesOfFreedom = degreesOfFreedom
    if standardError > 0 {
      statistic = meanDifference / standardError
      p = StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(statistic)
    } else {
      statistic = meanDifference == 0 ? 0 : meanDifference > 0 ? .infinity : -.infinity
      p = meanDifference == 0 ? 1 : 0
    }
  }

  /// Confidence interval of the mean difference at `level` (0.95 for 95 %); one point where there is no variance.
  public func interval(level: Double = 0.95) -> Interval {
    guard standardError > 0 else { return Interval(low: meanDifference, high: meanDifference) }
    let reach = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + level / 2) * standardError
    return Interval(low: meanDifference - reach, high: meanDifference + reach)
  }
}

extension TTest {
  /// Paired t-test: t = d̄ / (s / √n) with n − 1 degrees of freedom (Student 1908).
  ///
  /// Over folds or repeated splits it finds differences that are not there, because the training parts overlap
  /// (Dietterich 1998): use `corrected` there. nil for fewer than two differences or a value that is not finite.
  public static func paired(_ differences: [Double]) -> TTest? { corrected(differences, testOverTrain: 0) }

  /// The same from two lists in the same order; nil also where the lists differ in length.
  public static func paired(_ a: [Double], _ b: [Double]) -> TTest? {
    guard a.count == b.count else { return nil }
    return paired(zip(a, b).map { $0 - $1 })
  }

  /// Corrected resampled t-test: t = d̄ / √(s²·(1/J + n_test/n_train)) with J − 1 degrees of freedom.
  ///
  /// Nadeau and Bengio (2003), "Inference for the generalization error", section 3; for repeated k-fold Bouckaert
  /// and Frank (2004). `testOverTrain` is the real ratio of test to training rows: 1/(k − 1) for k folds without
  /// validation rows. nil for fewer than two differences (one fold decides nothing), for a value that is not finite
  /// and for a negative ratio.
  public static func corrected(_ differences: [Double], testOverTrain: Double) -> TTest? {
    guard differences.count > 1, testOverTrain >= 0, testOverTrain.isFinite, allFinite(differences),
      let mean = Descriptive.mean(differences), let variance = variance(differences)
    else { return nil }
    let factor = 1 / Double(differences.count) + testOverTrain
    return TTest(
      meanDifference: mean, standardError: (variance * factor).squareRoot(),
      degreesOfFreedom: Double(differences.count - 1))
  }

  /// Welch's t-test for independent samples of unequal variance (Welch 1947).
  ///
  /// nil where a sample has fewer than two values or one that is not finite.
  public static func welch(_ a: [Double], _ b: [Double]) -> TTest? {
    guard let (meanA, variA, meanB, variB) = moments(a, b) else { return nil }
    let shareA = variA / Double(a.count)
    let shareB = variB / Double(b.count)
    let total = shareA + shareB
    let degrees =
      total > 0
      ? total * total / (shareA * shareA / Double(a.count - 1) + shareB * shareB / Double(b.count - 1))
      : Double(a.count + b.count - 2)
    return TTest(meanDifference: meanA - meanB, standardError: total.squareRoot(), degreesOfFreedom: degrees)
  }

  /// Student's t-test for independent samples of equal variance; nil as for Welch's.
  public static func student(_ a: [Double], _ b: [Double]) -> TTest? {
    guard let (meanA, variA, meanB, variB) = moments(a, b) else { return nil }
    let degrees = Double(a.count + b.count - 2)
    let pooled = (Double(a.count - 1) * variA + Double(b.count - 1) * variB) / degrees
    let error = (pooled * (1 / Double(a.count) + 1 / Double(b.count))).squareRoot()
    return TTest(meanDifference: meanA - meanB, standardError: error, degreesOfFreedom: degrees)
  }

  private static func moments(_ a: [Double], _ b: [Double]) -> (Double, Double, Double, Double)? {
    guard allFinite(a), allFinite(b), let meanA = Descriptive.mean(a), let meanB = Descriptive.mean(b),
      let varianceA = variance(a), let varianceB = variance(b)
    else { return nil }
    return (meanA, varianceA, meanB, varianceB)
  }

  /// Sample variance, exactly 0 for equal values, whatever their mean was rounded to.
  private static func variance(_ values: [Double]) -> Double? {
    guard let first = values.first, values.count > 1 else { return nil }
    return values.allSatisfy { $0 == first } ? 0 : Descriptive.variance(values)
  }

  private static func allFinite(_ values: [Double]) -> Bool { values.allSatisfy(\.isFinite) }
}
