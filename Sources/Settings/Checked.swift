/// A value after checking: of the right type, with defaults filled in, and where each came from.
package struct Checked: Sendable {
  package enum Content: Sendable {
    case none
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([Checked])
    case map([Entry])
  }

  package struct Entry: Sendable {
    package var key: String
    /// Nil where the key is not written.
    package var keyPosition: SourcePosition?
    package var value: Checked

    package init(key: String, keyPosition: SourcePosition?, value: Checked) {
      (self.key, self.keyPosition, self.value) = (key, keyPosition, value)
    }
  }

  package var content: Content
  /// Nil for a default.
  package var position: SourcePosition?
  /// Where it came from, in words, where neither a position nor "default" says it: `config.json`.
  package var origin: String?
  /// As written, `${env:…}` unexpanded (paths).
  package var declared: String?
  /// False after an error: the value stands in for one that could not be used.
  package var isValid = true

  package init(_ content: Content, at position: SourcePosition? = nil, isValid: Bool = true) {
    (self.content, self.position, self.isValid) = (content, position, isValid)
  }

  package var isDefault: Bool { position == nil }

  package var entries: [Entry] {
    if case .map(let entries) = content { return entries }
    return []
  }

  package var list: [Checked] {
    if case .list(let list) = content { return list }
    return []
  }

  package var text: String? {
    if case .text(let text) = content { return text }
    return nil
  }

  package var integer: Int? {
    if case .integer(let integer) = content { return integer }
    return nil
  }

  package var number: Double? {
    if case .number(let number) = content { return number }
    return integer.map(Double.init)
  }

  package var flag: Bool? {
    if case .flag(let flag) = content { return flag }
    return nil
  }

  package var texts: [String] { list.compactMap(\.text) }

  package subscript(key: String) -> Checked? { entries.first { $0.key == key }?.value }

  /// Changes an entry in place; no effect where there is none.
  package mutating func update(_ key: String, _ change: (inout Checked) -> Void) {
    guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else { return }
    change(&entries[index].value)
    content = .map(entries)
  }

  /// Changes every entry of a map in place.
  package mutating func updateEach(_ change: (String, inout Checked) -> Void) {
    guard case .map(var entries) = content else { return }
    for index in entries.indices { change(entries[index].key, &entries[index].value) }
    content = .map(entries)
  }
}

extension Checked {
  /// Puts a value where the section's order wants it, unless the key is there.
  package mutating func insert(_ key: String, _ value: Checked, order: [String]) {
    guard case .map(var entries) = content, !entries.contains(where: { $0.key == key }) else { return }
    let rank = order.firstIndex(of: key) ?? order.count
    let index = entries.firstIndex { (order.firstIndex(of: $0.key) ?? order.count) > rank } ?? entries.count
    entries.insert(Entry(key: key, keyPosition: nil, value: value), at: index)
    content = .map(entries)
  }

  /// Puts an entry behind the others of a map.
  package mutating func append(_ key: String, _ value: Checked) {
    guard case .map(let entries) = content else { return }
    content = .map(entries + [Entry(key: key, keyPosition: nil, value: value)])
  }

  package func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }
}

extension Checked {
  /// Sets a value below keys, making the maps between.
  package mutating func set(_ keys: ArraySlice<String>, _ value: SettingValue) { set(keys, value.checked) }

  package mutating func set(_ keys: ArraySlice<String>, _ value: Checked) {
    guard let key = keys.first else {
      self = value
      return
    }
    var entries = self.entries
    let index = entries.firstIndex { $0.key == key } ?? entries.count
    if index == entries.count { entries.append(Entry(key: key, keyPosition: nil, value: Checked(.map([])))) }
    entries[index].value.set(keys.dropFirst(), value)
    content = .map(entries)
  }
}
