/// One-way analysis of variance over independent groups (Fisher 1925).
public struct AnalysisOfVariance: Sendable, Equatable {
  /// F = mean square between groups / mean square within.
  public let statistic: Double
  /// Degrees of freedom between and within groups.
  public let between: Int
  public let within: Int
  public let p: Double

  /// nil for fewer than two groups, an empty group, no group of two values, or a value that is not finite.
  /// Without variance inside the groups p is 1 where their means are equal, and 0 elsewhere.
  public init?(_ groups: [[Double]]) {
    let all = groups.flatMap(\.self)
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }), all.count > groups.count,
      all.allSatisfy(\.isFinite), let grand = Descriptive.mean(all)
    else { return nil }
    between = groups.count - 1
    within = all.count - groups.count
    var (betweenSquares, withinSquares) = (0.0, 0.0)
    for group in groups {
      let mean = Descriptive.mean(group) ?? grand
      betweenSquares += Double(group.count) * (mean - grand) * (mean - grand)
      if group.contains(where: { $0 != group[0] }) {
        withinSquares += group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
    }
    if withinSquares > 0 {
      statistic = betweenSquares / Double(between) / (withinSquares / Double(within))
      p = FDistribution(numerator: Double(between), denominator: Double(within)).survival(statistic)
    } else {
      let equal = groups.allSatisfy { $0[0] == groups[0][0] }
      (statistic, p) = equal ? (0, 1) : (.infinity, 0)
    }
  }
}

/// The Kruskal–Wallis test over independent groups, corrected for ties (Kruskal and Wallis 1952).
public struct KruskalWallisTest: Sendable, Equatable {
  /// H
  public let statistic: Double
  public let degreesOfFreedom: Int
  public let p: Double

  /// nil for fewer than two groups, an empty group or a value that is not finite; p is 1 where all values are equal.
  public init?(_ groups: [[Double]]) {
    let all = groups.flatMap(\.self)
    guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }), all.allSatisfy(\.isFinite) else { return nil }
    degreesOfFreedom = groups.count - 1
    let ranks = Ranks(all)
    let n = Double(all.count)
    let correction = 1 - ranks.tieTerm / (n * n * n - n)
    guard correction > 0 else {
      (statistic, p) = (0, 1)
      return
    }
    var start = 0
    var sum = 0.0
    for group in groups {
      let total = ranks.values[start..<start + group.count].reduce(0, +)
      sum += total * total / Double(group.count)
      start += group.count
    }
    statistic = (12 / (n * (n + 1)) * sum - 3 * (n + 1)) / correction
    p = ChiSquared(degreesOfFreedom: Double(degreesOfFreedom)).survival(statistic)
  }
}

/// Cochran's Q: whether several models are right equally often on the same examples (Cochran 1950).
public struct CochranQTest: Sendable, Equatable {
  public let statistic: Double
  public let degreesOfFreedom: Int
  public let p: Double

  /// `correct` is `[model][example]`, true where the model is right.
  /// nil for fewer than two models, no example, or rows of unequal length; p is 1 where all models agree everywhere.
  public init?(_ correct: [[Bool]]) {
    guard correct.count > 1, !correct[0].isEmpty, correct.allSatisfy({ $0.count == correct[0].count }) else {
      return nil
    }
    let k = Double(correct.count)
    degreesOfFreedom = correct.count - 1
    let byModel = correct.map { Double($0.count(where: \.self)) }
    let byExample = correct[0].indices.map { example in Double(correct.count { $0[example] }) }
    let total = byModel.reduce(0, +)
    let denominator = k * total - byExample.reduce(0) { $0 + $1 * $1 }
    guard denominator > 0 else {
      (statistic, p) = (0, 1)
      return
    }
    statistic = (k - 1) * (k * byModel.reduce(0) { $0 + $1 * $1 } - total * total) / denominator
    p = ChiSquared(degreesOfFreedom: k - 1).survival(statistic)
  }
}
