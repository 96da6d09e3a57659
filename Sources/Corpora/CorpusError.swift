/// One mistake in a corpus' files or declaration, with the place where it was found.
public struct CorpusError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    /// No file at the path.
    case missingFile
    /// A folder, or a file that the system refuses to open.
    case unreadable
    case emptyFile
    /// NUL bytes, UTF-16, or a header that is not UTF-8.
    case notText
    /// No such column, key or class.
    case missingColumn
    /// More malformed rows than the declaration allows, or a document that is not of its format.
    case malformed
    /// A row without text or label where the declaration says `error`.
    case missingValue
    /// Nothing is left after the filters.
    case noRows
    case tooFewClasses
    /// A value of the declaration that cannot work.
    case invalidSetting
  }

  public var kind: Kind
  public var corpus: String
  public var domain: String
  /// The path as opened; nil where the mistake is the domain's as a whole.
  public var file: String?
  /// Line in the file, from 1.
  public var line: Int?
  /// The column, key or setting that is meant.
  public var column: String?
  public var found: String
  public var expected: String
  /// The nearest spelling among the names that exist.
  public var suggestion: String?

  public init(
    _ kind: Kind, corpus: String, domain: String, file: String? = nil, line: Int? = nil, column: String? = nil,
    found: String, expected: String, suggestion: String? = nil
  ) {
    (self.kind, self.corpus, self.domain, self.file, self.line) = (kind, corpus, domain, file, line)
    (self.column, self.found, self.expected, self.suggestion) = (column, found, expected, suggestion)
  }

  /// `file:line: got …, expected …; did you mean …?`
  public var description: String {
    var place = file ?? "corpus `\(corpus)`, domain `\(domain)`"
    if let line { place += ":\(line)" }
    if let column { place += ": `\(column)`" }
    let hint = suggestion.map { "; did you mean `\($0)`?" } ?? ""
    return "\(place): got \(found), expected \(expected)\(hint)"
  }
}

/// All the mistakes that one reading found, in the order of the declaration.
public struct CorpusErrors: Error, Sendable, Equatable, CustomStringConvertible {
  public var errors: [CorpusError]

  public init(_ errors: [CorpusError]) { self.errors = errors }

  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
