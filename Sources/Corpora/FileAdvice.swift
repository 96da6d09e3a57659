import Text

/// What would help with a file that is not as it was declared: the key of the manifest that reads it.
///
/// Nothing here gives a text of a row away: columns are named only where the first line is a header beyond doubt.
enum FileAdvice {
  /// Lines that are looked at.
  private static let lines = 100

  /// Whether the names are a header's, so that a message may name them.
  ///
  /// A header has words for names, and one of them is wanted, nearly so, or such as people call columns.
  static func isHeader(_ names: [String], wanted: [String]) -> Bool {
    guard names.allSatisfy({ $0.isEmpty || (isName($0) && $0.count { $0 == " " } <= 2) }) else { return false }
    if names.contains(where: { wanted.contains($0) }) { return true }
    guard names.allSatisfy({ !$0.contains(" ") }) else { return false }
    // Short words are near to each other by chance.
    return names.contains {
      usual.contains($0.lowercased()) || ($0.count > 4 && Spelling.nearest(to: $0, among: wanted) != nil)
    }
  }

  /// Letters, digits and what joins them in names, at most 40.
  private static func isName(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
    return name.count <= 40
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0"..."9" ~= $0 || "_.-/# ".unicodeScalars.contains($0)
      }
  }

  /// A key of a JSON object as a message may name it: in a file of another form it may be a text.
  static func key(_ key: String) -> String { isName(key) && !key.contains(" ") ? "the key `\(key)`" : "another key" }

  private static let usual: Set<String> = [
    "text", "label", "labels", "category", "class", "intent", "sentiment", "utterance", "message", "id", "message_id",
    "conversation_id", "target", "rating", "stars", "review", "comment", "query", "sentence", "title", "body",
    "subject",
    "description", "tweet", "document", "topic", "score", "polarity", "emotion", "created_at", "timestamp",
  ]

  /// `one of `text`, `label`` or the number of columns, and the key that would help.
  static func expected(_ names: [String], wanted: [String], bytes: [UInt8], source: FileSource) -> String {
    if isHeader(names, wanted: wanted) {
      let shown = names.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
      return "one of \(shown)" + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
    let count = "\(names.count) column\(names.count == 1 ? "" : "s")"
    guard source.format == .csv || source.format == .tsv else {
      return "a key that the objects have (\(names.count) keys)"
    }
    if let other = otherDelimiter(bytes, wanted: wanted, besides: source.delimiterByte) {
      return "a column of that name (the first line has \(count)): `delimiter: \(other)`"
    }
    if !source.hasHeader { return "one of the \(count), by number: from \"1\" to \"\(names.count)\"" }
    if let other = constantDelimiter(bytes), names.count == 1 {
      return "a header with that column (the first line has \(count), and no header's words): `delimiter: \(other)`"
        + " and `header: false`, with columns by number (`text: 1`, `label: 2`)"
    }
    return
      "a header with that column (the first line has \(count), and no header's words): `header: false`, with columns"
      + " by number (`text: 1`, `label: 2`)"
  }

  /// A delimiter, as the manifest has it, by which the first line has all columns that are wanted.
  private static func otherDelimiter(_ bytes: [UInt8], wanted: [String], besides own: UInt8) -> String? {
    candidates.first { candidate in
      guard candidate.byte != own, let line = firstLines(bytes).first else { return false }
      let names = line.split(separator: candidate.byte, omittingEmptySubsequences: false).map {
        trimmed(String(decoding: $0, as: UTF8.self).filter { $0 != "\"" })
      }
      return !wanted.isEmpty && wanted.allSatisfy(names.contains)
    }?.key
  }

  /// A delimiter, as the manifest has it, that stands as often in each of the first lines.
  static func constantDelimiter(_ bytes: [UInt8]) -> String? {
    let lines = firstLines(bytes)
    guard lines.count > 1 else { return nil }
    return candidates.first { candidate in
      let count = lines[0].count { $0 == candidate.byte }
      return count > 0 && lines.allSatisfy { line in line.count { $0 == candidate.byte } == count }
    }?.key
  }

  private static let candidates: [(byte: UInt8, key: String)] = [
    (Byte.tab, "tab"), (UInt8(ascii: ";"), "semicolon"), (UInt8(ascii: "|"), "pipe"), (Byte.comma, "comma"),
    (UInt8(ascii: "@"), "\"@\""), (UInt8(ascii: "^"), "\"^\""), (UInt8(ascii: "~"), "\"~\""),
    (UInt8(ascii: "#"), "\"#\""),
  ]

  private static func firstLines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var ranges = LineRanges(bytes), found: [ArraySlice<UInt8>] = []
    while found.count < lines, let range = ranges.next(), range.upperBound <= 1 << 16 {
      if !range.isEmpty { found.append(bytes[range]) }
    }
    return found
  }

  /// What a document in the wrong format of JSON is, and what reads it.
  static func otherJSON(_ bytes: [UInt8], format: FileSource.Format) -> (found: String, expected: String)? {
    let first = bytes[Byte.start(of: bytes)...].first { !Byte.isSpace($0) }
    switch (format, first) {
    case (.jsonl, UInt8(ascii: "[")):
      return ("a JSON array", "JSON Lines, an object a line: convert it (jq -c '.[]' FILE)")
    case (.clinc, UInt8(ascii: "[")):
      return (
        "a JSON array", "CLINC150's object, or JSON Lines: convert it (jq -c '.[]' FILE) and state `format: jsonl`"
      )
    case (.clinc, UInt8(ascii: "{")):
      let lines = firstLines(bytes).prefix(2)
      let objects = lines.allSatisfy { line in
        line.first { !Byte.isSpace($0) } == UInt8(ascii: "{") && line.last { !Byte.isSpace($0) } == UInt8(ascii: "}")
      }
      return lines.count == 2 && objects ? ("an object a line", "CLINC150's object, or `format: jsonl`") : nil
    default: return nil
    }
  }
}
