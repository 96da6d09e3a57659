/// How much more work would settle an undecided contrast. Only the margin and the observed variance are used, never the
/// estimate: planning from it is circular (Hoenig and Heisey 2001).
///
/// A contrast is undecided where its interval holds 0 and reaches beyond the margin. Whatever the difference, that cannot
/// be once the whole interval is no longer than the margin. The variance is itself estimated, so none of these numbers is
/// certain to decide.
extension Contrast {
  /// With another number of repetitions and the same variance of one.
  func repeated(_ count: Int) -> Contrast {
    let factor = Double(repetitions) / Double(count)
    let freedom =
      repetitions > 1 ? degreesOfFreedom * Double(count - 1) / Double(repetitions - 1) : degreesOfFreedom
    return Contrast(
      estimate: estimate, knownVariance: knownVariance,
      estimatedVariance: estimatedVariance - shrinkingVariance * (1 - factor), degreesOfFreedom: freedom,
      shrinkingVariance: shrinkingVariance * factor, repetitions: count)
  }

  /// The smallest number of repetitions from which the interval is no longer than `margin`, at least one more than now.
  ///
  /// nil where none is: a part of the variance does not shrink with them; where nothing is repeated, and where the margin
  /// is not positive.
  public func repetitionsToDecide(margin: Double, level: Double) -> Int? {
    guard margin > 0, margin.isFinite, repetitions > 1, shrinkingVariance > 0 else { return nil }
    func isEnough(_ count: Int) -> Bool { 2 * repeated(count).halfWidth(level: level) <= margin }
    let most = 1_000_000
    guard isEnough(most) else { return nil }
    var (low, high) = (repetitions, repetitions + 1)
    while !isEnough(high) { (low, high) = (high, min(most, high * 2)) }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Half of the interval were the repetitions without number.
  public func narrowestHalfWidth(level: Double) -> Double {
    Normal.quantile(0.5 + level / 2) * (knownVariance + estimatedVariance - shrinkingVariance).squareRoot()
  }

  /// How many times the rows would make the interval no longer than `margin` were the repetitions without number, if the
  /// variance that is left falls as one over the rows. nil where nothing is left or the margin is not positive.
  public func timesRowsToDecide(margin: Double, level: Double) -> Double? {
    let length = 2 * narrowestHalfWidth(level: level)
    guard margin > 0, margin.isFinite, length > 0, length.isFinite else { return nil }
    return max(1, length * length / (margin * margin))
  }

  /// The smallest difference that a design with this variance shows at `level` with probability `power`: the two quantiles
  /// of each part of the variance, added as squares.
  public func detectable(level: Double, power: Double) -> Double {
    let tail = (1 - level) / 2
    let z = Normal.quantile(1 - tail) + Normal.quantile(power)
    let t = estimatedVariance > 0 ? quantile(1 - tail) + quantile(power) : 0
    return (z * z * knownVariance + t * t * estimatedVariance).squareRoot()
  }
}
