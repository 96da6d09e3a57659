/// Wilcoxon's signed-rank test on paired differences (Wilcoxon 1945). Zero differences are dropped.
public struct WilcoxonTest: Sendable, Equatable {
  public enum Method: String, Sendable {
    /// All 2^n signs of the ranks that occurred, mean ranks among equals included.
    case exact
    /// Normal approximation, variance corrected for ties, no correction for continuity.
    case normal
    /// Exact up to 25 differences, else normal.
    case automatic
  }

  /// min(W+, W−), the smaller sum of ranks.
  public let statistic: Double
  /// Two-sided. With n differences it cannot be below 2^(1−n): .0625 for five folds.
  public let p: Double
  /// Differences that are not 0.
  public let n: Int
  /// `exact` or `normal`.
  public let method: Method

  /// nil where there is no difference at all or one is not finite; p is 1 where all are 0.
  public init?(_ differences: [Double], method: Method = .automatic) {
    guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
    let kept = differences.filter { $0 != 0 }
    n = kept.count
    self.method = method == .automatic ? (n <= 25 ? .exact : .normal) : method
    guard n > 0 else {
      (statistic, p) = (0, 1)
      return
    }
    let ranks = Ranks(kept.map(abs))
    let total = Double(n * (n + 1)) / 2
    var positive = 0.0
    for (difference, rank) in zip(kept, ranks.values) where difference > 0 { positive += rank }
    statistic = min(positive, total - positive)
    if self.method == .exact {
      p = min(1, 2 * Self.lowerTail(ranks: ranks.values, sum: statistic))
    } else {
      let count = Double(n)
      let variance = (count * (count + 1) * (2 * count + 1) - ranks.tieTerm / 2) / 24
      let z = (statistic - total / 2) / variance.squareRoot()
      p = min(1, 2 * Normal.survival(abs(z)))
    }
  }

  /// P(W ≤ sum) where each rank is counted with probability ½. Ranks are multiples of ½.
  private static func lowerTail(ranks: [Double], sum: Double) -> Double {
    let limit = Int(2 * sum)
    var probability = [Double](repeating: 0, count: limit + 1)
    probability[0] = 1
    for rank in ranks {
      let step = Int(2 * rank)
      for total in stride(from: limit, through: 0, by: -1) {
        let moved = total >= step ? probability[total - step] : 0
        probability[total] = 0.5 * (probability[total] + moved)
      }
    }
    return probability.reduce(0, +)
  }
}
