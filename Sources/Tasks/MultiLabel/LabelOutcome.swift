/// Rows of which each has any number of labels.
public struct LabelOutcome: Sendable, Equatable {
  /// `[rows]` of ascending labels.
  public var targets: [[Int]]
  /// Likewise: the labels whose probability is at least the model's threshold.
  public var answers: [[Int]]
  public var labels: Int
  /// `[rows, labels]`; empty where `answers` are all that is known.
  public var probabilities: [Float]

  public init(targets: [[Int]], answers: [[Int]], labels: Int, probabilities: [Float] = []) {
    precondition(targets.count == answers.count, "LabelOutcome: \(targets.count) targets, \(answers.count) answers")
    (self.targets, self.answers, self.labels, self.probabilities) = (targets, answers, labels, probabilities)
  }

  /// Answers by a threshold.
  public init(targets: [[Int]], probabilities: [Float], labels: Int, threshold: Float) {
    self.init(
      targets: targets, answers: Self.answers(probabilities, labels: labels, threshold: threshold), labels: labels,
      probabilities: probabilities)
  }

  /// The labels of each row whose probability is at least `threshold`; `probabilities` is `[rows, labels]`.
  public static func answers(_ probabilities: [Float], labels: Int, threshold: Float) -> [[Int]] {
    stride(from: 0, to: probabilities.count, by: max(1, labels)).map { start in
      (0..<labels).filter { probabilities[start + $0] >= threshold }
    }
  }

  public func rows(_ rows: [Int]) -> LabelOutcome {
    LabelOutcome(
      targets: rows.map { targets[$0] }, answers: rows.map { answers[$0] }, labels: labels,
      probabilities: probabilities.isEmpty ? [] : rows.flatMap { probabilities[$0 * labels..<($0 + 1) * labels] })
  }

  public var scores: MultiLabelScores {
    MultiLabelScores(targets: targets, answers: answers, probabilities: probabilities, labels: labels)
  }
}
