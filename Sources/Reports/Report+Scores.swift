import Experiments
import Metrics

extension Report {
  // MARK: Verdicts

  static func verdicts(_ context: ReportContext) -> [Block] {
    let groups = context.groups.filter { !$0.verdicts.isEmpty }
    guard !groups.isEmpty else { return [] }
    let title = ReportContext.title(of: context.primary)
    let isFraction = ReportContext.isFraction(context.primary)
    // A margin in points is so many hundredths of a unit that is no fraction.
    let margin = context.result.manifest.comparisons.margin / (isFraction ? 1 : 100)
    var blocks: [Block] = [
      .heading(2, "Verdicts"),
      .paragraph(
        "Deciding metric: \(title). Difference = A − B"
          + (isFraction ? " in points" : "") + ", with its 95 % interval; margin \(NumberFormat.exact(margin))"
          + (isFraction ? margin == 1 ? " point" : " points" : "")
          + ". Holm's correction covers all pairs of one task and protocol. What the words and tests mean: "
          + RichText.code("Documentation/Results.md") + "."),
    ]
    for group in groups where group.isOwnDomain {
      blocks.append(.heading(3, RichText(group.title)))
      blocks += verdictTable(group)
    }
    let crossed = groups.filter { !$0.isOwnDomain }
    if !crossed.isEmpty {
      blocks.append(
        .paragraph(
          "Across domains \(title) on novel texts decides: those that neither stand in the training rows of the other "
            + "domain nor are near one of them."))
      blocks.append(
        .collapsed(
          "Verdicts across domains (\(crossed.count) pairs of domains)",
          crossed.flatMap { group in [.heading(4, RichText(group.title))] + verdictTable(group) }))
    }
    return blocks
  }

  private static func verdictTable(_ group: ReportContext.Group) -> [Block] {
    var table = Table([
      ("A", .left), ("B", .left), ("Difference (95 % interval)", .right), ("p", .right), ("p (Holm)", .right),
      ("Test", .left), ("n", .right), ("A against B", .left),
    ])
    for row in group.verdicts {
      table.append([
        .code(row.modelA), .code(row.modelB), RichText(ReportContext.difference(row)), RichText(NumberFormat.p(row.p)),
        RichText(NumberFormat.p(row.pHolm)), RichText(row.test), "\(row.n)",
        (row.verdict.direction == 0 ? RichText(row.verdict.text) : .strong(row.verdict.text))
          + RichText(row.warning.isEmpty ? "" : "; " + row.warning),
      ])
    }
    var blocks: [Block] = [.table(table)]
    let missing = group.verdicts.filter { $0.missing > 0 }
    if !missing.isEmpty {
      let parts = missing.map { row -> RichText in
        .code(row.modelA) + "–" + .code(row.modelB) + " (\(row.missing))"
      }
      blocks.append(
        .paragraph("Pairs of trials left out because a side failed or had no value: " + .enumeration(parts) + "."))
    }
    return blocks
  }

  // MARK: Scores

  static func scores(_ context: ReportContext) -> [Block] {
    let groups = context.groups.filter { !$0.summary.isEmpty }
    guard !groups.isEmpty else { return [] }
    var blocks: [Block] = [
      .heading(2, "Scores"),
      .paragraph(
        "Mean ± standard deviation over n trials, in points (hundredths); log loss in nats, Brier score as it is."),
    ]
    for task in context.tasks {
      if let figure = scoreFigure(task, context) { blocks.append(.figure(figure)) }
    }
    for group in groups where group.isOwnDomain {
      blocks.append(.heading(3, RichText(group.title)))
      blocks += scoreTables(group, context)
    }
    let crossed = groups.filter { !$0.isOwnDomain }
    if !crossed.isEmpty {
      blocks.append(
        .collapsed(
          "Scores across domains (\(crossed.count) pairs of domains)",
          crossed.flatMap { group in
            [.heading(4, RichText(group.title)), .table(scoreTable(group, mainMetrics(context), context))]
          }))
    }
    return blocks
  }

