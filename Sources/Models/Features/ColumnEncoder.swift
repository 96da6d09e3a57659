import Compute
import Tasks

/// The columns of training rows as features.
///
/// A number less the training rows' mean, over their standard deviation; a missing one is 0, and where training rows miss
/// some a second feature is 1 for it. A category has a feature for each value of the training rows, 1 for the row's own
/// (one-hot), and one for a missing value where training rows miss some; a value that they do not have has none.
public struct ColumnEncoder: Sendable, Equatable, Codable {
  struct Column: Sendable, Equatable, Codable {
    var name: String
    var kind: InputColumn.Kind
    /// Of the training rows' numbers; 0 and 1 where there are none, or all are equal.
    var mean = 0.0
    var deviation = 1.0
    /// Values of the training rows, by the order of their Unicode scalars.
    var categories: [String] = []
    var hasMissing = false

    var features: Int { (kind == .number ? 1 : categories.count) + (hasMissing ? 1 : 0) }
    var isSound: Bool { mean.isFinite && deviation.isFinite && deviation > 0 }
  }

  let columns: [Column]

  /// Learns from training rows, whose cells are those of `columns`.
  public init(fitting inputs: [Input], columns: [InputColumn]) {
    self.columns = columns.enumerated().map { place, declared in
      var column = Column(name: declared.name, kind: declared.kind)
      var numbers: [Double] = [], categories: Set<String> = []
      for input in inputs {
        precondition(input.cells.count == columns.count, "ColumnEncoder: a row of \(input.cells.count) cells")
        switch input.cells[place] {
        case .number(let number): numbers.append(Double(number))
        case .category(let name): categories.insert(name)
        case .missing: column.hasMissing = true
        }
      }
      column.categories = categories.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if !numbers.isEmpty {
        column.mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - column.mean) * ($1 - column.mean) }
        let deviation = (squares / Double(numbers.count)).squareRoot()
        column.deviation = deviation > 0 ? deviation : 1
      }
      return column
    }
  }

  /// The columns as they were declared.
  public var declared: [InputColumn] { columns.map { InputColumn(name: $0.name, kind: $0.kind) } }
  /// Number of features.
  public var count: Int { columns.reduce(0) { $0 + $1.features } }
  /// Bytes of the values and names.
  public var byteCount: Int {
    columns.reduce(0) { $0 + $1.name.utf8.count + 16 + $1.categories.reduce(0) { $0 + $1.utf8.count } }
  }
  /// Whether every number in it is one that training rows can have given.
  var isSound: Bool { columns.allSatisfy(\.isSound) }

  /// `[rows, features]`.
  func features(_ inputs: [Input]) -> SparseRows {
    var rows = SparseRows(columns: count)
    var indices: [Int32] = [], values: [Float] = []
    for input in inputs {
      indices.removeAll(keepingCapacity: true)
      values.removeAll(keepingCapacity: true)
      var offset = 0
      for (column, cell) in zip(columns, input.cells) {
        if let (place, value) = Self.feature(of: cell, in: column) {
          indices.append(Int32(offset + place))
          values.append(value)
        }
        offset += column.features
      }
      rows.append(indices: indices, values: values)
    }
    return rows
  }

  /// The one feature of a cell that is not 0, and its value.
  private static func feature(of cell: Cell, in column: Column) -> (place: Int, value: Float)? {
    switch cell {
    case .number(let number): return (0, Float((Double(number) - column.mean) / column.deviation))
    case .category(let name): return column.place(of: name).map { ($0, 1) }
    case .missing: return column.hasMissing ? (column.features - 1, 1) : nil
    }
  }

  /// The columns as they are: numbers, and categories by their places among those of the training rows, −1 for others.
  func table(_ inputs: [Input]) -> [TableColumns.Column] {
    columns.enumerated().map { place, column in
      switch column.kind {
      case .number:
        .numbers(inputs.map { if case .number(let number) = $0.cells[place] { number } else { .nan } })
      case .category:
        .categories(
          inputs.map {
            if case .category(let name) = $0.cells[place], let code = column.place(of: name) { Int32(code) } else { -1 }
          })
      }
    }
  }
}

extension ColumnEncoder.Column {
  /// Where a value stands among the training rows'; nil where they do not have it.
  func place(of name: String) -> Int? {
    var low = 0, high = categories.count
    while low < high {
      let middle = (low + high) / 2
      if categories[middle].utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < categories.count && categories[low] == name ? low : nil
  }
}
