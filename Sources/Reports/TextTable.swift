/// Rows in columns of even width, for terminals and logs.
package struct TextTable {
  package enum Alignment { case left, right }
  private var rows: [[String]]
  private let alignments: [Alignment]

  /// Columns as (title, alignment).
  package init(_ columns: [(String, Alignment)]) {
    rows = [columns.map(\.0)]
    alignments = columns.map(\.1)
  }

  package mutating func append(_ row: [String]) {
    precondition(row.count == alignments.count, "TextTable.append: \(row.count) cells, \(alignments.count) columns")
    rows.append(row)
  }

  package var isEmpty: Bool { rows.count == 1 }

  /// One line a row, the header first; no blanks at the end of a line.
  package var lines: [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (alignments[column] == .left ? cell + space : space + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
