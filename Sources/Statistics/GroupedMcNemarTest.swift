/// McNemar's test where examples come in groups: whether two models differ in accuracy, by how much more often one alone
/// is right in each group.
///
/// With d_k the examples of group k on which only A is right less those on which only B is, the statistic is
/// (Σ d_k)² / Σ d_k² with one degree of freedom: Obuchowski's (1998) without her factor (m − 1)/m, as Yang, Sun and Hardin
/// (2010, "A note on the tests for clustered matched-pair binary data") advise. It needs no assumption of how examples of
/// a group depend on each other. The exact p is that of all ways to swap the two models within whole groups. Where every
/// group has one example both are McNemar's own.
public struct GroupedMcNemarTest: Sendable, Equatable {
  /// All examples, whatever their group.
  public let table: McNemarTest
  public let groups: Int
  /// d_k of the groups where it is not 0.
  public let differences: [Int]
  private let a: GroupedProportion
  private let b: GroupedProportion

  /// From whether each model is right on each example, and each example's group; nil where the lists differ in length, and
  /// with fewer than two groups.
  public init?(a: [Bool], b: [Bool], groups: [Int]) {
    guard let table = McNemarTest(a: a, b: b), let shareA = GroupedProportion(right: a, groups: groups),
      let shareB = GroupedProportion(right: b, groups: groups)
    else { return nil }
    (self.table, self.groups, self.a, self.b) = (table, shareA.groups, shareA, shareB)
    var sums = [Int](repeating: 0, count: shareA.groups)
    for (row, place) in GroupedRows(groups).places.enumerated() { sums[place] += (a[row] ? 1 : 0) - (b[row] ? 1 : 0) }
    differences = sums.filter { $0 != 0 }
  }

  /// The smaller of the sums of positive and of negative d_k, without its sign.
  public var smallerSum: Int {
    min(differences.filter { $0 > 0 }.reduce(0, +), -differences.filter { $0 < 0 }.reduce(0, +))
  }

  private var sum: Int { differences.reduce(0, +) }

  /// Sampling variance of the risk difference with the group for the unit, m/(m − 1)·Σ (d_k − n_k·d)²/n², of at least one
  /// example that tells the models apart.
  public var differenceVariance: Double {
    let n = Double(table.examples), m = Double(groups)
    let squares = zip(a.deviations, b.deviations).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return max(1, m / (m - 1) * squares) / (n * n)
  }

  /// Two-sided, of all 2^m ways to swap the models in m groups; 1 where no group tells them apart.
  ///
  /// - Complexity: O(m · Σ|d_k|).
  public var exactP: Double {
    let reach = differences.reduce(0) { $0 + abs($1) }
    // Chances of each sum of the groups taken so far, from −reach to reach.
    var chances = [Double](repeating: 0, count: 2 * reach + 1)
    chances[reach] = 1
    var sofar = 0
    for difference in differences.map(abs) {
      var next = [Double](repeating: 0, count: chances.count)
      for place in (reach - sofar)...(reach + sofar) where chances[place] > 0 {
        next[place - difference] += chances[place] / 2
        next[place + difference] += chances[place] / 2
      }
      chances = next
      sofar += difference
    }
    let bound = abs(sum)
    return min(1, chances.indices.reduce(0) { abs($1 - reach) >= bound ? $0 + chances[$1] : $0 })
  }

  /// (|Σ d_k| − 1)² / Σ d_k², by Edwards' correction: the sums of swapped groups are at least 2 apart.
  public var corrected: (statistic: Double, p: Double) { chiSquared(less: 1) }

  /// (Σ d_k)² / Σ d_k².
  public var uncorrected: (statistic: Double, p: Double) { chiSquared(less: 0) }

  private func chiSquared(less correction: Double) -> (statistic: Double, p: Double) {
    guard !differences.isEmpty else { return (0, 1) }
    let difference = Double(abs(sum)) - correction
    let statistic = difference * difference / differences.reduce(0) { $0 + Double($1) * Double($1) }
    return (statistic, ChiSquared(degreesOfFreedom: 1).survival(statistic))
  }

  /// Whether `p` is the exact one: below 25 groups that tell the models apart.
  public var isExact: Bool { differences.count < 25 }

  /// The p-value to quote.
  public var p: Double { isExact ? exactP : corrected.p }

  /// Newcombe's score interval for paired proportions (1998, method 10) with each accuracy's effective number of rows, and
  /// the correlation of the two accuracies between groups in the place of that between rows.
  public func interval(level: Double = 0.95) -> Interval {
    func squares(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let (own, other) = (squares(a.deviations, a.deviations), squares(b.deviations, b.deviations))
    var correlation = 0.0
    if own > 0, other > 0 {
      let product = squares(a.deviations, b.deviations)
      // Newcombe's correction of half an example, which weighs as much as its design effect.
      let half = (a.designEffect * b.designEffect).squareRoot() / 2
      correlation = (product > 0 ? max(product - half, 0) : product) / (own * other).squareRoot()
    }
    let n = Double(table.examples)
    return ProportionInterval.difference(
      Double(a.right) / n, a.wilson(level: level), Double(b.right) / n, b.wilson(level: level),
      correlation: min(max(correlation, -1), 1))
  }
}
