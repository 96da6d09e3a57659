import Tasks

/// A CSV, TSV or JSON Lines file whose rows are to be written again with more columns.
///
/// It is read as a corpus' files are (`FileSource`), but that no row is left out: one that cannot be read is an error.
/// Every row keeps its bytes, in UTF-8, whatever its other columns hold.
public struct TextTable: Sendable {
  /// Of each row the text columns, joined as a corpus joins them, and the cells of the columns that are asked for; nil
  /// where the text is missing or blank.
  public let inputs: [Input?]
  /// Whether the rows are JSON objects; else they are records of fields.
  public let isObjects: Bool
  private let name: String
  private let bytes: [UInt8]
  private let rows: [(line: Int, bytes: Range<Int>)]
  private let header: (names: [String], bytes: Range<Int>)?
  private let delimiter: UInt8
  private let hasQuotes: Bool
  private let lineEnd: [UInt8]

  /// - Parameters:
  ///   - path: the file.
  ///   - contents: the file's bytes where they are not to be read from `path`, which then only names them.
  ///   - source: `text`, `columns`, `format` (csv, tsv or jsonl), `delimiter`, `encoding`, `hasHeader` and `quoting`;
  ///     nothing else is used.
  public init(path: String, contents: [UInt8]? = nil, as source: FileSource) throws(CorpusErrors) {
    precondition([.csv, .tsv, .jsonl].contains(source.format), "TextTable: the format \(source.format.rawValue)")
    var form = FileSource()
    (form.text, form.format, form.delimiter) = (source.text, source.format, source.delimiter)
    (form.columns, form.missingCells) = (source.columns, source.missingCells)
    (form.encoding, form.hasHeader, form.quoting) = (source.encoding, source.hasHeader, source.quoting)
    (form.isLabelled, form.malformedShare) = (false, 0)
    let file = FileSource.File(path: path)
    var reader = DomainReader(corpus: "", domain: "", source: form, names: [:])
    guard let contents = contents.map({ FileBytes($0) }) ?? reader.contents(of: file),
      let bytes = reader.text(of: contents, file)
    else { throw CorpusErrors(reader.errors) }
    guard let read = reader.rows(of: bytes, file) else { throw CorpusErrors(reader.errors) }
    var raw = RawRecords(read)
    guard reader.report(raw.failures, file, bytes) else { throw CorpusErrors(reader.errors) }
    // The parser looks into the columns that it is asked for; all of them are written.
    let broken = raw.records.filter { String(validating: bytes[$0.bytes], as: UTF8.self) == nil }
    raw.malformed += broken.map { RawRecord.Malformed(number: $0.number, line: $0.line, reason: RawRecord.notUTF8) }
    let lines = Set(broken.map(\.line))
    raw.records.removeAll { lines.contains($0.line) }
    raw.malformed.sort { $0.line < $1.line }
    reader.checkMalformedShare(raw.malformed, of: raw.count, file, contents.bytes, bytes)
    guard reader.errors.isEmpty else { throw CorpusErrors(reader.errors) }

    let rules = reader.rules
    var wrong: [(line: Int, column: String, found: String)] = []
    inputs = raw.records.map { record in
      switch rules.judge(record.values, fileLabel: nil) {
      case .row(let text, let cells, _, _, _): return Input(text: text, cells: cells)
      case .wrongCell(let column, let found):
        wrong.append((record.line, column, found))
        return nil
      default: return nil
      }
    }
    for cell in wrong.prefix(DomainReader.listed) {
      reader.failCell(file, cell.line, column: cell.column, found: cell.found)
    }
    guard reader.errors.isEmpty else { throw CorpusErrors(reader.errors) }
    rows = raw.records.map { ($0.line, $0.bytes) }
    (name, self.bytes, header, isObjects) = (path, bytes, raw.findings.header, source.format == .jsonl)
    (delimiter, hasQuotes) = (form.delimiterByte, form.quoting == .double)
    lineEnd = Self.lineEnd(after: (header?.bytes ?? rows.first?.bytes)?.upperBound ?? bytes.count, in: bytes)
  }

  /// CRLF where the first line ends so, else LF. Behind an object there may be blanks.
  private static func lineEnd(after end: Int, in bytes: [UInt8]) -> [UInt8] {
    let end = bytes[end...].drop { $0 == Byte.space || $0 == Byte.tab }
    return end.starts(with: [Byte.carriageReturn, Byte.lineFeed])
      ? [Byte.carriageReturn, Byte.lineFeed] : [Byte.lineFeed]
  }

  /// Whether a field that is added reads back as it is: without quotes none encloses what separates fields and rows.
  public func canHold(_ field: String) -> Bool {
    hasQuotes || !field.utf8.contains { $0 == delimiter || $0 == Byte.lineFeed || $0 == Byte.carriageReturn }
  }

  /// The first place of each of the names that the file has already.
  public func clashes(with names: [String]) -> [CorpusError] {
    var found: [(name: String, line: Int)] = []
    if isObjects {
      var wanted = Set(names)
      for row in rows where !wanted.isEmpty {
        var scanner = JSONScanner(bytes, in: row.bytes)
        for member in (try? scanner.object()) ?? [] where wanted.remove(member.key) != nil {
          found.append((member.key, row.line))
        }
      }
    } else {
      let existing = Set(header?.names ?? [])
      found = names.filter(existing.contains).map { ($0, 1) }
    }
    return found.map { clash in
      CorpusError(
        .invalidSetting, corpus: "", domain: "", file: name, line: clash.line, column: clash.name,
        found: "a \(isObjects ? "key" : "column") of a name that is to be added", expected: "none of that name")
    }
  }

  /// The header with more names, and before it the byte order mark that the file begins with; nil where there is none.
  public func header(adding names: [String]) -> [UInt8]? {
    guard let header else { return nil }
    return bytes[..<Byte.start(of: bytes)] + line(header.bytes, adding: names)
  }

  /// A record with more fields.
  public func record(_ row: Int, adding fields: [String]) -> [UInt8] {
    precondition(!isObjects, "TextTable.record: the rows are objects")
    let start = row == 0 && header == nil ? bytes[..<Byte.start(of: bytes)] : []
    return start + line(rows[row].bytes, adding: fields)
  }

  private func line(_ record: Range<Int>, adding fields: [String]) -> [UInt8] {
    var line = Array(bytes[record])
    for field in fields {
      line.append(delimiter)
      if hasQuotes { CSVField.append(field, delimiter: delimiter, to: &line) } else { line += field.utf8 }
    }
    return line + lineEnd
  }

  /// An object with more members, which are given as JSON has them between its braces.
  public func object(_ row: Int, adding members: String) -> [UInt8] {
    precondition(isObjects, "TextTable.object: the rows are records")
    var object = Array(bytes[rows[row].bytes].dropLast())
    while let last = object.last, Byte.isSpace(last) { object.removeLast() }
    if object.count > 1 { object.append(Byte.comma) }
    return object + Array(members.utf8) + [UInt8(ascii: "}")] + lineEnd
  }
}
