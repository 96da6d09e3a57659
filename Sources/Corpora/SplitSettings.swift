/// How rows are divided for hold-out, and how duplicates are kept from straddling.
public struct SplitSettings: Sendable, Equatable {
  /// Fractions from 0 to 1 that sum to 1.
  public var train = 0.70
  public var validation = 0.15
  public var test = 0.15
  /// Keeps class shares equal in all parts.
  public var stratify = true
  public var duplicates = Duplicates.group

  public enum Duplicates: String, Sendable, CaseIterable {
    /// Equal normalised texts and equal groups stay on one side.
    case group
    /// Only the first of equal normalised texts is kept; in official splits, training rows that stand in the test part go.
    case drop
    case keep
  }

  public init() {}
}

/// Row indices of one training part with its validation and test rows, each sorted.
public struct Split: Sendable, Equatable {
  public var train: [Int]
  public var validation: [Int]
  public var test: [Int]

  public init(train: [Int], validation: [Int], test: [Int]) {
    (self.train, self.validation, self.test) = (train, validation, test)
  }
}
