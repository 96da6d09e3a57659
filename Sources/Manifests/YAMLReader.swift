import Foundation
import Settings
import Yams

/// Reads YAML text into located values through Yams; never traps, whatever the bytes.
enum YAMLReader {
  /// The text of a file, or why it is none.
  ///
  /// - Parameter what: what the file is to be, for messages.
  static func text(
    of path: String, name: String, order: Int, what: String = "a manifest"
  ) throws(ManifestError) -> String {
    switch FileKind.of(path) {
    case .file: break
    case .folder: throw ManifestError(file: name, order: order, got: "a folder", expected: "\(what) (YAML)")
    case .nothing: throw ManifestError(file: name, order: order, got: "no such file", expected: "\(what) (YAML)")
    }
    // Errors quote lines of a manifest; messages of customers are not to be quoted.
    let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
    if ["csv", "tsv", "jsonl", "txt", "tab", "xlsx", "xls", "parquet", "gz", "zip", "vec"].contains(ending) {
      throw ManifestError(file: name, order: order, got: "a file of data (.\(ending))", expected: "\(what) (YAML)")
    }
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: YAMLGuard.maximumBytes + 1) ?? Data()
    else {
      throw ManifestError(file: name, order: order, got: "a file that cannot be read", expected: "\(what) (YAML)")
    }
    try? handle.close()
    if data.count > YAMLGuard.maximumBytes {
      throw ManifestError(
        file: name, order: order, got: "more than \(YAMLGuard.maximumBytes / 1024) KiB",
        expected: "\(what) of at most \(YAMLGuard.maximumBytes / 1024) KiB")
    }
    guard var text = String(validating: data, as: UTF8.self) else {
      throw ManifestError(file: name, order: order, got: "bytes that are not UTF-8", expected: "YAML text in UTF-8")
    }
    if text.unicodeScalars.first == "\u{feff}" { text = String(text.unicodeScalars.dropFirst()) }
    if what == "a manifest", !["yaml", "yml"].contains(ending), !looksLikeManifest(text) {
      throw ManifestError(
        file: name, order: order, got: "a file that is no manifest",
        expected: "a manifest (YAML) with the keys name, corpora, protocols, models")
    }
    return text
  }

  /// Whether a line begins with a key of a manifest's own: another file's lines may be messages, which nothing quotes.
  private static func looksLikeManifest(_ text: String) -> Bool {
    let keys: Set = ["corpora", "protocols", "models", "extends"]
    return text.split(whereSeparator: \.isNewline).contains { line in
      let word = line.drop { " {\"'".contains($0) }.prefix { $0.isLetter || $0 == "_" }
      return keys.contains(String(word)) && line[word.endIndex...].drop { "\"' ".contains($0) }.first == ":"
    }
  }

  /// The one document of a source. `shift` moves columns of the first line (an override's value starts after `=`).
  static func read(
    _ text: String, source: ManifestSource, shift: Int = 0, what: String = "a manifest"
  ) throws(ManifestError) -> YAMLValue {
    if let problem = YAMLGuard.problem(in: source) { throw problem }
    let root: Node?
    do {
      root = try compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      throw located(error, text: text, source: source, shift: shift)
    } catch {
      throw ManifestError(file: source.name, order: source.order, got: "\(error)", expected: "valid YAML")
    }
    guard let root else {
      throw ManifestError(file: source.name, order: source.order, got: "an empty file", expected: "\(what) (YAML)")
    }
    var converter = Converter(source: source, shift: shift)
    return try converter.value(root, depth: 0)
  }

  /// From Yams' nodes to located values, with limits on what aliases may expand to.
  private struct Converter {
    let source: ManifestSource
    let shift: Int
    var nodes = 0

    func position(_ mark: Mark?) -> SourcePosition {
      let line = mark?.line ?? 1, column = mark?.column ?? 1
      return SourcePosition(source: source, line: line, column: line == 1 ? column + shift : column)
    }

    mutating func value(_ node: Node, depth: Int) throws(ManifestError) -> YAMLValue {
      let here = position(node.mark)
      nodes += 1
      if nodes > YAMLGuard.maximumNodes {
        throw ManifestError(
          at: here, got: "more than \(YAMLGuard.maximumNodes) values, aliases expanded",
          expected: "at most \(YAMLGuard.maximumNodes)")
      }
      if depth > YAMLGuard.maximumDepth {
        throw ManifestError(
          at: here, got: "more than \(YAMLGuard.maximumDepth) levels of nesting",
          expected: "at most \(YAMLGuard.maximumDepth)")
      }
      switch node {
      case .scalar(let scalar):
        return try self.scalar(scalar, here)
      case .sequence(let sequence):
        try refuse(tag: sequence.tag, at: here)
        var list = [YAMLValue]()
        for item in sequence { list.append(try value(item, depth: depth + 1)) }
        return YAMLValue(list: list, position: here)
      case .mapping(let mapping):
        try refuse(tag: mapping.tag, at: here)
        var entries = [YAMLValue.Entry]()
        for (key, item) in mapping {
          guard case .scalar(let scalar) = key else {
            throw ManifestError(
              at: position(key.mark), got: "a list or map as key", expected: "a word before the colon")
          }
          let keyHere = position(key.mark)
          let word = try self.scalar(scalar, keyHere)
          if scalar.style == .plain, word.text == "<<" {
            throw ManifestError(
              at: keyHere, got: "the merge key `<<`", expected: "`extends`, `vars`, or the settings written out")
          }
          guard !word.text.isEmpty else {
            throw ManifestError(at: keyHere, got: "an empty key", expected: "a word before the colon")
          }
          entries.append(.init(key: word.text, keyPosition: keyHere, value: try value(item, depth: depth + 1)))
        }
        return YAMLValue(map: entries, position: here)
      case .alias:
        throw ManifestError(at: here, got: "an unknown alias", expected: "an anchor (`&name`) before it")
      }
    }

    private func scalar(_ scalar: Node.Scalar, _ here: SourcePosition) throws(ManifestError) -> YAMLValue {
      let isPlain = scalar.style == .plain
      let tag = scalar.tag.rawValue
      if !tag.isEmpty, tag != Tag.Name.str.rawValue {
        throw ManifestError(at: here, got: "the YAML tag `\(tag)`", expected: "a value without tag")
      }
      if let bad = scalar.string.unicodeScalars.first(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) {
        throw ManifestError(
          at: here, got: "text with the control character \(bad.escaped(asASCII: true))", expected: "printable text")
      }
      return YAMLValue(scalar: scalar.string, isPlain: isPlain, position: here)
    }

    private func refuse(tag: Tag, at here: SourcePosition) throws(ManifestError) {
      guard !tag.rawValue.isEmpty else { return }
      throw ManifestError(at: here, got: "the YAML tag `\(tag.rawValue)`", expected: "a value without tag")
    }
  }
}

