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
    var columns: [ColumnProfile]
    /// Records, malformed ones among them.
    var records = 0
    var malformed = 0
  }

  var path: String
  var encoding: FileSource.Encoding
  var content: Content
  var parts: FileParts

  init(_ path: String) throws(Refusal) {
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
    content = try Self.content(text, path: path)
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

  private static func content(_ text: [UInt8], path: String) throws(Refusal) -> Content {
    switch text[Byte.start(of: text)...].first(where: { !Byte.isSpace($0) }) {
    case UInt8(ascii: "["):
      var source = FileSource()
      source.format = .jsonl
      if isJSON(text), let other = FileAdvice(bytes: text, source: source, wanted: []).otherFormat {
        throw Refusal("\(other.found); bench reads \(other.expected)")
      }
    case UInt8(ascii: "{"):
      if let table = try JSONSurvey.table(text) { return .table(table) }
      let clinc = CLINCParser.parse(text)
      if clinc.failures.isEmpty, !clinc.records.isEmpty { return .clinc }
      if isJSON(text) {
        throw Refusal(
          "one JSON document, a tree and no rows (dialogues, settings, …); bench reads JSON Lines, an object with a "
            + "text and a label a line, and CLINC150's form")
      }
    default: break
    }
    if let table = try TableSurvey.table(text, path: path) { return .table(table) }
    let lines = LinesParser.parse(text)
    var values = lines.records.map { $0.values[0] }
    while values.last == "" { values.removeLast() }
    if areNumbers(values) { throw Refusal("lines of numbers (word vectors, say), no texts") }
    return .lines(ColumnProfile("text", values))
  }

  /// Whether half of what stands between blanks in the first lines is a number, several a line.
  private static func areNumbers(_ lines: [String?]) -> Bool {
    let head = lines.prefix(200)
    let words = head.flatMap { ($0 ?? "").split(whereSeparator: \.isWhitespace) }
    return words.count > head.count && 2 * words.count { Double($0) != nil } >= max(1, words.count)
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
  /// nil for what is no object a line.
  static func table(_ bytes: [UInt8]) throws(SurveyedFile.Refusal) -> SurveyedFile.Table? {
    var lines = LineRanges(bytes)
    var (names, values): ([String], [String: [String?]]) = ([], [:])
    var (several, nested): (Set<String>, Set<String>) = ([], [])
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
        if values[member.key] == nil {
          guard names.count < 1_000 else { continue }
          names.append(member.key)
          values[member.key] = []
        }
        while values[member.key]!.count < rows { values[member.key]!.append(nil) }
        switch member.value {
        case .array: several.insert(member.key)
        case .object: nested.insert(member.key)
        default: break
        }
        if values[member.key]!.count == rows { values[member.key]!.append(member.value.text) }
      }
      rows += 1
    }
    guard rows > 0, 2 * malformed <= records else { return nil }
    // One object alone is a document, not a table.
    if rows == 1, records == 1 { return nil }
    let columns = names.map { name -> ColumnProfile in
      let own = values[name]! + Array(repeating: nil, count: rows - values[name]!.count)
      var profile = ColumnProfile(name, own)
      if nested.contains(name) { profile.kind = .nested } else if several.contains(name) { profile.kind = .several }
      return profile
    }
    return SurveyedFile.Table(format: .jsonl, columns: columns, records: records, malformed: malformed)
  }
}
