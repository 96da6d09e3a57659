import Text

/// What is wrong with a file as a whole, and what would help.
extension DomainReader {
  static let notUTF8 = "not UTF-8"

  /// The file's text in UTF-8; nil where the file is none of text in the encoding that is declared.
  mutating func text(of contents: FileBytes, _ file: FileSource.File) -> [UInt8]? {
    let bytes = contents.bytes, wanted = "\(source.format.rawValue) text"
    if bytes.dropFirst(Byte.start(of: bytes)).allSatisfy(Byte.isSpace) {
      let found = bytes.isEmpty ? "an empty file" : "a file of white space"
      fail(.emptyFile, file, found: found, expected: wanted)
      return nil
    }
    if let foreign = ForeignFile(head: bytes) {
      fail(.notText, file, line: 1, found: foreign.name, expected: "\(wanted): \(foreign.remedy)")
      return nil
    }
    let text: [UInt8]
    switch TextEncoding.utf8(bytes, source.encoding) {
    case .success(let decoded): text = decoded
    case .failure(let mismatch):
      let expected = "\(source.encoding.name) text, or \(mismatch.remedy)"
      fail(.notText, file, line: 1, found: mismatch.found, expected: expected)
      return nil
    }
    if let nul = text.firstIndex(of: 0) {
      var lines = LineCounter(text)
      let other = source.encoding.isWide ? nil : TextEncoding.unmarkedUTF16(bytes)
      fail(
        .notText, file, line: lines.line(at: nul),
        found: other == nil ? "binary data (a NUL byte)" : "UTF-16 without a byte order mark",
        expected: "\(source.encoding.name) text" + (other.map { ", or `encoding: \($0.rawValue)`" } ?? ""))
      return nil
    }
    if let other = advice(text).otherFormat {
      fail(.malformed, file, line: 1, found: other.found, expected: other.expected)
      return nil
    }
    return text
  }

  private func advice(_ text: [UInt8]) -> FileAdvice {
    FileAdvice(bytes: text, source: source, wanted: rules.columns)
  }

  /// What a file of lines without a class needs.
  static func classExpected(_ text: [UInt8]) -> String {
    let delimiter = FileAdvice.constantDelimiter(text)
    let other =
      delimiter.map { "`format: csv` with `delimiter: \($0)` and `header: false` where a column has it" }
      ?? "`{text: FILE, label: FILE}` where another file has the labels, line by line"
    return "a class for each file of format `lines`, or \(other)"
  }

  /// False where there were failures.
  mutating func report(_ failures: [RawRecords.Failure], _ file: FileSource.File, _ text: [UInt8]) -> Bool {
    for failure in failures {
      switch failure {
      case .missingColumn(let column, let candidates):
        let isFixed = source.format == .clinc || source.format == .lines
        let wanted = isFixed ? candidates : rules.columns
        fail(
          .missingColumn, file, line: source.format == .jsonl ? nil : 1, column: column, found: "no such column",
          expected: FileAdvice(bytes: text, source: source, wanted: wanted).expected(candidates),
          suggestion: source.hasHeader ? ColumnNames(candidates, wanted: wanted).suggestion(for: column) : nil)
      case .repeatedColumn(let column, let count):
        fail(
          .missingColumn, file, line: 1, column: column, found: "\(count) columns of that name",
          expected: "one column of that name")
      case .headerNotText:
        fail(
          .notText, file, line: 1, found: "a header that is not UTF-8",
          expected: "UTF-8 text, or `encoding: \(TextEncoding.likelyOneByte(text).rawValue)`")
      case .wrongFormat(let line, let found, let expected):
        fail(.malformed, file, line: line, found: found, expected: expected + formHint(text))
      }
    }
    return failures.isEmpty
  }

  /// `, or `quoting: none``: the key by which a table would be read; nothing for other files, or where there is none.
  private func formHint(_ text: [UInt8]) -> String {
    guard source.format == .csv || source.format == .tsv else { return "" }
    let advice = advice(text)
    if let delimiter = advice.delimiter { return ", or `delimiter: \(delimiter)`" }
    return advice.readsWithoutQuotes ? ", or `quoting: none`" : ""
  }

  /// `bytes` as they stand in the file, `text` as UTF-8.
  mutating func checkMalformedShare(
    _ raw: RawRecords, _ file: FileSource.File, _ bytes: [UInt8], _ text: [UInt8]
  ) {
    let allowed = source.malformedShare * Double(raw.count)
    guard let first = raw.malformed.first, Double(raw.malformed.count) > allowed else { return }
    let listed = raw.malformed.prefix(Self.listed).map { "line \($0.line): \(reason($0))" }.joined(separator: "; ")
    let more = raw.malformed.count > Self.listed ? "; …" : ""
    var expected = source.malformedShare == 0 ? "none" : "a share of at most \(source.malformedShare)"
    if source.encoding == .utf8, raw.malformed.contains(where: { $0.reason == Self.notUTF8 }) {
      expected += ", or `encoding: \(TextEncoding.likelyOneByte(bytes).rawValue)`"
    } else {
      expected += formHint(text)
    }
    fail(
      .malformed, file, line: first.line,
      found: "\(raw.malformed.count) malformed of \(raw.count) rows (\(listed)\(more))", expected: expected)
  }

  /// A malformed row's reason, in the words of the encoding that the file was read in.
  func reason(_ row: RawRecords.Malformed) -> String {
    row.reason == Self.notUTF8 ? "not \(source.encoding.name)" : row.reason
  }

  /// Gives each line the label that stands on the same line of another file; false where that cannot be.
  mutating func addLabels(
    _ labels: FileSource.LabelFile, to raw: inout RawRecords, of file: FileSource.File
  ) -> Bool {
    let labelFile = FileSource.File(path: labels.path, declaredPath: labels.declaredPath, part: file.part)
    let contents: FileBytes
    do { contents = try FileBytes(path: labels.path) } catch {
      let kind: CorpusError.Kind = error == .missing ? .missingFile : .unreadable
      fail(kind, labelFile, found: "a file that cannot be read", expected: "a file with a label a line")
      return false
    }
    guard let text = text(of: contents, labelFile) else { return false }
    let records = parse(text)
    guard report(records.failures, labelFile, text) else { return false }
    draft.report.files.append(
      .init(declaredPath: labels.declaredPath, sha256: contents.sha256, bytes: contents.bytes.count))
    if raw.count != records.count {
      fail(
        .malformed, raw.count < records.count ? file : labelFile, line: min(raw.count, records.count) + 1,
        found: "\(raw.count) lines of text and \(records.count) lines of labels", expected: "as many of both")
      return false
    }
    let byLine = Dictionary(uniqueKeysWithValues: records.records.map { ($0.line, $0.values[0] ?? "") })
    let unread = Set(records.malformed.map(\.line))
    for row in raw.records where unread.contains(row.line) {
      raw.malformed.append(
        .init(number: row.number, line: row.line, reason: "a label that is \(reason(records.malformed[0]))"))
    }
    raw.malformed.sort { $0.line < $1.line }
    raw.records.removeAll { unread.contains($0.line) }
    for index in raw.records.indices { raw.records[index].label = byLine[raw.records[index].line] ?? "" }
    return true
  }
}
