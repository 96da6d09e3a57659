import Foundation
import TestSupport
import Testing
import Text

@testable import Reports

@Suite struct NumberFormatTests {
  @Test("Machines get the fewest digits that read back as the same number")
  func exact() {
    for value in [0.1, 1.0 / 3, 1e-7, 123_456_789.125, -0.0, 2.5e300] {
      #expect(Double(NumberFormat.exact(value)) == value)
    }
    #expect(NumberFormat.exact(-0.0) == "0.0")
    #expect(NumberFormat.exact(Double.nan) == "")
    #expect(NumberFormat.exact(nil as Double?) == "")
  }

  @Test("People get fixed digits, real minus signs and no negative nought")
  func fixed() {
    #expect(NumberFormat.fixed(-0.004, 2) == "0.00")
    #expect(NumberFormat.fixed(-1.005, 1, typographic: true) == "−1.0")
    #expect(NumberFormat.signed(1.2, 2) == "+1.20")
    #expect(NumberFormat.signed(0.001, 2) == "0.00")
    #expect(NumberFormat.signed(-0.35, 2) == "−0.35")
    #expect(NumberFormat.p(0.0004) == "< 0.001")
    #expect(NumberFormat.p(0.0404) == "0.040")
    #expect(NumberFormat.grouped(1_234_567) == "1,234,567")
    #expect(NumberFormat.grouped(-999) == "−999")
    #expect(NumberFormat.scaled(61_234_176, unit: "B") == "61.2 MB")
    #expect(NumberFormat.scaled(999_960) == "1.00 M")
    #expect(NumberFormat.scaled(24, unit: "B") == "24 B")
    #expect(NumberFormat.duration(247.3) == "4 min 07 s")
    #expect(NumberFormat.duration(7_265) == "2 h 1 min 05 s")
  }
}

@Suite struct CSVWriterTests {
  @Test("Quotes only what needs them, doubles quotes, ends records with CRLF")
  func quoting() {
    var csv = CSVWriter(["a", "b"])
    csv.append(["plain text", "with, comma"])
    csv.append(["two\nlines", "a \"word\""])
    csv.append(["", "é\r\n"])
    #expect(
      String(decoding: csv.bytes, as: UTF8.self)
        == "a,b\r\nplain text,\"with, comma\"\r\n\"two\nlines\",\"a \"\"word\"\"\"\r\n,\"é\r\n\"\r\n")
  }
}

@Suite struct MarkdownRendererTests {
  private func rendered(_ block: Report.Block) -> String { MarkdownRenderer.render(Report(blocks: [block])) }

