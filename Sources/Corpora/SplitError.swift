import Text

/// Why rows cannot be divided as asked.
public enum SplitError: Error, Sendable, Equatable, CustomStringConvertible {
  public struct Shortage: Sendable, Equatable {
    public var name: String
    public var rows: Int
    /// Rows that can be told apart: equal texts and equal groups count once.
    public var separable: Int
    public var needed: Int

    public init(name: String, rows: Int, separable: Int, needed: Int) {
      (self.name, self.rows, self.separable, self.needed) = (name, rows, separable, needed)
    }
  }

  /// Classes with fewer rows than parts or folds, in class order.
  case tooFewRows([Shortage])
  /// Fewer rows in all than parts or folds.
  case tooFewInAll(rows: Int, needed: Int)
  /// An official split without test rows, or without training rows.
  case noTestRows
  case noTrainingRows

  public var description: String {
    switch self {
    case .tooFewRows(let shortages):
      shortages.map { shortage in
        let rows = shortage.rows == 1 ? "1 row" : "\(shortage.rows) rows"
        let kept =
          shortage.separable < shortage.rows
          ? " (\(shortage.separable) after equal texts and groups are kept together)" : ""
        return "class `\(Anonymiser.excerpt(shortage.name))`: got \(rows)\(kept), expected at least \(shortage.needed)"
      }.joined(separator: "\n")
    case .tooFewInAll(let rows, let needed): "got \(rows) separable rows, expected at least \(needed)"
    case .noTestRows: "got no test rows, expected an official split with a test file"
    case .noTrainingRows: "got no training rows, expected an official split with a training file"
    }
  }
}
