/// The difference of two models' scores on one test set, with the uncertainty of seeds and of examples together.
///
/// On an official split the seeds of a model differ in initialisation only, so one model's seeds are drawn apart from
/// the other's, while a resampled test set is the same for both (Koehn 2004; Efron and Tibshirani 1993, chapter 13).
///
/// Examples are drawn with replacement. Two or three seeds are too few for that: a draw of S of them has only (S − 1)/S
/// of their variance and never leaves their range. So what seeds bring is drawn from its distribution (a parametric
/// bootstrap): the variance of a mean is (s² − what the choice of examples adds to s²) / S, the deviation of the
/// difference a t with Welch's and Satterthwaite's degrees of freedom (Welch 1947). Resampling seeds and examples
/// crosswise would count three times what is peculiar to one seed on one example (Owen 2007, "The pigeonhole
/// bootstrap").
public struct BootstrapDifference: Sendable, Equatable {
  /// Mean score of A over its seeds − mean score of B over its seeds, on the examples as they are.
  public let estimate: Double
  /// Resampled differences, in increasing order.
  public let replicates: [Double]
  /// Two-sided: 2·(1 + replicates on the far side of 0) / (replicates + 1), at most 1. Where fewer than 20 lie there,
  /// their number says little and can be no less than 0: then the smaller of that and a t's tail beyond
  /// estimate / standard error.
  public let p: Double
  /// Variance of the difference that the choice of examples brings and more seeds would not take away.
  public let exampleVariance: Double
  /// Variance that one seed a model brings; S seeds leave 1/S of it. 0 where both models have one seed: then the
  /// interval says nothing about seeds.
  public let seedVariance: Double

  /// Root of the variance that examples and seeds bring together.
  public let standardError: Double

  /// Percentile interval at `level`, by linear interpolation between replicates.
  public func interval(level: Double = 0.95) -> Interval {
    let tail = (1 - level) / 2
    return Interval(
      low: Descriptive.quantile(sorted: replicates, tail) ?? estimate,
      high: Descriptive.quantile(sorted: replicates, 1 - tail) ?? estimate)
  }

  /// nil where the two were not scored on the same resampled test sets: examples, groups, resamples or generator seed
  /// differ.
  public init?(_ a: ResampledScores, _ b: ResampledScores) {
    guard a.examples == b.examples, a.units == b.units, a.resamples == b.resamples, a.generatorSeed == b.generatorSeed
    else { return nil }
    let count = a.resamples
    var differences = (0..<count).map { a.means[$0] - b.means[$0] }
    let fromExamples = Descriptive.variance(differences) ?? 0
    let peculiar = a.peculiarVariance / Double(a.observed.count) + b.peculiarVariance / Double(b.observed.count)
    exampleVariance = max(0, fromExamples - peculiar)
    seedVariance = max(a.variance, a.peculiarVariance) + max(b.variance, b.peculiarVariance)
    let parts = [a, b].map { (variance: $0.seedVarianceOfMean, freedom: Double($0.observed.count - 1)) }
    let fromSeeds = parts[0].variance + parts[1].variance
    let uncertainty = parts.reduce(0) { $1.variance > 0 ? $0 + $1.variance * $1.variance / $1.freedom : $0 }
    if fromSeeds > 0 {
      // Another stream than the examples', the same in every run.
      var generator = ResamplingGenerator(seed: ~a.generatorSeed)
      let freedom = fromSeeds * fromSeeds / uncertainty
      for index in 0..<count { differences[index] += fromSeeds.squareRoot() * generator.studentT(freedom) }
    }
    estimate = a.mean - b.mean
    standardError = (fromExamples + fromSeeds).squareRoot()
    replicates = differences.sorted()
    let beyond = min(differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
    let counted = min(1, 2 * Double(beyond + 1) / Double(count + 1))
    if beyond < 20, standardError > 0 {
      let ratio = abs(estimate) / standardError
      let whole = fromExamples + fromSeeds
      // Examples are many: their variance counts as known.
      let tail =
        uncertainty > 0
        ? StudentT(degreesOfFreedom: whole * whole / uncertainty).twoSided(ratio) : 2 * Normal.survival(ratio)
      p = min(counted, tail)
    } else {
      p = counted
    }
  }
}
