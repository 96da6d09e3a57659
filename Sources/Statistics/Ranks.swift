/// Ranks with ties, and what ties take from a rank test's variance.
public struct Ranks: Sendable {
  /// Rank of each value from 1, the mean rank among equals, in the order given.
  public let values: [Double]
  /// Σ(t³ − t) over groups of t equal values.
  public let tieTerm: Double

  public var hasTies: Bool { tieTerm > 0 }

  public init(_ sample: [Double]) {
    let order = sample.indices.sorted { (sample[$0], $0) < (sample[$1], $1) }
    var ranks = [Double](repeating: 0, count: sample.count)
    var ties = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, sample[order[end]] == sample[order[start]] { end += 1 }
      let rank = Double(start + end + 1) / 2
      for position in start..<end { ranks[order[position]] = rank }
      let t = Double(end - start)
      ties += t * t * t - t
      start = end
    }
    (values, tieTerm) = (ranks, ties)
  }
}
