import Text

/// CSV and TSV as RFC 4180 has them: quoted fields, doubled quotes, newlines inside quotes; lines end in CRLF, LF or CR.
///
/// A quote inside an unquoted field stands for itself (`5" screen`). After a malformed record reading goes on with the
/// line that follows the record's first line, so that one lost quote costs one row and not the rest of the file.
///
/// The time is linear, however many quotes are lost: a record that goes on inside quotes at the beginning of a line does
/// not depend on where it began, so it fails wherever an earlier one that did the same failed (`Lost`).
struct DelimitedParser: RecordSource {
  private(set) var findings = FileFindings()
  private let bytes: [UInt8]
  private let form: Form
  private var delimiter: UInt8 { form.delimiter }
  private var position: Int
  private var line = 1
  /// Bounds of the record's fields, and whether each has doubled quotes inside.
  private var starts: [Int] = []
  private var ends: [Int] = []
  private var hasDoubledQuotes: [Bool] = []
  /// Where the wanted columns stand among the fields, and how many fields a record has; nil where nothing can be read.
  private var wanted: (places: [Int], width: Int)?
  private var number = 0

  private enum Outcome { case record, blank, end, malformed(String) }

  /// A malformed record: every other that is inside quotes at the beginning of a line before `end` has its `reason`.
  private struct Lost {
    var end: Int
    var reason: String
  }
  private var lost: Lost?
  /// Bytes looked at so far, for the tests.
  private(set) var steps = 0

  /// How a file is written.
  struct Form {
    var delimiter: UInt8
    /// Without a header columns are called "1", "2", … by the first record.
    var hasHeader = true
    var hasQuotes = true
  }

  /// - Parameter columns: those that a record's values are, in this order.
  init(_ bytes: [UInt8], _ form: Form, columns: [String]) {
    self.init(bytes, form)
    guard let header = readHeader() else { return }
    if form.hasHeader { findings.header = (header, recordBytes) }
    let places = Dictionary(grouping: header.indices) { header[$0] }
    for column in columns {
      let found = places[column] ?? []
      if found.isEmpty { findings.failures.append(.missingColumn(column, candidates: header)) }
      if found.count > 1 { findings.failures.append(.repeatedColumn(column, count: found.count)) }
    }
    guard findings.failures.isEmpty else { return }
    findings.repeatedColumns = places.filter { $0.value.count > 1 && !$0.key.isEmpty }
      .map { (name: $0.key, count: $0.value.count) }.sorted { isOrderedByScalars($0.name, $1.name) }
    wanted = (columns.map { places[$0]?.first ?? 0 }, header.count)
  }

  private init(_ bytes: [UInt8], _ form: Form) {
    (self.bytes, self.form) = (bytes, form)
    position = Byte.start(of: bytes)
  }

  /// The names in the header, or "1", "2", …; none where there is no header.
  static func columns(_ bytes: [UInt8], _ form: Form) -> [String] {
    var parser = DelimitedParser(bytes, form)
    return parser.readHeader() ?? []
  }

  mutating func next() -> RawRow? {
    guard let wanted else { return nil }
    while true {
      let (firstLine, begin) = (line, position)
      switch advance() {
      case .end: return nil
      case .blank where wanted.width > 1: continue
      case .blank, .record:
        number += 1
        return row(firstLine, wanted.places, wanted.width)
      case .malformed(let reason):
        number += 1
        if position > lost?.end ?? 0 { lost = Lost(end: position, reason: reason) }
        resume(afterLineAt: begin, firstLine)
        return .malformed(.init(number: number, line: firstLine, reason: reason))
      }
    }
  }

  private mutating func readHeader() -> [String]? {
    if !form.hasHeader { return numberedColumns() }
    while true {
      let firstLine = line
      switch advance() {
      case .blank: continue
      case .end:
        findings.failures.append(.wrongFormat(line: firstLine, found: "no header", expected: "a line of column names"))
        return nil
      case .malformed(let reason):
        findings.failures.append(.wrongFormat(line: firstLine, found: reason, expected: "a line of column names"))
        return nil
      case .record:
        var names: [String] = []
        for index in starts.indices {
          guard let name = text(index) else {
            findings.failures.append(.headerNotText)
            return nil
          }
          names.append(comparable(trimmed(name)))
        }
        return names
      }
    }
  }

  /// "1", "2", … for the fields of the first sound record, which is read again as a record.
  private mutating func numberedColumns() -> [String] {
    let begin = (position, line)
    defer { (position, line, lost) = (begin.0, begin.1, nil) }
    while true {
      let (firstLine, start) = (line, position)
      switch advance() {
      case .blank: continue
      case .end: return []
      case .malformed(let reason):
        if position > lost?.end ?? 0 { lost = Lost(end: position, reason: reason) }
        resume(afterLineAt: start, firstLine)
      case .record: return (1...starts.count).map { "\($0)" }
      }
    }
  }

