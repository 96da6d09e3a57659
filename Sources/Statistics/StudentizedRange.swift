/// The range of k independent standard normal variables: Tukey's studentized range with infinite degrees of freedom.
public struct StudentizedRange: Sendable, Equatable {
  /// k ≥ 2
  public let groups: Int

  public init(groups: Int) {
    precondition(groups >= 2, "StudentizedRange: \(groups) groups, needs 2")
    self.groups = groups
  }

  /// P(Q ≤ q) = k·∫ φ(z)·[Φ(z) − Φ(z − q)]^(k−1) dz; absolute error below 1e-12.
  public func cdf(_ q: Double) -> Double {
    guard q > 0 else { return q.isNaN ? .nan : 0 }
    // The trapezoidal rule converges faster than any power of the step on such an integrand.
    let step = 0.0625
    var sum = 0.0
    for i in -144...144 {
      let z = Double(i) * step
      let inside = Normal.cdf(z) - Normal.cdf(z - q)
      var power = 1.0
      for _ in 1..<groups { power *= inside }
      sum += Normal.density(z) * power
    }
    return min(Double(groups) * step * sum, 1)
  }

  public func survival(_ q: Double) -> Double { 1 - cdf(q) }

  /// The q with P(Q ≤ q) = p, for 0 ≤ p < 1; NaN outside.
  public func quantile(_ p: Double) -> Double {
    guard p >= 0, p < 1 else { return .nan }
    if p == 0 { return 0 }
    return SpecialFunctions.root(low: 0, high: 40) { cdf($0) - p }
  }
}
