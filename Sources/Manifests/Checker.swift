import Settings
import Text

/// Compares values with shapes: collects every mistake, fills in defaults, never stops at the first.
struct Checker {
  private(set) var errors: [ManifestError] = []

  /// The value checked. `place` is where to point when something is missing inside it.
  mutating func check(_ value: YAMLValue, _ shape: Shape, path: KeyPathText, place: SourcePosition) -> Checked {
    if value.isUnusable { return Checked(Checker.emptyContent(shape), at: value.position, isValid: false) }
    switch shape {
    case .flag:
      if case .flag(let flag) = value.content { return Checked(.flag(flag), at: value.position) }
      let word = value.text.lowercased()
      let meant =
        ["yes", "on", "true"].contains(word) ? "true" : ["no", "off", "false"].contains(word) ? "false" : nil
      return wrong(value, shape, path, suggestion: meant)
    case .integer(let bounds):
      guard case .integer(let integer) = value.content, bounds.contains(Double(integer)) else {
        return wrong(value, shape, path)
      }
      return Checked(.integer(integer), at: value.position)
    case .number(let bounds):
      let number: Double
      switch value.content {
      case .integer(let integer): number = Double(integer)
      case .number(let found): number = found
      default: return wrong(value, shape, path)
      }
      return bounds.contains(number) ? Checked(.number(number), at: value.position) : wrong(value, shape, path)
    case .text, .column, .path, .name, .choice:
      return word(value, shape, path)
    case .list(let item, let count, let single):
      return list(value, shape, item, count, single, path)
    case .table(let item, let rule, let minimum):
      return table(value, shape, item, rule, minimum, path, place)
    case .section(let section):
      return self.section(value, section, path, place)
    case .variants(let variants):
      return self.variants(value, shape, variants, path, place)
    case .either(let key, let first, let second):
      return self.section(value, value.entry(key) == nil ? second : first, path, place)
    case .union(let shapes):
      guard let fitting = shapes.first(where: { Checker.takes($0, value) }) else { return wrong(value, shape, path) }
      return check(value, fitting, path: path, place: place)
    case .optional(let inner):
      if value.isPlain, case .text("none") = value.content { return Checked(.none, at: value.position) }
      let before = errors.count
      let checked = check(value, inner, path: path, place: place)
      if value.isScalar, errors.count == before + 1 { errors[before].expected += ", or none" }
      return checked
    case .any:
      return Checked(.none, at: value.position)
    }
  }

  /// The value of a field that is not written.
  static func filledIn(_ field: Field) -> Checked? {
    switch field.fallback {
    case .absent, .derived: return nil
    case .required: return Checked(emptyContent(field.shape), isValid: false)
    case .value(let content):
      var shape = field.shape
      if case .optional(let inner) = shape, case .map = content { shape = inner }
      if case .union(let shapes) = shape, let first = shapes.first, case .map = content { shape = first }
      if case .section(let section) = shape, case .map = content { return Checked(.map(defaults(of: section))) }
      return Checked(content)
    }
  }

  private static func defaults(of section: Section) -> [Checked.Entry] {
    section.fields.compactMap { field in
      guard field.isFilledIn, let value = filledIn(field) else { return nil }
      return Checked.Entry(key: field.key, keyPosition: nil, value: value)
    }
  }

  private static func emptyContent(_ shape: Shape) -> Checked.Content {
    switch shape {
    case .list: return .list([])
    case .table, .section, .variants, .either: return .map([])
    default: return .none
    }
  }

  private static func takes(_ shape: Shape, _ value: YAMLValue) -> Bool {
    switch shape {
    case .table, .section, .variants, .either: return value.entries != nil
    case .list(_, _, let single): return value.list != nil || (single && value.isScalar)
    case .integer, .number:
      if case .text = value.content { return value.isUntyped }
      return value.isScalar
    default: return value.isScalar
    }
  }

  private mutating func wrong(
    _ value: YAMLValue, _ shape: Shape, _ path: KeyPathText, suggestion: String? = nil
  ) -> Checked {
    errors.append(
      ManifestError(
        at: value.position, keyPath: path.text, got: value.description, expected: shape.expectation,
        suggestion: suggestion))
    return Checked(Checker.emptyContent(shape), at: value.position, isValid: false)
  }

  private mutating func word(_ value: YAMLValue, _ shape: Shape, _ path: KeyPathText) -> Checked {
    var text: String
    switch value.content {
    case .text(let found): text = found
    case .integer, .number, .flag, .null:
      let isName: Bool
      if case .name = shape { isName = true } else { isName = false }
      var isNumber = false
      if case .column = shape, case .integer(let number) = value.content { isNumber = number > 0 }
      if value.isUntyped || isNumber || (isName && !value.text.isEmpty) {
        text = value.text
      } else if case .choice = shape {
        return wrong(value, shape, path)
      } else if value.text.isEmpty {
        return wrong(value, shape, path)
      } else {
        let quoted = "(in quotes: \"\(YAMLValue.shortened(value.text))\")"
        var expected = "\(shape.expectation) \(quoted)"
        // Only a header can have such a name.
        if case .column = shape, case .integer = value.content {
          expected = "a column's name of the header \(quoted), or without a header its number, from 1"
        }
        errors.append(
          ManifestError(at: value.position, keyPath: path.text, got: value.description, expected: expected))
        return Checked(.none, at: value.position, isValid: false)
      }
    default: return wrong(value, shape, path)
    }
    switch shape {
    case .choice(let words) where !words.contains(text):
      return wrong(value, shape, path, suggestion: Spelling.nearest(to: text, among: words))
    case .name where !Checker.isName(text): return wrong(value, shape, path)
    case .path where text.isEmpty: return wrong(value, shape, path)
    default: break
    }
    var checked = Checked(.text(text), at: value.position)
    if case .path = shape { checked.declared = value.declared }
    return checked
  }

