import Tasks

/// Token sequences with what is true of each.
public struct LabelledSequences: Sendable {
  public var sequences: [[Int32]]
  public var targets: Targets

  public init(sequences: [[Int32]], targets: Targets) {
    precondition(
      sequences.count == targets.count, "LabelledSequences: \(sequences.count) sequences, \(targets.count) targets")
    (self.sequences, self.targets) = (sequences, targets)
  }

  /// Sequences of one class each, by its index from 0.
  public init(sequences: [[Int32]], labels: [Int]) { self.init(sequences: sequences, targets: .classes(labels)) }

  /// The class of each sequence; empty where the task is another one.
  public var labels: [Int] { targets.classes }

  public var count: Int { targets.count }
}
