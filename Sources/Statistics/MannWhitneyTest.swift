/// The Mann–Whitney U test (Wilcoxon's rank-sum test) for independent samples (Mann and Whitney 1947).
public struct MannWhitneyTest: Sendable, Equatable {
  public enum Method: String, Sendable {
    /// All arrangements of two samples without ties.
    case exact
    /// Normal approximation, corrected for ties and for continuity.
    case normal
    /// Exact up to 20 values a sample without ties, else normal.
    case automatic
  }

  /// U of the first sample: pairs in which a > b, ties half.
  public let statistic: Double
  /// Two-sided.
  public let p: Double
  /// `exact` or `normal`.
  public let method: Method

  /// nil where a sample is empty or holds a value that is not finite, and for `exact` with ties.
  public init?(_ a: [Double], _ b: [Double], method: Method = .automatic) {
    guard !a.isEmpty, !b.isEmpty, a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return nil }
    let ranks = Ranks(a + b)
    let (m, n) = (Double(a.count), Double(b.count))
    statistic = ranks.values.prefix(a.count).reduce(0, +) - m * (m + 1) / 2
    let larger = max(statistic, m * n - statistic)
    let few = a.count <= 20 && b.count <= 20 && !ranks.hasTies
    self.method = method == .automatic ? (few ? .exact : .normal) : method
    if self.method == .exact {
      guard !ranks.hasTies else { return nil }
      p = min(1, 2 * Self.lowerTail(a.count, b.count, u: Int(m * n - larger)))
      return
    }
    let total = m + n
    let variance = m * n / 12 * (total + 1 - ranks.tieTerm / (total * (total - 1)))
    guard variance > 0 else {
      p = 1
      return
    }
    p = min(1, 2 * Normal.survival((larger - m * n / 2 - 0.5) / variance.squareRoot()))
  }

  /// P(U ≤ u) for samples of m and n: by the share of arrangements with the largest value in either sample.
  private static func lowerTail(_ m: Int, _ n: Int, u: Int) -> Double {
    // share[j][v] = P(U = v) for i and j values, i growing.
    var previous = [[Double]](repeating: [1] + [Double](repeating: 0, count: u), count: n + 1)
    for i in 1...m {
      var current = [[Double]](repeating: [Double](repeating: 0, count: u + 1), count: n + 1)
      current[0][0] = 1
      for j in stride(from: 1, through: n, by: 1) {
        let fromA = Double(i) / Double(i + j)
        for v in 0...u {
          let largestInA = v >= j ? previous[j][v - j] : 0
          current[j][v] = fromA * largestInA + (1 - fromA) * current[j - 1][v]
        }
      }
      previous = current
    }
    return previous[n].reduce(0, +)
  }
}