  /// The columns of the first table: those of trials.csv, and the primary metric.
  private static func mainMetrics(_ context: ReportContext) -> [String] {
    let main = ["accuracy", "precision_macro", "recall_macro", "f1_macro", "auc_ovr_macro", "mcc", "log_loss"]
    return (main.contains(context.primary) ? [] : [context.primary]) + main.filter { context.metrics.contains($0) }
  }

  private static func scoreTables(_ group: ReportContext.Group, _ context: ReportContext) -> [Block] {
    let main = mainMetrics(context)
    var blocks: [Block] = [.table(scoreTable(group, main, context))]
    let marked = context.models.compactMap { model -> RichText? in
      let trials = group.trials(of: model).filter { $0.status == .ok }
      let count = trials.filter(\.mayBeUndertrained).count
      return count == 0 ? nil : .code(model) + " (\(count) of \(trials.count) trials)"
    }
    if !marked.isEmpty { blocks.append(.paragraph("† may be undertrained: " + .enumeration(marked) + ".")) }
    let rest = context.metrics.filter { !main.contains($0) }
    if !rest.isEmpty {
      // Rows and columns change places: there are more measures than fit across a page.
      var table = Table([("Measure", .left)] + context.models.map { (.code($0), .right) })
      for metric in rest {
        table.append(
          [RichText(ReportContext.heading(of: metric))]
            + context.models.map { RichText(ReportContext.meanAndDeviation(group.row($0, metric))) })
      }
      blocks.append(.collapsed("Other measures", [.table(table)]))
    }
    return blocks
  }

  private static func scoreTable(
    _ group: ReportContext.Group, _ metrics: [String], _ context: ReportContext
  ) -> Table {
    var table = Table(
      [("Model", .left)] + metrics.map { (RichText(ReportContext.heading(of: $0)), .right) } + [("n", .right)])
    for model in context.models {
      let trials = group.trials(of: model)
      guard !trials.isEmpty else { continue }
      let ended = trials.filter { $0.status == .ok }
      let mark: RichText = ended.contains(where: \.mayBeUndertrained) ? " †" : ""
      let best = metrics.map { group.ranking(context.models, by: $0).first?.model }
      let cells = metrics.enumerated().map { index, metric -> RichText in
        let text = ReportContext.meanAndDeviation(group.row(model, metric))
        return metric == context.primary && best[index] == model ? .strong(text) : RichText(text)
      }
      let failed = trials.count - ended.count
      table.append(
        [RichText.code(model) + mark] + cells + [failed == 0 ? "\(ended.count)" : "\(ended.count) (\(failed) failed)"])
    }
    return table
  }

  private static func scoreFigure(_ task: String, _ context: ReportContext) -> Figure? {
    let groups = context.groups.filter { $0.key.task == task && $0.isOwnDomain }
    let metric = context.primary
    let panels = groups.compactMap { group -> DotPlot.Panel? in
      let rows = context.models.compactMap { group.row($0, metric) }.map { row in
        DotPlot.Row(
          model: row.model, kind: row.kind, mean: ReportContext.shown(row.mean, metric),
          low: row.low.map { ReportContext.shown($0, metric) }, high: row.high.map { ReportContext.shown($0, metric) })
      }
      return rows.isEmpty ? nil : DotPlot.Panel(title: group.title, rows: rows)
    }
    guard !panels.isEmpty else { return nil }
    let name = ReportContext.title(of: metric)
    let plot = DotPlot(
      title: "\(task): \(name) of each model", axisLabel: name + (ReportContext.isFraction(metric) ? ", points" : ""),
      digits: ReportContext.isFraction(metric) ? 1 : 3, limits: ReportContext.isFraction(metric) ? -100...100 : nil,
      panels: panels)
    return Figure(
      file: "\(ResultFiles.figuresFolder)/\(fileName(task))-scores.svg",
      alternative: "\(name) of each model with its 95 % interval, task \(task)", svg: plot.svg())
  }

  /// Letters, digits and hyphens of a name; the rest become hyphens.
  static func fileName(_ name: String) -> String {
    String(name.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "-" || $0 == "_" ? $0 : "-" })
  }
}
