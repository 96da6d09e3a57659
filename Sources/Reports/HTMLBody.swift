/// The blocks of a report as HTML, with so much of them as fits.
struct HTMLBody {
  /// What is shown of what can be large.
  struct Limits {
    /// Rows of a table that is folded, and of any other.
    var foldedRows: Int
    var rows: Int
    /// Bytes of a picture; a larger one is named, and stands in its file alone.
    var picture: Int
    /// Bytes of all, after which whole blocks are left out.
    var all = Int.max
  }

  private(set) var lines: [String] = []
  /// Bytes of all lines but those of what was measured.
  private(set) var size = 0
  /// Headings of the second level, for the table of contents.
  private(set) var sections: [(id: String, title: String)] = []
  private var dropped = (tables: 0, pictures: 0, blocks: 0)
  private let limits: Limits
  private let measuredRoom: Int
  private var trail = HeadingTrail()
  private var isFolded = false
  private var hasSection = false
  /// Of ids: what was measured has its own, so that it moves none of the others.
  private var prefix = ""
  /// With a character that no slug has.
  private static let measuredPrefix = "clock_"
  private var ids = Slugs(taken: ["report"])
  private var counts = (tables: 0, pictures: 0)
  private var measuredIDs = Slugs()
  private var measuredCounts = (tables: 0, pictures: 0)

  private static let none = Int.max
  private static let steps: [Limits] = [
    Limits(foldedRows: none, rows: none, picture: none), Limits(foldedRows: 1_000, rows: none, picture: none),
    Limits(foldedRows: 300, rows: none, picture: none), Limits(foldedRows: 100, rows: 2_000, picture: 200_000),
    Limits(foldedRows: 30, rows: 500, picture: 100_000), Limits(foldedRows: 10, rows: 100, picture: 50_000),
    Limits(foldedRows: 0, rows: 30, picture: 20_000), Limits(foldedRows: 0, rows: 10, picture: 0),
  ]

  private init(_ limits: Limits, measuredRoom: Int) { (self.limits, self.measuredRoom) = (limits, measuredRoom) }

  /// All of `blocks` where they fit into `room` bytes, else as much as does.
  static func fitting(_ blocks: [Report.Block], in room: Int) -> HTMLBody {
    let marked = max(1, measuredParts(of: blocks))
    return fitting(room) { limits in
      var body = HTMLBody(limits, measuredRoom: HTMLRenderer.largestMeasured / marked)
      body.add(blocks)
      body.end()
      return body
    }
  }

  private static func fitting(_ room: Int, _ make: (Limits) -> HTMLBody) -> HTMLBody {
    for limits in steps {
      let body = make(limits)
      if body.size <= room { return body }
    }
    var last = steps[steps.count - 1]
    last.all = room
    return make(last)
  }

  private static func measuredParts(of blocks: [Report.Block]) -> Int {
    blocks.reduce(0) { count, block in
      switch block {
      case .measured: count + 1
      case .collapsed(_, let inner): count + measuredParts(of: inner)
      default: count
      }
    }
  }

  /// What is not shown, in words; empty where all is.
  var notice: String {
    let (tables, pictures, blocks) = dropped
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let parts = [
      tables > 0 ? "of \(counted(tables, "table")) only the first rows" : nil,
      pictures > 0 ? "\(counted(pictures, "picture")) by name only" : nil,
      blocks > 0 ? "\(counted(blocks, "part")) not at all" : nil,
    ].compactMap { $0 }
    guard !parts.isEmpty else { return "" }
    return "<p class=\"note\" role=\"note\">So that this page stays below \(HTMLRenderer.largest / 1_000) kB, it shows "
      + parts.joined(separator: ", ") + ". The files beside it have all of it.</p>"
  }

  // MARK: Blocks

  private mutating func append(_ line: String) {
    lines.append(line)
    size += line.utf8.count + 1
  }

  private mutating func end() {
    if hasSection { append("</section>") }
    hasSection = false
  }

  private mutating func add(_ blocks: [Report.Block]) {
    for block in blocks { add(block) }
  }

  /// Adds a block, or nothing of it where there is no room.
  private mutating func add(_ block: Report.Block) {
    guard limits.all < Int.max, !isFolded else { return draw(block) }
    var longer = self
    longer.draw(block)
    // Room for the end of a section.
    if longer.size + 16 <= limits.all { self = longer } else { dropped.blocks += 1 }
  }

