/// The number of successes in independent trials of equal probability.
public struct Binomial: Sendable, Equatable {
  /// ≥ 0
  public let trials: Int
  /// From 0 to 1.
  public let probability: Double

  public init(trials: Int, probability: Double) {
    precondition(trials >= 0 && probability >= 0 && probability <= 1, "Binomial: trials \(trials), p \(probability)")
    (self.trials, self.probability) = (trials, probability)
  }

  /// P(K = k)
  public func probability(of k: Int) -> Double {
    guard k >= 0, k <= trials else { return 0 }
    if probability == 0 { return k == 0 ? 1 : 0 }
    if probability == 1 { return k == trials ? 1 : 0 }
    let q = 1 - probability
    let term = SpecialFunctions.betaTerm(probability, q, Double(k) + 1, Double(trials - k) + 1)
    return term / (Double(trials + 1) * probability * q)
  }

  /// P(K ≤ k) = I_{1−p}(n − k, k + 1)
  public func cdf(_ k: Int) -> Double { tails(k).lower }

  /// P(K > k), precise in the tail.
  public func survival(_ k: Int) -> Double { tails(k).upper }

  private func tails(_ k: Int) -> (lower: Double, upper: Double) {
    if k < 0 { return (0, 1) }
    if k >= trials { return (1, 0) }
    return SpecialFunctions.incompleteBeta(
      1 - probability, complement: probability, Double(trials - k), Double(k) + 1)
  }

  /// The smallest k with P(K ≤ k) ≥ p.
  public func quantile(_ p: Double) -> Int {
    var (low, high) = (0, trials)
    while low < high {
      let middle = low + (high - low) / 2
      if cdf(middle) >= p { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
