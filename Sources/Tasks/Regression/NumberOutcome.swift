/// Rows of which each has a number.
public struct NumberOutcome: Sendable, Equatable {
  /// `[rows]`
  public var targets: [Double]
  public var answers: [Float]

  public init(targets: [Double], answers: [Float]) {
    precondition(targets.count == answers.count, "NumberOutcome: \(targets.count) targets, \(answers.count) answers")
    (self.targets, self.answers) = (targets, answers)
  }

  public func rows(_ rows: [Int]) -> NumberOutcome {
    NumberOutcome(targets: rows.map { targets[$0] }, answers: rows.map { answers[$0] })
  }

  public var scores: RegressionScores { RegressionScores(targets: targets, answers: answers.map(Double.init)) }
}
