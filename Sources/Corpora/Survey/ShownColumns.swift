/// How refusals, notes and comments call the columns of a table: by name where that may be printed (`ColumnNames`), else
/// by number. What was taken for a header, or for a key, may be somebody's words.
struct ShownColumns {
  private let numbers: [String: Int]
  /// nil where columns are called by their numbers anyway.
  private let printable: Set<String>?

  /// - Parameter wanted: names that the command was given.
  init(_ table: SurveyedFile.Table, wanted: [String]) {
    numbers = Dictionary(table.names.enumerated().map { ($1, $0 + 1) }) { first, _ in first }
    let names = table.names.filter { !$0.isEmpty }
    printable = table.hasHeader ? Set(ColumnNames(names, wanted: wanted).printable) : nil
  }

  /// What a manifest calls the column; nil where that may not be printed.
  func name(of column: String) -> String? {
    guard let printable else { return column }
    let name = ClassNames.visible(column)
    return printable.contains(name) ? name : nil
  }

  /// What follows the word column: `` `body` `` or `2`.
  subscript(column: String) -> String {
    printable == nil ? column : name(of: column).map { "`\($0)`" } ?? "\(number(of: column))"
  }

  func other(_ column: String) -> CorpusSurvey.ShownColumn {
    CorpusSurvey.ShownColumn(name: name(of: column), number: number(of: column))
  }

  /// A reader's message with numbers for the names, of these columns, that may not be printed.
  func masked(_ message: String, _ columns: [String]) -> String {
    columns.filter { name(of: $0) == nil }.reduce(message) { message, column in
      message.replacing("`\(column)`", with: "column \(number(of: column))")
    }
  }

  private func number(of column: String) -> Int { numbers[column] ?? 0 }
}
