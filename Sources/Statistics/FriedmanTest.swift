/// Friedman's test over models scored on the same data sets or folds, and Iman and Davenport's F (Demšar 2006, 3.2.2).
public struct FriedmanTest: Sendable, Equatable {
  /// Average rank of each model; the best has rank 1, equals share theirs.
  public let averageRanks: [Double]
  public let datasets: Int
  /// Chi-squared corrected for ties.
  public let statistic: Double
  public let degreesOfFreedom: Int
  public let p: Double
  /// Chi-squared without the correction, as Demšar gives it, and the F made from it.
  public let uncorrectedStatistic: Double
  public let imanDavenport: ImanDavenport

  /// F = (N − 1)·χ² / (N(k − 1) − χ²) with k − 1 and (k − 1)(N − 1) degrees of freedom (Iman and Davenport 1980).
  public struct ImanDavenport: Sendable, Equatable {
    public let statistic: Double
    public let numerator: Int
    public let denominator: Int
    public let p: Double
  }

  /// `scores` is `[model][data set]`.
  ///
  /// nil for fewer than two models or data sets, rows of unequal length, or a score that is not finite; p is 1 where
  /// all models are equal on every data set.
  public init?(_ scores: [[Double]], higherIsBetter: Bool = true) {
    let models = scores.count
    guard models > 1, scores[0].count > 1, scores.allSatisfy({ $0.count == scores[0].count }),
      scores.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { return nil }
    datasets = scores[0].count
    degreesOfFreedom = models - 1
    var sums = [Double](repeating: 0, count: models)
    var ties = 0.0
    for dataset in 0..<datasets {
      let ranks = Ranks(scores.map { higherIsBetter ? -$0[dataset] : $0[dataset] })
      for model in 0..<models { sums[model] += ranks.values[model] }
      ties += ranks.tieTerm
    }
    let (k, n) = (Double(models), Double(datasets))
    averageRanks = sums.map { $0 / n }
    let middle = n * (k + 1) / 2
    let chi = 12 / (k * n * (k + 1)) * sums.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
    uncorrectedStatistic = chi
    let correction = 1 - ties / (k * (k * k - 1) * n)
    statistic = correction > 0 ? chi / correction : 0
    p = correction > 0 ? ChiSquared(degreesOfFreedom: k - 1).survival(statistic) : 1
    let (numerator, denominator) = (models - 1, (models - 1) * (datasets - 1))
    let left = n * (k - 1) - chi
    let f = left > 0 ? (n - 1) * chi / left : .infinity
    imanDavenport = ImanDavenport(
      statistic: f, numerator: numerator, denominator: denominator,
      p: FDistribution(numerator: Double(numerator), denominator: Double(denominator)).survival(f))
  }
}

/// Nemenyi's post-hoc test over all pairs of models (Nemenyi 1963).
public enum Nemenyi {
  /// Two average ranks that differ by at least q·√(k(k + 1)/(6N)) differ significantly (Demšar 2006, 3.2.2).
  ///
  /// q is the studentized range's upper `alpha` point with infinite degrees of freedom, divided by √2.
  /// nil for fewer than two models, no data set, or `alpha` outside 0…1.
  public static func criticalDifference(models: Int, datasets: Int, alpha: Double = 0.05) -> Double? {
    guard models > 1, datasets > 0, alpha > 0, alpha < 1 else { return nil }
    let q = StudentizedRange(groups: models).quantile(1 - alpha) * 0.5.squareRoot()
    let k = Double(models)
    return q * (k * (k + 1) / (6 * Double(datasets))).squareRoot()
  }
}
