/// What a report says, without a format: the renderers turn it into Markdown or another form.
public struct Report: Sendable, Equatable {
  public var blocks: [Block]

  public indirect enum Block: Sendable, Equatable {
    /// Level from 1.
    case heading(Int, RichText)
    case paragraph(RichText)
    /// A remark that must not be overlooked.
    case note(RichText)
    case list([RichText])
    case table(Table)
    case figure(Figure)
    /// Commands or file contents, as they are.
    case code(String)
    /// Shown on demand.
    case collapsed(RichText, [Block])
    /// From a clock or a memory counter: the only part that differs from run to run.
    case measured([Block])

    var isMeasured: Bool {
      if case .measured = self { true } else { false }
    }

    /// With at most so many rows of every table that has all of them in a file.
    func shortened(to limit: RowLimit) -> Block {
      switch self {
      case .table(let table): .table(table.shortened(to: limit))
      case .collapsed(let title, let inner): .collapsed(title, inner.map { $0.shortened(to: limit) })
      case .measured(let inner): .measured(inner.map { $0.shortened(to: limit) })
      default: self
      }
    }
  }

  /// How many rows a table keeps.
  struct RowLimit {
    var minor = Int.max
    var major = Int.max
  }

  public struct Table: Sendable, Equatable {
    public enum Alignment: Sendable, Equatable { case left, right }
    public var header: [RichText]
    public var alignments: [Alignment]
    public var rows: [[RichText]] = []
    /// The file beside the report with all of them, for a table that may be shortened.
    public var all: String?
    /// Shortened last.
    public var isMajor = false
    /// Rows that were left out to keep the report short.
    public var omitted = 0

    /// Columns as (title, alignment).
    init(_ columns: [(RichText, Alignment)], all: String? = nil, isMajor: Bool = false) {
      (header, alignments, self.all, self.isMajor) = (columns.map(\.0), columns.map(\.1), all, isMajor)
    }

    /// With its first rows at most.
    func shortened(to limit: RowLimit) -> Table {
      let count = isMajor ? limit.major : limit.minor
      // Two lines say that rows are missing. What has been cut to a size stays as it is.
      guard all != nil, omitted == 0, rows.count - 2 > count else { return self }
      var table = self
      (table.rows, table.omitted) = (Array(rows.prefix(count)), omitted + rows.count - count)
      return table
    }

    mutating func append(_ row: [RichText]) {
      precondition(row.count == header.count, "Report.Table.append: \(row.count) cells, \(header.count) columns")
      rows.append(row)
    }
  }

  /// A picture in its own file beside the report.
  public struct Figure: Sendable, Equatable {
    /// Relative to the report; empty where it stands in the page alone.
    public var file: String
    /// What the picture says, for those who do not see it.
    public var alternative: String
    public var svg: String
  }

  /// All pictures, in order.
  public var figures: [Figure] { Self.figures(in: blocks) }

  private static func figures(in blocks: [Block]) -> [Figure] {
    blocks.flatMap { block -> [Figure] in
      switch block {
      case .figure(let figure): [figure]
      case .collapsed(_, let inner), .measured(let inner): figures(in: inner)
      default: []
      }
    }
  }
}

/// A run of text with emphasis, code and links.
public struct RichText: Sendable, Equatable, ExpressibleByStringInterpolation {
  public enum Span: Sendable, Equatable {
    case text(String)
    case strong(String)
    case code(String)
    case link(String, to: String)
    /// Text with a ground whose strength is from −1 to 1.
    case shaded(String, Double)
  }
  public var spans: [Span]

  public init(_ spans: [Span]) { self.spans = spans }
  public init(_ text: String) { spans = text.isEmpty ? [] : [.text(text)] }
  public init(stringLiteral value: String) { self.init(value) }

  static func code(_ text: String) -> RichText { RichText([.code(text)]) }
  static func strong(_ text: String) -> RichText { RichText([.strong(text)]) }

  static func + (a: RichText, b: RichText) -> RichText { RichText(a.spans + b.spans) }
  static func += (a: inout RichText, b: RichText) { a.spans += b.spans }

  /// With its plain text in bold, blanks at its ends left out of it.
  var emphasised: RichText {
    RichText(
      spans.flatMap { span -> [Span] in
        guard case .text(let text) = span else { return [span] }
        func isBlank(_ letter: Character) -> Bool { letter == " " || letter == "\u{A0}" }
        let middle = text.drop(while: isBlank)
        let head = text.prefix(text.count - middle.count), tail = middle.reversed().prefix(while: isBlank)
        let body = middle.dropLast(tail.count)
        return [.text(String(head)), .strong(String(body)), .text(String(tail.reversed()))].filter {
          $0 != .text("") && $0 != .strong("")
        }
      })
  }

  /// `a, b and c`.
  static func enumeration(_ items: [RichText]) -> RichText {
    var result = RichText([])
    for (index, item) in items.enumerated() {
      if index > 0 { result += index == items.count - 1 ? " and " : ", " }
      result += item
    }
    return result
  }
}
