import Text

/// One file as it was found: its encoding, its form and what its columns hold.
struct SurveyedFile {
  /// Why a file cannot be compared on: what it is, and what would help.
  struct Refusal: Error, Equatable {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }

  enum Content {
    case table(Table)
    /// A value a line.
    case lines(ColumnProfile)
    case clinc
  }

  struct Table {
    var format: FileSource.Format
    /// As the manifest has it; nil for the format's own.
    var delimiter: String?
    var hasHeader = true
    var quoting = FileSource.Quoting.double
    /// Whether quotes enclose a field of it.
    var hasEnclosed = false
    /// All columns in order, or all keys as they first stand.
    var names: [String]
    /// Those that can be asked for.
    var columns: [ColumnProfile]
    /// Records, malformed ones among them.
    var records = 0
  }

  var path: String
  var encoding: FileSource.Encoding
  var content: Content
  var parts: FileParts

  /// - Parameter wanted: names of columns that the command was given.
  init(_ path: String, wanted: [String] = []) throws(Refusal) {
    let bytes: [UInt8]
    do { bytes = try FileBytes(path: path).bytes } catch {
      switch error {
      case .missing: throw Refusal("no such file")
      case .isFolder: throw Refusal("a folder; name the files in it")
      case .refused: throw Refusal("a file that cannot be read")
      }
    }
    if let foreign = ForeignFile(head: bytes) { throw Refusal("\(foreign.name): \(foreign.remedy)") }
    guard !bytes.dropFirst(Byte.start(of: bytes)).allSatisfy(Byte.isSpace) else { throw Refusal("an empty file") }
    encoding = Self.encoding(of: bytes)
    guard case .success(let text) = TextEncoding.utf8(bytes, encoding), !text.contains(0) else {
      throw Refusal("binary data (a NUL byte)")
    }
    self.path = path
    parts = FileParts(path)
    content = try Self.content(text, path: path, wanted: wanted)
  }

  /// The encoding as a manifest names it.
  private static func encoding(of bytes: [UInt8]) -> FileSource.Encoding {
    switch TextEncoding.mark(of: bytes) {
    case .utf8: return .utf8
    case .some: return .utf16
    case nil: break
    }
    if bytes.prefix(4_096).contains(0), let unmarked = TextEncoding.unmarkedUTF16(bytes) { return unmarked }
    if String(validating: bytes, as: UTF8.self) != nil { return .utf8 }
    // A few lines that are no UTF-8 are damage; more of them are another encoding.
    var lines = LineRanges(bytes)
    var (all, others, sound) = (0, 0, 0)
    while let range = lines.next() {
      all += 1
      if bytes[range].allSatisfy({ $0 < 0x80 }) { continue }
      if String(validating: bytes[range], as: UTF8.self) == nil { others += 1 } else { sound += 1 }
    }
    return others <= sound && 100 * others <= all ? .utf8 : TextEncoding.likelyOneByte(bytes)
  }

  // MARK: Form

  private static func content(_ text: [UInt8], path: String, wanted: [String]) throws(Refusal) -> Content {
    switch text[Byte.start(of: text)...].first(where: { !Byte.isSpace($0) }) {
    case UInt8(ascii: "["):
      var source = FileSource()
      source.format = .jsonl
      if isJSON(text), let other = FileAdvice(bytes: text, source: source, wanted: []).otherFormat {
        throw Refusal("\(other.found); bench reads \(other.expected)")
      }
    case UInt8(ascii: "{"):
      if let table = JSONSurvey.table(text) { return .table(table) }
      let clinc = RawRecords(CLINCParser(text))
      if clinc.failures.isEmpty, !clinc.records.isEmpty { return .clinc }
      if isJSON(text) {
        throw Refusal(
          "one JSON document, a tree and no rows (dialogues, settings, …); bench reads JSON Lines, an object with a "
            + "text and a label a line, and CLINC150's form")
      }
    default: break
    }
    if let table = try TableSurvey.table(text, path: path, wanted: wanted) { return .table(table) }
    if FileSource.Format(endingOf: path) == .conll {
      throw Refusal(
        "CoNLL's columns, a token a line; bench reads them, but a manifest has to say which column is what (`format: conll`, "
          + "`text: \"1\"`, `label:` with the key of a comment `# key = value`)")
    }
    let lines = RawRecords(LinesParser(text))
    var values = lines.records.compactMap { $0.values[0] }
    while values.last == "" { values.removeLast() }
    if areNumbers(values) { throw Refusal("lines of numbers (word vectors, say), no texts") }
    let name = path.lowercased(), isTable = name.hasSuffix(".csv") || name.hasSuffix(".tsv")
    if isTable || haveHeader(values) {
      throw Refusal(
        "a table of one column\(isTable ? "" : ", whose name is line 1"); bench reads a text and a label a row, or a file "
          + "of lines for each class: without a header and quotes, called other than .csv and .tsv")
    }
    return .lines(ColumnProfile("text", values, rows: values.count))
  }

