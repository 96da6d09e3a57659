/// The difference of two models' scores on one test set, with the uncertainty of seeds and of examples together.
///
/// On an official split the seeds of a model differ in initialisation only, so one model's seeds are drawn apart from
/// the other's, while a resampled test set is the same for both (Koehn 2004; Efron and Tibshirani 1993, chapter 13).
///
/// Resampling seeds and examples crosswise counts three times what is peculiar to one seed on one example (Owen 2007,
/// "The pigeonhole bootstrap"), and a resample of S seeds has only (S − 1)/S of their variance. Both are put right
/// here: seeds are drawn by their deviations from the model's mean, scaled so that their variance is
/// (s² − what the choice of examples adds to s²) / S.
public struct BootstrapDifference: Sendable, Equatable {
  /// Mean score of A over its seeds − mean score of B over its seeds, on the examples as they are.
  public let estimate: Double
  /// Resampled differences, in increasing order.
  public let replicates: [Double]
  /// Two-sided: 2·(1 + replicates on the far side of 0) / (replicates + 1), at most 1.
  public let p: Double
  /// Variance of the difference that the choice of examples brings and more seeds would not take away.
  public let exampleVariance: Double
  /// Variance that one seed a model brings; S seeds leave 1/S of it. 0 where both models have one seed: then the
  /// interval says nothing about seeds.
  public let seedVariance: Double

  /// Standard deviation of the replicates.
  public var standardError: Double { Descriptive.standardDeviation(replicates) ?? 0 }

  /// Percentile interval at `level`, by linear interpolation between replicates.
  public func interval(level: Double = 0.95) -> Interval {
    let tail = (1 - level) / 2
    return Interval(
      low: Descriptive.quantile(sorted: replicates, tail) ?? estimate,
      high: Descriptive.quantile(sorted: replicates, 1 - tail) ?? estimate)
  }

  /// nil where the two were not scored on the same resampled test sets: examples, resamples or generator seed differ.
  public init?(_ a: ResampledScores, _ b: ResampledScores) {
    guard a.examples == b.examples, a.resamples == b.resamples, a.generatorSeed == b.generatorSeed else { return nil }
    let count = a.resamples
    var differences = (0..<count).map { a.means[$0] - b.means[$0] }
    let peculiar = a.peculiarVariance / Double(a.observed.count) + b.peculiarVariance / Double(b.observed.count)
    exampleVariance = max(0, (Descriptive.variance(differences) ?? 0) - peculiar)
    seedVariance = max(a.variance, a.peculiarVariance) + max(b.variance, b.peculiarVariance)
    // Another stream than the examples', the same in every run.
    var generator = ResamplingGenerator(seed: ~a.generatorSeed)
    let deviationsA = a.drawDeviations(count, &generator)
    let deviationsB = b.drawDeviations(count, &generator)
    for index in 0..<count { differences[index] += deviationsA[index] - deviationsB[index] }
    estimate = a.mean - b.mean
    replicates = differences.sorted()
    let notAbove = differences.count { $0 <= 0 }
    let notBelow = differences.count { $0 >= 0 }
    p = min(1, 2 * Double(min(notAbove, notBelow) + 1) / Double(count + 1))
  }
}
