/// Intervals of scores that have ends: they stay within them, and are never a point where rows are finite.
public enum BoundedInterval {
  /// Wilson's score interval (1927) with the number of rows that would give the contrast's variance, as for samples in
  /// clusters (Korn and Graubard 1998): the variance of a score θ of the range 0…1 counts as proportional to θ(1 − θ).
  /// `rows` is the number that is known to stand behind it: where the variance is 0, or the score at an end, the interval
  /// is that of a share of so many.
  ///
  /// `range` is what the score can be. nil without rows or where the estimate lies outside.
  public static func wilson(
    _ score: Contrast, range: ClosedRange<Double> = 0...1, rows: Int, level: Double = 0.95
  ) -> Interval? {
    let span = range.upperBound - range.lowerBound
    let share = (score.estimate - range.lowerBound) / span
    guard rows > 0, span > 0, -1e-12...(1 + 1e-12) ~= share else { return nil }
    let p = min(1, max(0, share))
    let z = Normal.quantile(0.5 + level / 2)
    let reach = score.halfWidth(level: level) / span
    // Never more rows than there are.
    let least = z * z / Double(rows)
    let square = p > 0 && p < 1 ? max(reach * reach / (p * (1 - p)), least) : least
    let interval = ProportionInterval.wilson(share: p, rows: z * z / square, level: level)
    return Interval(low: range.lowerBound + span * interval.low, high: range.lowerBound + span * interval.high)
  }
}
