/// Named columns of a CSV file that a program wrote: whole, or the reason why not.
package enum CSVTable {
  /// Each record's fields in the order of `columns`; throws a sentence for people.
  package static func records(_ bytes: [UInt8], columns: [String]) throws(CSVTableError) -> [[String]] {
    let parsed = RawRecords(DelimitedParser(bytes, .init(delimiter: Byte.comma), columns: columns))
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

/// A field as RFC 4180 has it.
package enum CSVField {
  /// Adds the field, in quotes where it needs them.
  package static func append(_ field: String, delimiter: UInt8 = UInt8(ascii: ","), to bytes: inout [UInt8]) {
    let special = field.utf8.contains { byte in
      byte == Byte.quote || byte == delimiter || byte == Byte.carriageReturn || byte == Byte.lineFeed
    }
    guard special else {
      bytes.append(contentsOf: field.utf8)
      return
    }
    bytes.append(Byte.quote)
    for byte in field.utf8 {
      if byte == Byte.quote { bytes.append(Byte.quote) }
      bytes.append(byte)
    }
    bytes.append(Byte.quote)
  }
}

package struct CSVTableError: Error, Equatable {
  package var reason: String
}
