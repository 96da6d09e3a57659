import Analysis
import Tasks
import Text

extension Report {
  /// Everything that has words: the declared pairs, each setting, the floors.
  static func verdicts(_ context: ReportContext) -> [Block] {
    let headlines = context.headlines
    guard !headlines.isEmpty else { return [] }
    let inPoints = ReportContext.isFraction(context.primary) ? " in points" : ""
    var blocks: [Block] = [
      .heading(2, "Verdicts"),
      .paragraph(
        "Difference of \(ReportContext.title(of: context.primary))\(inPoints), A − B, with its simultaneous interval, "
          + "wider than one of 95 % as all are to hold at once; p is corrected likewise. Better or worse: p is at most 0.05. "
          + "By more than the margin: the whole interval lies beyond \(context.marginText). Equivalent: the whole interval "
          + "lies within \(context.marginText). Other pairs and 95 % "
          + "intervals: "
          + RichText([.link("comparisons.csv", to: "comparisons.csv")]) + ". The rules: "
          + RichText.code("Documentation/Methodology.md") + "."),
      .table(table(headlines, context)),
    ]
    let settings = context.result.analysis.comparisons.filter { $0.role == .setting }
    if !settings.isEmpty {
      blocks += [
        .heading(3, "In each domain"),
        .paragraph(
          "Of one domain there are fewer rows and trials than of all, and more comparisons: what is certain over all "
            + "domains may be undecided in each."),
        .table(settingsTable(settings, headlines, context)),
      ]
    }
    return blocks
  }

  private static func table(_ rows: [ComparisonRow], _ context: ReportContext) -> Table {
    let several = context.tasks.count > 1, hasDomains = rows.contains { $0.settings > 1 }
    var columns: [(RichText, Table.Alignment)] = several ? [("Task", .left)] : []
    columns += [("A", .left), ("B", .left), ("Difference (simultaneous interval)", .right), ("p, corrected", .right)]
    if hasDomains { columns.append(("Domains", .right)) }
    columns += [(hasDomains ? "Trials in each" : "Trials", .right), ("A against B", .left)]
    var table = Table(columns, all: "comparisons.csv", isMajor: true)
    for row in rows {
      var cells: [RichText] = several ? [RichText(row.task)] : []
      cells += [context.marked(row.modelA), context.marked(row.modelB), RichText(ReportContext.difference(row))]
      cells.append(RichText(NumberFormat.p(row.words?.p)))
      if hasDomains { cells.append("\(row.settings)") }
      table.append(cells + ["\(row.n)", word(row.verdict, row.warning)])
    }
    return table
  }

  /// The word, in bold where it says something, and what to know of it.
  static func word(_ verdict: Verdict?, _ warning: String) -> RichText {
    guard let verdict else { return "–" }
    return (verdict.isDecisive ? .strong(verdict.text) : RichText(verdict.text))
      + RichText(warning.isEmpty ? "" : "; " + warning)
  }

  /// A row a setting, a column a declared pair: difference and word.
  private static func settingsTable(
    _ rows: [ComparisonRow], _ headlines: [ComparisonRow], _ context: ReportContext
  ) -> Table {
    let pairs = headlines.map { [$0.modelA, $0.modelB] }.reduce(into: [[String]]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var table = Table(
      [("Domain", .left)] + pairs.map { (context.marked($0[0]) + " − " + context.marked($0[1]), .right) },
      all: "comparisons.csv",
      isMajor: true)
    for group in context.settings {
      let own = rows.filter { $0.key == group.key }
      guard !own.isEmpty else { continue }
      table.append(
        [RichText(context.shortName(group))]
          + pairs.map { pair in
            guard let row = own.first(where: { [$0.modelA, $0.modelB] == pair }), let verdict = row.verdict else {
              return "–"
            }
            return RichText(ReportContext.difference(row, digits: ReportContext.digits(row.metric) - 1) + " ")
              + (verdict.isDecisive ? .strong(verdict.word) : RichText(verdict.word))
          })
    }
    return table
  }
}
