/// Named columns of a CSV file that a program wrote: whole, or the reason why not.
package enum CSVTable {
  /// Each record's fields in the order of `columns`; throws a sentence for people.
  package static func records(_ bytes: [UInt8], columns: [String]) throws(CSVTableError) -> [[String]] {
    let parsed = DelimitedParser.parse(bytes, .init(delimiter: Byte.comma), columns: columns)
    if let failure = parsed.failures.first {
      switch failure {
      case .missingColumn(let column, _): throw CSVTableError(reason: "it has no column `\(column)`")
      case .repeatedColumn(let column, let count):
        throw CSVTableError(reason: "it has the column `\(column)` \(count) times")
      case .headerNotText, .wrongFormat: throw CSVTableError(reason: "it has no header in UTF-8")
      }
    }
    if let broken = parsed.malformed.first {
      throw CSVTableError(reason: "line \(broken.line): \(broken.reason)")
    }
    return parsed.records.map { $0.values.map { $0 ?? "" } }
  }
}

package struct CSVTableError: Error, Equatable {
  package var reason: String
}
