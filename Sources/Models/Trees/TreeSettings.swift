/// How a tree grows.
public struct TreeSettings: Sendable, Equatable, Codable {
  /// What a split of classes is judged by; numbers are judged by the squared error.
  public enum Criterion: String, Sendable, CaseIterable, Codable { case gini, entropy }

  /// How many columns are looked at for a split.
  public enum Features: Sendable, Equatable, Codable {
    case all
    /// √columns, rounded down.
    case squareRoot
    case count(Int)

    func of(_ columns: Int) -> Int {
      switch self {
      case .all: columns
      case .squareRoot: min(columns, max(1, Int(Double(columns).squareRoot())))
      case .count(let count): min(count, columns)
      }
    }
  }

  public var criterion = Criterion.gini
  /// Splits from the root to a leaf at most; unlimited where nil.
  public var maximumDepth: Int?
  /// Rows that each side of a split keeps at least; a row that was drawn twice counts twice.
  public var minimumLeaf = 1
  public var features = Features.all

  public init(
    criterion: Criterion = .gini, maximumDepth: Int? = nil, minimumLeaf: Int = 1, features: Features = .all
  ) {
    (self.criterion, self.maximumDepth) = (criterion, maximumDepth)
    (self.minimumLeaf, self.features) = (minimumLeaf, features)
  }
}
