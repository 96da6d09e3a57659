/// How many times as long one kind of work takes as another: the ratio of two medians, with an interval.
///
/// Both were measured in the same rounds, on the same input, interleaved: rounds are drawn with replacement, the same
/// for both, and the interval is that of percentiles (Efron and Tibshirani 1993, chapter 13; on reporting ratios of
/// times with intervals, Kalibera and Jones 2013, "Rigorous benchmarking in reasonable time").
public struct RatioOfMedians: Sendable, Equatable {
  public let estimate: Double
  public let interval: Interval

  /// Fewest rounds that give an interval.
  public static let leastRounds = 8

  /// `times` and `reference` in the same order of rounds, in the same unit.
  ///
  /// nil where the lists differ in length, below `leastRounds`, or where a time is not positive and finite.
  public init?(
    _ times: [Double], to reference: [Double], level: Double = 0.95, resamples: Int = 2_000, generatorSeed: UInt64
  ) {
    guard times.count == reference.count, times.count >= Self.leastRounds, resamples > 0,
      (times + reference).allSatisfy({ $0 > 0 && $0.isFinite }), let own = Descriptive.median(times),
      let other = Descriptive.median(reference)
    else { return nil }
    estimate = own / other
    var generator = ResamplingGenerator(seed: generatorSeed)
    var (drawnTimes, drawnReference) = (times, reference)
    var ratios: [Double] = []
    ratios.reserveCapacity(resamples)
    for _ in 0..<resamples {
      for place in times.indices {
        let round = generator.below(times.count)
        (drawnTimes[place], drawnReference[place]) = (times[round], reference[round])
      }
      guard let a = Descriptive.median(drawnTimes), let b = Descriptive.median(drawnReference) else { return nil }
      ratios.append(a / b)
    }
    ratios.sort()
    let tail = (1 - level) / 2
    guard let low = Descriptive.quantile(sorted: ratios, tail),
      let high = Descriptive.quantile(sorted: ratios, 1 - tail)
    else { return nil }
    interval = Interval(low: low, high: high)
  }
}
