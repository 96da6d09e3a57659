import Compute

/// The gradient of a parameter.
public enum Gradient {
  case dense(Buffer)
  /// Of a table of which only some rows were used.
  case rows(RowGradient)

  /// A copy of all its elements, in the parameter's layout.
  public var array: [Float] {
    switch self {
    case .dense(let buffer): buffer.array
    case .rows(let gradient): gradient.dense(in: gradient.values.workspace).array
    }
  }

  /// Σ g², in Double.
  public var sumOfSquares: Double {
    switch self {
    case .dense(let buffer): Kernels.sumOfSquares(buffer)
    case .rows(let gradient): Kernels.sumOfSquares(gradient.values)
    }
  }

  /// A copy whose memory comes from `workspace`.
  public func copy(in workspace: Workspace) -> Gradient {
    switch self {
    case .dense(let buffer):
      let copy = Buffer(count: buffer.count, in: workspace, zeroed: false)
      copy.copy(from: buffer)
      return .dense(copy)
    case .rows(let gradient):
      let copy = Buffer(count: gradient.values.count, in: workspace, zeroed: false)
      copy.copy(from: gradient.values)
      return .rows(RowGradient(rows: gradient.rows, values: copy, tableRows: gradient.tableRows))
    }
  }

  /// Adds another gradient of the same parameter, in place where this one is dense; the new Σ g².
  @discardableResult
  public mutating func add(_ other: Gradient) -> Double {
    switch (self, other) {
    case (.dense(let sum), .dense(let more)):
      return Kernels.addSumOfSquares(more, to: sum)
    case (.dense(let sum), .rows(let more)):
      more.add(to: sum)
    case (.rows(let first), .dense(let more)):
      let sum = first.dense(in: first.values.workspace)
      Kernels.add(more, to: sum)
      self = .dense(sum)
    case (.rows(let first), .rows(let second)):
      self = .rows(first.sum(with: second))
    }
    return sumOfSquares
  }
}

/// A gradient of a table `[tableRows, width]` that is 0 in all but some rows.
///
/// Its Σ g² has the bits of the same gradient laid out densely where the width is a multiple of 16.
public struct RowGradient {
  /// The rows that are here, ascending, each once.
  public let rows: [Int32]
  /// `[rows.count, width]`.
  public let values: Buffer
  public let tableRows: Int

  init(rows: [Int32], values: Buffer, tableRows: Int) {
    (self.rows, self.values, self.tableRows) = (rows, values, tableRows)
  }

  /// Of a table from which `ids` were taken: dy `[ids.count, width]`, added up by row in order.
  init(of ids: [Int32], _ dy: Buffer, tableRows: Int, width: Int, in workspace: Workspace) {
    let rows = Self.distinct(ids.sorted())
    let values = Buffer(count: rows.count * width, in: workspace, zeroed: true)
    Kernels.scatterAdd(dy, Self.places(of: ids, in: rows), width: width, to: values)
    self.init(rows: rows, values: values, tableRows: tableRows)
  }

  public var width: Int { rows.isEmpty ? 0 : values.count / rows.count }

  /// Adds it to a table of gradients.
  func add(to table: Buffer) { Kernels.scatterAdd(values, rows, width: width, to: table) }

  /// All rows, in a buffer of `workspace`.
  func dense(in workspace: Workspace) -> Buffer {
    let table = Buffer(count: tableRows * width, in: workspace, zeroed: true)
    add(to: table)
    return table
  }

  /// Both gradients' rows, this one's values first in every sum.
  func sum(with other: RowGradient) -> RowGradient {
    guard !other.rows.isEmpty else { return self }
    guard !rows.isEmpty else { return other }
    let union = Self.distinct((rows + other.rows).sorted())
    let sum = Buffer(count: union.count * width, in: values.workspace, zeroed: true)
    Kernels.scatterAdd(values, Self.places(of: rows, in: union), width: width, to: sum)
    Kernels.scatterAdd(other.values, Self.places(of: other.rows, in: union), width: width, to: sum)
    return RowGradient(rows: union, values: sum, tableRows: tableRows)
  }

  private static func distinct(_ sorted: [Int32]) -> [Int32] {
    var distinct: [Int32] = []
    distinct.reserveCapacity(sorted.count)
    for row in sorted where row != distinct.last { distinct.append(row) }
    return distinct
  }

  /// Where each id stands in ascending `rows`, by halving.
  private static func places(of ids: [Int32], in rows: [Int32]) -> [Int32] {
    ids.map { id in
      var low = 0, high = rows.count
      while low < high {
        let middle = (low + high) / 2
        if rows[middle] < id { low = middle + 1 } else { high = middle }
      }
      return Int32(low)
    }
  }
}
