import Foundation

/// Finds the steps of a series: the piecewise constant function that costs least.
///
/// For each number of segments the exact least sum of absolute deviations (the L1 Potts functional: Friedrich, Kempe,
/// Liebscher and Winkler 2008, "Complexity penalized M-estimation", by dynamic programming over the last step); among
/// them the one with the least n·ln(S/n) + 2·segments·ln n, after Yao (1988), "Estimating the number of change-points
/// via Schwarz' criterion", with twice Schwarz' penalty, since the place of a step is chosen too. Medians are levels,
/// so one wild night makes no step.
public enum StepDetection {
  public struct Segment: Sendable, Equatable {
    /// Positions in the series.
    public var range: Range<Int>
    /// Median of its values.
    public var level: Double
    public init(range: Range<Int>, level: Double) { (self.range, self.level) = (range, level) }
  }

  /// The segments, in order; one where there is no step, none for an empty series or a value that is not finite.
  ///
  /// Costs the cube of the length at most: series of hundreds of values take milliseconds.
  public static func segments(
    _ values: [Double], minimumLength: Int = 2, maximumSegments: Int = 12
  ) -> [Segment] {
    let n = values.count
    guard n > 0, values.allSatisfy(\.isFinite) else { return [] }
    let most = max(1, min(maximumSegments, n / max(1, minimumLength)))
    let costs = intervalCosts(values)
    // best[k][j]: least cost of the first j values in k + 1 segments; from[k][j]: where the last of them begins.
    var best = [(0...n).map { $0 >= minimumLength || $0 == n ? costs[0][$0] : .infinity }]
    var from = [[Int](repeating: 0, count: n + 1)]
    for k in stride(from: 1, to: most, by: 1) {
      var (row, starts) = ([Double](repeating: .infinity, count: n + 1), [Int](repeating: 0, count: n + 1))
      for end in stride(from: (k + 1) * minimumLength, through: n, by: 1) {
        for start in stride(from: k * minimumLength, through: end - minimumLength, by: 1) {
          let cost = best[k - 1][start] + costs[start][end - start]
          if cost < row[end] { (row[end], starts[end]) = (cost, start) }
        }
      }
      best.append(row)
      from.append(starts)
    }
    let chosen = cheapest((0..<most).map { best[$0][n] }, values)
    var bounds = [n]
    for k in stride(from: chosen, to: 0, by: -1) { bounds.append(from[k][bounds[bounds.count - 1]]) }
    bounds.append(0)
    bounds.reverse()
    return zip(bounds, bounds.dropFirst()).map { start, end in
      Segment(range: start..<end, level: Descriptive.median(Array(values[start..<end])) ?? 0)
    }
  }

  /// The number of steps that the criterion prefers, given the least cost for each.
  private static func cheapest(_ costs: [Double], _ values: [Double]) -> Int {
    let n = Double(values.count)
    // Equal values within a segment would make any further step free of cost: rounding is a cost too.
    let floor = 1e-9 * max(values.map(\.magnitude).max() ?? 0, .leastNormalMagnitude)
    let scores = costs.enumerated().map { n * log(max($1 / n, floor)) + 2 * Double($0) * log(n) }
    return scores.indices.min { (scores[$0], $0) < (scores[$1], $1) } ?? 0
  }

  /// `[start][length]`: the sum of absolute deviations from the median of so many values from `start` on.
  private static func intervalCosts(_ values: [Double]) -> [[Double]] {
    values.indices.map { start in
      var sorted: [Double] = []
      sorted.reserveCapacity(values.count - start)
      return [0]
        + values[start...].map { value in
          var (low, high) = (0, sorted.count)
          while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
          }
          sorted.insert(value, at: low)
          // Each value of the upper half less its mirror image.
          var cost = 0.0
          for index in 0..<(sorted.count / 2) { cost += sorted[sorted.count - 1 - index] - sorted[index] }
          return cost
        }
    }
  }
}
