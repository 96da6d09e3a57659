/// McNemar's test: two models on one test set, by the examples on which only one of them is right (McNemar 1947).
public struct McNemarTest: Sendable, Equatable {
  public let bothRight: Int
  public let onlyA: Int
  public let onlyB: Int
  public let bothWrong: Int

  /// Counts are not negative.
  public init(bothRight: Int, onlyA: Int, onlyB: Int, bothWrong: Int) {
    precondition(
      min(bothRight, onlyA, onlyB, bothWrong) >= 0, "McNemarTest: counts \(bothRight) \(onlyA) \(onlyB) \(bothWrong)")
    (self.bothRight, self.onlyA, self.onlyB, self.bothWrong) = (bothRight, onlyA, onlyB, bothWrong)
  }

  /// From whether each model is right on each example, in the same order; nil where the lists differ in length.
  public init?(a: [Bool], b: [Bool]) {
    guard a.count == b.count else { return nil }
    var counts = [0, 0, 0, 0]
    for (right, other) in zip(a, b) { counts[(right ? 0 : 2) + (other ? 0 : 1)] += 1 }
    self.init(bothRight: counts[0], onlyA: counts[1], onlyB: counts[2], bothWrong: counts[3])
  }

  public var examples: Int { bothRight + onlyA + onlyB + bothWrong }

  /// Accuracy of A − accuracy of B, a fraction; nil without examples.
  public var riskDifference: Double? { examples > 0 ? Double(onlyA - onlyB) / Double(examples) : nil }

  /// Sampling variance of the risk difference, (b + c − (b − c)²/n)/n², of at least one example that tells the models
  /// apart: equal answers on finitely many examples do not show that the models are equal. nil without examples.
  public var differenceVariance: Double? {
    guard examples > 0 else { return nil }
    let n = Double(examples), difference = Double(onlyA - onlyB)
    return max(1, Double(onlyA + onlyB) - difference * difference / n) / (n * n)
  }

  /// Exact two-sided p = min(1, 2·P(K ≤ min(b, c))), K binomial with b + c trials of ½; 1 where b + c = 0.
  public var exactP: Double { min(1, 2 * Binomial(trials: onlyA + onlyB, probability: 0.5).cdf(min(onlyA, onlyB))) }

  /// Mid-p: the exact p less half the probability of the outcomes as extreme as the one seen (Fagerland, Lydersen
  /// and Laake 2013); 1 where b + c = 0.
  public var midP: Double {
    guard onlyA + onlyB > 0 else { return 1 }
    let point = Binomial(trials: onlyA + onlyB, probability: 0.5).probability(of: onlyA)
    return onlyA == onlyB ? 1 - point / 2 : exactP - point
  }

  /// (|b − c| − 1)² / (b + c) with one degree of freedom (Edwards 1948); 0 and p = 1 where b + c = 0.
  public var corrected: (statistic: Double, p: Double) { chiSquared(less: 1) }

  /// (b − c)² / (b + c) with one degree of freedom; 0 and p = 1 where b + c = 0.
  public var uncorrected: (statistic: Double, p: Double) { chiSquared(less: 0) }

  private func chiSquared(less correction: Double) -> (statistic: Double, p: Double) {
    guard onlyA + onlyB > 0 else { return (0, 1) }
    let difference = Double(abs(onlyA - onlyB)) - correction
    let statistic = difference * difference / Double(onlyA + onlyB)
    return (statistic, ChiSquared(degreesOfFreedom: 1).survival(statistic))
  }

  /// The p-value to quote: exact below 25 discordant examples, corrected chi-squared from there (Dietterich 1998).
  public var p: Double { onlyA + onlyB < 25 ? exactP : corrected.p }
}
