import Foundation
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Measurement
@testable import Reports

@Suite struct HTMLRendererTests {
  private func page(_ blocks: [Report.Block]) -> String { HTMLRenderer.render(Report(blocks: blocks)) }

  /// What stands in `<main>`.
  private func body(_ blocks: [Report.Block]) -> String {
    let page = page(blocks)
    let parts = page.components(separatedBy: "<main id=\"report\" tabindex=\"-1\">\n")
    return parts.count == 2 ? parts[1].components(separatedBy: "\n</main>")[0] : page
  }

  private func read(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> PageReader {
    // The script is not XML.
    let start = try #require(page.range(of: "<script>")), end = try #require(page.range(of: "</script>"))
    let reader = PageReader()
    let parser = XMLParser(data: Data((page[..<start.lowerBound] + page[end.upperBound...]).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
    return reader
  }

  private func expectAccessible(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(page.utf8.count <= HTMLRenderer.largest, sourceLocation: sourceLocation)
    let reader = try read(page, sourceLocation: sourceLocation)
    #expect(Set(reader.ids).count == reader.ids.count, sourceLocation: sourceLocation)
    #expect(Set(reader.references).isSubset(of: Set(reader.ids)), sourceLocation: sourceLocation)
    #expect(reader.counts["main"] == 1 && reader.counts["nav"] == 1, sourceLocation: sourceLocation)
    #expect(reader.counts["table", default: 0] == reader.counts["caption", default: 0], sourceLocation: sourceLocation)
    #expect(reader.counts["th", default: 0] == reader.scopes, sourceLocation: sourceLocation)
    #expect(reader.pictures == reader.counts["svg", default: 0], sourceLocation: sourceLocation)
    #expect(reader.levels.first.map { $0 == 1 } ?? true, sourceLocation: sourceLocation)
    for (level, next) in zip(reader.levels, reader.levels.dropFirst()) {
      #expect(next <= level + 1, "h\(next) after h\(level)", sourceLocation: sourceLocation)
    }
    // Nothing is loaded.
    for word in ["<link", "<img", "<iframe", " src=", "url(", "@import", "fetch(", "XMLHttp"] {
      #expect(!page.contains(word), "\(word)", sourceLocation: sourceLocation)
    }
  }

  @Test("The page of a run is well-formed and can be found one's way in without eyes, hands or network")
  func whole() throws {
    try expectAccessible(HTMLRenderer.render(Report(SyntheticRun.result)))
  }

  @Test("All that the report says is on the page")
  func complete() throws {
    let report = Report(SyntheticRun.result)
    let text = try read(HTMLRenderer.render(report)).text
    func expect(_ blocks: [Report.Block]) {
      for block in blocks {
        switch block {
        case .heading(_, let words), .paragraph(let words), .note(let words): #expect(text.contains(words.plain))
        case .list(let items): for item in items { #expect(text.contains(item.plain)) }
        case .table(let table):
          for cell in table.header + table.rows.joined() { #expect(text.contains(cell.plain)) }
        case .figure(let figure): #expect(text.contains(figure.alternative))
        case .code(let words): #expect(text.contains(words))
        case .collapsed(let title, let inner):
          #expect(text.contains(title.plain))
          expect(inner)
        case .measured(let inner): expect(inner)
        }
      }
    }
    expect(report.blocks)
  }

  @Test("A small report, as it is written")
  func written() {
    var table = Report.Table([("Name", .left), ("Count", .right)])
    table.append([.code("a<b>"), "−1.5"])
    let blocks: [Report.Block] = [
      .heading(1, "Title & more"), .heading(2, "Same"), .paragraph("One " + .strong("two") + "."), .table(table),
      .heading(2, "Same"), .collapsed("More", [.heading(4, "Deep"), .table(table)]),
      .measured([.note("12 ms")]),
    ]
    #expect(
      body(blocks) == """
        <h1 id="title-more">Title &amp; more</h1>
        <section>
        <h2 id="same">Same</h2>
        <p>One <strong>two</strong>.</p>
        <div class="box" role="group" aria-labelledby="table_1" tabindex="0">
        <table>
        <caption id="table_1">Same</caption>
        <thead>
        <tr><th scope="col">Name</th><th scope="col" class="r">Count</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row"><code>a&lt;b&gt;</code></th><td class="r">−1.5</td></tr>
        </tbody>
        </table>
        </div>
        </section>
        <section>
        <h2 id="same-2">Same</h2>
        <details>
        <summary>More</summary>
        <h3 id="deep">Deep</h3>
        <div class="box" role="group" aria-labelledby="table_2" tabindex="0">
        <table>
        <caption id="table_2">More: Deep</caption>
        <thead>
        <tr><th scope="col">Name</th><th scope="col" class="r">Count</th></tr>
        </thead>
        <tbody>
        <tr><th scope="row"><code>a&lt;b&gt;</code></th><td class="r">−1.5</td></tr>
        </tbody>
        </table>
        </div>
        </details>
        <!-- measured -->
        <p class="note" role="note">12 ms</p>
        <!-- /measured -->
        </section>
        """)
    #expect(page(blocks).contains("<li><a href=\"#same-2\">Same</a></li>"))
  }

  @Test("No name breaks out of its place, and no link leads anywhere but to the web or a file beside the report")
  func escaping() throws {
    let name = "</td><script>alert(1)</script>\" onclick=\"x\u{1}\u{FFFF}"
    var table = Report.Table([(RichText(name), .left)])
    table.append([.code(name)])
    let figure = Report.Figure(
      file: "figures/\(name).svg", alternative: name,
      svg: SVGDocument(width: 9, height: 9).rendered(title: name, description: name))
    let page = page([
      .heading(1, RichText(name)), .heading(2, .code(name)), .table(table), .figure(figure), .code(name),
      .collapsed(RichText(name), [.note(.strong(name))]),
    ])
    #expect(page.components(separatedBy: "<script>").count == 2 && !page.contains("\" onclick"))
    try expectAccessible(page)
    for (url, isLink) in [
      ("report.md", true), ("a/b:c", true), ("https://example.org", true), ("javascript:alert(1)", false),
      ("data:text/html,x", false), ("//example.org/x", false), ("JaVaScript:x", false),
    ] {
      let text = body([.paragraph(RichText([.link("there", to: url)]))])
      #expect(text == (isLink ? "<p><a href=\"\(url)\">there</a></p>" : "<p>there</p>"))
    }
  }

  @Test("Two pictures of one title keep apart, and a picture's own file is left as it is")
  func pictures() throws {
    var document = SVGDocument(width: 20, height: 10)
    document.text("words", x: 1, y: 9)
    let figure = Report.Figure(
      file: "figures/a.svg", alternative: "what it says", svg: document.rendered(title: "t", description: "d"))
    let page = page([.heading(1, "Title"), .figure(figure), .measured([.figure(figure)]), .figure(figure)])
    try expectAccessible(page)
    #expect(page.components(separatedBy: "<svg ").count == 4)
    #expect(page.contains("aria-labelledby=\"clock_figure_1_title clock_figure_1_description\""))
    #expect(page.contains("<title id=\"figure_2_title\">t</title>"))
  }

  // MARK: The bound

  fileprivate static func table(_ rows: Int, cell: String = "a cell of some length") -> Report.Table {
    var table = Report.Table([("A", .left), ("B", .right)])
    for row in 0..<rows { table.append([RichText(cell), "\(row)"]) }
    return table
  }

  fileprivate static let picture = Report.Figure(
    file: "figures/large.svg", alternative: "a large one",
    svg: "<svg>" + String(repeating: "<g/>", count: 150_000) + "</svg>")

  /// Reports that are too large in one way each; an argument that a failure names in a word.
  enum Excess: CaseIterable {
    case foldedRows, rows, picture, headings, paragraph, cells, foldedTables

    var blocks: [Report.Block] {
      switch self {
      case .foldedRows: [.collapsed("All", [.table(HTMLRendererTests.table(12_000))])]
      case .rows: [.table(HTMLRendererTests.table(12_000))]
      case .picture: [.figure(HTMLRendererTests.picture)]
      case .headings:
        (0..<6_000).map { .heading($0 % 3 + 1, RichText("Heading \($0) " + String(repeating: "x", count: 100))) }
      case .paragraph: [.paragraph(RichText(String(repeating: "<", count: 900_000)))]
      case .cells: [.table(HTMLRendererTests.table(3, cell: String(repeating: "w", count: 300_000)))]
      case .foldedTables: [.collapsed("Deep", (0..<4_000).map { _ in .table(HTMLRendererTests.table(2)) })]
      }
    }

    /// What the page says of it.
    var words: String {
      switch self {
      case .foldedRows, .rows: "of 1 table only the first rows"
      case .picture: "1 picture by name only"
      case .headings: "parts not at all"
      case .paragraph, .cells: "1 part not at all"
      case .foldedTables: "of 4000 tables only the first rows"
      }
    }
  }

  @Test("However much there is, the page has at most 700 kB and says what it leaves out", arguments: Excess.allCases)
  func bounded(excess: Excess) throws {
    let blocks = excess.blocks, words = excess.words
    let page = page([.heading(1, "Title")] + blocks)
    #expect(page.utf8.count <= HTMLRenderer.largest)
    #expect(page.contains("below 700 kB"))
    #expect(page.contains(words), "\(page.components(separatedBy: "below 700 kB").last?.prefix(200) ?? "")")
    _ = try read(page)
    // All of it at once, with as much that was measured.
    let twice = self.page([.heading(1, "Title")] + blocks + [.measured(blocks)] + blocks + [.measured(blocks)])
    #expect(twice.utf8.count <= HTMLRenderer.largest)
    _ = try read(twice)
  }

  @Test("How much was measured moves nothing else")
  func measuredRoom() {
    func unmarked(_ rows: Int) -> [Substring] {
      var isMarked = false
      return page([
        .heading(1, "T"), .table(Self.table(4_000)), .heading(2, "Time"),
        .measured([.heading(3, "Machine \(rows)"), .table(Self.table(rows)), .figure(Self.picture)]),
        .heading(2, "Last"),
        .table(Self.table(1)),
      ]).split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        if line == "<!-- measured -->" { isMarked = true }
        defer { if line == "<!-- /measured -->" { isMarked = false } }
        return !isMarked
      }
    }
    #expect(unmarked(1) == unmarked(9_000) && unmarked(1).count > 4_000)
  }

  @Test("77 classes and four domains by four of seven models fit whole")
  func largestShapes() throws {
    let page = HTMLRenderer.render(Report(SyntheticRun.large))
    try expectAccessible(page)
    #expect(!page.contains("below 700 kB"), "\(page.utf8.count) bytes")
    #expect(page.contains("14 of 77 classes"))
  }
}

/// What a page is made of.
private final class PageReader: NSObject, XMLParserDelegate {
  var counts: [String: Int] = [:]
  var ids: [String] = []
  /// What labels, descriptions and links within the page name.
  var references: [String] = []
  var levels: [Int] = []
  /// Cells of heads with a scope, and pictures with a role.
  var scopes = 0
  var pictures = 0
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
    if let id = attributes["id"] { ids.append(id) }
    references += (attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
    if let link = attributes["href"], link.hasPrefix("#") { references.append(String(link.dropFirst())) }
    if name.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()) { levels.append(level) }
    if name == "th", attributes["scope"] != nil { scopes += 1 }
    if name == "svg", attributes["role"] == "img" { pictures += 1 }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
