import Settings
import Text

/// One `--set key.path=value`: the value is YAML, the path is checked against the schema.
///
/// `*` stands for all entries of a map or list; list items are numbered from 0.
struct Override {
  private let source: ManifestSource
  private let segments: [Segment]
  private let value: YAMLValue

  private struct Segment {
    var text: String
    var column: Int
  }

  init(_ argument: String, number: Int) throws(ManifestError) {
    source = ManifestSource(name: "--set \(number)", order: 1_000 + number, text: argument, isOverride: true)
    let start = SourcePosition(source: source, line: 1, column: 1)
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw ManifestError(at: start, got: "`\(YAMLValue.shortened(argument))`", expected: "key.path=value")
    }
    let text = String(argument[argument.index(after: equals)...])
    let prefix = argument.unicodeScalars.distance(from: argument.startIndex, to: equals) + 1
    if text.allSatisfy(\.isWhitespace) {
      value = YAMLValue(
        scalar: "", isPlain: true, position: SourcePosition(source: source, line: 1, column: prefix + 1))
    } else {
      value = try YAMLReader.read(text, source: source, shift: prefix)
    }
    var column = 1
    var parts = [Segment]()
    for part in argument[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
      guard !part.isEmpty else {
        throw ManifestError(at: start, got: "`\(argument[..<equals])`", expected: "words with single dots between them")
      }
      parts.append(Segment(text: String(part), column: column))
      column += part.unicodeScalars.count + 1
    }
    segments = parts
    guard parts.count <= YAMLGuard.maximumDepth else {
      throw ManifestError(at: start, got: "a path of \(parts.count) words", expected: "a shorter path")
    }
    if parts[0].text == "extends" {
      throw ManifestError(at: start, keyPath: "extends", got: "`extends` in --set", expected: "it in the file")
    }
  }

  func apply(to root: YAMLValue) throws(ManifestError) -> YAMLValue {
    try assign(root, .section(ManifestSchema.root), segments[...], KeyPathText())
  }

  private func position(_ segment: Segment) -> SourcePosition {
    SourcePosition(source: source, line: 1, column: segment.column)
  }

  private func assign(
    _ current: YAMLValue?, _ shape: Shape, _ rest: ArraySlice<Segment>, _ path: KeyPathText
  ) throws(ManifestError) -> YAMLValue {
    guard let segment = rest.first else { return current.map { .merged($0, under: value) } ?? value }
    switch shape {
    case .section(let section):
      return try assign(current, section, segment, rest, path)
    case .variants(let variants):
      let kind = current?["kind"]?.text
      let section =
        variants.first { $0.kind == kind }?.section
        ?? Section("any of them", variants.flatMap(\.section.fields))
      return try assign(current, section, segment, rest, path)
    case .either(_, let first, let second):
      let section = Section(second.title, first.fields + second.fields)
      return try assign(current, section, segment, rest, path)
    case .table(let item, let rule, _):
      return try assign(current, item, rule, segment, rest, path)
    case .list(let item, _, _):
      return try assign(current, items: item, segment, rest, path)
    case .optional(let inner):
      return try assign(current, inner, rest, path)
    case .union(let shapes):
      var first: ManifestError?
      for shape in shapes {
        do {
          return try assign(current, shape, rest, path)
        } catch { first = first ?? error }
      }
      throw first ?? noKeyBelow(segment, path)
    case .any where current?.entries != nil:
      return try assign(current, .any, .name, segment, rest, path)
    case .any where current?.list != nil:
      return try assign(current, items: .any, segment, rest, path)
    default:
      throw noKeyBelow(segment, path)
    }
  }

  private func noKeyBelow(_ segment: Segment, _ path: KeyPathText) -> ManifestError {
    ManifestError(
      at: position(segment), keyPath: path[segment.text].text, got: "a key below `\(path.text)`",
      expected: "`\(path.text)` alone: it is a single value")
  }

  /// A known key.
  private func assign(
    _ current: YAMLValue?, _ section: Section, _ segment: Segment, _ rest: ArraySlice<Segment>, _ path: KeyPathText
  ) throws(ManifestError) -> YAMLValue {
    // Keys of a search space hold dots, so the longest that exists is meant.
    let lengths = stride(from: rest.count, to: 0, by: -1)
    let words = lengths.first { section.field(Override.key(rest.prefix($0))) != nil } ?? 1
    let key = Override.key(rest.prefix(words))
    guard let field = section.field(key) else {
      let keys = section.fields.map(\.key)
      throw ManifestError(
        at: position(segment), keyPath: path[segment.text].text, got: "a key unknown to \(section.title)",
        expected: Shape.choice(keys).expectation, suggestion: Spelling.nearest(to: segment.text, among: keys))
    }
    var map = current?.entries == nil ? YAMLValue(map: [], position: position(segment)) : current ?? value
    let inner = try assign(map[key], field.shape, rest.dropFirst(words), path[key])
    map.set(key, to: inner, keyPosition: position(segment))
    return map
  }

  private static func key(_ segments: ArraySlice<Segment>) -> String {
    segments.map(\.text).joined(separator: ".")
  }

  /// A name of the user's; names may hold dots, so the longest that exists is meant.
  private func assign(
    _ current: YAMLValue?, _ item: Shape, _ rule: Shape.KeyRule, _ segment: Segment, _ rest: ArraySlice<Segment>,
    _ path: KeyPathText
  ) throws(ManifestError) -> YAMLValue {
    let entries = current?.entries ?? []
    if segment.text == "*" {
      guard var map = current, !entries.isEmpty else { throw nothingHere(segment, path) }
      var first: ManifestError?
      var count = 0
      for entry in entries {
        do {
          let inner = try assign(entry.value, item, rest.dropFirst(), path[entry.key])
          map.set(entry.key, to: inner, keyPosition: entry.keyPosition)
          count += 1
        } catch { first = first ?? error }
      }
      if count == 0, let first { throw first }
      return map
    }
    for length in stride(from: rest.count, to: 0, by: -1) {
      let key = Override.key(rest.prefix(length))
      guard var map = current, let entry = map.entry(key) else { continue }
      let inner = try assign(entry.value, item, rest.dropFirst(length), path[key])
      map.set(key, to: inner, keyPosition: entry.keyPosition)
      return map
    }
    if case .text = rule {
      let key = Override.key(rest)
      var map = current?.entries == nil ? YAMLValue(map: [], position: position(segment)) : current ?? value
      map.set(key, to: value, keyPosition: position(segment))
      return map
    }
    guard !entries.isEmpty else { throw nothingHere(segment, path) }
    let names = entries.map(\.key)
    throw ManifestError(
      at: position(segment), keyPath: path[segment.text].text, got: "`\(segment.text)`",
      expected: Shape.choice(names).expectation, suggestion: Spelling.nearest(to: segment.text, among: names))
  }

  private func assign(
    _ current: YAMLValue?, items item: Shape, _ segment: Segment, _ rest: ArraySlice<Segment>, _ path: KeyPathText
  ) throws(ManifestError) -> YAMLValue {
    guard var result = current, var list = result.list, !list.isEmpty else { throw nothingHere(segment, path) }
    let indices: [Int]
    if segment.text == "*" {
      indices = Array(list.indices)
    } else if let index = Int(segment.text), list.indices.contains(index) {
      indices = [index]
    } else {
      throw ManifestError(
        at: position(segment), keyPath: path[segment.text].text, got: "the item `\(segment.text)`",
        expected: list.count == 1 ? "0 (the list has one item)" : "a number from 0 to \(list.count - 1)")
    }
    var first: ManifestError?
    var count = 0
    for index in indices {
      do {
        list[index] = try assign(list[index], item, rest.dropFirst(), path[index])
        count += 1
      } catch { first = first ?? error }
    }
    if count == 0, let first { throw first }
    result.content = .list(list)
    return result
  }

  private func nothingHere(_ segment: Segment, _ path: KeyPathText) -> ManifestError {
    ManifestError(
      at: position(segment), keyPath: path[segment.text].text, got: "`\(segment.text)`",
      expected: "something that the manifest declares; `\(path.text)` is not in it")
  }
}
