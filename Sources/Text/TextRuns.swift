/// A text cut at white space: what a reader sees as its words, marks beside them included.
public struct TextRuns: Sendable, Equatable {
  public let text: String
  public let ranges: [Range<String.Index>]

  public init(_ text: String) {
    self.text = text
    var ranges: [Range<String.Index>] = [], start: String.Index?
    let scalars = text.unicodeScalars
    for place in scalars.indices {
      if !scalars[place].properties.isWhitespace {
        if start == nil { start = place }
      } else if let first = start {
        ranges.append(first..<place)
        start = nil
      }
    }
    if let start { ranges.append(start..<text.endIndex) }
    self.ranges = ranges
  }

  public var count: Int { ranges.count }
  public subscript(run: Int) -> String { String(text[ranges[run]]) }
  public var all: [String] { ranges.map { String(text[$0]) } }

  /// The text to the end of its first `count` runs.
  public func prefix(_ count: Int) -> String { count == 0 ? "" : String(text[..<ranges[count - 1].upperBound]) }

  /// Those of its runs for which this holds, a space between them.
  public func keeping(_ isKept: (Int) -> Bool) -> String {
    ranges.indices.filter(isKept).map { self[$0] }.joined(separator: " ")
  }

  /// For each part that `cut` makes of the text the run that it comes from.
  ///
  /// Where the runs cut alone give the same parts, theirs are known; else a part belongs to the run after which the text, cut
  /// there, begins with all parts up to it, as where spaces or neighbours shape a part, or a preparation takes away what is
  /// whole only later. What no run brings goes to the last.
  public func owners<Part: Equatable>(of parts: [Part], cut: (String) -> [Part]) -> [Int] {
    let alone = ranges.indices.map { cut(self[$0]) }
    if alone.joined().prefix(parts.count).elementsEqual(parts) {
      return Array(alone.enumerated().flatMap { run, own in own.map { _ in run } }.prefix(parts.count))
    }
    var owners: [Int] = []
    for run in ranges.indices where owners.count < parts.count {
      let reached = run + 1 == count ? parts.count : zip(cut(prefix(run + 1)), parts).prefix { $0 == $1 }.count
      while owners.count < reached { owners.append(run) }
    }
    return owners
  }
}

extension TextPipeline {
  /// For each token of `encode` the run of the text that it comes from; nil of marks of begin and end, and of the token
  /// that stands for an empty text.
  public func owners(in runs: TextRuns) -> [Int?] {
    let ids = encode(runs.text).ids, content = content(of: runs.text)
    guard !content.isEmpty else { return ids.map { _ in nil } }
    let owners = runs.owners(of: content) { self.content(of: $0) }
    let first = leadingMarks
    return ids.indices.map { first..<first + owners.count ~= $0 ? owners[$0 - first] : nil }
  }

  /// Ids without marks of begin and end; none of an empty text.
  private func content(of text: String) -> [Int32] {
    // For a text without words `encode` has the unknown one.
    if subword == nil, wordPiece == nil, !hasWords(text) { return [] }
    let ids = encode(text).ids
    return Array(ids.dropFirst(leadingMarks).dropLast(trailingMarks))
  }

  private var leadingMarks: Int { subword?.marks.leading ?? (wordPiece == nil ? 0 : 1) }
  private var trailingMarks: Int { subword?.marks.trailing ?? (wordPiece == nil ? 0 : 1) }
}
