import Text

/// A report as GitHub-flavoured Markdown.
package struct MarkdownRenderer {
  /// The lines around what a clock or a memory counter gave; each stands alone on its line.
  static let measuredStart = "<!-- measured -->"
  static let measuredEnd = "<!-- /measured -->"

  private var lines: [String] = []

  /// What a report may be: nobody reads more. The measured part has a share of its own, for what it holds differs from
  /// run to run and must not change the rest.
  static let mostLines = (measured: 65, other: 230)
  static let mostBytes = (measured: 10_000, other: 29_000)

  /// Tables that have a file beside the report are shortened, all to one number of rows, until it is no longer than that.
  static func fitted(_ report: Report) -> String {
    let other = limit(for: report.blocks.filter { !$0.isMeasured }, lines: mostLines.other, bytes: mostBytes.other)
    let measured = limit(
      for: report.blocks.filter(\.isMeasured), lines: mostLines.measured, bytes: mostBytes.measured)
    let blocks = report.blocks.map { $0.shortened(to: $0.isMeasured ? measured : other) }
    return render(Report(blocks: blocks))
  }

  /// Of minor tables first, then of all.
  private static func limit(for blocks: [Report.Block], lines: Int, bytes: Int) -> Report.RowLimit {
    let minor = [Int.max, 16, 12, 8, 6, 4, 0].map { Report.RowLimit(minor: $0) }
    let all = [40, 30, 24, 16, 12, 8, 6, 4].map { Report.RowLimit(minor: 0, major: $0) }
    return (minor + all).first { limit in
      let text = render(Report(blocks: blocks.map { $0.shortened(to: limit) })).utf8
      return text.count <= bytes && text.count(where: { $0 == UInt8(ascii: "\n") }) <= lines
    } ?? Report.RowLimit(minor: 0, major: 0)
  }

  static func render(_ report: Report) -> String {
    var renderer = MarkdownRenderer()
    renderer.add(report.blocks)
    while renderer.lines.last == "" { renderer.lines.removeLast() }
    return renderer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func add(_ blocks: [Report.Block]) {
    for block in blocks { add(block) }
  }

  private mutating func add(_ block: Report.Block) {
    switch block {
    case .heading(let level, let text):
      lines.append(String(repeating: "#", count: level) + " " + Self.inline(text))
    case .paragraph(let text):
      lines.append(Self.inline(text))
    case .note(let text):
      lines.append("> " + Self.inline(text))
    case .list(let items):
      lines += items.map { "- " + Self.inline($0) }
    case .table(let table):
      add(table)
    case .figure(let figure):
      lines.append("![\(Self.escaped(figure.alternative))](\(figure.file))")
    case .code(let text):
      let fence = Self.fence(for: text)
      lines.append(fence)
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines.append(fence)
    case .collapsed(let title, let inner):
      lines.append("<details>")
      lines.append("<summary>" + HTMLRenderer.inline(title) + "</summary>")
      lines.append("")
      add(inner)
      lines.append("</details>")
    case .measured(let inner):
      lines.append(Self.measuredStart)
      lines.append("")
      add(inner)
      lines.append(Self.measuredEnd)
    }
    lines.append("")
  }

  private mutating func add(_ table: Report.Table) {
    func row(_ cells: [RichText]) -> String { "| " + cells.map(Self.cell).joined(separator: " | ") + " |" }
    if table.rows.isEmpty, table.omitted > 0, let file = table.all {
      lines.append("\(NumberFormat.grouped(table.omitted)) rows: [\(file)](\(file)).")
      return
    }
    lines.append(row(table.header))
    lines.append("|" + table.alignments.map { $0 == .left ? ":---|" : "---:|" }.joined())
    lines += table.rows.map(row)
    if table.omitted > 0, let file = table.all {
      lines += ["", "And \(NumberFormat.grouped(table.omitted)) more rows: [\(file)](\(file))."]
    }
  }

  private static func cell(_ text: RichText) -> String {
    RichText(
      text.spans.map { span in
        // A bar ends a cell even inside code; elsewhere `escaped` has it.
        if case .code(let code) = span { return .code(code.replacing("|", with: "\\|")) }
        return span
      }
    ).markdown
  }

  private static func inline(_ text: RichText) -> String { text.markdown }

  /// `&`, `<`, `>` and `"` as entities.
  package static func xml(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default:
        // XML 1.0 has no place for other control characters and two that are none.
        let isText = scalar.value >= 32 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        if isText || scalar == "\t" || scalar == "\n" { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// Text that Markdown leaves as it is.
  package static func escaped(_ text: String) -> String {
    let characters = Array(text)
    var result = ""
    for (index, character) in characters.enumerated() {
      switch character {
      case "\\", "`", "*", "[", "]", "|", "~", "$":
        result.append("\\")
        result.append(character)
      case "<":
        // Only what could begin a tag or a comment.
        let isTag = index + 1 < characters.count && characters[index + 1] != " "
        result += isTag ? "\\<" : "<"
      case "&":
        // Only what could begin an entity.
        let isEntity = index + 1 < characters.count && (characters[index + 1].isLetter || characters[index + 1] == "#")
        result += isEntity ? "\\&" : "&"
      case ":":
        // No link that nobody wrote.
        result += characters[index...].starts(with: "://") ? "\\:" : ":"
      case "@":
        let isAddress =
          index > 0 && index + 1 < characters.count && characters[index - 1].isLetter && characters[index + 1].isLetter
        result += isAddress ? "\\@" : "@"
      case ".":
        result += result.suffix(3).lowercased() == "www" ? "\\." : "."
      case "_":
        // Inside a word GitHub reads it as a letter.
        let inside =
          index > 0 && index + 1 < characters.count
          && (characters[index - 1].isLetter || characters[index - 1].isNumber)
          && (characters[index + 1].isLetter || characters[index + 1].isNumber)
        result += inside ? "_" : "\\_"
      case "#", ">", "+", "-":
        result += index == 0 && characters.count > 1 && characters[1] == " " ? "\\\(character)" : "\(character)"
      case "\n", "\r", "\r\n":
        result.append(" ")
      default:
        result.append(character)
      }
    }
    return result
  }

  /// A fence longer than every run of backticks in the text.
  private static func fence(for text: String) -> String {
    String(repeating: "`", count: max(3, longestBackticks(text) + 1))
  }

  static func longestBackticks(_ text: String) -> Int {
    text.reduce(into: (run: 0, longest: 0)) { state, character in
      state.run = character == "`" ? state.run + 1 : 0
      state.longest = max(state.longest, state.run)
    }.longest
  }
}

extension RichText {
  fileprivate var markdown: String {
    spans.map { span in
      switch span {
      case .text(let text): return MarkdownRenderer.escaped(text)
      case .strong(let text): return "**" + MarkdownRenderer.escaped(text) + "**"
      case .shaded(let text, _): return MarkdownRenderer.escaped(text)
      case .link(let text, let url): return "[" + MarkdownRenderer.escaped(text) + "](" + url + ")"
      case .code(let text):
        let single = text.replacing("\n", with: " ")
        let ticks = MarkdownRenderer.longestBackticks(single)
        guard ticks > 0 else { return "`" + single + "`" }
        let fence = String(repeating: "`", count: ticks + 1)
        return fence + " " + single + " " + fence
      }
    }.joined()
  }
}
