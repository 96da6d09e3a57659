/// One model's scores, by seed, on a test set and on many resamples of its examples.
///
/// Made once a model and compared with any other model's: the same generator seed, number of examples and number of
/// resamples give the same resampled test sets.
public struct ResampledScores: Sendable, Equatable {
  /// Scores on the examples as they are, `[seeds]`.
  public let observed: [Double]
  public let examples: Int
  public let resamples: Int
  /// What the resampled test sets were drawn from.
  public let generatorSeed: UInt64
  /// Mean over seeds of the observed scores.
  public let mean: Double
  /// Mean over seeds on each resample, `[resamples]`.
  let means: [Double]
  /// The part of the seeds' variance that comes from what is peculiar to one seed on one example.
  let peculiarVariance: Double

  /// Draws the examples anew, with replacement, `resamples` times.
  ///
  /// `score(s, weights)` is the score with seed s (from 0) where example i counts weights[i] times; the weights sum to
  /// `examples`. nil without seeds, examples or resamples, or where a score is not finite.
  public init?(
    seeds: Int, examples: Int, resamples: Int = 10_000, generatorSeed: UInt64,
    score: (_ seed: Int, _ weights: [Int32]) -> Double
  ) {
    guard seeds > 0, examples > 0, resamples > 0 else { return nil }
    var weights = [Int32](repeating: 1, count: examples)
    let observed = (0..<seeds).map { score($0, weights) }
    let mean = observed.reduce(0, +) / Double(seeds)
    guard mean.isFinite else { return nil }
    var generator = ResamplingGenerator(seed: generatorSeed)
    var scores = observed
    var means = [Double](repeating: 0, count: resamples)
    // Sums of how far each seed's deviation from the mean moved, and of its square.
    var sums = [Double](repeating: 0, count: seeds)
    var squares = sums
    for resample in 0..<resamples {
      for index in 0..<examples { weights[index] = 0 }
      for _ in 0..<examples { weights[generator.below(examples)] += 1 }
      var total = 0.0
      for seed in 0..<seeds {
        scores[seed] = score(seed, weights)
        total += scores[seed]
      }
      means[resample] = total / Double(seeds)
      guard total.isFinite else { return nil }
      for seed in 0..<seeds {
        let moved = (scores[seed] - means[resample]) - (observed[seed] - mean)
        sums[seed] += moved
        squares[seed] += moved * moved
      }
    }
    (self.observed, self.examples, self.resamples) = (observed, examples, resamples)
    (self.generatorSeed, self.mean, self.means) = (generatorSeed, mean, means)
    var total = 0.0
    for (sum, square) in zip(sums, squares) {
      let average = sum / Double(resamples)
      total += max(0, square / Double(resamples) - average * average)
    }
    // A deviation from the mean of S has (S − 1)/S of one seed's variance.
    peculiarVariance = seeds > 1 ? total / Double(seeds - 1) : 0
  }

  /// Sample variance of the observed scores; 0 for one seed.
  var variance: Double { Descriptive.variance(observed) ?? 0 }

  /// Variance of the mean that seeds bring beyond the choice of examples; 0 for one seed.
  var seedVarianceOfMean: Double { max(0, variance - peculiarVariance) / Double(observed.count) }
}