  @Test("Names from manifests and data cannot break out of their cell")
  func escaping() {
    var table = Report.Table([("Name", .left), ("Count", .right)])
    table.append([.code("a|b"), "x | y <script>"])
    table.append(["*star* under_score _edge_", .code("tick ` tick")])
    #expect(
      rendered(.table(table)) == """
        | Name | Count |
        |:---|---:|
        | `a\\|b` | x \\| y \\<script> |
        | \\*star\\* under_score \\_edge\\_ | `` tick ` tick `` |

        """)
    #expect(rendered(.paragraph("line one\nline two")) == "line one line two\n")
  }

  @Test("Marks stand alone on their lines, around all that is inside")
  func marks() {
    let lines = rendered(.measured([.paragraph("12 ms")])).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines == ["<!-- measured -->", "", "12 ms", "", "<!-- /measured -->", ""])
  }

  @Test(
    "A report is at most 300 lines and 40 KB, its verdicts are shortened last, and what a clock gave changes nothing")
  func length() {
    func table(_ rows: Int, isMajor: Bool, cell: String = "0.123 ± 0.456") -> Report.Block {
      var table = Report.Table([("Name", .left), ("Value", .right)], all: "summary.csv", isMajor: isMajor)
      for row in 0..<rows { table.append(["row \(row)", RichText(cell)]) }
      return .table(table)
    }
    func text(_ major: Int, _ minor: Int, measured: Int = 40) -> String {
      let blocks =
        [table(major, isMajor: true)] + (0..<20).map { _ in table(minor, isMajor: false) }
        + [.measured([table(measured, isMajor: false, cell: "12.34 ms")])]
      return MarkdownRenderer.fitted(Report(blocks: blocks))
    }
    for (major, minor) in [(10, 3), (30, 12), (400, 12), (30, 400), (5_000, 5_000)] {
      let found = text(major, minor)
      #expect(found.utf8.count <= 40_000 && found.split(separator: "\n", omittingEmptySubsequences: false).count <= 300)
      if major <= 30 { #expect(found.contains("row \(major - 1) |"), "all \(major) rows of the major table") }
    }
    #expect(text(10, 3).components(separatedBy: "row 2 |").count == 23)
    func unmarked(_ text: String) -> String { text.components(separatedBy: MarkdownRenderer.measuredStart)[0] }
    #expect(unmarked(text(30, 12, measured: 3)) == unmarked(text(30, 12, measured: 900)))
  }

  @Test("A code block's fence is longer than any inside it")
  func fences() {
    #expect(rendered(.code("a\n```\nb")).hasPrefix("````\na\n```\nb\n````"))
  }

  @Test("Names are shown as they are: no entity, strike, formula or link comes of them")
  func escapedMarkdown() {
    for (text, markdown) in [
      ("&lt;b&gt; & co", "\\&lt;b\\&gt; & co"), ("~~a~~", "\\~\\~a\\~\\~"), ("$x$", "\\$x\\$"),
      ("https://a.b", "https\\://a.b"), ("a@b.c", "a\\@b.c"), ("@a", "@a"), ("WWW.a.b", "WWW\\.a.b"),
      ("a: b.c", "a: b.c"), ("<b>", "\\<b>"),
    ] { #expect(MarkdownRenderer.escaped(text) == markdown) }
  }

  @Test("Different names give different files")
  func fileNames() {
    #expect(Report.fileName("intent_2-b") == "intent_2-b")
    #expect(Set(["in.tent", "in-tent", "in tent", "in/tent"].map { Report.fileName($0) }).count == 4)
    #expect(Report.fileName("a-b", "c") != Report.fileName("a", "b-c"))
  }

  @Test("Summaries of collapsed parts are HTML, and escaped as such")
  func collapsed() {
    let text = rendered(.collapsed("a < b & \"c\"", [.paragraph("inside")]))
    #expect(text.contains("<summary>a &lt; b &amp; &quot;c&quot;</summary>\n\ninside\n\n</details>"))
  }
}

@Suite struct TerminalSummaryTests {
  private func text(_ style: TerminalSummary.Style) -> String {
    TerminalSummary.render(SyntheticRun.result, reportPath: "Results/synthetic/report.md", style: style)
  }

  @Test("The table is that of the snapshot and fits the terminal", arguments: [80, 48])
  func snapshot(width: Int) throws {
    let got = text(TerminalSummary.Style(width: width)) + "\n"
    let url = Fixtures.root.appendingPathComponent("reports/terminal-\(width).txt")
    try Fixtures.record(got.utf8, to: url, if: "BENCH_UPDATE_SNAPSHOTS")
    #expect(got == (try String(contentsOf: url, encoding: .utf8)))
    #expect(got.split(separator: "\n").allSatisfy { $0.count <= width })
  }

  @Test("Colours appear on a terminal only, and not against NO_COLOR")
  func colours() {
    func style(_ isTerminal: Bool, _ environment: [String: String]) -> TerminalSummary.Style {
      TerminalSummary.Style(isTerminal: isTerminal, width: nil, environment: environment)
    }
    #expect(text(style(true, [:])).contains("\u{1B}["))
    #expect(!text(style(false, [:])).contains("\u{1B}["))
    #expect(!text(style(true, ["NO_COLOR": "1"])).contains("\u{1B}["))
    #expect(!text(style(true, ["TERM": "dumb"])).contains("\u{1B}["))
    #expect(style(true, ["NO_COLOR": ""]).isColoured)
    #expect(style(true, [:]).width == 80)
  }
}
