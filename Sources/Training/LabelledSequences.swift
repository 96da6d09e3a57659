import Tasks

/// Token sequences with what is true of each.
public struct LabelledSequences: Sendable {
  public var sequences: [[Int32]]
  public var targets: Targets
  /// What the outputs are to be in place of the classes, `[rows, classes]`; nil where the classes are learned.
  public var scores: [Float]?

  public init(sequences: [[Int32]], targets: Targets, scores: [Float]? = nil) {
    precondition(
      sequences.count == targets.count, "LabelledSequences: \(sequences.count) sequences, \(targets.count) targets")
    (self.sequences, self.targets, self.scores) = (sequences, targets, scores)
  }

  /// Sequences of one class each, by its index from 0.
  public init(sequences: [[Int32]], labels: [Int]) { self.init(sequences: sequences, targets: .classes(labels)) }

  /// The class of each sequence; empty where the task is another one.
  public var labels: [Int] { targets.classes }

  public var count: Int { targets.count }
}
