/// Why rows cannot be divided as asked.
public enum SplitError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Fewer rows in all than parts or folds. Separable: equal texts and equal groups count once.
  case tooFewInAll(rows: Int, separable: Int, needed: Int)
  /// Parts that get no row: what stays together is so large.
  case emptyParts([String], rows: Int, separable: Int)
  /// An official split without test rows, or without training rows.
  case noTestRows
  case noTrainingRows

  public var found: String {
    switch self {
    case .tooFewInAll(let rows, let separable, _): Self.rows(rows, separable)
    case .emptyParts(let names, let rows, let separable):
      "no row for \(names.joined(separator: ", ")) of \(Self.rows(rows, separable))"
    case .noTestRows: "no test rows"
    case .noTrainingRows: "no training rows"
    }
  }

  public var expected: String {
    switch self {
    case .tooFewInAll(_, _, let needed): "at least \(needed), one for each part or fold"
    case .emptyParts: "a row in every part: a smaller share for the others, or smaller groups"
    case .noTestRows: "an official split with a test file"
    case .noTrainingRows: "an official split with a training file"
    }
  }

  public var description: String { "got \(found), expected \(expected)" }

  private static func rows(_ rows: Int, _ separable: Int) -> String {
    let kept =
      separable < rows
      ? ", \(separable) unit\(separable == 1 ? "" : "s") (equal texts and groups are kept together)" : ""
    return (rows == 1 ? "1 row" : "\(rows) rows") + kept
  }
}

/// A class with fewer rows than hold-out has parts, or than there are folds.
public struct ClassShortage: Sendable, Equatable {
  public var name: String
  public var rows: Int
  /// Rows that can be told apart: equal texts and equal groups count once.
  public var separable: Int
  /// File and line of its first row.
  public var first: String

  public init(name: String, rows: Int, separable: Int, first: String) {
    (self.name, self.rows, self.separable, self.first) = (name, rows, separable, first)
  }
}