  private mutating func draw(_ block: Report.Block) {
    switch block {
    case .heading(let level, let text): add(level, text)
    case .paragraph(let text): append("<p>\(HTMLRenderer.inline(text))</p>")
    case .note(let text): append("<p class=\"note\" role=\"note\">\(HTMLRenderer.inline(text))</p>")
    case .list(let items):
      append("<ul>")
      for item in items { append("<li>\(HTMLRenderer.inline(item))</li>") }
      append("</ul>")
    case .table(let table): add(table)
    case .figure(let figure): add(figure)
    case .code(let text): append("<pre><code>\(MarkdownRenderer.xml(text))</code></pre>")
    case .collapsed(let title, let inner):
      append("<details>\n<summary>\(HTMLRenderer.inline(title))</summary>")
      let (was, outer) = (isFolded, trail)
      isFolded = true
      trail.enterFold(title)
      add(inner)
      trail.leave(to: outer)
      isFolded = was
      append("</details>")
    case .measured(let inner): addMeasured(inner)
    }
  }

  /// In a body of its own, which fits whatever the rest is; the marks stand alone on their lines.
  private mutating func addMeasured(_ blocks: [Report.Block]) {
    let inner = Self.fitting(measuredRoom) { limits in
      var body = HTMLBody(limits, measuredRoom: 0)
      (body.trail, body.isFolded, body.prefix) = (trail, isFolded, Self.measuredPrefix)
      (body.counts, body.ids) = (measuredCounts, measuredIDs)
      body.add(blocks)
      return body
    }
    (measuredCounts, measuredIDs) = (inner.counts, inner.ids)
    lines += [MarkdownRenderer.measuredStart] + (inner.notice.isEmpty ? [] : [inner.notice]) + inner.lines
    lines.append(MarkdownRenderer.measuredEnd)
  }

  private mutating func add(_ level: Int, _ text: RichText) {
    let level = min(trail.enter(level, text), 6)
    let id = prefix + ids.next(text.plain)
    if level == 2, !isFolded, prefix.isEmpty {
      end()
      append("<section>")
      hasSection = true
      sections.append((id, text.plain))
    }
    append("<h\(level) id=\"\(id)\">\(HTMLRenderer.inline(text))</h\(level)>")
  }

  private mutating func add(_ table: Report.Table) {
    counts.tables += 1
    let id = "\(prefix)table_\(counts.tables)"
    let shown = min(table.rows.count, isFolded ? limits.foldedRows : limits.rows)
    let caption = trail.caption()
    if shown < table.rows.count {
      dropped.tables += 1
      append("<p class=\"cut\">Shown: \(shown) of \(table.rows.count) rows.</p>")
    }
    guard shown > 0 || table.rows.isEmpty else { return }
    append("<div class=\"box\" role=\"group\" aria-labelledby=\"\(id)\" tabindex=\"0\">")
    append("<table>\n<caption id=\"\(id)\">\(HTMLRenderer.inline(caption))</caption>")
    func type(_ column: Int) -> String { table.alignments[column] == .right ? " class=\"r\"" : "" }
    let header = table.header.enumerated().map { "<th scope=\"col\"\(type($0))>\(HTMLRenderer.inline($1))</th>" }
    append("<thead>\n<tr>\(header.joined())</tr>\n</thead>\n<tbody>")
    for row in table.rows.prefix(shown) {
      let cells = row.enumerated().map { column, text in
        column == 0
          ? "<th scope=\"row\"\(type(0))>\(HTMLRenderer.inline(text))</th>"
          : "<td\(type(column))>\(HTMLRenderer.inline(text))</td>"
      }
      append("<tr>\(cells.joined())</tr>")
    }
    append("</tbody>\n</table>\n</div>")
  }

  private mutating func add(_ figure: Report.Figure) {
    counts.pictures += 1
    let xml = MarkdownRenderer.xml
    let name = figure.file.isEmpty ? "" : " (<a href=\"\(xml(figure.file))\">SVG file</a>)"
    guard figure.svg.utf8.count <= limits.picture else {
      dropped.pictures += 1
      return append("<p class=\"cut\">Picture: \(xml(figure.alternative))\(name).</p>")
    }
    append("<figure>\n<div class=\"box plot\" role=\"group\" aria-label=\"\(xml(figure.alternative))\" tabindex=\"0\">")
    append(Self.inlined(figure.svg, id: "\(prefix)figure_\(counts.pictures)_"))
    append("</div>\n<figcaption>\(xml(figure.alternative))\(name)</figcaption>\n</figure>")
  }

  /// With ids that no other picture of the page has.
  private static func inlined(_ svg: String, id: String) -> String {
    var svg = svg
    while svg.hasSuffix("\n") { svg.removeLast() }
    for (from, to) in [
      ("aria-labelledby=\"title description\"", "aria-labelledby=\"\(id)title \(id)description\""),
      ("<title id=\"title\">", "<title id=\"\(id)title\">"),
      ("<desc id=\"description\">", "<desc id=\"\(id)description\">"),
    ] { svg = svg.replacing(from, with: to, maxReplacements: 1) }
    return svg
  }
}
