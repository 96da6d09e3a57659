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

  /// Draws `replicates` resamples; the same `seed` gives the same ones.
  ///
  /// `scoreA(s, weights)` is A's score with its seed s (from 0) where example i counts weights[i] times, and the
  /// weights sum to `examples`; `scoreB` likewise. nil without seeds, examples or replicates, or where a score is not
  /// finite.
  public init?(
    seedsA: Int, seedsB: Int, examples: Int, replicates count: Int = 10_000, seed: UInt64,
    scoreA: (_ seed: Int, _ weights: [Int32]) -> Double, scoreB: (_ seed: Int, _ weights: [Int32]) -> Double
  ) {
    guard seedsA > 0, seedsB > 0, examples > 0, count > 0 else { return nil }
    var weights = [Int32](repeating: 1, count: examples)
    var a = SeedScores((0..<seedsA).map { scoreA($0, weights) })
    var b = SeedScores((0..<seedsB).map { scoreB($0, weights) })
    estimate = a.mean - b.mean
    guard estimate.isFinite else { return nil }
    var generator = ResamplingGenerator(seed: seed)
    var differences = [Double](repeating: 0, count: count)
    for replicate in 0..<count {
      for index in 0..<examples { weights[index] = 0 }
      for _ in 0..<examples { weights[generator.below(examples)] += 1 }
      let meanA = a.addResample { scoreA($0, weights) }
      let meanB = b.addResample { scoreB($0, weights) }
      differences[replicate] = meanA - meanB
    }
    guard differences.allSatisfy(\.isFinite) else { return nil }
    let ofMeans = Descriptive.variance(differences) ?? 0
    exampleVariance = max(0, ofMeans - a.peculiarVariance / Double(seedsA) - b.peculiarVariance / Double(seedsB))
    seedVariance = max(a.variance, a.peculiarVariance) + max(b.variance, b.peculiarVariance)
    let (scaleA, scaleB) = (a.deviationScale, b.deviationScale)
    for replicate in 0..<count {
      differences[replicate] += scaleA * a.drawDeviation(&generator) - scaleB * b.drawDeviation(&generator)
    }
    replicates = differences.sorted()
    let notAbove = differences.count { $0 <= 0 }
    let notBelow = differences.count { $0 >= 0 }
    p = min(1, 2 * Double(min(notAbove, notBelow) + 1) / Double(count + 1))
  }
}

/// One model's scores by seed, and how their deviations from the mean vary with the choice of examples.
private struct SeedScores {
  let mean: Double
  /// Each seed's score on the examples as they are − the mean.
  private let deviations: [Double]
  /// Sums over resamples of (deviation − observed deviation), and of its square, by seed.
  private var sums: [Double]
  private var squares: [Double]
  private var scores: [Double]
  private var resamples = 0.0

  init(_ observed: [Double]) {
    let mean = observed.reduce(0, +) / Double(observed.count)
    self.mean = mean
    deviations = observed.map { $0 - mean }
    scores = observed
    sums = [Double](repeating: 0, count: observed.count)
    squares = sums
  }

  private var seeds: Double { Double(deviations.count) }

  /// Takes the scores on resampled examples and returns their mean.
  mutating func addResample(_ score: (Int) -> Double) -> Double {
    var total = 0.0
    for seed in scores.indices {
      scores[seed] = score(seed)
      total += scores[seed]
    }
    let mean = total / seeds
    for seed in scores.indices {
      let moved = scores[seed] - mean - deviations[seed]
      sums[seed] += moved
      squares[seed] += moved * moved
    }
    resamples += 1
    return mean
  }

  /// Sample variance of the observed scores; 0 for one seed.
  var variance: Double { seeds > 1 ? deviations.reduce(0) { $0 + $1 * $1 } / (seeds - 1) : 0 }

  /// The part of it that comes from what is peculiar to one seed on one example.
  var peculiarVariance: Double {
    guard seeds > 1 else { return 0 }
    var total = 0.0
    for (sum, square) in zip(sums, squares) {
      total += max(0, square / resamples - sum / resamples * (sum / resamples))
    }
    // A deviation from the mean of S has (S − 1)/S of one seed's variance.
    return total / (seeds - 1)
  }

  /// What a drawn deviation is multiplied by.
  var deviationScale: Double {
    guard variance > 0 else { return 0 }
    let own = max(0, variance - peculiarVariance)
    return (own / variance * seeds / (seeds - 1)).squareRoot()
  }

  /// Mean deviation of as many seeds drawn with replacement.
  func drawDeviation(_ generator: inout ResamplingGenerator) -> Double {
    guard deviations.count > 1 else { return 0 }
    var total = 0.0
    for _ in deviations { total += deviations[generator.below(deviations.count)] }
    return total / seeds
  }
}
