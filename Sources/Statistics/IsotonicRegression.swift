/// The rising steps that lie nearest to values in the sense of weighted squares (Ayer, Brunk, Ewing, Reid and Silverman
/// 1955): neighbours that stand in the wrong order are pooled until none does.
public struct IsotonicRegression: Sendable, Equatable {
  /// Points that have one value.
  public struct Step: Sendable, Equatable {
    /// The first and the last place of its points, both included.
    public var first: Int
    public var last: Int
    public var sum: Double
    public var weight: Double

    public var value: Double { sum / weight }

    public init(first: Int, last: Int, sum: Double, weight: Double) {
      (self.first, self.last, self.sum, self.weight) = (first, last, sum, weight)
    }
  }

  /// In the order of the points; their values rise.
  public let steps: [Step]

  /// `sums` are Σ weight·value of each point, in the order of what the values are to rise with; `weights` are at least 0,
  /// and a point of weight 0 belongs to no step. O(points).
  public init(sums: [Double], weights: [Double]) {
    precondition(
      sums.count == weights.count, "IsotonicRegression: \(sums.count) sums, \(weights.count) weights")
    var steps: [Step] = []
    for (point, weight) in weights.enumerated() where weight > 0 {
      steps.append(Step(first: point, last: point, sum: sums[point], weight: weight))
      // Products in place of quotients: equal values are told without rounding.
      while steps.count > 1, Self.isFalling(steps[steps.count - 2], steps[steps.count - 1]) {
        let last = steps.removeLast()
        steps[steps.count - 1].last = last.last
        steps[steps.count - 1].sum += last.sum
        steps[steps.count - 1].weight += last.weight
      }
    }
    self.steps = steps
  }

  private static func isFalling(_ a: Step, _ b: Step) -> Bool { a.sum * b.weight >= b.sum * a.weight }
}
