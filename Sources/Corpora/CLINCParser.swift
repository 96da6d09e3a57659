/// CLINC150's JSON (Larson et al. 2019): `{"train": [[text, intent], …], "val": …, "test": …, "oos_train": …}`.
struct CLINCParser: RecordSource {
  private(set) var findings = FileFindings()
  private var lines: LineCounter
  private var scanner: JSONScanner
  private var place = Place.start
  private var number = 0

  /// Where reading stands.
  private enum Place {
    case start, end
    /// Before the first pair of a part's list, and behind one of them.
    case opened(FileSource.Part), inside(FileSource.Part)
  }

  /// The part that a key names; nil for a key that the format does not have.
  static func part(of key: String) -> FileSource.Part? {
    switch key.hasPrefix("oos_") ? String(key.dropFirst(4)) : key {
    case "train": .train
    case "val", "validation", "dev": .validation
    case "test": .test
    default: nil
    }
  }

  /// Records with the values text and intent, in the file's order.
  init(_ bytes: [UInt8]) {
    lines = LineCounter(bytes)
    scanner = JSONScanner(bytes, in: Byte.start(of: bytes)..<bytes.count)
  }

  mutating func next() -> RawRow? {
    do throws(JSONScanner.Failure) {
      while true {
        switch place {
        case .end: return nil
        case .start:
          try scanner.expect(UInt8(ascii: "{"), "`{`")
          if scanner.take(UInt8(ascii: "}")) { return end() }
          place = .opened(try openList())
        case .opened(let part):
          place = .inside(part)
          if !scanner.take(UInt8(ascii: "]")) { return try pair(part) }
          try closeList()
        case .inside(let part):
          if scanner.take(Byte.comma) { return try pair(part) }
          try scanner.expect(UInt8(ascii: "]"), "`,` or `]`")
          try closeList()
        }
      }
    } catch {
      let line = lines.line(at: error.position)
      findings.failures.append(.wrongFormat(line: line, found: error.found, expected: error.expected))
      return end()
    }
  }

  private mutating func end() -> RawRow? {
    place = .end
    return nil
  }

  private mutating func openList() throws(JSONScanner.Failure) -> FileSource.Part {
    scanner.skipSpace()
    let keyPosition = scanner.position
    let key = try scanner.string("a key in quotes")
    guard let part = Self.part(of: key) else {
      let expected = "one of train, val, test, oos_train, oos_val, oos_test"
      throw JSONScanner.Failure(
        position: keyPosition,
        found: ColumnNames([key], wanted: []).printable.first.map { "the key `\($0)`" } ?? "another key",
        expected: expected)
    }
    try scanner.expect(Byte.colon, "`:`")
    try scanner.expect(UInt8(ascii: "["), "`[`")
    return part
  }

  /// Behind the `]` of a part: the next part, or the end of the file.
  private mutating func closeList() throws(JSONScanner.Failure) {
    if !scanner.take(UInt8(ascii: "}")) {
      try scanner.expect(Byte.comma, "`,` or `}`")
      place = .opened(try openList())
      return
    }
    place = .end
    scanner.skipSpace()
    if !scanner.isAtEnd { throw scanner.failure("the end of the file") }
  }

  private mutating func pair(_ part: FileSource.Part) throws(JSONScanner.Failure) -> RawRow {
    scanner.skipSpace()
    let line = lines.line(at: scanner.position)
    var values: [JSONScanner.Value] = []
    try scanner.expect(UInt8(ascii: "["), "`[`")
    if !scanner.take(UInt8(ascii: "]")) {
      repeat { values.append(try scanner.value(depth: 2)) } while scanner.take(Byte.comma)
      try scanner.expect(UInt8(ascii: "]"), "`,` or `]`")
    }
    number += 1
    if values.count == 2, values.allSatisfy(\.isScalar) {
      return .record(RawRecord(number: number, line: line, values: values.map(\.text), part: part))
    }
    let reason = values.count == 2 ? "a pair of other than strings" : "\(values.count) values where a pair belongs"
    return .malformed(.init(number: number, line: line, reason: reason))
  }
}

/// Line numbers for positions that only grow.
struct LineCounter {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func line(at target: Int) -> Int {
    while position < min(target, bytes.count) {
      if bytes[position] == Byte.lineFeed { line += 1 }
      position += 1
    }
    return line
  }
}