  /// Whether half of what stands between blanks in the first lines is a number, several a line.
  private static func areNumbers(_ lines: [String]) -> Bool {
    let head = lines.prefix(200)
    let words = head.flatMap { $0.split(whereSeparator: \.isWhitespace) }
    return words.count > head.count && 2 * words.count { Double($0) != nil } >= max(1, words.count)
  }

  /// Whether the first line is a word that people call columns by, and stands nowhere else.
  private static func haveHeader(_ lines: [String]) -> Bool {
    guard lines.count > 1, let first = lines.first.map(trimmed), ColumnNames.words(of: first).count == 1 else {
      return false
    }
    return ColumnNames([first], wanted: []).areUsual && !lines.dropFirst().contains { trimmed($0) == first }
  }

  private static func isJSON(_ text: [UInt8]) -> Bool {
    var scanner = JSONScanner(text, in: Byte.start(of: text)..<text.count)
    guard (try? scanner.value()) != nil else { return false }
    scanner.skipSpace()
    return scanner.isAtEnd
  }
}

/// JSON Lines, surveyed: every key with what its values are.
enum JSONSurvey {
  private static let mostKeys = 1_000

  /// What is known of one key.
  private struct Key {
    /// Of the records that have one that is no array and no object.
    var values: [String] = []
    var hasArrays = false
    var hasObjects = false
    var record = -1

    /// Of equal keys in one record the first one counts.
    mutating func take(_ value: JSONScanner.Value, of record: Int) {
      switch value {
      case .array: hasArrays = true
      case .object: hasObjects = true
      default: break
      }
      guard record > self.record else { return }
      self.record = record
      if let text = value.text { values.append(text) }
    }
  }

  /// nil for what is no object a line.
  static func table(_ bytes: [UInt8]) -> SurveyedFile.Table? {
    var lines = LineRanges(bytes)
    var (names, keys): ([String], [String: Key]) = ([], [:])
    var (records, malformed, rows) = (0, 0, 0)
    while let range = lines.next() {
      var scanner = JSONScanner(bytes, in: range)
      scanner.skipSpace()
      if scanner.isAtEnd { continue }
      records += 1
      guard let members = try? scanner.object() else {
        malformed += 1
        // A document over many lines fails at once.
        if malformed > 10, 2 * malformed > records { return nil }
        continue
      }
      for member in members {
        if keys[member.key] == nil {
          guard names.count < mostKeys else { continue }
          names.append(member.key)
        }
        keys[member.key, default: Key()].take(member.value, of: rows)
      }
      rows += 1
    }
    guard rows > 0, 2 * malformed <= records else { return nil }
    // One object alone is a document, not a table.
    if rows == 1, records == 1 { return nil }
    let columns = names.map { name -> ColumnProfile in
      let key = keys[name] ?? Key()
      var profile = ColumnProfile(name, key.values, rows: rows)
      if key.hasObjects { profile.kind = .nested } else if key.hasArrays { profile.kind = .several }
      return profile
    }
    return SurveyedFile.Table(format: .jsonl, names: names, columns: columns, records: records)
  }
}
