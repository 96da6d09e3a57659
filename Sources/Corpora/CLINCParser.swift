/// CLINC150's JSON (Larson et al. 2019): `{"train": [[text, intent], …], "val": …, "test": …, "oos_train": …}`.
enum CLINCParser {
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
  static func parse(_ bytes: [UInt8]) -> RawRecords {
    var result = RawRecords()
    var lines = LineCounter(bytes)
    var scanner = JSONScanner(bytes, in: Byte.start(of: bytes)..<bytes.count)
    do throws(JSONScanner.Failure) {
      try read(&scanner, &lines, &result)
    } catch {
      let line = lines.line(at: error.position)
      result.failures.append(.wrongFormat(line: line, found: error.found, expected: error.expected))
    }
    return result
  }

  private static func read(
    _ scanner: inout JSONScanner, _ lines: inout LineCounter, _ result: inout RawRecords
  ) throws(JSONScanner.Failure) {
    try scanner.expect(UInt8(ascii: "{"), "`{`")
    if scanner.take(UInt8(ascii: "}")) { return }
    while true {
      scanner.skipSpace()
      let keyPosition = scanner.position
      let key = try scanner.string("a key in quotes")
      guard let part = part(of: key) else {
        let expected = "one of train, val, test, oos_train, oos_val, oos_test"
        throw JSONScanner.Failure(
          position: keyPosition,
          found: ColumnNames([key], wanted: []).printable.first.map { "the key `\($0)`" } ?? "another key",
          expected: expected)
      }
      try scanner.expect(Byte.colon, "`:`")
      try scanner.expect(UInt8(ascii: "["), "`[`")
      if !scanner.take(UInt8(ascii: "]")) {
        repeat { try pair(&scanner, &lines, part, &result) } while scanner.take(Byte.comma)
        try scanner.expect(UInt8(ascii: "]"), "`,` or `]`")
      }
      if scanner.take(UInt8(ascii: "}")) { break }
      try scanner.expect(Byte.comma, "`,` or `}`")
    }
    scanner.skipSpace()
    if !scanner.isAtEnd { throw scanner.failure("the end of the file") }
  }

  private static func pair(
    _ scanner: inout JSONScanner, _ lines: inout LineCounter, _ part: FileSource.Part, _ result: inout RawRecords
  ) throws(JSONScanner.Failure) {
    scanner.skipSpace()
    let line = lines.line(at: scanner.position)
    var values: [JSONScanner.Value] = []
    try scanner.expect(UInt8(ascii: "["), "`[`")
    if !scanner.take(UInt8(ascii: "]")) {
      repeat { values.append(try scanner.value(depth: 2)) } while scanner.take(Byte.comma)
      try scanner.expect(UInt8(ascii: "]"), "`,` or `]`")
    }
    let number = result.count + 1
    if values.count == 2, values.allSatisfy(\.isScalar) {
      result.records.append(RawRecord(number: number, line: line, values: values.map(\.text), part: part))
    } else {
      let reason = values.count == 2 ? "a pair of other than strings" : "\(values.count) values where a pair belongs"
      result.malformed.append(.init(number: number, line: line, reason: reason))
    }
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
