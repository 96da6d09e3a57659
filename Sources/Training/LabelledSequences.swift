/// Token sequences with the class of each.
public struct LabelledSequences: Sendable {
  public var sequences: [[Int32]]
  /// Class index of each sequence, from 0.
  public var labels: [Int]

  public init(sequences: [[Int32]], labels: [Int]) {
    precondition(
      sequences.count == labels.count, "LabelledSequences: \(sequences.count) sequences, \(labels.count) labels")
    (self.sequences, self.labels) = (sequences, labels)
  }

  public var count: Int { labels.count }
}
