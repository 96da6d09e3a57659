/// The difference of two models' scores on one test set, with the uncertainty of seeds and of examples together.
///
/// On an official split the seeds of a model differ in initialisation only, so one model's seeds stand apart from the
/// other's, while a resampled test set is the same for both (Koehn 2004; Efron and Tibshirani 1993, chapter 13). What the
/// examples bring is the variance of the difference over resampled test sets; the interval is laid around the difference
/// as it was observed, because resampled macro averages of many classes lie below it, and their percentiles with them.
///
/// What seeds bring is s²/S for each model, with Welch's degrees of freedom (Welch 1947): two or three seeds are too few to
/// be drawn with replacement. Where examples come in m groups their variance has m − 1 degrees of freedom. s² holds what is peculiar to one seed on one example, which is therefore taken from what the
/// examples bring: resampling seeds and examples crosswise would count it three times (Owen 2007, "The pigeonhole
/// bootstrap").
public struct BootstrapDifference: Sendable, Equatable {
  /// Mean score of A over its seeds − mean score of B over its seeds, on the examples as they are.
  public let contrast: Contrast
  /// Variance of the difference that the choice of examples brings and more seeds would not take away.
  public let exampleVariance: Double
  /// Variance that one seed a model brings; S seeds leave 1/S of it. 0 where both models have one seed: then the
  /// contrast says nothing about seeds.
  public let seedVariance: Double

  /// nil where the two were not scored on the same resampled test sets: examples, groups, resamples or generator seed
  /// differ.
  public init?(_ a: ResampledScores, _ b: ResampledScores) {
    guard a.examples == b.examples, a.units == b.units, a.resamples == b.resamples, a.generatorSeed == b.generatorSeed
    else { return nil }
    let fromExamples = Descriptive.variance((0..<a.resamples).map { a.means[$0] - b.means[$0] }) ?? 0
    let sides = [a, b].map { side in
      (
        peculiar: side.peculiarVariance / Double(side.observed.count), variance: side.seedVarianceOfMean,
        freedom: Double(side.observed.count - 1)
      )
    }
    let peculiar = sides.reduce(0) { $0 + $1.peculiar }, fromSeeds = sides.reduce(0) { $0 + $1.variance }
    let uncertainty = sides.reduce(0) { $1.variance > 0 ? $0 + $1.variance * $1.variance / $1.freedom : $0 }
    seedVariance = a.seedVariance + b.seedVariance
    exampleVariance = max(0, fromExamples - peculiar)
    let repetitions = [a, b].filter { $0.seedVariance > 0 }.map(\.observed.count).min() ?? 1
    let seeds = Contrast(
      estimate: a.mean - b.mean, estimatedVariance: fromSeeds,
      degreesOfFreedom: uncertainty > 0 ? fromSeeds * fromSeeds / uncertainty : .infinity, shrinkingVariance: fromSeeds,
      repetitions: repetitions)
    // Rows are many, and what they bring counts as known; groups of rows may be few.
    contrast = seeds.adding(exampleVariance, degreesOfFreedom: a.units < a.examples ? Double(a.units - 1) : .infinity)
  }
}
