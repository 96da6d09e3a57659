/// One model's scores, by seed, on a test set and on many resamples of its examples.
///
/// Made once a model and compared with any other model's: the same generator seed, number of examples and number of
/// resamples give the same resampled test sets.
public struct ResampledScores: Sendable, Equatable {
  /// Scores on the examples as they are, `[seeds]`.
  public let observed: [Double]
  public let examples: Int
  /// What is drawn: groups of examples, or examples where they have none.
  public let units: Int
  public let resamples: Int
  /// What the resampled test sets were drawn from.
  public let generatorSeed: UInt64
  /// Mean over seeds of the observed scores.
  public let mean: Double
  /// Mean over seeds on each resample, `[resamples]`.
  let means: [Double]
  /// The part of the seeds' variance that comes from what is peculiar to one seed on one example.
  let peculiarVariance: Double

  /// Draws the examples anew, with replacement, `resamples` times; where `groups` gives each example's group, whole groups,
  /// as many as there are (the cluster bootstrap: Davison and Hinkley 1997, section 3.8). Groups of one example each give
  /// the draws of no groups.
  ///
  /// `score(s, weights)` is the score with seed s (from 0) where example i counts weights[i] times; without groups the
  /// weights sum to `examples`. nil without seeds, examples or resamples, with one group alone, or where a score is not
  /// finite.
  public init?(
    seeds: Int, examples: Int, groups: [Int]? = nil, resamples: Int = 10_000, generatorSeed: UInt64,
    score: (_ seed: Int, _ weights: [Int32]) -> Double
  ) {
    precondition(groups.map { $0.count == examples } ?? true, "ResampledScores: not one group for each example")
    let grouped = groups.map(GroupedRows.init)
    guard seeds > 0, examples > 0, resamples > 0, grouped.map({ $0.count > 1 }) ?? true else { return nil }
    let units = grouped?.count ?? examples
    var drawn = [Int32](repeating: 0, count: units)
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
      for index in 0..<units { drawn[index] = 0 }
      for _ in 0..<units { drawn[generator.below(units)] += 1 }
      if let grouped {
        for index in 0..<examples { weights[index] = drawn[grouped.places[index]] }
      } else {
        weights = drawn
      }
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
    (self.observed, self.examples, self.units, self.resamples) = (observed, examples, units, resamples)
    (self.generatorSeed, self.mean, self.means) = (generatorSeed, mean, means)
    var total = 0.0
    for (sum, square) in zip(sums, squares) {
      let average = sum / Double(resamples)
      total += max(0, square / Double(resamples) - average * average)
    }
    // A deviation from the mean of S has (S − 1)/S of one seed's variance.
    peculiarVariance = seeds > 1 ? total / Double(seeds - 1) : 0
  }

  /// Variance of one seed's score on the examples as they are, what is peculiar to a seed on an example included; 0 for one
  /// seed.
  var seedVariance: Double { max(Descriptive.variance(observed) ?? 0, peculiarVariance) }

  /// Variance of the mean that seeds bring; 0 for one seed.
  var seedVarianceOfMean: Double { seedVariance / Double(observed.count) }
}
