import Settings
import Text

/// Replaces `${name}`, `${env:NAME}` and `${env:NAME:-default}`; `$${` stands for `${`.
///
/// A scalar that is only one `${name}` takes the variable's value with its type; elsewhere the text is inserted.
struct Interpolation {
  private enum Piece {
    case literal(String)
    case variable(String)
    case environment(name: String, fallback: String?, raw: String)
  }
  private enum State {
    case unresolved(YAMLValue)
    case underWay
    case resolved(YAMLValue)
    case failed
  }

  private let environment: [String: String]
  private let names: [String]
  private var states: [String: State] = [:]
  private(set) var errors: [ManifestError] = []
  /// Values that may still be inserted, so that variables of variables cannot grow without limit.
  private var budget = YAMLGuard.maximumNodes * 5
  private var depth = 0
  private static let maximumLength = 65_536

  init(vars: YAMLValue?, environment: [String: String]) {
    self.environment = environment
    let entries = vars?.entries ?? []
    names = entries.map(\.key)
    for entry in entries { states[entry.key] = .unresolved(entry.value) }
  }

  /// The value with everything inserted; errors are collected.
  mutating func expand(_ value: YAMLValue, path: KeyPathText) -> YAMLValue {
    var result = value
    switch value.content {
    case .list(let list):
      var items = [YAMLValue]()
      for (index, item) in list.enumerated() { items.append(expand(item, path: path[index])) }
      result.content = .list(items)
    case .map(let entries):
      var expanded = [YAMLValue.Entry]()
      for var entry in entries {
        entry.value = expand(entry.value, path: path[entry.key])
        expanded.append(entry)
      }
      result.content = .map(expanded)
    case .text(let text):
      if text.contains("${") { return expand(text, of: value, path: path) }
    default: break
    }
    return result
  }

