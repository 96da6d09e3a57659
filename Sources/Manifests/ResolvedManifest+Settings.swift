import Settings

extension ResolvedManifest {
  /// One scalar value of a resolved manifest's text.
  public struct Setting: Sendable, Equatable {
    /// Keys from the outermost in, and places in lists: `models`, `lstm`, `hidden`. Names may hold dots.
    public var path: [String]
    /// nil of a map that stands where this version fills in `none`: all that is in it may be filled in.
    public var value: String?
    /// It is written, and not what this version fills in where nothing is written. What is not own is the code's
    /// choice: a key that a later version adds is never own until somebody writes it.
    public var isOwn: Bool

    /// `models.lstm.hidden`
    public var name: String { path.joined(separator: ".") }
  }

  /// The scalar values of a resolved manifest's text, in its order.
  ///
  /// A data file's hash stands as a value of its own below the file: `corpora.messages.files.0.sha256`. nil where the
  /// text is no YAML map.
  public static func settings(of text: String) -> [Setting]? { settings(of: text, schema: ManifestSchema.root) }

  static func settings(of text: String, schema: Section) -> [Setting]? {
    let source = ManifestSource(name: "manifest.resolved.yaml", order: 0, text: text)
    guard let root = try? YAMLReader.read(text, source: source), root.entries != nil else { return nil }
    var walk = SettingsWalk(lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    walk.visit(root, .section(schema), filledIn: nil, [])
    return walk.settings
  }

  /// Cuts a line of a resolved manifest at the ` #` that stands outside quotes; the value has no blanks at its end.
  public static func parts(ofLine line: Substring) -> (value: Substring, comment: Substring) {
    var (isQuoted, isEscaped, afterSpace) = (false, false, false)
    for index in line.indices {
      let character = line[index]
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == "#", afterSpace, !isQuoted {
        let end = line[..<index].lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex
        return (line[..<end], line[index...])
      }
      afterSpace = character == " "
    }
    return (line, "")
  }
}

/// Walks a resolved manifest and the schema side by side.
private struct SettingsWalk {
  let lines: [Substring]
  var settings: [ResolvedManifest.Setting] = []

  /// - Parameters:
  ///   - shape: nil for keys that the schema does not know.
  ///   - filledIn: what the schema has where nothing is written.
  mutating func visit(_ value: YAMLValue, _ shape: Shape?, filledIn: Checked?, _ path: [String]) {
    if let entries = value.entries {
      if case .some(.none) = filledIn?.content { add(path, nil, isOwn: true) }
      let (section, item) = Self.parts(of: shape, value)
      for entry in entries {
        let field = section?.field(entry.key)
        visit(entry.value, field?.shape ?? item, filledIn: field.flatMap(Checker.filledIn), path + [entry.key])
      }
    } else if let list = value.list, !list.allSatisfy(\.isScalar) || list.contains(where: isOnOwnLine) {
      for (index, element) in list.enumerated() {
        visit(element, Self.item(of: shape), filledIn: nil, path + ["\(index)"])
      }
    } else {
      let text = value.list.map { "[" + $0.map(\.text).joined(separator: ", ") + "]" } ?? value.text
      let comment = self.comment(value)
      add(path, text, isOwn: comment != "# default" && text != filledIn.flatMap(Self.text))
      guard value.isScalar, let hash = comment.range(of: "sha256 ") else { return }
      add(path + ["sha256"], String(comment[hash.upperBound...]), isOwn: true)
    }
  }

  /// nil of a map, which no single value is.
  private static func text(_ value: Checked) -> String? {
    if case .map = value.content { return nil }
    return SettingValue(value).text
  }

  private mutating func add(_ path: [String], _ value: String?, isOwn: Bool) {
    settings.append(ResolvedManifest.Setting(path: path, value: value, isOwn: isOwn))
  }

  /// A path has a line of its own, where its hash may stand.
  private func isOnOwnLine(_ item: YAMLValue) -> Bool {
    let line = item.position.line - 1
    return lines.indices.contains(line) && lines[line].drop { $0 == " " }.hasPrefix("- ")
  }

  private func comment(_ value: YAMLValue) -> Substring {
    let line = value.position.line - 1
    return lines.indices.contains(line) ? ResolvedManifest.parts(ofLine: lines[line]).comment : ""
  }

  /// What the keys of a map are: those of a section, or all alike.
  private static func parts(of shape: Shape?, _ value: YAMLValue) -> (section: Section?, item: Shape?) {
    switch shape {
    case .section(let section): (section, nil)
    case .variants(let variants): (variants.first { $0.kind == value["kind"]?.text }?.section, nil)
    case .either(let key, let first, let second): (value[key] == nil ? second : first, nil)
    case .table(let item, _, _): (nil, item)
    case .optional(let inner): parts(of: inner, value)
    case .union(let shapes):
      shapes.lazy.map { parts(of: $0, value) }.first { $0.section != nil || $0.item != nil } ?? (nil, nil)
    default: (nil, nil)
    }
  }

  private static func item(of shape: Shape?) -> Shape? {
    switch shape {
    case .list(let item, _, _): item
    case .optional(let inner): item(of: inner)
    case .union(let shapes): shapes.lazy.compactMap(item(of:)).first
    default: nil
    }
  }
}
