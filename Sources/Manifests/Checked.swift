/// A value after checking: of the right type, with defaults filled in, and where each came from.
struct Checked: Sendable {
  enum Content: Sendable {
    case none
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([Checked])
    case map([Entry])
  }

  struct Entry: Sendable {
    var key: String
    /// Nil where the key is not written.
    var keyPosition: SourcePosition?
    var value: Checked
  }

  var content: Content
  /// Nil for a default.
  var position: SourcePosition?
  /// Where it came from, in words, where neither a position nor "default" says it: `config.json`.
  var origin: String?
  /// As written, `${env:…}` unexpanded (paths).
  var declared: String?
  /// False after an error: the value stands in for one that could not be used.
  var isValid = true

  init(_ content: Content, at position: SourcePosition? = nil, isValid: Bool = true) {
    (self.content, self.position, self.isValid) = (content, position, isValid)
  }

  var isDefault: Bool { position == nil }

  var entries: [Entry] {
    if case .map(let entries) = content { return entries }
    return []
  }

  var list: [Checked] {
    if case .list(let list) = content { return list }
    return []
  }

  var text: String? {
    if case .text(let text) = content { return text }
    return nil
  }

  var integer: Int? {
    if case .integer(let integer) = content { return integer }
    return nil
  }

  var number: Double? {
    if case .number(let number) = content { return number }
    return integer.map(Double.init)
  }

  var flag: Bool? {
    if case .flag(let flag) = content { return flag }
    return nil
  }

  var texts: [String] { list.compactMap(\.text) }

  subscript(key: String) -> Checked? { entries.first { $0.key == key }?.value }

  /// Changes an entry in place; no effect where there is none.
  mutating func update(_ key: String, _ change: (inout Checked) -> Void) {
    guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else { return }
    change(&entries[index].value)
    content = .map(entries)
  }

  /// Changes every entry of a map in place.
  mutating func updateEach(_ change: (String, inout Checked) -> Void) {
    guard case .map(var entries) = content else { return }
    for index in entries.indices { change(entries[index].key, &entries[index].value) }
    content = .map(entries)
  }
}

extension Checked {
  /// Puts a value where the section's order wants it, unless the key is there.
  mutating func insert(_ key: String, _ value: Checked, order: [String]) {
    guard case .map(var entries) = content, !entries.contains(where: { $0.key == key }) else { return }
    let rank = order.firstIndex(of: key) ?? order.count
    let index = entries.firstIndex { (order.firstIndex(of: $0.key) ?? order.count) > rank } ?? entries.count
    entries.insert(Entry(key: key, keyPosition: nil, value: value), at: index)
    content = .map(entries)
  }

  /// Puts an entry behind the others of a map.
  mutating func append(_ key: String, _ value: Checked) {
    guard case .map(let entries) = content else { return }
    content = .map(entries + [Entry(key: key, keyPosition: nil, value: value)])
  }

  func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }
}
