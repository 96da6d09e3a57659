/// How many samples a latency percentile needs before it may be stated, and its interval.
public enum PercentileClaim {
  /// The smallest number of samples that supports a percentile: n = h + t with I(p; h, t + 1) ≤ 1 − confidence.
  ///
  /// MLPerf Inference rules, appendix on early stopping, with tolerance 0. `overLatency` is t, the number of samples
  /// allowed above the stated value. With t = 1 and 99 % confidence: p90 64, p95 130, p99 662.
  /// nil for a percentile or a confidence outside 0…1, or a negative t.
  public static func samplesNeeded(percentile: Double, overLatency: Int = 1, confidence: Double = 0.99) -> Int? {
    guard percentile > 0, percentile < 1, confidence > 0, confidence < 1, overLatency >= 0 else { return nil }
    func holds(_ h: Int) -> Bool {
      SpecialFunctions.incompleteBeta(
        percentile, complement: 1 - percentile, Double(h), Double(overLatency + 1)
      ).lower <= 1 - confidence
    }
    var high = 1
    while !holds(high) {
      guard high < 1 << 40 else { return nil }
      high *= 2
    }
    var low = high / 2
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle }
    }
    return high + overLatency
  }

  /// Ranks (from 1) of the order statistics that enclose a percentile, from Binomial(n, p) without assuming a form
  /// (Hahn and Meeker 1991, section 5.2). A bound is nil where the sample is too small to have it.
  public static func ranks(count: Int, percentile: Double, level: Double = 0.95) -> (low: Int?, high: Int?) {
    guard count > 0, percentile > 0, percentile < 1, level > 0, level < 1 else { return (nil, nil) }
    let binomial = Binomial(trials: count, probability: percentile)
    let low = binomial.quantile((1 - level) / 2)
    let high = binomial.quantile((1 + level) / 2) + 1
    return (low >= 1 ? low : nil, high <= count ? high : nil)
  }

  /// The values at those ranks; nil where a bound does not exist.
  public static func interval(_ samples: [Double], percentile: Double, level: Double = 0.95) -> Interval? {
    let (low, high) = ranks(count: samples.count, percentile: percentile, level: level)
    guard let low, let high else { return nil }
    let sorted = samples.sorted()
    return Interval(low: sorted[low - 1], high: sorted[high - 1])
  }
}
