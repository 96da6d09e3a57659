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
      append(field)
    }
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func append(_ field: String) {
    let quote = UInt8(ascii: "\"")
    let special = field.utf8.contains { byte in
      byte == quote || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
    guard special else {
      bytes.append(contentsOf: field.utf8)
      return
    }
    bytes.append(quote)
    for byte in field.utf8 {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
