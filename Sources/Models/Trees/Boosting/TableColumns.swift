import Compute

/// Rows of a table by column: numbers and categories, some of them missing.
public struct TableColumns: Sendable, Equatable {
  public enum Column: Sendable, Equatable {
    /// Missing where it is not a number.
    case numbers([Float])
    /// Codes from 0; missing where negative.
    case categories([Int32])

    public var count: Int {
      switch self {
      case .numbers(let all): all.count
      case .categories(let all): all.count
      }
    }

    public var kind: Kind { if case .numbers = self { .numbers } else { .categories } }
  }

  public enum Kind: UInt8, Sendable, CaseIterable { case numbers, categories }

  public let columns: [Column]
  public let rows: Int

  /// All columns have the same number of rows.
  public init(_ columns: [Column], rows: Int) {
    precondition(columns.allSatisfy { $0.count == rows }, "TableColumns: columns of other lengths than \(rows)")
    precondition(rows <= Int(Int32.max), "TableColumns: \(rows) rows")
    (self.columns, self.rows) = (columns, rows)
  }

  /// Columns of numbers: what a sparse row does not store is 0.
  public init(_ rows: SparseRows) {
    let turned = rows.transposed()
    self.init(
      (0..<rows.columns).map { column in
        var numbers = [Float](repeating: 0, count: rows.count)
        for place in turned.offsets[column]..<turned.offsets[column + 1] {
          numbers[Int(turned.indices[place])] = turned.values[place]
        }
        return .numbers(numbers)
      }, rows: rows.count)
  }

  public var kinds: [Kind] { columns.map(\.kind) }

  /// The rows of these numbers, in the order given.
  public func rows(_ numbers: [Int]) -> TableColumns {
    TableColumns(
      columns.map { column in
        switch column {
        case .numbers(let all): .numbers(numbers.map { all[$0] })
        case .categories(let all): .categories(numbers.map { all[$0] })
        }
      }, rows: numbers.count)
  }
}
