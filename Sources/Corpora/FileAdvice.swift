import Text

/// What would help with a file that is not as it was declared: the key of the manifest that reads it.
///
/// Nothing here gives a text of a row away: see `ColumnNames`.
struct FileAdvice {
  /// The file's text in UTF-8.
  let bytes: [UInt8]
  let source: FileSource
  /// Columns that the manifest asks for.
  let wanted: [String]

  /// Lines that are looked at.
  private static let lines = 100

  private var isTable: Bool { source.format.isTable }

  /// What a file has in place of the column that is missing, and the key that would help.
  func expected(_ names: [String]) -> String {
    let count = "\(names.count) column\(names.count == 1 ? "" : "s")"
    let columns = ColumnNames(names, wanted: wanted), list = columns.list
    if source.format == .conll {
      let numbers = names.prefix { Int($0) != nil }.count
      let keys = numbers == names.count ? nil : ColumnNames(Array(names.dropFirst(numbers)), wanted: wanted).list
      return "a column by number, from \"1\" to \"\(numbers)\"" + (keys.map { ", or \($0)" } ?? "")
    }
    guard isTable else { return list ?? "a key that the objects have (\(names.count) keys)" }
    if let other = delimiter {
      return "a column of that name (the first line has \(count)): `delimiter: \(other)`"
    }
    if !source.hasHeader { return "one of the \(count), by number: from \"1\" to \"\(names.count)\"" }
    if let list {
      return columns.hasWanted && columns.printable.count == names.count
        ? list : list + ", or `header: false` where the first line is a message, with columns by number"
    }
    let split = names.count == 1 ? Self.constantDelimiter(bytes).map { "`delimiter: \($0)` first, then " } ?? "" : ""
    return "a header with that column (the first line has \(count), none called so): " + split
      + "`text` and `label` of its names, or `header: false` where it is a message, with columns by number (`text: 1`, "
      + "`label: 2`)"
  }

  // MARK: Form of a table

  /// A delimiter, as the manifest has it, by which the file has all columns that are wanted; nil where there is none, or
  /// the file has them as it is.
  var delimiter: String? {
    Self.candidates.first { $0.byte != source.delimiterByte && isRead(by: form(delimiter: $0.byte)) }?.key
  }

  /// Whether quotes are in the way: without a meaning for them the file has all columns that are wanted.
  var readsWithoutQuotes: Bool {
    source.quoting == .double && isRead(by: form(hasQuotes: false))
  }

  private func form(delimiter: UInt8? = nil, hasQuotes: Bool? = nil) -> DelimitedParser.Form {
    DelimitedParser.Form(
      delimiter: delimiter ?? source.delimiterByte, hasHeader: source.hasHeader,
      hasQuotes: hasQuotes ?? (source.quoting == .double))
  }

  private func isRead(by form: DelimitedParser.Form) -> Bool {
    let records = RawRecords(DelimitedParser(head, form, columns: wanted))
    return records.failures.isEmpty && Double(records.malformed.count) <= source.malformedShare * Double(records.count)
  }

  /// The first lines; whole records, but for one that ends in a later line.
  private var head: [UInt8] {
    var ranges = LineRanges(bytes), count = 0, end = 0
    while count < Self.lines, let range = ranges.next(), range.upperBound <= 1 << 16 {
      (count, end) = (count + 1, range.upperBound)
    }
    return Array(bytes.prefix(end))
  }

  /// A delimiter, as the manifest has it, that stands as often in each of the first lines.
  static func constantDelimiter(_ bytes: [UInt8]) -> String? {
    let lines = firstLines(bytes)
    guard lines.count > 1 else { return nil }
    return candidates.first { candidate in
      func count(_ line: Range<Int>) -> Int { bytes[line].count { $0 == candidate.byte } }
      return count(lines[0]) > 0 && lines.allSatisfy { count($0) == count(lines[0]) }
    }?.key
  }

  static let candidates: [(byte: UInt8, key: String)] = [
    (Byte.tab, "tab"), (UInt8(ascii: ";"), "semicolon"), (UInt8(ascii: "|"), "pipe"), (Byte.comma, "comma"),
    (UInt8(ascii: "@"), "\"@\""), (UInt8(ascii: "^"), "\"^\""), (UInt8(ascii: "~"), "\"~\""),
    (UInt8(ascii: "#"), "\"#\""),
  ]

  /// The first lines that are not empty.
  private static func firstLines(_ bytes: [UInt8]) -> [Range<Int>] {
    var ranges = LineRanges(bytes), found: [Range<Int>] = []
    while found.count < lines, let range = ranges.next(), range.upperBound <= 1 << 16 {
      if !range.isEmpty { found.append(range) }
    }
    return found
  }

  private var firstLines: [Range<Int>] { Self.firstLines(bytes) }

  // MARK: Another format

  /// What a document of another format than its own is, and what reads it.
  var otherFormat: (found: String, expected: String)? {
    let first = bytes[Byte.start(of: bytes)...].first { !Byte.isSpace($0) }
    let objects = firstLines.prefix(2).map(isObject)
    let convert = "convert it (jq -c '.[]' FILE)"
    switch (source.format, first) {
    case (.jsonl, UInt8(ascii: "[")):
      return ("a JSON array", "JSON Lines, an object a line: \(convert)")
    case (.clinc, UInt8(ascii: "[")):
      return ("a JSON array", "CLINC150's object, or JSON Lines: \(convert) and state `format: jsonl`")
    case (.clinc, UInt8(ascii: "{")):
      return objects == [true, true] ? ("an object a line", "CLINC150's object, or `format: jsonl`") : nil
    case (.csv, UInt8(ascii: "{")), (.tsv, UInt8(ascii: "{")):
      return objects.allSatisfy { $0 }
        ? ("JSON, an object a line", "\(source.format.rawValue) text, or `format: jsonl`") : nil
    case (.conll, UInt8(ascii: "{")):
      return objects.allSatisfy { $0 } ? ("JSON, an object a line", "CoNLL's columns, or `format: jsonl`") : nil
    case (.jsonl, UInt8(ascii: "{")):
      return objects.first == false && isSpreadJSON
        ? ("JSON objects over several lines", "JSON Lines, an object a line: convert it (jq -c . FILE)") : nil
    case (.jsonl, _):
      guard !firstLines.contains(where: isObject) else { return nil }
      let delimiter = Self.constantDelimiter(bytes)
      let other =
        switch delimiter {
        case nil: "`format: lines`"
        case "comma": "`format: csv`"
        case "tab": "`format: tsv`"
        case let other?: "`format: csv` with `delimiter: \(other)`"
        }
      return ("lines that are no JSON objects", "JSON Lines, an object a line, or \(other)")
    default: return nil
    }
  }

  private func isObject(_ line: Range<Int>) -> Bool {
    var scanner = JSONScanner(bytes, in: line)
    guard (try? scanner.object()) != nil else { return false }
    scanner.skipSpace()
    return scanner.isAtEnd
  }

  /// Whether the document begins with an object that ends in a later line.
  private var isSpreadJSON: Bool {
    var scanner = JSONScanner(bytes, in: Byte.start(of: bytes)..<bytes.count)
    return (try? scanner.object()) != nil
  }
}
