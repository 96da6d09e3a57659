/// A value of a JSON file with its way from the root, for messages that say where something is wrong.
struct JSONField {
  /// The file that values stand in.
  final class Source: Sendable {
    let file: String
    private let bytes: [UInt8]

    init(file: String, bytes: [UInt8]) { (self.file, self.bytes) = (file, bytes) }

    func error(at offset: Int, _ what: String) -> TextError {
      .vocabulary(file: file, line: bytes.prefix(offset).count { $0 == 0x0A } + 1, what: what)
    }
  }

  let source: Source
  /// Keys and positions from the root, with points between; empty for the root.
  let path: String
  let tree: JSONTree

  /// - Throws: `TextError` where the bytes are no JSON.
  static func parse(_ bytes: [UInt8], file: String) throws(TextError) -> JSONField {
    let source = Source(file: file, bytes: bytes)
    do { return JSONField(source: source, path: "", tree: try JSONParser.parse(bytes)) } catch {
      throw source.error(at: error.offset, "is no JSON: \(error.what)")
    }
  }

  func error(_ what: String) -> TextError {
    source.error(at: tree.offset, path.isEmpty ? what : "\(path): \(what)")
  }

  /// `got …, expected …`.
  func unexpected(_ expected: String) -> TextError { error("got \(found), expected \(expected)") }

  private var found: String {
    switch tree.value {
    case .null: "null"
    case .flag(let flag): "\(flag)"
    case .number(let number): NumberFormat.plain(number)
    case .text(let text): JSONText.quoted(String(text.prefix(60)))
    case .list(let list): "a list of \(list.count)"
    case .object: "an object"
    }
  }

  private func child(_ key: String, _ tree: JSONTree) -> JSONField {
    JSONField(source: source, path: path.isEmpty ? key : "\(path).\(key)", tree: tree)
  }

  func entries() throws(TextError) -> [JSONTree.Entry] {
    guard case .object(let entries) = tree.value else { throw unexpected("an object") }
    return entries
  }

  /// The value of a key; nil where it is missing or null.
  func optional(_ key: String) throws(TextError) -> JSONField? {
    guard let value = try entries().last(where: { $0.key == key })?.value else { return nil }
    if case .null = value.value { return nil }
    return child(key, value)
  }

  func required(_ key: String) throws(TextError) -> JSONField {
    guard let field = try optional(key) else { throw error("has no \(key)") }
    return field
  }

  func entry(_ entry: JSONTree.Entry) -> JSONField { child(entry.key, entry.value) }

  func list() throws(TextError) -> [JSONTree] {
    guard case .list(let list) = tree.value else { throw unexpected("a list") }
    return list
  }

  func item(_ index: Int, _ tree: JSONTree) -> JSONField { child("\(index)", tree) }

  func items() throws(TextError) -> [JSONField] { try list().enumerated().map { item($0.offset, $0.element) } }

  func text() throws(TextError) -> String {
    guard case .text(let text) = tree.value else { throw unexpected("text") }
    return text
  }

  func flag() throws(TextError) -> Bool {
    guard case .flag(let flag) = tree.value else { throw unexpected("true or false") }
    return flag
  }

  func number() throws(TextError) -> Double {
    guard case .number(let number) = tree.value else { throw unexpected("a number") }
    return number
  }

  /// An id: 0 to 16,777,215.
  func id() throws(TextError) -> Int32 {
    guard case .number(let number) = tree.value, let id = Int32(exactly: number), 0..<(1 << 24) ~= id else {
      throw unexpected("an id, 0 to \(1 << 24 - 1)")
    }
    return id
  }

  func flag(_ key: String, default value: Bool) throws(TextError) -> Bool { try optional(key)?.flag() ?? value }

  /// The name in `type`.
  func type() throws(TextError) -> String { try required("type").text() }

  /// Stops at a key that is not known, and so may mean anything.
  func allow(_ keys: String...) throws(TextError) {
    for entry in try entries() where entry.key != "type" && !keys.contains(entry.key) {
      throw self.entry(entry).error("is not known; expected \((["type"] + keys).joined(separator: ", "))")
    }
  }

  /// Stops unless the value is one of those that work.
  func choice<Choice>(_ choices: KeyValuePairs<String, Choice>) throws(TextError) -> Choice {
    let name = try text()
    guard let choice = choices.first(where: { UTF8Key($0.key) == UTF8Key(name) }) else {
      throw unexpected("one of \(choices.map(\.key).joined(separator: ", "))")
    }
    return choice.value
  }
}
