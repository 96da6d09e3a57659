/// One mistake in a manifest, with the place where it stands.
///
/// Printed as `file:line:column: key.path: got …, expected …; did you mean …?`, followed by the source line and a
/// caret under the place. An error of a whole file has line 0; one of `--set` names the override in place of a file.
public struct ManifestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// As given by the user.
  public var file: String
  /// From 1; 0 where the error concerns the whole file.
  public var line: Int
  /// From 1, in Unicode scalars.
  public var column: Int
  /// `models.bert.layers`; empty where the error is not about one key.
  public var keyPath: String
  public var got: String
  public var expected: String
  /// The nearest spelling that would have been right.
  public var suggestion: String?
  /// The path of a file or folder that is not there; nil for all other mistakes.
  public var missing: String?
  /// The line of the file; nil where there is none.
  public var sourceLine: String?
  /// 0 for the manifest itself, then the files it extends, then overrides.
  package internal(set) var order: Int
  private var isOverride: Bool

  package init(
    at position: SourcePosition, keyPath: String = "", got: String, expected: String, suggestion: String? = nil,
    missing: String? = nil
  ) {
    (file, line, column) = (position.source.name, position.line, position.column)
    (self.keyPath, self.got, self.expected) = (keyPath, got, expected)
    (self.suggestion, self.missing) = (suggestion, missing)
    let lines = position.source.isQuotable ? position.source.lines : []
    sourceLine = lines.indices.contains(position.line - 1) ? lines[position.line - 1] : nil
    (order, isOverride) = (position.source.order, position.source.isOverride)
  }

  /// An error of a whole file: it is missing, or it is no text.
  package init(file: String, order: Int = 0, got: String, expected: String) {
    (self.file, line, column, keyPath) = (file, 0, 0, "")
    (self.got, self.expected) = (got, expected)
    (self.order, isOverride) = (order, false)
  }

  public var description: String { text(kind: "") }

  /// The same as a warning: of what is allowed and likely a mistake.
  public var warning: String { text(kind: "warning: ") }

  private func text(kind: String) -> String {
    var text = (line == 0 || isOverride ? "\(file): " : "\(file):\(line):\(column): ") + kind
    if !keyPath.isEmpty { text += "\(keyPath): " }
    text += "got \(got), expected \(expected)"
    if let suggestion { text += "; did you mean `\(suggestion)`?" }
    guard let sourceLine else { return text }
    return text + "\n" + ManifestError.excerpt(of: sourceLine, column: column)
  }

  /// The line and a caret below its column; of a long line only the part around the column.
  private static func excerpt(of line: String, column: Int) -> String {
    let width = 100
    var scalars = Array(line.unicodeScalars)
    var column = max(1, min(column, scalars.count + 1))
    var before = "", after = ""
    if scalars.count > width {
      let start = max(0, min(column - 1 - width / 2, scalars.count - width))
      let end = min(scalars.count, start + width)
      (before, after) = (start > 0 ? "… " : "", end < scalars.count ? " …" : "")
      scalars = Array(scalars[start..<end])
      column -= start
    }
    var shown = String.UnicodeScalarView(), indent = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let printable = scalar == "\t" || (scalar.value >= 0x20 && scalar.value != 0x7f)
      shown.append(printable ? scalar : "�")
      if index < column - 1 { indent.append(scalar == "\t" ? "\t" : " ") }
    }
    let gutter = String(repeating: " ", count: before.unicodeScalars.count)
    return "  \(before)\(String(shown))\(after)\n  \(gutter)\(String(indent))^"
  }

  /// Sorts by position and keeps one of several errors that say the same of one place.
  package static func ordered(_ errors: [ManifestError]) -> [ManifestError] {
    var kept = [ManifestError]()
    for error in errors
    where !kept.contains(where: {
      $0.order == error.order && $0.line == error.line && $0.column == error.column && $0.got == error.got
        && $0.expected == error.expected
    }) {
      kept.append(error)
    }
    let numbered = kept.enumerated().sorted { a, b in
      (a.element.order, a.element.line, a.element.column, a.offset)
        < (b.element.order, b.element.line, b.element.column, b.offset)
    }
    return numbered.map(\.element)
  }
}

/// All that is wrong with a manifest, sorted by position.
public struct ManifestErrors: Error, Sendable, CustomStringConvertible {
  public var errors: [ManifestError]

  public init(_ errors: [ManifestError]) { self.errors = errors }

  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
