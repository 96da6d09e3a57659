import Foundation

/// Whether an event is as frequent as its stated probability says: CORP (Dimitriadis, Gneiting and Jordan 2021, "Stable
/// reliability diagrams for probabilistic classifiers", PNAS 118). No bins are chosen: isotonic regression of what
/// happened on what was stated is the recalibrated probability, and splits the Brier score.
public struct ReliabilityCurve: Sendable, Equatable {
  /// Stated probabilities that the curve gives one value.
  public struct Step: Sendable, Equatable {
    public var low: Double
    public var high: Double
    /// Share of the rows in which the event happened.
    public var value: Double
    public var rows: Int
  }

  public let rows: Int
  /// By stated probability; values rise.
  public let steps: [Step]
  /// Mean of (stated − happened)². It is miscalibration − discrimination + uncertainty.
  public let brier: Double
  /// By how much recalibration lowers it.
  public let miscalibration: Double
  /// By how much recalibrated probabilities are better than the same one for all.
  public let discrimination: Double
  /// Score of the share in which the event happened, stated for all.
  public let uncertainty: Double

  /// Different stated probabilities, ascending, and rows of each.
  private let stated: [Double]
  private let counts: [Double]

  /// nil without rows, with lists of other lengths, and where a probability is none.
  public init?(probabilities: [Double], happened: [Bool]) {
    guard !probabilities.isEmpty, probabilities.count == happened.count,
      probabilities.allSatisfy({ 0...1 ~= $0 })
    else { return nil }
    var (stated, counts, sums) = ([Double](), [Double](), [Double]())
    for row in probabilities.indices.sorted(by: { probabilities[$0] < probabilities[$1] }) {
      if stated.last != probabilities[row] {
        stated.append(probabilities[row])
        counts.append(0)
        sums.append(0)
      }
      counts[counts.count - 1] += 1
      if happened[row] { sums[sums.count - 1] += 1 }
    }
    (rows, self.stated, self.counts) = (probabilities.count, stated, counts)
    let parts = Self.parts(stated, counts, sums)
    (brier, miscalibration) = (parts.brier, parts.brier - parts.recalibrated)
    (discrimination, uncertainty) = (parts.marginal - parts.recalibrated, parts.marginal)
    steps = parts.fit.steps.map {
      Step(low: stated[$0.first], high: stated[$0.last], value: $0.value, rows: Int($0.weight))
    }
  }

  private struct Parts {
    var fit: IsotonicRegression
    var brier = 0.0
    var recalibrated = 0.0
    var marginal = 0.0
  }

  private static func parts(_ stated: [Double], _ counts: [Double], _ sums: [Double]) -> Parts {
    var parts = Parts(fit: IsotonicRegression(sums: sums, weights: counts))
    let all = counts.reduce(0, +), share = sums.reduce(0, +) / all
    for point in stated.indices where counts[point] > 0 {
      let (x, n, hits) = (stated[point], counts[point], sums[point])
      parts.brier += hits * (1 - x) * (1 - x) + (n - hits) * x * x
    }
    // A step's rows have one value, so that their squares are those of a share.
    for step in parts.fit.steps { parts.recalibrated += step.sum * (1 - step.value) }
    parts.brier /= all
    parts.recalibrated /= all
    parts.marginal = share * (1 - share)
    return parts
  }

  /// The recalibrated probability: a step's value on it, a line between two, the first and the last beyond.
  public func value(at probability: Double) -> Double {
    Self.value(steps.map { (low: $0.low, high: $0.high, value: $0.value) }, at: probability)
  }

  private static func value(_ steps: [(low: Double, high: Double, value: Double)], at x: Double) -> Double {
    guard let place = steps.firstIndex(where: { $0.high >= x }) else { return steps.last?.value ?? .nan }
    guard place > 0, steps[place].low > x else { return steps[place].value }
    let (before, after) = (steps[place - 1], steps[place])
    return before.value + (x - before.high) / (after.low - before.high) * (after.value - before.value)
  }

  // MARK: What calibrated probabilities would show

  /// Where the curve of perfectly calibrated probabilities would lie, and how often they would seem worse than these.
  public struct Consistency: Sendable, Equatable {
    /// Stated probabilities, ascending.
    public var grid: [Double]
    /// Of the recalibrated ones at each of them.
    public var band: [Interval]
    /// Share of calibrated samples with at least this miscalibration; the sample itself is one of them.
    public var p: Double
  }

  /// Stated probabilities are drawn anew from the given ones, and each happens as often as it says.
  ///
  public func consistency(resamples: Int = 999, level: Double = 0.9, seed: UInt64) -> Consistency {
    var generator = ResamplingGenerator(seed: seed)
    let grid = (0...50).map { Double($0) / 50 }.filter { stated[0] <= $0 && $0 <= stated[stated.count - 1] }
    var values = [[Double]](repeating: [], count: grid.count)
    // Places of rows, so that drawing one is drawing a number.
    let places = counts.indices.flatMap { [Int](repeating: $0, count: Int(counts[$0])) }
    var atLeast = 0
    for _ in 0..<resamples {
      var (drawn, sums) = ([Double](repeating: 0, count: stated.count), [Double](repeating: 0, count: stated.count))
      for _ in 0..<rows {
        let point = places[generator.below(rows)]
        drawn[point] += 1
        if generator.uniform() < stated[point] { sums[point] += 1 }
      }
      let parts = Self.parts(stated, drawn, sums)
      if parts.brier - parts.recalibrated >= miscalibration { atLeast += 1 }
      let steps = parts.fit.steps.map { (low: stated[$0.first], high: stated[$0.last], value: $0.value) }
      for (place, x) in grid.enumerated() { values[place].append(Self.value(steps, at: x)) }
    }
    let tail = (1 - level) / 2
    return Consistency(
      grid: grid,
      band: values.map {
        let sorted = $0.sorted()
        return Interval(
          low: Descriptive.quantile(sorted: sorted, tail) ?? .nan,
          high: Descriptive.quantile(sorted: sorted, 1 - tail) ?? .nan)
      },
      p: Double(atLeast + 1) / Double(resamples + 1))
  }
}