extension YAMLReader {
  /// Yams' error in our form.
  private static func located(_ error: YamlError, text: String, source: ManifestSource, shift: Int) -> ManifestError {
    func at(_ place: (line: Int, column: Int)) -> SourcePosition {
      // At the end of a file the mark may be on a line that does not exist: show the last one that has text.
      var (line, column) = place
      while line > 1, line > source.lines.count || (source.lines[line - 1].isEmpty && line == source.lines.count) {
        line -= 1
        column = source.lines[line - 1].unicodeScalars.count + 1
      }
      return SourcePosition(source: source, line: line, column: line == 1 ? column + shift : column)
    }
    func syntax(_ problem: String, _ context: YamlError.Context?, _ place: (line: Int, column: Int)) -> ManifestError {
      let position = at(place)
      let line = source.lines.indices.contains(position.line - 1) ? source.lines[position.line - 1] : ""
      var detail = problem
      if let context {
        detail += " \(context.text)"
        if context.mark.line != place.line { detail += " that began at line \(context.mark.line)" }
      }
      return ManifestError(
        at: position, got: "a YAML syntax error (\(detail))", expected: hint(line) ?? "valid YAML")
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      return syntax(problem, context, (mark.line, mark.column))
    case .composer(_, let problem, let mark, _):
      if problem.contains("another document") {
        return ManifestError(
          at: at((mark.line, mark.column)), got: "a second YAML document", expected: "one document in a file")
      }
      return syntax(problem, nil, (mark.line, mark.column))
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.count { $0.isNewline } + 1
      let column = before.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
      return syntax(problem, nil, (line, column))
    case .duplicatedKeysInMapping(let keys, let context):
      return DuplicateKey.error(keys: keys, first: context.mark, text: text, source: source, shift: shift)
    default:
      return ManifestError(file: source.name, order: source.order, got: "\(error)", expected: "valid YAML")
    }
  }

  /// What most often leads to a syntax error on such a line.
  private static func hint(_ line: String) -> String? {
    if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "spaces, not tabs, before the first word"
    }
    if line.contains("{") || line.contains("["), line.contains(": ${") || line.contains("[${") || line.contains(", ${")
    {
      return "valid YAML: inside `{…}` and `[…]` write \"${name}\" in quotes"
    }
    return nil
  }
}
