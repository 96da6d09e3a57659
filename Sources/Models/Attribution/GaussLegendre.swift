import Foundation

/// Points and weights that integrate polynomials up to degree 2n − 1 over 0 … 1 exactly (Golub and Welsch 1969 compute the
/// same; here Newton's method finds the roots of the Legendre polynomial).
struct GaussLegendre: Sendable {
  /// Ascending.
  let nodes: [Double]
  /// Their sum is 1.
  let weights: [Double]

  init(_ count: Int) {
    precondition(count > 0, "GaussLegendre: \(count) points")
    var nodes = [Double](repeating: 0, count: count), weights = nodes
    for index in 0..<(count + 1) / 2 {
      var x = cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5)), slope = 0.0
      for _ in 0..<100 {
        let (value, derivative) = Self.legendre(count, x)
        slope = derivative
        let step = value / derivative
        x -= step
        if abs(step) < 1e-16 { break }
      }
      slope = Self.legendre(count, x).derivative
      let weight = 1 / ((1 - x * x) * slope * slope)
      (nodes[index], nodes[count - 1 - index]) = ((1 - x) / 2, (1 + x) / 2)
      (weights[index], weights[count - 1 - index]) = (weight, weight)
    }
    (self.nodes, self.weights) = (nodes, weights)
  }

  /// How many points are enough for most.
  static let usual = 16...256

  /// Shares by as few points as `nodes` allows, doubled until they miss what they are shares of by at most 1 % of it.
  static func integral(
    of difference: Double, nodes: ClosedRange<Int> = usual, _ shares: (GaussLegendre) -> [Double]
  ) -> (shares: [Double], nodes: Int) {
    var count = nodes.lowerBound
    while true {
      let found = shares(GaussLegendre(count))
      let error = abs(found.reduce(0, +) - difference)
      if count * 2 > nodes.upperBound || WordAttribution.isComplete(error, of: difference) { return (found, count) }
      count *= 2
    }
  }

  /// P_n(x) and its derivative, by the three-term recurrence.
  private static func legendre(_ n: Int, _ x: Double) -> (value: Double, derivative: Double) {
    var before = 1.0, value = x
    for k in stride(from: 2, through: n, by: 1) {
      (before, value) = (value, (Double(2 * k - 1) * x * value - Double(k - 1) * before) / Double(k))
    }
    if n == 1 { before = 1 }
    return (value, Double(n) * (x * value - before) / (x * x - 1))
  }
}
