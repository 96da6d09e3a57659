/// How much more work would settle an undecided comparison. Only the margin and the observed variance are used, never
/// the observed difference: planning from it is circular (Hoenig and Heisey 2001).
///
/// A comparison is undecided where the interval at `level` holds 0 and the one at `equivalenceLevel` reaches beyond
/// the margin. Whatever the difference, that cannot be once the two half-widths together are at most the margin.
public enum Decision {
  /// The number of folds or seeds J from which a corrected t-test cannot end undecided.
  ///
  /// The smallest J with (t_{J−1}(level) + t_{J−1}(equivalenceLevel))·sd·√(1/J + ratio) ≤ margin. `sd` is that of the
  /// differences between repetitions, in the margin's unit; `ratio` is n_test/n_train, 0 for independent repetitions.
  /// nil where no number suffices, because the ratio's share of the variance does not vanish with J (Nadeau and
  /// Bengio 2003), where the margin is not positive, or where an argument is not finite.
  public static func repetitionsToDecide(
    sd: Double, ratio: Double, margin: Double, level: Double = 0.95, equivalenceLevel: Double = 0.90
  ) -> Int? {
    guard sd >= 0, ratio >= 0, margin > 0, sd.isFinite, ratio.isFinite, margin.isFinite else { return nil }
    func reach(_ repetitions: Int) -> Double {
      let t = StudentT(degreesOfFreedom: Double(repetitions - 1))
      let quantiles = t.quantile(0.5 + level / 2) + t.quantile(0.5 + equivalenceLevel / 2)
      return quantiles * sd * (1 / Double(repetitions) + ratio).squareRoot()
    }
    guard sd > 0 else { return 2 }
    let limit = normalQuantiles(level, equivalenceLevel) * sd * ratio.squareRoot()
    guard limit < margin else { return nil }
    return smallest(from: 2) { reach($0) <= margin }
  }

  /// The number of seeds a model from which a bootstrap over seeds and examples cannot end undecided.
  ///
  /// The smallest S with (t(level) + t(equivalenceLevel))·√(exampleVariance + seedVariance/S) ≤ margin; the variances
  /// are those of `BootstrapDifference`. The t has Satterthwaite's degrees of freedom where the variance of examples is
  /// known and that of seeds comes from S a model; it is normal without the latter. nil where the test set itself is too small for any number of seeds, where the
  /// margin is not positive, or where an argument is not finite.
  public static func seedsToDecide(
    exampleVariance: Double, seedVariance: Double, margin: Double, level: Double = 0.95,
    equivalenceLevel: Double = 0.90
  ) -> Int? {
    guard exampleVariance >= 0, seedVariance >= 0, margin > 0, exampleVariance.isFinite, seedVariance.isFinite,
      margin.isFinite
    else { return nil }
    let quantiles = normalQuantiles(level, equivalenceLevel)
    guard quantiles * exampleVariance.squareRoot() < margin else { return nil }
    return smallest(from: seedVariance > 0 ? 2 : 1) { seeds in
      let fromSeeds = seedVariance / Double(seeds), whole = exampleVariance + fromSeeds
      guard fromSeeds > 0 else { return quantiles * whole.squareRoot() <= margin }
      let t = StudentT(degreesOfFreedom: whole * whole * 2 * Double(seeds - 1) / (fromSeeds * fromSeeds))
      return (t.quantile(0.5 + level / 2) + t.quantile(0.5 + equivalenceLevel / 2)) * whole.squareRoot() <= margin
    }
  }

  private static func normalQuantiles(_ level: Double, _ equivalenceLevel: Double) -> Double {
    Normal.quantile(0.5 + level / 2) + Normal.quantile(0.5 + equivalenceLevel / 2)
  }

  /// The smallest count for which a condition holds that, once true, stays true; nil beyond a thousand million.
  private static func smallest(from first: Int, where holds: (Int) -> Bool) -> Int? {
    if holds(first) { return first }
    var (low, high) = (first, first * 2)
    while !holds(high) {
      guard high < 1_000_000_000 else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
