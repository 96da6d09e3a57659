import Statistics
import Tasks

extension Report {
  // MARK: Scores

  static func scores(_ context: ReportContext) -> [Block] {
    let groups = context.groups.filter { !$0.summary.isEmpty && $0.isOwnDomain && !$0.key.isOfSample }
    guard !groups.isEmpty else { return [] }
    var blocks: [Block] = [
      .heading(2, "Scores"),
      .paragraph(
        "Mean ± standard deviation over the trials, in points (hundredths)" + units(context)
          + ". All metrics, intervals and pairs of domains: " + RichText([.link("summary.csv", to: "summary.csv")])
          + "."),
    ]
    let decisive = context.settings.filter { !$0.summary.isEmpty }
    for task in context.tasks {
      let own = decisive.filter { $0.key.task == task }
      if own.count > 1 {
        blocks.append(.paragraph("Bold marks the best mean of a column, certain or not."))
        blocks.append(.table(bySetting(own, context)))
      }
      if !own.isEmpty { blocks.append(.table(scoreTable(own, context))) }
    }
    let marked = context.models.compactMap { model -> RichText? in
      context.undertrained(model).map { .code(model) + RichText(" (\($0))") }
    }
    if !marked.isEmpty { blocks.append(.paragraph("† may be undertrained: " + .enumeration(marked) + ".")) }
    let others = groups.filter { group in !decisive.contains { $0.key == group.key } }
    if !others.isEmpty {
      let tables = context.tasks.compactMap { task -> Block? in
        let own = others.filter { $0.key.task == task }
        return own.isEmpty ? nil : .table(bySetting(own, context, titles: true))
      }
      blocks.append(.collapsed("Other protocols: sensitivity analyses", tables))
    }
    return blocks
  }

  /// What is not in points.
  private static func units(_ context: ReportContext) -> RichText {
    switch context.result.manifest.problem {
    case .classification: "; log loss in nats"
    case .multiLabel: ""
    case .regression: "; errors in the unit of the numbers, and its square"
    }
  }

  /// The columns of the table of metrics: those of trials.csv, and the primary metric.
  private static func mainMetrics(_ context: ReportContext) -> [String] {
    let main = context.result.manifest.problem.compared.map(\.rawValue)
    return (main.contains(context.primary) ? [] : [context.primary]) + main.filter { context.metrics.contains($0) }
  }

  /// The primary metric, a row a model, a column a setting.
  private static func bySetting(
    _ groups: [ReportContext.Group], _ context: ReportContext, titles: Bool = false
  ) -> Table {
    var table = Table(
      [(RichText(ReportContext.heading(of: context.primary)), .left)]
        + groups.map { (RichText(titles ? $0.title : context.shortName($0)), .right) }, all: "summary.csv",
      isMajor: !titles)
    let best = groups.map { $0.ranking(context.models, by: context.primary).first?.model }
    for model in context.models where groups.contains(where: { !$0.trials(of: model).isEmpty }) {
      table.append(
        [context.marked(model)]
          + groups.enumerated().map { index, group in
            let text = ReportContext.meanAndDeviation(group.row(model, context.primary))
            return best[index] == model ? .strong(text) : RichText(text)
          })
    }
    return table
  }

  /// Every main metric of each model: of one setting its mean and deviation, of several the mean of their means.
  private static func scoreTable(_ groups: [ReportContext.Group], _ context: ReportContext) -> Table {
    let metrics = mainMetrics(context)
    let corner = groups.count > 1 ? "Mean of \(groups.count) settings" : "Model"
    var table = Table(
      [(RichText(corner), .left)] + metrics.map { (RichText(ReportContext.heading(of: $0)), .right) }
        + [("Trials", .right)],
      all: "summary.csv", isMajor: true)
    for model in context.models {
      let trials = groups.flatMap { $0.trials(of: model) }
      guard !trials.isEmpty else { continue }
      let ended = trials.count { $0.status == .ok }
      let cells = metrics.map { metric -> RichText in
        guard groups.count > 1 else { return RichText(ReportContext.meanAndDeviation(groups[0].row(model, metric))) }
        let means = ReportContext.means(of: model, metric, in: groups)
        return RichText(ReportContext.text(means.count == groups.count ? Descriptive.mean(means) : nil, metric))
      }
      let failed = trials.count - ended
      table.append(
        [context.marked(model)] + cells
          + [failed == 0 ? "\(ended)" : "\(ended) (\(failed) failed)"])
    }
    return table
  }

  static func scoreFigure(_ task: String, _ context: ReportContext) -> Figure? {
    let groups = context.settings.filter { $0.key.task == task }
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

  /// Letters, digits, hyphens and underscores of a name, a hyphen for each other sign; where there are such, the name's hash
  /// behind them, so that different names stay different.
  static func fileName(_ name: String) -> String {
    let plain = String(name.map { ($0.isASCII && ($0.isLetter || $0.isNumber)) || $0 == "-" || $0 == "_" ? $0 : "-" })
    guard plain != name else { return plain }
    // FNV-1a, 32 bits.
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return "\(plain)-\(String(hash, radix: 36))"
  }

  /// Of a task and a corpus; no name has the point between them.
  static func fileName(_ task: String, _ corpus: String) -> String { fileName(task) + "." + fileName(corpus) }
}
