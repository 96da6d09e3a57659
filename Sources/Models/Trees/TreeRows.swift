import Compute

/// Features of rows as trees read them.
public enum TreeRows: Sendable, Equatable {
  /// What is not stored is 0.
  case sparse(SparseRows)
  /// Row by row, `[rows, columns]`; a value that is not a number counts as greater than every number.
  case dense([Float], columns: Int)

  public var columns: Int {
    switch self {
    case .sparse(let rows): rows.columns
    case .dense(_, let columns): columns
    }
  }

  public var count: Int {
    switch self {
    case .sparse(let rows): rows.count
    case .dense(let values, let columns): columns == 0 ? 0 : values.count / columns
    }
  }

  func check(columns: Int? = nil) {
    if case .dense(let values, let columns) = self {
      precondition(
        columns > 0 && values.count % columns == 0, "trees: \(values.count) values for rows of \(columns) columns")
    }
    precondition(
      columns.map { $0 == self.columns } ?? true, "trees: got \(self.columns) columns, expected \(columns ?? 0)")
    precondition(count <= Int(Int32.max), "trees: \(count) rows")
  }
}

/// What trees learn of each row.
public enum TreeTargets: Sendable, Equatable {
  /// Classes 0 ..< `classes`.
  case classes([Int], classes: Int)
  case numbers([Double])

  public var count: Int {
    switch self {
    case .classes(let all, _): all.count
    case .numbers(let all): all.count
    }
  }

  /// Numbers that a row is answered with: one for each class, or 1.
  public var outputs: Int { if case .classes(_, let classes) = self { classes } else { 1 } }

  func check(rows: Int) {
    precondition(count == rows, "trees: \(count) targets for \(rows) rows")
    precondition(rows > 0, "trees: no rows to learn from")
    switch self {
    case .classes(let all, let classes):
      precondition(all.allSatisfy { 0..<classes ~= $0 }, "trees: a class outside 0 ..< \(classes)")
    case .numbers(let all): precondition(all.allSatisfy(\.isFinite), "trees: a number that is not finite")
    }
  }
}

/// Training rows with every value as a key that sorts as the values do: by row and by column where they are sparse, by
/// column alone where they are dense. Zeros, of either sign, are not listed.
struct TreeColumns: Sendable {
  let rows: Int
  let columns: Int
  let isDense: Bool
  /// Non-zeros of row `r`: `rowStarts[r] ..< rowStarts[r + 1]`; empty where dense.
  private(set) var rowStarts: [Int] = []
  private(set) var rowColumns: [Int32] = []
  private(set) var rowKeys: [UInt32] = []
  /// Non-zeros of column `j`: `columnStarts[j] ..< columnStarts[j + 1]`, by ascending rows; empty where dense.
  private(set) var columnStarts: [Int] = []
  private(set) var columnRows: [Int32] = []
  /// Of the non-zeros, or `[columns, rows]` of all values where dense.
  private(set) var columnKeys: [UInt32] = []

  init(_ all: TreeRows) {
    all.check()
    (rows, columns) = (all.count, all.columns)
    switch all {
    case .dense(let values, _):
      isDense = true
      columnKeys = [UInt32](repeating: 0, count: values.count)
      for row in 0..<rows {
        for column in 0..<columns { columnKeys[column * rows + row] = Self.key(values[row * columns + column]) }
      }
    case .sparse(let sparse):
      isDense = false
      let turned = sparse.transposed()
      (rowStarts, rowColumns, rowKeys) = (sparse.offsets, sparse.indices, sparse.values.map(Self.key))
      (columnStarts, columnRows) = (turned.offsets, turned.indices)
      columnKeys = turned.values.map(Self.key)
    }
  }

  /// Keeps the order of numbers; zeros have one key, and what is no number comes last.
  static func key(_ value: Float) -> UInt32 {
    let bits = value.isNaN ? Float.nan.bitPattern : value == 0 ? 0 : value.bitPattern
    return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
  }

  /// The key of 0.
  static let zero: UInt32 = 0x8000_0000

  private static func value(_ key: UInt32) -> Float {
    Float(bitPattern: key >> 31 == 1 ? key & 0x7fff_ffff : ~key)
  }

  /// A number t with low ≤ t < high, halfway where a Float stands there: what is at most t goes left.
  static func threshold(_ low: UInt32, _ high: UInt32) -> Float {
    let (a, b) = (value(low), value(high))
    let middle = Float((Double(a) + Double(b)) / 2)
    return middle >= a && middle < b ? middle : a
  }
}
