/// CoNLL's columns: a token a line, its fields between tabs or blanks, and an empty line behind each sentence.
///
/// A sentence is a record. Columns are called "1", "2", …; a text is its tokens, joined by blanks. Lines `# key = value`
/// before a sentence's first token are columns too, by their key (CoNLL-U: `text`, `sent_id`, or what the file has).
/// `-DOCSTART-` (CoNLL-2003) is no token.
struct CoNLLParser: RecordSource {
  private(set) var findings = FileFindings()
  private let bytes: [UInt8]
  private let columns: [String]
  private let joined: Set<String>
  private let list: String?
  private var lines: LineRanges
  private var (number, line) = (0, 0)
  /// Between the fields; nil before the first token, from which on it is a tab or any run of blanks.
  private var hasTabs: Bool?
  /// Fields of the file's first token.
  private var width = 0
  /// Keys of comments in the order in which they were met.
  private var keys: [String] = []
  private var hasEnded = false

  /// - Parameters:
  ///   - columns: those that a record's values are, in this order.
  ///   - joined: columns that have a token each; of others a sentence has one value.
  ///   - list: a column whose different values in a sentence are a list.
  init(_ bytes: [UInt8], columns: [String], joined: [String], list: String? = nil) {
    (self.bytes, self.columns, self.joined, self.list) = (bytes, columns, Set(joined), list)
    lines = LineRanges(bytes)
  }

  /// What the lines of a sentence have said so far.
  private struct Sentence {
    var line: Int
    var comments: [String: String] = [:]
    /// Of each wanted column its fields.
    var fields: [[String]]
    var tokens = 0
    /// Why it cannot be read.
    var reason: String?
  }

  mutating func next() -> RawRow? {
    var sentence: Sentence?
    while let range = lines.next() {
      line += 1
      if bytes[range].allSatisfy(Byte.isSpace) {
        if let row = sentence.flatMap({ row($0) }) { return row }
        sentence = nil
        continue
      }
      var open = sentence ?? Sentence(line: line, fields: Array(repeating: [], count: columns.count))
      if let text = String(validating: bytes[range], as: UTF8.self) {
        read(text, range, &open)
      } else {
        (open.reason, open.tokens) = (open.reason ?? RawRecord.notUTF8, open.tokens + 1)
      }
      sentence = open
    }
    if let row = sentence.flatMap({ row($0) }) { return row }
    end()
    return nil
  }

  private mutating func read(_ text: String, _ range: Range<Int>, _ sentence: inout Sentence) {
    if sentence.tokens == 0, let comment = Self.comment(text) {
      if !keys.contains(comment.key) { keys.append(comment.key) }
      sentence.comments[comment.key] = comment.value
      return
    }
    let separator = hasTabs ?? bytes[range].contains(Byte.tab)
    hasTabs = separator
    let fields = separator ? text.split(separator: "\t", omittingEmptySubsequences: false) : text.split(separator: " ")
    if fields.first == "-DOCSTART-" { return }
    sentence.tokens += 1
    if width == 0 { width = fields.count }
    guard fields.count == width else {
      let reason = "line \(line) has \(fields.count) columns where the first token has \(width)"
      sentence.reason = sentence.reason ?? reason
      return
    }
    for (place, column) in columns.enumerated() {
      if let index = Int(column), (1...width).contains(index) {
        sentence.fields[place].append(String(fields[index - 1]))
      }
    }
  }

  /// `# key = value`.
  private static func comment(_ text: String) -> (key: String, value: String)? {
    guard text.hasPrefix("# "), let sign = text.range(of: " = ") else { return nil }
    let key = trimmed(String(text[text.index(text.startIndex, offsetBy: 2)..<sign.lowerBound]))
    return key.isEmpty ? nil : (key, trimmed(String(text[sign.upperBound...])))
  }

  /// nil of what has no token.
  private mutating func row(_ sentence: Sentence) -> RawRow? {
    guard sentence.tokens > 0 else { return nil }
    number += 1
    var (values, reason): ([String?], String?) = ([], sentence.reason)
    for (column, fields) in zip(columns, sentence.fields) {
      let different = fields.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      if fields.isEmpty {
        values.append(sentence.comments[column])
      } else if column == list {
        values.append(RawRecord.list(different))
      } else if joined.contains(column) {
        values.append(fields.joined(separator: " "))
      } else {
        if different.count > 1 { reason = reason ?? "\(different.count) values in column \(column) where one belongs" }
        values.append(different[0])
      }
    }
    if let reason { return .malformed(.init(number: number, line: sentence.line, reason: reason)) }
    return .record(RawRecord(number: number, line: sentence.line, values: values))
  }

  private mutating func end() {
    guard !hasEnded else { return }
    hasEnded = true
    let existing = (0..<width).map { "\($0 + 1)" } + keys
    guard number > 0 else { return }
    for column in columns where !existing.contains(column) {
      findings.failures.append(.missingColumn(column, candidates: existing))
    }
  }
}
