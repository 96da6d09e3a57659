/// What a model may read of a row: its text, and the cells of its corpus' columns.
public struct Input: Sendable, Equatable {
  public var text: String
  /// In the order of the corpus' columns; none where it has none.
  public var cells: [Cell]

  public init(text: String, cells: [Cell] = []) { (self.text, self.cells) = (text, cells) }
}

extension [Input] {
  /// The row whose text has the median length in bytes, of equally long ones by their order; nil of none.
  package var ofMedianLength: Input? {
    let lengths = map(\.text.utf8.count)
    let order = indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    return isEmpty ? nil : self[order[order.count / 2]]
  }
}

/// What one column holds of a row.
public enum Cell: Sendable, Hashable {
  case number(Float)
  case category(String)
  case missing
}

/// A column beside the text: its name in the files, and what it holds.
public struct InputColumn: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, CaseIterable, Codable { case number, category }

  public var name: String
  public var kind: Kind

  public init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }

  /// The cell that a file's text stands for; a blank one is missing. nil for a column of numbers where it is none, or one
  /// beyond Float's range.
  public func cell(_ text: String) -> Cell? {
    if text.isEmpty { return .missing }
    guard kind == .number else { return .category(text) }
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let number = Double(text),
      Float(number).isFinite
    else { return nil }
    return .number(Float(number))
  }
}
