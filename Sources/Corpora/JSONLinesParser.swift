import Text

/// JSON Lines: one object a line.
struct JSONLinesParser: RecordSource {
  private(set) var findings = FileFindings()
  private let bytes: [UInt8]
  /// Those that a record's values are, in this order.
  private let columns: [String]
  /// A key that may have an array.
  private let list: String?
  private var lines: LineRanges
  private var (number, line) = (0, 0)
  /// The first keys that were met.
  private var names: [String] = []
  private var known: Set<String> = []
  private var repeats: [String: (rows: Int, line: Int)] = [:]
  private var hasEnded = false

  private static let keptNames = 1_000

  /// The wanted keys of every record. A key that a record lacks is a missing value; one that no record has is a failure.
  init(_ bytes: [UInt8], columns: [String], list: String? = nil) {
    (self.bytes, self.columns, self.list, lines) = (bytes, columns, list, LineRanges(bytes))
  }

  mutating func next() -> RawRow? {
    while let range = lines.next() {
      line += 1
      var scanner = JSONScanner(bytes, in: range)
      scanner.skipSpace()
      if scanner.isAtEnd { continue }
      number += 1
      do throws(JSONScanner.Failure) {
        return try row(&scanner)
      } catch {
        let reason = "got \(error.found), expected \(error.expected) at byte \(error.position - range.lowerBound + 1)"
        return .malformed(.init(number: number, line: line, reason: reason))
      }
    }
    end()
    return nil
  }

  private mutating func row(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> RawRow {
    let start = scanner.position
    let members = try scanner.object().map { (key: comparable($0.key), value: $0.value) }
    let end = scanner.position
    scanner.skipSpace()
    if !scanner.isAtEnd { throw scanner.failure("the end of the line") }
    for member in members where known.count < Self.keptNames && known.insert(member.key).inserted {
      names.append(member.key)
    }
    var values: [String?] = []
    var reason: String?
    for column in columns {
      // The last of equal keys counts, as in most readers.
      let value = members.last { $0.key == column }?.value
      if members.count(where: { $0.key == column }) > 1 { repeats[column, default: (0, line)].rows += 1 }
      if column == list, case .array(let texts?)? = value {
        values.append(RawRecord.list(texts))
        continue
      }
      if let value, !value.isScalar {
        reason = reason ?? "`\(column)` is \(value == .object ? "an object" : "an array")"
      }
      values.append(value?.text)
    }
    if let reason { return .malformed(.init(number: number, line: line, reason: reason)) }
    return .record(RawRecord(number: number, line: line, values: values, bytes: start..<end))
  }

  private mutating func end() {
    guard !hasEnded else { return }
    hasEnded = true
    findings.repeatedKeys = columns.compactMap { column in repeats[column].map { (column, $0.rows, $0.line) } }
    guard !names.isEmpty else { return }
    for column in columns where !known.contains(column) {
      findings.failures.append(.missingColumn(column, candidates: names))
    }
  }
}
