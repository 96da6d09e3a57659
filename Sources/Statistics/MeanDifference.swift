/// The mean of a value inside a set of rows less its mean outside, where rows come in groups, with Satterthwaite's degrees
/// of freedom (1946). Where every group has one row it is Welch's t (1947).
public struct MeanDifference: Sendable, Equatable {
  public let inside: GroupedMean
  public let outside: GroupedMean
  public let standardError: Double
  public let degreesOfFreedom: Double

  public var estimate: Double { inside.mean - outside.mean }

  /// nil where a side has fewer than two groups, and without variance.
  ///
  /// - Parameters:
  ///   - values: `[rows]`, as all lists.
  ///   - isInside: whether a row is in the set.
  ///   - groups: equal numbers for the rows of one group.
  ///   - hasFloor: the variance is at least that of two samples of all rows, with the degrees of freedom of the smaller side:
  ///     twenty rows without an error do not show that there are none.
  public init?(_ values: [Double], isInside: [Bool], groups: [Int], hasFloor: Bool = false) {
    precondition(
      values.count == isInside.count && values.count == groups.count,
      "MeanDifference: \(values.count) values, \(isInside.count) sides, \(groups.count) groups")
    func side(_ isWanted: Bool) -> GroupedMean? {
      let rows = values.indices.filter { isInside[$0] == isWanted }
      return GroupedMean(rows.map { values[$0] }, groups: rows.map { groups[$0] })
    }
    guard let inside = side(true), let outside = side(false) else { return nil }
    (self.inside, self.outside) = (inside, outside)
    var variance: Double, freedom: Double
    if inside.deviations.keys.contains(where: { outside.deviations[$0] != nil }) {
      // A group with rows on both sides moves both means at once.
      let both = inside.deviations.merging(outside.deviations.mapValues(-)) { $0 + $1 }
      let m = Double(both.count)
      variance = m / (m - 1) * GroupedMean.squares(both)
      freedom = Double(min(inside.groups, outside.groups) - 1)
    } else {
      variance = inside.variance + outside.variance
      freedom =
        variance * variance
        / (inside.variance * inside.variance / Double(inside.groups - 1)
          + outside.variance * outside.variance / Double(outside.groups - 1))
    }
    if hasFloor, let all = GroupedMean(values, groups: groups) {
      let floor = all.variance * Double(all.rows) * (1 / Double(inside.rows) + 1 / Double(outside.rows))
      if floor > variance { (variance, freedom) = (floor, Double(min(inside.groups, outside.groups) - 1)) }
    }
    guard variance > 0 else { return nil }
    (standardError, degreesOfFreedom) = (variance.squareRoot(), freedom)
  }

  private var distribution: StudentT { StudentT(degreesOfFreedom: degreesOfFreedom) }

  public var statistic: Double { estimate / standardError }

  /// Two-sided.
  public var p: Double { distribution.twoSided(statistic) }

  public func interval(level: Double = 0.95) -> Interval {
    let half = distribution.quantile(0.5 + level / 2) * standardError
    return Interval(low: estimate - half, high: estimate + half)
  }

  /// The difference that a two-sided test at `alpha` finds with this power, given these variances.
  public func leastDetectable(alpha: Double = 0.05, power: Double = 0.8) -> Double {
    (distribution.quantile(1 - alpha / 2) + distribution.quantile(power)) * standardError
  }
}
