import Text

/// What is wrong with a file as a whole, and what would help.
extension DomainReader {
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

  /// The rows of a text in UTF-8, which has its labels in another file where `labels` names one; nil where that one
  /// cannot be read, or the format has not all the columns that are asked for.
  mutating func rows(
    of text: [UInt8], labels: FileSource.LabelFile? = nil, _ file: FileSource.File
  ) -> (any RecordSource)? {
    let list = problem == .multiLabel ? source.label : nil
    // Formats with fixed columns have no others to group, slice or filter by.
    func hasColumns(_ count: Int) -> Bool {
      let fixed = Array(rules.columns.prefix(count))
      return report(rules.columns.dropFirst(count).map { .missingColumn($0, candidates: fixed) }, file, text)
    }
    switch source.format {
    case .csv, .tsv:
      let form = DelimitedParser.Form(
        delimiter: source.delimiterByte, hasHeader: source.hasHeader, hasQuotes: source.quoting == .double)
      return DelimitedParser(text, form, columns: rules.columns)
    case .jsonl: return JSONLinesParser(text, columns: rules.columns, list: list)
    case .conll: return CoNLLParser(text, columns: rules.columns, joined: source.text, list: list)
    case .clinc: return hasColumns(2) ? CLINCParser(text) : nil
    case .lines:
      guard hasColumns(1) else { return nil }
      guard let labels else { return LinesParser(text) }
      return labelText(labels, of: file).map { PairedLinesParser(texts: text, labels: $0, of: labels.path) }
    }
  }

  /// The text of a file of labels, noted among those read; nil where it is none.
  private mutating func labelText(_ labels: FileSource.LabelFile, of file: FileSource.File) -> [UInt8]? {
    let labelFile = FileSource.File(path: labels.path, declaredPath: labels.declaredPath, part: file.part)
    guard let contents = contents(of: labelFile), let text = text(of: contents, labelFile) else { return nil }
    draft.report.files.append(
      .init(declaredPath: labels.declaredPath, sha256: contents.sha256, bytes: contents.bytes.count))
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
  @discardableResult
  mutating func report(_ failures: [FileFindings.Failure], _ file: FileSource.File, _ text: [UInt8]) -> Bool {
    for failure in failures {
      switch failure {
      case .missingColumn(let column, let candidates):
        let wanted = source.format.hasColumns ? rules.columns : candidates
        fail(
          .missingColumn, file, line: source.format.isTable ? 1 : nil, column: column, found: "no such column",
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
    guard source.format.isTable else { return "" }
    let advice = advice(text)
    if let delimiter = advice.delimiter { return ", or `delimiter: \(delimiter)`" }
    return advice.readsWithoutQuotes ? ", or `quoting: none`" : ""
  }

  /// `bytes` as they stand in the file, `text` as UTF-8.
  mutating func checkMalformedShare(
    _ malformed: [RawRecord.Malformed], of count: Int, _ file: FileSource.File, _ bytes: [UInt8], _ text: [UInt8]
  ) {
    let allowed = source.malformedShare * Double(count)
    guard let first = malformed.first, Double(malformed.count) > allowed else { return }
    let listed = malformed.prefix(Self.listed).map { "line \($0.line): \(reason($0))" }.joined(separator: "; ")
    let more = malformed.count > Self.listed ? "; …" : ""
    var expected = source.malformedShare == 0 ? "none" : "a share of at most \(source.malformedShare)"
    if source.encoding == .utf8, malformed.contains(where: { $0.reason == RawRecord.notUTF8 }) {
      expected += ", or `encoding: \(TextEncoding.likelyOneByte(bytes).rawValue)`"
    } else {
      expected += formHint(text)
    }
    fail(
      .malformed, file, line: first.line,
      found: "\(malformed.count) malformed of \(count) rows (\(listed)\(more))", expected: expected)
  }

  /// A malformed row's reason, in the words of the encoding that the file was read in.
  func reason(_ row: RawRecord.Malformed) -> String {
    row.reason.replacing(RawRecord.notUTF8, with: "not \(source.encoding.name)")
  }
}
