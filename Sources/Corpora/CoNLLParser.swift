/// CoNLL's columns: a token a line, its fields between tabs or blanks, and an empty line behind each sentence.
///
/// A sentence is a record. Columns are called "1", "2", …; a text is its tokens, joined by blanks. Lines `# key = value`
/// before a sentence's first token are columns too, by their key (CoNLL-U: `text`, `sent_id`, or what the file has); those
/// of a document or paragraph (`newdoc id`, `newpar id`) hold until the next. Other lines that begin so and have not the
/// file's number of fields are comments. `-DOCSTART-` (CoNLL-2003) is no token, and neither are a word of several tokens
/// (`3-4`) and an empty node (`3.1`) of CoNLL-U's ten columns.
struct CoNLLParser: RecordSource {
  private(set) var findings = FileFindings()
  private let bytes: [UInt8]
  private let columns: [String]
  /// Of each column its place among the fields, from 0; nil where it is a comment's key, or there is no such field.
  private let places: [Int?]
  private let joined: Set<String>
  private let list: String?
  /// Between the fields: a tab, or any run of blanks.
  private let separator: UInt8
  /// Fields of the file's first token.
  private let width: Int
  private var lines: LineRanges
  private var (number, line) = (0, 0)
  /// Keys of comments in the order in which they were met.
  private var keys: [String] = []
  private var known: Set<String> = []
  /// What holds for the sentences of a document or paragraph.
  private var carried: [String: String] = [:]
  private var hasEnded = false

  private static let unitsWidth = 10

  /// - Parameters:
  ///   - bytes: a text in UTF-8.
  ///   - columns: those that a record's values are, in this order.
  ///   - joined: columns that have a token each; of others a sentence has one value.
  ///   - list: a column whose different values in a sentence are a list.
  init(_ bytes: [UInt8], columns: [String], joined: [String], list: String? = nil) {
    (self.bytes, self.columns, self.joined, self.list) = (bytes, columns, Set(joined), list)
    lines = LineRanges(bytes)
    let first = Self.firstToken(bytes)
    separator = first.map { bytes[$0].contains(Byte.tab) } == true ? Byte.tab : Byte.space
    let width = first.map { [separator] in Self.fields(bytes[$0], separator).count } ?? 0
    self.width = width
    places = columns.map { column in
      Int(column).flatMap { (1...max(width, 1)).contains($0) && width > 0 ? $0 - 1 : nil }
    }
  }

  /// The first line that can only be a token: nil where every other begins with `#` or is `-DOCSTART-`.
  private static func firstToken(_ bytes: [UInt8]) -> Range<Int>? {
    var lines = LineRanges(bytes), other: Range<Int>?
    while let range = lines.next() {
      if bytes[range].allSatisfy(Byte.isSpace) || isDocumentStart(bytes[range]) { continue }
      if bytes[range].first != UInt8(ascii: "#") { return range }
      if other == nil, pair(bytes[range]) == nil, !isMark(bytes[range]) { other = range }
    }
    return other
  }

  private static func isDocumentStart(_ line: ArraySlice<UInt8>) -> Bool {
    let name = Array("-DOCSTART-".utf8)
    return line.starts(with: name) && line.dropFirst(name.count).first.map(Byte.isSpace) != false
  }

  private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
    line.first == UInt8(ascii: "#") && line.dropFirst().first.map { $0 == Byte.space } != false
  }

  /// Where a document or paragraph begins that has no name.
  private static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
    line.elementsEqual("# newdoc".utf8) || line.elementsEqual("# newpar".utf8)
  }

  private static func fields(_ line: ArraySlice<UInt8>, _ separator: UInt8) -> [ArraySlice<UInt8>] {
    line.split(separator: separator, omittingEmptySubsequences: separator == Byte.space)
  }

  /// What the lines of a sentence have said so far.
  private struct Sentence {
    var line: Int
    var comments: [String: String]
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
      } else if !Self.isDocumentStart(bytes[range]) {
        read(bytes[range], &sentence)
      }
    }
    if let row = sentence.flatMap({ row($0) }) { return row }
    end()
    return nil
  }

  private mutating func read(_ text: ArraySlice<UInt8>, _ sentence: inout Sentence?) {
    let fields = Self.fields(text, separator)
    if sentence?.tokens ?? 0 == 0, Self.isComment(text) {
      if let comment = Self.pair(text) {
        note(comment, &sentence)
        return
      }
      if fields.count != width || Self.isMark(text) { return }
    }
    let isUnit = { (byte: UInt8) in byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") }
    if width == Self.unitsWidth, fields.first?.contains(where: isUnit) == true { return }
    var open = sentence ?? opened()
    defer { sentence = open }
    open.tokens += 1
    guard open.reason == nil else { return }
    guard fields.count == width else {
      open.reason = "line \(line) has \(fields.count) columns where the first token has \(width)"
      return
    }
    for (column, place) in places.enumerated() {
      guard let place else { continue }
      guard let field = String(validating: fields[place], as: UTF8.self) else {
        open.reason = RawRecord.notUTF8
        return
      }
      open.fields[column].append(field)
    }
  }

  private func opened() -> Sentence {
    Sentence(line: line, comments: carried, fields: Array(repeating: [], count: columns.count))
  }

  private mutating func note(_ comment: (key: String, value: String), _ sentence: inout Sentence?) {
    if known.insert(comment.key).inserted { keys.append(comment.key) }
    if comment.key.hasPrefix("newdoc") { carried = carried.filter { !$0.key.hasPrefix("newpar") } }
    if comment.key.hasPrefix("newdoc") || comment.key.hasPrefix("newpar") { carried[comment.key] = comment.value }
    if sentence == nil { sentence = opened() }
    sentence?.comments[comment.key] = comment.value
  }

  /// `# key = value`; nil of anything else.
  private static func pair(_ line: ArraySlice<UInt8>) -> (key: String, value: String)? {
    guard let text = String(validating: line, as: UTF8.self) else { return nil }
    let rest = text.dropFirst(2)
    guard let sign = rest.firstRange(of: " = ") else { return nil }
    let key = trimmed(String(rest[..<sign.lowerBound]))
    return key.isEmpty ? nil : (key, trimmed(String(rest[sign.upperBound...])))
  }

  /// nil of what has no token.
  private mutating func row(_ sentence: Sentence) -> RawRow? {
    guard sentence.tokens > 0 else { return nil }
    number += 1
    if let reason = sentence.reason {
      return .malformed(.init(number: number, line: sentence.line, reason: reason))
    }
    var values: [String?] = []
    for (place, column) in columns.enumerated() {
      let fields = sentence.fields[place]
      if places[place] == nil {
        values.append(sentence.comments[column])
      } else if column == list {
        var seen: Set<String> = []
        values.append(RawRecord.list(fields.filter { seen.insert($0).inserted }))
      } else if joined.contains(column) {
        values.append(fields.joined(separator: " "))
      } else if fields.allSatisfy({ $0 == fields[0] }) {
        values.append(fields[0])
      } else {
        let reason = "\(Set(fields).count) values in column \(column) where one belongs"
        return .malformed(.init(number: number, line: sentence.line, reason: reason))
      }
    }
    return .record(RawRecord(number: number, line: sentence.line, values: values))
  }

  private mutating func end() {
    guard !hasEnded else { return }
    hasEnded = true
    guard number > 0 else { return }
    for (column, place) in zip(columns, places) where place == nil && !known.contains(column) {
      findings.failures.append(.missingColumn(column, candidates: (0..<width).map { "\($0 + 1)" } + keys))
    }
  }
}
