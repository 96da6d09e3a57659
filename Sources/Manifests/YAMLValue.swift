import Settings

/// A YAML value with the place where it stands, typed by YAML 1.2's core schema.
struct YAMLValue: Sendable {
  enum Content: Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([YAMLValue])
    case map([Entry])
  }

  struct Entry: Sendable {
    var key: String
    var keyPosition: SourcePosition
    var value: YAMLValue
  }

  var content: Content
  var position: SourcePosition
  /// The scalar as written, without quotes; empty for lists and maps.
  var text: String
  /// The scalar with variables expanded but `${env:…}` kept.
  var declared: String
  var isPlain: Bool
  /// From the environment: what reads as a number may be meant as text.
  var isUntyped = false
  /// `${name}` where the value came from a variable.
  var via: String?
  /// Already reported: nothing more is said of it.
  var isUnusable = false

  init(scalar text: String, isPlain: Bool, position: SourcePosition) {
    content = isPlain ? YAMLValue.resolve(text) : .text(text)
    (self.position, self.text, declared, self.isPlain) = (position, text, text, isPlain)
  }

  init(list: [YAMLValue], position: SourcePosition) {
    (content, self.position) = (.list(list), position)
    (text, declared, isPlain) = ("", "", true)
  }

  init(map: [Entry], position: SourcePosition) {
    (content, self.position) = (.map(map), position)
    (text, declared, isPlain) = ("", "", true)
  }

  var entries: [Entry]? {
    if case .map(let entries) = content { return entries }
    return nil
  }

  var list: [YAMLValue]? {
    if case .list(let list) = content { return list }
    return nil
  }

  var isScalar: Bool { entries == nil && list == nil }

  subscript(key: String) -> YAMLValue? { entries?.first { $0.key == key }?.value }

  func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }

  /// Replaces or appends an entry; no effect on other than maps.
  mutating func set(_ key: String, to value: YAMLValue, keyPosition: SourcePosition) {
    guard var entries else { return }
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = value
    } else {
      entries.append(Entry(key: key, keyPosition: keyPosition, value: value))
    }
    content = .map(entries)
  }

  mutating func remove(_ key: String) {
    guard let entries else { return }
    content = .map(entries.filter { $0.key != key })
  }

  /// `over` on top of `base`: maps merge, scalars and lists replace.
  static func merged(_ base: YAMLValue, under over: YAMLValue) -> YAMLValue {
    guard let baseEntries = base.entries, let overEntries = over.entries else { return over }
    var result = over
    var entries = [Entry]()
    for entry in baseEntries {
      guard let replacement = over.entry(entry.key) else {
        entries.append(entry)
        continue
      }
      entries.append(
        Entry(
          key: entry.key, keyPosition: replacement.keyPosition,
          value: merged(entry.value, under: replacement.value)))
    }
    let known = Set(baseEntries.map(\.key))
    entries += overEntries.filter { !known.contains($0.key) }
    result.content = .map(entries)
    return result
  }

  /// What an error says was found.
  var description: String {
    let found: String
    switch content {
    case .null: found = "nothing"
    case .flag(let flag): found = "\(flag)"
    case .integer, .number: found = YAMLValue.shortened(text)
    case .text(let text): found = "text \"\(YAMLValue.shortened(text))\""
    case .list(let list): found = list.isEmpty ? "an empty list" : "a list"
    case .map(let entries): found = entries.isEmpty ? "an empty map" : "a map"
    }
    return via.map { "\(found) (from \($0))" } ?? found
  }

  static func shortened(_ text: String) -> String {
    var shown = ""
    for (index, character) in text.enumerated() {
      if index == 60 { return shown + "…" }
      shown += character.isNewline ? " " : String(character)
    }
    return shown
  }
}

extension YAMLValue {
  /// The type of a plain scalar (YAML 1.2.2, section 10.3.2): `yes` is text, `0x1F` an integer, `~` nothing.
  static func resolve(_ text: String) -> Content {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .flag(true)
    case "false", "False", "FALSE": return .flag(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: break
    }
    let bytes = Array(text.utf8)
    guard let first = bytes.first, isDigit(first) || first == 0x2b || first == 0x2d || first == 0x2e else {
      return .text(text)
    }
    if text.hasPrefix("0x"), bytes.count > 2 {
      return Int(text.dropFirst(2), radix: 16).map { .integer($0) } ?? .text(text)
    }
    if text.hasPrefix("0o"), bytes.count > 2 {
      return Int(text.dropFirst(2), radix: 8).map { .integer($0) } ?? .text(text)
    }
    let unsigned = first == 0x2b || first == 0x2d ? Array(bytes.dropFirst()) : bytes
    if [".inf", ".Inf", ".INF"].contains(String(decoding: unsigned, as: UTF8.self)) {
      return .number(first == 0x2d ? -.infinity : .infinity)
    }
    guard isDecimal(unsigned) else { return .text(text) }
    if unsigned.allSatisfy(isDigit), let integer = Int(text) { return .integer(integer) }
    return Double(text).map { .number($0) } ?? .text(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// `12`, `12.`, `.5`, `1.5e-3`.
  private static func isDecimal(_ bytes: [UInt8]) -> Bool {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < bytes.count, isDigit(bytes[index]) { index += 1 }
      return index - start
    }
    var mantissa = digits()
    if index < bytes.count, bytes[index] == 0x2e {
      index += 1
      mantissa += digits()
    }
    guard mantissa > 0 else { return false }
    if index < bytes.count, bytes[index] == 0x65 || bytes[index] == 0x45 {
      index += 1
      if index < bytes.count, bytes[index] == 0x2b || bytes[index] == 0x2d { index += 1 }
      guard digits() > 0 else { return false }
    }
    return index == bytes.count
  }
}
