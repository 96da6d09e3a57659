import Analysis
import Foundation

/// The end of a run on a terminal: one table a group that fits its width, and where the report stands.
public enum TerminalSummary {
  /// The width of the terminal and whether it shows colours.
  public struct Style: Sendable, Equatable {
    /// Columns; 80 where it is not known.
    public var width: Int
    public var isColoured: Bool
    public init(width: Int = 80, isColoured: Bool = false) { (self.width, self.isColoured) = (width, isColoured) }

    /// Colours on a terminal only, and not where `NO_COLOR` is set to anything (no-color.org) or `TERM` is `dumb`.
    public init(isTerminal: Bool, width: Int?, environment: [String: String]) {
      let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
      self.init(width: max(40, width ?? 80), isColoured: isTerminal && !refused)
    }

    public enum Paint: String, Sendable {
      case bold = "1"
      case dim = "2"
      case red = "31"
      case green = "32"
      case yellow = "33"
    }

    public func paint(_ text: String, _ paint: Paint) -> String {
      isColoured ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }
  }

  /// Declared pairs that are shown.
  private static let mostHeadlines = 8
  /// Warnings about the data that are shown.
  private static let shownWarnings = 5

  /// The lines, without a line feed at the end of the last.
  public static func render(_ result: RunResult, reportPath: String, style: Style) -> String {
    let context = ReportContext(result)
    var lines: [String] = []
    let failed = result.records.filter { $0.status == .failed }
    if !failed.isEmpty {
      lines.append(style.paint("\(failed.count) of \(result.records.count) trials failed:", .red))
      for record in failed.prefix(5) {
        let text = "\(record.trial): \(record.failure ?? "no reason given")"
        lines += TextLines.wrapped(text, width: style.width, indent: 2)
      }
      if failed.count > 5 { lines.append("  and \(failed.count - 5) more") }
      lines.append("")
    }
    let warnings = result.audits.flatMap(\.warnings)
    for warning in warnings.prefix(shownWarnings) {
      let text = TextLines.wrapped("data, \(warning.dataName): \(warning.text)", width: style.width)
      lines += text.map { style.paint($0, .yellow) }
    }
    if warnings.count > shownWarnings { lines.append("and \(warnings.count - shownWarnings) more, in the report") }
    if !warnings.isEmpty { lines.append("") }
    for row in context.headlines.prefix(mostHeadlines) {
      let verdict = row.verdict.map(\.text) ?? "no verdict"
      let text =
        "\(row.modelA) against \(row.modelB): \(verdict); difference \(ReportContext.difference(row))"
        + (row.warning.isEmpty ? "" : "; \(row.warning)")
      lines += TextLines.wrapped(text, width: style.width)
    }
    if !context.headlines.isEmpty { lines.append("") }
    for group in context.settings.filter({ !$0.summary.isEmpty }) { lines += table(group, context, style) + [""] }
    let others = context.groups.count - context.settings.count
    if others > 0 {
      lines += TextLines.wrapped("and \(others) other settings and pairs of domains, in the report", width: style.width)
    }
    lines.append("report: \(reportPath)")
    return lines.joined(separator: "\n")
  }

  private static func table(_ group: ReportContext.Group, _ context: ReportContext, _ style: Style) -> [String] {
    let ranking = group.ranking(context.models, by: context.primary)
    guard let best = ranking.first else { return [] }
    let title = ReportContext.heading(of: context.primary)
    let reference = context.declared.pairs.first?.a ?? best.model
    let header = ["Model", title, "95 % interval", "against \(reference)"]
    var rows = ranking.map { row -> [String] in
      var interval = ""
      if let low = row.low, let high = row.high {
        interval = "\(ReportContext.text(low, row.metric)) to \(ReportContext.text(high, row.metric))"
      }
      return [row.model, ReportContext.meanAndDeviation(row), interval, against(reference, row.model, group, context)]
    }
    func measured() -> [Int] {
      header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    }
    var widths = measured()
    // What would decide, then the last column, then the interval give way to a narrow terminal.
    var columns = 4
    if widths.reduce(0, +) + 6 > style.width {
      for index in rows.indices { rows[index][3] = String(rows[index][3].prefix { $0 != ":" }) }
      widths = measured()
    }
    while columns > 2, widths[..<columns].reduce(0, +) + 2 * (columns - 1) > style.width {
      let rest = style.width - widths[..<(columns - 1)].reduce(0, +) - 2 * (columns - 1)
      if columns == 4, rest >= 14 {
        widths[3] = rest
      } else {
        columns -= 1
      }
    }
    if columns == 2 { widths[0] = min(widths[0], max(8, style.width - widths[1] - 2)) }
    func line(_ cells: [String]) -> String {
      var text = ""
      for column in 0..<columns {
        let cell = cut(cells[column], widths[column])
        let space = String(repeating: " ", count: widths[column] - cell.count)
        text += (column == 1 ? space + cell : cell + space) + (column + 1 < columns ? "  " : "")
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    var lines = [style.paint(cut(group.title, style.width), .bold), style.paint(line(header), .dim)]
    for (index, row) in rows.enumerated() {
      lines.append(index == 0 ? style.paint(line(row), .green) : line(row))
    }
    return lines
  }

  /// The word on a model against another one, where there is one.
  private static func against(_ best: String, _ model: String, _ group: ReportContext.Group, _ context: ReportContext)
    -> String
  {
    guard !group.trials(of: best).isEmpty else { return "" }
    let inTask = context.headlines.filter { $0.task == group.key.task }
    // The only setting of a task has its words in the headlines.
    let rows = group.comparisons.filter { $0.words != nil } + (inTask.allSatisfy { $0.settings < 2 } ? inTask : [])
    for row in rows where [row.modelA, row.modelB].contains(model) && [row.modelA, row.modelB].contains(best) {
      guard model != best, let verdict = row.modelA == model ? row.verdict : row.verdict?.reversed else { continue }
      return verdict.text
    }
    return ""
  }

  private static func cut(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : String(text.prefix(max(0, width - 1))) + "…"
  }
}
