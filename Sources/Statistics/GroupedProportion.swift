/// The share of rows that are right where rows come in groups, as a ratio of sums over groups.
///
/// Groups widen its variance by a design effect: the variance of the ratio estimator over that of as many independent
/// rows (Rao and Scott 1992, "A simple method for the analysis of clustered binary data"). The rows divided by it are the
/// effective number of rows, which takes the place of n in Wilson's interval; with m groups it is multiplied by
/// (t_{n−1} / t_{m−1})², for few groups tell little of how groups vary (Korn and Graubard 1998). Dean and Pagano 2015
/// found Wilson's interval with both to hold its level. Where every group has one row it is n.
public struct GroupedProportion: Sendable, Equatable {
  public let rows: Int
  public let groups: Int
  public let right: Int
  /// Deviation of each group: right − rows of the group · share, `[groups]`.
  let deviations: [Double]
  /// Variance of the share over that of as many independent rows; where all rows are right, or none is, nothing shows it,
  /// and it is that of groups whose rows are all alike, Σ n_k² / n.
  public let designEffect: Double

  /// `right` and `groups` are `[rows]`; nil where they differ in length, and with fewer than two groups.
  public init?(right: [Bool], groups: [Int]) {
    guard right.count == groups.count else { return nil }
    let grouped = GroupedRows(groups)
    guard grouped.count > 1 else { return nil }
    let n = Double(right.count), m = Double(grouped.count)
    let hits = right.count(where: \.self)
    let share = Double(hits) / n
    rows = right.count
    self.groups = grouped.count
    self.right = hits
    deviations = grouped.sums { (right[$0] ? 1 : 0) - share }
    let squares = deviations.reduce(0) { $0 + $1 * $1 }
    if hits == 0 || hits == right.count {
      designEffect = grouped.sums { _ in 1 }.reduce(0) { $0 + $1 * $1 } / n
    } else {
      designEffect = m / (m - 1) * squares / (n * n) / (share * (1 - share) / (n - 1))
    }
  }

  /// Never more than there are rows.
  public func effectiveRows(level: Double) -> Double {
    let tail = 0.5 + level / 2
    let t = StudentT(degreesOfFreedom: Double(rows - 1)).quantile(tail)
    let few = StudentT(degreesOfFreedom: Double(groups - 1)).quantile(tail)
    return min(Double(rows), Double(rows) / designEffect * (t / few) * (t / few))
  }

  /// Wilson's score interval with the effective number of rows.
  public func wilson(level: Double = 0.95) -> Interval {
    ProportionInterval.wilson(
      share: Double(right) / Double(rows), rows: effectiveRows(level: level), level: level)
  }
}
