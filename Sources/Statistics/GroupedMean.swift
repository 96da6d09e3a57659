/// The mean of a value over rows that come in groups, with its variance as a ratio of sums over groups (Cochran 1977,
/// section 6.3): rows of one group are no independent samples. Where every group has one row it is that of a simple mean.
public struct GroupedMean: Sendable, Equatable {
  public let rows: Int
  public let groups: Int
  public let mean: Double
  /// Of the mean.
  public let variance: Double
  /// What each group adds to the mean's error: Σ (value − mean) / rows.
  let deviations: [Int: Double]

  /// `values` and `groups` are `[rows]`; nil with fewer than two groups.
  public init?(_ values: [Double], groups: [Int]) {
    precondition(values.count == groups.count, "GroupedMean: \(values.count) values, \(groups.count) groups")
    guard let mean = Descriptive.mean(values) else { return nil }
    var deviations: [Int: Double] = [:]
    for (value, group) in zip(values, groups) { deviations[group, default: 0] += (value - mean) / Double(values.count) }
    guard deviations.count > 1 else { return nil }
    let m = Double(deviations.count)
    (rows, self.groups, self.mean, self.deviations) = (values.count, deviations.count, mean, deviations)
    variance = m / (m - 1) * Self.squares(deviations)
  }

  /// Added in the order of the groups' numbers, not of a dictionary.
  static func squares(_ deviations: [Int: Double]) -> Double {
    deviations.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
  }

  public func interval(level: Double = 0.95) -> Interval {
    let half = StudentT(degreesOfFreedom: Double(groups - 1)).quantile(0.5 + level / 2) * variance.squareRoot()
    return Interval(low: mean - half, high: mean + half)
  }
}