  /// A name usable as a folder and in a key path.
  static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first.isNumber || first == "_", text.utf8.count <= 100 else {
      return false
    }
    return text.last != "." && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" || $0 == "-" }
  }

  private mutating func list(
    _ value: YAMLValue, _ shape: Shape, _ item: Shape, _ count: ClosedRange<Int>, _ single: Bool, _ path: KeyPathText
  ) -> Checked {
    guard let list = value.list else {
      guard single, value.isScalar else { return wrong(value, shape, path) }
      let only = check(value, item, path: path, place: value.position)
      return Checked(.list([only]), at: value.position, isValid: only.isValid)
    }
    guard count.contains(list.count) else {
      let size =
        count.upperBound == .max
        ? "at least \(count.lowerBound)"
        : count.lowerBound == count.upperBound
          ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      errors.append(
        ManifestError(
          at: value.position, keyPath: path.text, got: list.isEmpty ? "an empty list" : "a list of \(list.count)",
          expected: "\(size) item\(size.hasSuffix(" 1") || size == "1" ? "" : "s"), each \(item.expectation)"))
      return Checked(.list([]), at: value.position, isValid: false)
    }
    var items = [Checked]()
    for (index, element) in list.enumerated() {
      items.append(check(element, item, path: path[index], place: element.position))
    }
    return Checked(.list(items), at: value.position, isValid: items.allSatisfy(\.isValid))
  }

  private mutating func table(
    _ value: YAMLValue, _ shape: Shape, _ item: Shape, _ rule: Shape.KeyRule, _ minimum: Int, _ path: KeyPathText,
    _ place: SourcePosition
  ) -> Checked {
    guard let entries = value.entries else { return wrong(value, shape, path) }
    if entries.count < minimum {
      errors.append(
        ManifestError(at: place, keyPath: path.text, got: value.description, expected: "at least one entry"))
    }
    var checked = [Checked.Entry]()
    for entry in entries {
      if case .name = rule, !Checker.isName(entry.key) {
        errors.append(
          ManifestError(
            at: entry.keyPosition, keyPath: path.text, got: "the name \"\(YAMLValue.shortened(entry.key))\"",
            expected: Shape.name.expectation))
      }
      let value = check(entry.value, item, path: path[entry.key], place: entry.keyPosition)
      checked.append(.init(key: entry.key, keyPosition: entry.keyPosition, value: value))
    }
    return Checked(.map(checked), at: value.position, isValid: entries.count >= minimum)
  }

  private mutating func section(
    _ value: YAMLValue, _ section: Section, _ path: KeyPathText, _ place: SourcePosition
  ) -> Checked {
    guard let entries = value.entries else { return wrong(value, .section(section), path) }
    let keys = section.fields.map(\.key)
    var meant = Set<String>()
    for entry in entries where section.field(entry.key) == nil {
      let free = keys.filter { value.entry($0) == nil }
      let suggestion = Spelling.nearest(to: entry.key, among: free) ?? Spelling.nearest(to: entry.key, among: keys)
      if let suggestion { meant.insert(suggestion) }
      errors.append(
        ManifestError(
          at: entry.keyPosition, keyPath: path[entry.key].text, got: "a key unknown to \(section.title)",
          expected: Shape.choice(keys).expectation, suggestion: suggestion))
    }
    let isKnown = entries.allSatisfy { section.field($0.key) != nil }
    var checked = [Checked.Entry]()
    for field in section.fields {
      if let entry = value.entry(field.key) {
        let value = check(entry.value, field.shape, path: path[field.key], place: entry.keyPosition)
        checked.append(.init(key: field.key, keyPosition: entry.keyPosition, value: value))
        continue
      }
      if field.isRequired, !meant.contains(field.key) {
        errors.append(
          ManifestError(
            at: place, keyPath: path[field.key].text, got: "nothing",
            expected: "the key `\(field.key)`: \(field.shape.expectation)"))
      }
      if field.isFilledIn, let value = Checker.filledIn(field) {
        checked.append(.init(key: field.key, keyPosition: nil, value: value))
      }
    }
    return Checked(.map(checked), at: value.position, isValid: isKnown)
  }

  private mutating func variants(
    _ value: YAMLValue, _ shape: Shape, _ variants: [Shape.Variant], _ path: KeyPathText, _ place: SourcePosition
  ) -> Checked {
    guard let entries = value.entries else { return wrong(value, shape, path) }
    let kinds = variants.map(\.kind)
    guard let kind = value.entry("kind") else {
      // A misspelt `kind` is one mistake, not two.
      let misspelt = entries.first { Spelling.nearest(to: $0.key, among: ["kind"]) != nil }
      errors.append(
        ManifestError(
          at: misspelt?.keyPosition ?? place, keyPath: path[misspelt?.key ?? "kind"].text,
          got: misspelt == nil ? "nothing" : "an unknown key",
          expected: "the key `kind`: \(Shape.choice(kinds).expectation)", suggestion: misspelt == nil ? nil : "kind"))
      return Checked(.map([]), at: value.position, isValid: false)
    }
    let checkedKind = check(kind.value, .choice(kinds), path: path["kind"], place: kind.keyPosition)
    guard let name = checkedKind.text, let variant = variants.first(where: { $0.kind == name }) else {
      return Checked(.map([]), at: value.position, isValid: false)
    }
    return section(value, variant.section, path, place)
  }
}
