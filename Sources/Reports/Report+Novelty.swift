import Corpora
import Experiments
import Metrics

extension Report {
  /// What the scores are on texts that were seen in training, on near ones, and on novel ones.
  static func novelty(_ context: ReportContext) -> [Block] {
    let groups = context.groups.filter { group in
      group.summary.contains { ScoreName(column: $0.metric)?.metric == nil }
    }
    guard !groups.isEmpty, let primary = MetricName(rawValue: context.primary) else { return [] }
    let metrics = primary == .accuracy ? [primary] : [primary, .accuracy]
    var blocks: [Block] = [
      .heading(2, "Seen, near and novel texts"),
      .paragraph(
        "Relative to the rows that each fit was trained on: seen, the normalised text stands among them; near, one of them "
          + "has a Jaccard coefficient of at least 0.8 over five-character shingles; novel, neither. Mean over trials"
          + (primary.isFraction ? ", in points" : "")
          + "; macro averages over the classes among the part's labels or predictions. "
          + "What a lookup of the same text scores on seen texts is memory."),
    ]
    for group in groups where group.isOwnDomain {
      blocks += [.heading(3, RichText(group.title)), .table(noveltyTable(group, metrics, context))]
    }
    let crossed = groups.filter { !$0.isOwnDomain }
    if !crossed.isEmpty {
      blocks.append(
        .collapsed(
          "Seen, near and novel across domains (\(crossed.count) pairs of domains)",
          crossed.flatMap { group in
            [.heading(4, RichText(group.title)), .table(noveltyTable(group, metrics, context))]
          }))
    }
    return blocks
  }

  private static func noveltyTable(
    _ group: ReportContext.Group, _ metrics: [MetricName], _ context: ReportContext
  ) -> Table {
    var columns: [(RichText, Table.Alignment)] = [("Model", .left)]
    for metric in metrics {
      columns.append((RichText(ReportContext.heading(of: metric.rawValue)), .right))
      columns += Novelty.allCases.map { (RichText($0.rawValue), .right) }
    }
    var table = Table(columns)
    let models = context.models.filter { group.row($0, metrics[0].rawValue) != nil }
    if let first = models.first {
      // The same for all models: they were trained and tested on the same rows.
      let shares = Novelty.allCases.map { novelty -> RichText in
        guard let row = group.row(first, ScoreName.share(novelty).column) else { return "–" }
        return RichText(NumberFormat.fixed(row.mean * 100, 1) + " %")
      }
      table.append(["Share of test rows"] + metrics.flatMap { _ in ["100 %"] + shares })
    }
    for model in models {
      table.append(
        [.code(model)]
          + metrics.flatMap { metric -> [RichText] in
            ([metric.rawValue] + Novelty.allCases.map { ScoreName.part(metric, $0).column }).map {
              RichText(ReportContext.text(group.row(model, $0)?.mean, $0))
            }
          })
    }
    return table
  }
}
