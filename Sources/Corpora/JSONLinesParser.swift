import Text

/// JSON Lines: one object a line.
enum JSONLinesParser {
  /// The wanted keys of every record. A key that a record lacks is a missing value; one that no record has is a failure.
  ///
  /// - Parameter list: a key that may have an array.
  static func parse(_ bytes: [UInt8], columns: [String], list: String? = nil) -> RawRecords {
    var result = RawRecords()
    var (number, line) = (0, 0)
    var names: [String] = []
    var known: Set<String> = []
    var repeats: [String: (rows: Int, line: Int)] = [:]
    var lines = LineRanges(bytes)
    while let range = lines.next() {
      line += 1
      var scanner = JSONScanner(bytes, in: range)
      scanner.skipSpace()
      if scanner.isAtEnd { continue }
      let start = scanner.position
      number += 1
      do throws(JSONScanner.Failure) {
        let members = try scanner.object().map { (key: comparable($0.key), value: $0.value) }
        let end = scanner.position
        scanner.skipSpace()
        if !scanner.isAtEnd { throw scanner.failure("the end of the line") }
        for member in members where known.count < 1_000 && known.insert(member.key).inserted {
          names.append(member.key)
        }
        var values: [String?] = []
        var reason: String?
        for column in columns {
          // The last of equal keys counts, as in most readers.
          let value = members.last { $0.key == column }?.value
          if members.count(where: { $0.key == column }) > 1 { repeats[column, default: (0, line)].rows += 1 }
          if column == list, case .array(let texts?)? = value {
            values.append(texts.map { $0 + RawRecord.listMark }.joined())
            continue
          }
          if let value, !value.isScalar {
            reason = reason ?? "`\(column)` is \(value == .object ? "an object" : "an array")"
          }
          values.append(value?.text)
        }
        if let reason {
          result.malformed.append(.init(number: number, line: line, reason: reason))
        } else {
          result.records.append(RawRecord(number: number, line: line, values: values, bytes: start..<end))
        }
      } catch {
        let reason = "got \(error.found), expected \(error.expected) at byte \(error.position - range.lowerBound + 1)"
        result.malformed.append(.init(number: number, line: line, reason: reason))
      }
    }
    result.repeatedKeys = columns.compactMap { column in repeats[column].map { (column, $0.rows, $0.line) } }
    if !names.isEmpty {
      for column in columns where !known.contains(column) {
        result.failures.append(.missingColumn(column, candidates: names))
      }
    }
    return result
  }
}
