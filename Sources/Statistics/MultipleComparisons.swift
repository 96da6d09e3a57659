/// Adjusted p-values for a family of tests, in the order given. p-values are from 0 to 1.
public enum MultipleComparisons {
  /// min(1, m·p)
  public static func bonferroni(_ p: [Double]) -> [Double] { p.map { min(1, $0 * Double(p.count)) } }

  /// Holm's step-down: p̃(i) = max over j ≤ i of min(1, (m − j + 1)·p(j)) (Holm 1979). Family-wise error.
  public static func holm(_ p: [Double]) -> [Double] { holm(p, weights: p.map { _ in 1 }) }

  /// The same with weights w > 0 (Holm 1979, section 3): in the order of p/w, each p/w times the weights that are left.
  public static func holm(_ p: [Double], weights: [Double]) -> [Double] {
    precondition(p.count == weights.count, "holm: \(p.count) p-values, \(weights.count) weights")
    var adjusted = p
    var largest = 0.0
    var left = weights.reduce(0, +)
    for index in ascending(zip(p, weights).map { $0 / $1 }) {
      largest = max(largest, min(1, left * p[index] / weights[index]))
      adjusted[index] = largest
      left -= weights[index]
    }
    return adjusted
  }

  /// Benjamini and Hochberg's step-up: p̃(i) = min over j ≥ i of min(1, m·p(j)/j) (1995). False discovery rate.
  public static func benjaminiHochberg(_ p: [Double]) -> [Double] {
    var adjusted = p
    var smallest = 1.0
    for (position, index) in ascending(p).enumerated().reversed() {
      smallest = min(smallest, Double(p.count) * p[index] / Double(position + 1))
      adjusted[index] = smallest
    }
    return adjusted
  }

  private static func ascending(_ p: [Double]) -> [Int] { p.indices.sorted { (p[$0], $0) < (p[$1], $1) } }
}
