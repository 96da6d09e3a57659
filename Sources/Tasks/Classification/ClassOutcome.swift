/// Rows of which each has one class.
public struct ClassOutcome: Sendable, Equatable {
  /// `[rows]`
  public var labels: [Int]
  public var classes: Int
  /// `[rows, classes]`; empty where `answers` are all that is known.
  public var probabilities: [Float]
  public var answers: RowAnswers?

  public init(labels: [Int], classes: Int, probabilities: [Float], answers: RowAnswers? = nil) {
    (self.labels, self.classes, self.probabilities, self.answers) = (labels, classes, probabilities, answers)
  }

  /// The class of highest probability for each row; the lowest index among equals.
  public var predictions: [Int] {
    answers?.predictions ?? RowAnswers(probabilities, labels: labels, classes: classes).predictions
  }

  public func rows(_ rows: [Int]) -> ClassOutcome {
    ClassOutcome(
      labels: rows.map { labels[$0] }, classes: classes,
      probabilities: answers == nil ? rows.flatMap { probabilities[$0 * classes..<($0 + 1) * classes] } : [],
      answers: answers.map { $0.rows(rows) })
  }

  /// Every score; those that `answers` do not tell are nil.
  public var metrics: ClassificationMetrics {
    answers.map { ClassificationMetrics(labels: labels, answers: $0, classes: classes) }
      ?? ClassificationMetrics(labels: labels, probabilities: probabilities, classes: classes)
  }
}
