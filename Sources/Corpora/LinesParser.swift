/// One text a line; lines end in LF or CRLF (a CR alone ends a line only in a file without any LF).
enum LinesParser {
  /// At most `limit` records, each with the line as its only value; a blank line is a record without text.
  static func parse(_ bytes: [UInt8], limit: Int? = nil, isWhole: Bool = true) -> RawRecords {
    var result = RawRecords()
    let limit = limit ?? .max
    var line = 0
    var lines = LineRanges(bytes, isWhole: isWhole)
    while line < limit, let range = lines.next() {
      line += 1
      if let text = String(validating: bytes[range], as: UTF8.self) {
        result.records.append(RawRecord(number: line, line: line, values: [text]))
      } else {
        result.malformed.append(.init(number: line, line: line, reason: "not UTF-8"))
      }
    }
    result.isComplete = isWhole && lines.isAtEnd
    return result
  }
}

/// The bounds of each line of a text, without its line end.
struct LineRanges {
  private let bytes: [UInt8]
  private let terminator: UInt8
  private let isWhole: Bool
  private var position: Int

  init(_ bytes: [UInt8], isWhole: Bool) {
    (self.bytes, self.isWhole) = (bytes, isWhole)
    position = Byte.start(of: bytes)
    let hasCarriageReturnOnly = !bytes.contains(Byte.lineFeed) && bytes.contains(Byte.carriageReturn)
    terminator = hasCarriageReturnOnly ? Byte.carriageReturn : Byte.lineFeed
  }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func next() -> Range<Int>? {
    guard position < bytes.count else { return nil }
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != terminator { end += 1 }
    if end == bytes.count, !isWhole { return nil }
    position = end + 1
    if end > start, terminator == Byte.lineFeed, bytes[end - 1] == Byte.carriageReturn { end -= 1 }
    return start..<end
  }
}
