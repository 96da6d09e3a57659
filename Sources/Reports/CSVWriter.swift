import Corpora

/// Comma-separated values as RFC 4180 has them: CRLF after each record, quotes where a field needs them, UTF-8.
struct CSVWriter {
  private(set) var bytes: [UInt8] = []
  private let columns: Int

  init(_ header: [String]) {
    columns = header.count
    append(header)
  }

  /// Adds a record; it has as many fields as the header.
  mutating func append(_ fields: [String]) {
    precondition(fields.count == columns, "CSVWriter.append: \(fields.count) fields, \(columns) columns")
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVField.append(field, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }
}