  /// Where the record that was just read stands, without its line end.
  private var recordBytes: Range<Int> {
    guard let start = starts.first, let end = ends.last else { return position..<position }
    let opens = form.hasQuotes && start > 0 && bytes[start - 1] == Byte.quote
    let closes = end < bytes.count && bytes[end] == Byte.quote
    return (opens ? start - 1 : start)..<(closes ? end + 1 : end)
  }

  /// The record that was just read.
  private func row(_ firstLine: Int, _ places: [Int], _ width: Int) -> RawRow {
    guard starts.count == width else {
      let reason =
        "\(starts.count) field\(starts.count == 1 ? "" : "s") where the \(form.hasHeader ? "header" : "first row") has \(width)"
      return .malformed(.init(number: number, line: firstLine, reason: reason))
    }
    var values: [String?] = []
    values.reserveCapacity(places.count)
    for place in places {
      guard let value = text(place) else {
        return .malformed(.init(number: number, line: firstLine, reason: RawRecord.notUTF8))
      }
      values.append(value)
    }
    return .record(RawRecord(number: number, line: firstLine, values: values, bytes: recordBytes))
  }

  /// Reads the record at `position` and moves past its end of line.
  private mutating func advance() -> Outcome {
    starts.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    hasDoubledQuotes.removeAll(keepingCapacity: true)
    let count = bytes.count
    guard position < count else { return .end }
    while true {
      if form.hasQuotes, position < count, bytes[position] == Byte.quote {
        if let outcome = quotedField() { return outcome }
      } else {
        let start = position
        while position < count {
          let byte = bytes[position]
          if byte == delimiter || byte == Byte.lineFeed || byte == Byte.carriageReturn { break }
          position += 1
        }
        steps += position - start + 1
        add(start, position, false)
      }
      guard position < count else { return .record }
      if bytes[position] == delimiter {
        position += 1
        continue
      }
      endLine()
      return starts.count == 1 && starts[0] == ends[0] && !(starts[0] > 0 && bytes[starts[0] - 1] == Byte.quote)
        ? .blank : .record
    }
  }

  /// Reads a field that begins with a quote; the outcome of the record where it ends here, nil where it goes on.
  private mutating func quotedField() -> Outcome? {
    let count = bytes.count
    let start = position + 1
    var doubled = false
    position = start
    defer { steps += position - start + 1 }
    while position < count {
      let byte = bytes[position]
      if byte == Byte.quote {
        if position + 1 < count, bytes[position + 1] == Byte.quote {
          doubled = true
          position += 2
          continue
        }
        break
      }
      position += 1
      if byte == Byte.lineFeed || (byte == Byte.carriageReturn && !isFollowedByLineFeed(position - 1)) {
        line += 1
        if let lost, position <= lost.end { return .malformed(lost.reason) }
      }
    }
    guard position < count else { return .malformed("a quote that is never closed") }
    add(start, position, doubled)
    position += 1
    guard position < count else { return nil }
    let byte = bytes[position]
    guard byte == delimiter || byte == Byte.lineFeed || byte == Byte.carriageReturn else {
      return .malformed("text after a closing quote")
    }
    return nil
  }

  private mutating func add(_ start: Int, _ end: Int, _ doubled: Bool) {
    starts.append(start)
    ends.append(end)
    hasDoubledQuotes.append(doubled)
  }

  /// Moves past CRLF, LF or CR.
  private mutating func endLine() {
    position += bytes[position] == Byte.carriageReturn && isFollowedByLineFeed(position) ? 2 : 1
    line += 1
  }

  private func isFollowedByLineFeed(_ index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index + 1] == Byte.lineFeed
  }

  private mutating func resume(afterLineAt begin: Int, _ firstLine: Int) {
    (position, line) = (begin, firstLine)
    while position < bytes.count, bytes[position] != Byte.lineFeed, bytes[position] != Byte.carriageReturn {
      position += 1
    }
    steps += position - begin + 1
    if position < bytes.count { endLine() }
  }

  /// The field's text without its quotes; nil where it is not UTF-8.
  private func text(_ index: Int) -> String? {
    let (start, end) = (starts[index], ends[index])
    guard hasDoubledQuotes[index] else { return String(validating: bytes[start..<end], as: UTF8.self) }
    var unescaped: [UInt8] = []
    unescaped.reserveCapacity(end - start)
    var at = start
    while at < end {
      unescaped.append(bytes[at])
      at += bytes[at] == Byte.quote ? 2 : 1
    }
    return String(validating: unescaped, as: UTF8.self)
  }
}

/// The text without white space at its ends.
func trimmed(_ text: String) -> String {
  let utf8 = text.utf8
  guard let first = utf8.first, let last = utf8.last else { return text }
  // The common case: ASCII ends that are no white space.
  if first > Byte.space, first < 0x80, last > Byte.space, last < 0x80 { return text }
  let scalars = text.unicodeScalars
  guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(scalars[start...end])
}
