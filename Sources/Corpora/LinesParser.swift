/// One text a line; lines end in LF or CRLF (a CR alone ends a line only in a file without any LF).
///
/// The line is a record's only value; a blank line is a record without text.
struct LinesParser: RecordSource {
  let findings = FileFindings()
  private let bytes: [UInt8]
  private var lines: LineRanges
  fileprivate private(set) var line = 0

  init(_ bytes: [UInt8]) { (self.bytes, lines) = (bytes, LineRanges(bytes)) }

  mutating func next() -> RawRow? {
    guard let range = lines.next() else { return nil }
    line += 1
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      return .malformed(.init(number: line, line: line, reason: RawRecord.notUTF8))
    }
    return .record(RawRecord(number: line, line: line, values: [text]))
  }
}

/// The lines of a file, each with the label that stands on the same line of another.
struct PairedLinesParser: RecordSource {
  private(set) var findings = FileFindings()
  private var texts: LinesParser
  private var labels: LinesParser

  /// The file of labels.
  private let labelPath: String

  init(texts: [UInt8], labels: [UInt8], of labelPath: String) {
    (self.texts, self.labels, self.labelPath) = (LinesParser(texts), LinesParser(labels), labelPath)
  }

  mutating func next() -> RawRow? {
    switch (texts.next(), labels.next()) {
    case (.record(var record), .record(let label)):
      record.label = label.values[0] ?? ""
      return .record(record)
    case (.record(let record), .malformed(let label)):
      return .malformed(.init(number: record.number, line: record.line, reason: "a label that is \(label.reason)"))
    case (let malformed?, _?): return malformed
    case (nil, nil): return nil
    default:
      // To the end of both, for the error's words.
      while texts.next() != nil {}
      while labels.next() != nil {}
      let line = min(texts.line, labels.line) + 1
      let found = "\(texts.line) lines of text and \(labels.line) lines of labels in \(labelPath)"
      findings.failures.append(.wrongFormat(line: line, found: found, expected: "as many of both"))
      return nil
    }
  }
}

/// The bounds of each line of a text, without its line end.
struct LineRanges {
  private let bytes: [UInt8]
  private let terminator: UInt8
  private var position: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = Byte.start(of: bytes)
    let hasCarriageReturnOnly = !bytes.contains(Byte.lineFeed) && bytes.contains(Byte.carriageReturn)
    terminator = hasCarriageReturnOnly ? Byte.carriageReturn : Byte.lineFeed
  }

  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != terminator { end += 1 }
    position = end + 1
    if end > start, terminator == Byte.lineFeed, bytes[end - 1] == Byte.carriageReturn { end -= 1 }
    return start..<end
  }
}
