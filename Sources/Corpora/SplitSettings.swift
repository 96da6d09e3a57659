/// How rows are divided for hold-out, and how duplicates are kept from straddling.
public struct SplitSettings: Sendable, Equatable {
  /// Fractions from 0 to 1 that sum to 1.
  public var train = 0.70
  public var validation = 0.15
  public var test = 0.15
  /// Keeps class shares equal in all parts.
  public var stratify = true
  public var duplicates = Duplicates.group
  /// Rows of hold-out's training part where its fraction would give more, but for what stays together; validation keeps its
  /// share of them, and all other rows are tested.
  public var trainRows: Int?

  public enum Duplicates: String, Sendable, CaseIterable {
    /// Equal normalised texts and equal groups stay on one side.
    case group
    /// And so do texts that are near each other, and whatever these link together: what is cut from one template. In
    /// official splits as `group`.
    case near
    /// Only the first of equal normalised texts is kept; in official splits, training rows that stand in the test part go.
    case drop
    case keep
  }

  public init() {}

  /// Fractions of training, validation and test, of so many rows.
  func fractions(of rows: Int) -> [Double] {
    guard let trainRows, Double(trainRows) < train * Double(rows) else { return [train, validation, test] }
    let share = Double(trainRows) / Double(rows), held = validation / train * share
    return [share, held, 1 - share - held]
  }
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
