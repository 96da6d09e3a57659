/// One text a line; lines end in LF or CRLF (a CR alone ends a line only in a file without any LF).
enum LinesParser {
  /// Records with the line as their only value; a blank line is a record without text.
  static func parse(_ bytes: [UInt8]) -> RawRecords {
    var result = RawRecords()
    var line = 0
    var lines = LineRanges(bytes)
    while let range = lines.next() {
      line += 1
      if let text = String(validating: bytes[range], as: UTF8.self) {
        result.records.append(RawRecord(number: line, line: line, values: [text]))
      } else {
        result.malformed.append(.init(number: line, line: line, reason: "not UTF-8"))
      }
    }
    return result
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