  private mutating func expand(_ text: String, of value: YAMLValue, path: KeyPathText) -> YAMLValue {
    guard let pieces = pieces(text, at: value.position, path: path) else { return unusable(value) }
    if pieces.count == 1 { return whole(pieces[0], of: value, path: path) }
    var expanded = "", declared = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal):
        expanded += literal
        declared += Interpolation.escaped(literal)
      case .variable(let name):
        guard let inserted = variable(name, at: value.position, path: path) else { return unusable(value) }
        guard inserted.isScalar else {
          errors.append(
            ManifestError(
              at: value.position, keyPath: path.text, got: "`${\(name)}` (\(inserted.description)) inside a text",
              expected: "a variable with a single value"))
          return unusable(value)
        }
        expanded += inserted.text
        declared += inserted.declared
      case .environment(let name, let fallback, let raw):
        guard let inserted = environmentValue(name, fallback, raw, at: value.position, path: path) else {
          return unusable(value)
        }
        expanded += inserted
        declared += raw
      }
      if expanded.utf8.count > Interpolation.maximumLength || declared.utf8.count > Interpolation.maximumLength {
        errors.append(
          ManifestError(
            at: value.position, keyPath: path.text, got: "a text longer than 64 KiB, variables expanded",
            expected: "a shorter text"))
        return unusable(value)
      }
    }
    var result = YAMLValue(scalar: expanded, isPlain: false, position: value.position)
    result.declared = declared
    return result
  }

  /// A scalar that is one piece.
  private mutating func whole(_ piece: Piece, of value: YAMLValue, path: KeyPathText) -> YAMLValue {
    switch piece {
    case .literal(let literal):
      var result = YAMLValue(scalar: literal, isPlain: false, position: value.position)
      result.declared = Interpolation.escaped(literal)
      return result
    case .variable(let name):
      guard var result = variable(name, at: value.position, path: path) else { return unusable(value) }
      budget -= Interpolation.size(result, limit: budget)
      if budget <= 0 {
        errors.append(
          ManifestError(
            at: value.position, keyPath: path.text, got: "variables that expand to too many values",
            expected: "at most \(YAMLGuard.maximumNodes * 5)"))
        return unusable(value)
      }
      (result.position, result.via) = (value.position, "${\(name)}")
      return result
    case .environment(let name, let fallback, let raw):
      guard let text = environmentValue(name, fallback, raw, at: value.position, path: path) else {
        return unusable(value)
      }
      var result = YAMLValue(scalar: text, isPlain: true, position: value.position)
      (result.declared, result.isUntyped, result.via) = (raw, true, "${env:\(name)}")
      return result
    }
  }

  private mutating func variable(_ name: String, at position: SourcePosition, path: KeyPathText) -> YAMLValue? {
    switch states[name] {
    case .resolved(let value): return value
    case .failed: return nil
    case .underWay:
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "`${\(name)}`, which refers to itself",
          expected: "a variable that does not"))
      return nil
    case .unresolved(let value):
      guard depth < 64 else {
        errors.append(
          ManifestError(
            at: position, keyPath: path.text, got: "a chain of more than 64 variables", expected: "a shorter chain"))
        return nil
      }
      depth += 1
      defer { depth -= 1 }
      states[name] = .underWay
      let before = errors.count
      let expanded = expand(value, path: KeyPathText("vars")[name])
      let failed = errors.count > before
      states[name] = failed ? .failed : .resolved(expanded)
      return failed ? nil : expanded
    case nil:
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "`${\(name)}`, which `vars` does not hold",
          expected: names.isEmpty ? "a variable declared under `vars`" : "one of \(names.joined(separator: ", "))",
          suggestion: Spelling.nearest(to: name, among: names)))
      return nil
    }
  }

  private mutating func environmentValue(
    _ name: String, _ fallback: String?, _ raw: String, at position: SourcePosition, path: KeyPathText
  ) -> String? {
    if let value = environment[name], !value.isEmpty || fallback == nil { return value }
    if let fallback { return fallback }
    errors.append(
      ManifestError(
        at: position, keyPath: path.text, got: "`\(raw)`, which is not set",
        expected: "the environment variable \(name), or a default as in `${env:\(name):-value}`"))
    return nil
  }

  /// A value that raises no further errors.
  private func unusable(_ value: YAMLValue) -> YAMLValue {
    var result = value
    result.content = .text("")
    result.isUnusable = true
    return result
  }

  private mutating func pieces(_ text: String, at position: SourcePosition, path: KeyPathText) -> [Piece]? {
    var pieces = [Piece](), literal = "", rest = Substring(text)
    func wrong(_ got: String) -> ManifestError {
      ManifestError(
        at: position, keyPath: path.text, got: got,
        expected: "${name}, ${env:NAME}, ${env:NAME:-default}, or $${ for the characters ${")
    }
    while let character = rest.first {
      if rest.hasPrefix("$${") {
        literal += "${"
        rest = rest.dropFirst(3)
        continue
      }
      guard rest.hasPrefix("${") else {
        literal.append(character)
        rest = rest.dropFirst()
        continue
      }
      guard let end = rest.firstIndex(of: "}") else {
        errors.append(wrong("`\(YAMLValue.shortened(String(rest)))` without a closing brace"))
        return nil
      }
      let raw = String(rest[...end])
      let inner = String(raw.dropFirst(2).dropLast())
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      rest = rest[rest.index(after: end)...]
      if inner.hasPrefix("env:") {
        let body = inner.dropFirst(4)
        let colon = body.firstIndex(of: ":")
        let name = String(body[..<(colon ?? body.endIndex)])
        let tail = colon.map { body[$0...] }
        guard !name.isEmpty, name.allSatisfy(Interpolation.isNameCharacter), tail?.hasPrefix(":-") ?? true else {
          errors.append(wrong("`\(raw)`"))
          return nil
        }
        pieces.append(.environment(name: name, fallback: tail.map { String($0.dropFirst(2)) }, raw: raw))
      } else {
        guard !inner.isEmpty, inner.allSatisfy(Interpolation.isNameCharacter) else {
          errors.append(wrong("`\(raw)`"))
          return nil
        }
        pieces.append(.variable(inner))
      }
    }
    if !literal.isEmpty || pieces.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "-" || character == "."
  }

  /// The text that stands for itself when it is read again.
  static func escaped(_ text: String) -> String {
    text.contains("${") ? text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${") : text
  }

  /// Number of values, counted no further than `limit`.
  private static func size(_ value: YAMLValue, limit: Int) -> Int {
    var count = 1
    switch value.content {
    case .list(let list):
      for item in list where count < limit { count += size(item, limit: limit - count) }
    case .map(let entries):
      for entry in entries where count < limit { count += size(entry.value, limit: limit - count) }
    default: break
    }
    return count
  }
}
