import Corpora
import Records
import Tasks
import Text

extension Report {
  /// How much of each test part was seen in training, and what the models score on what was not.
  static func novelty(_ context: ReportContext) -> [Block] {
    let groups = context.settings.filter { group in
      group.summary.contains { ScoreName(column: $0.metric)?.metric == nil }
    }
    guard !groups.isEmpty else { return [] }
    let primary = context.metric
    let models = context.models.filter { model in groups.contains { $0.row(model, context.primary) != nil } }
    var table = Table(
      [("Domain", .left)] + Novelty.allCases.map { (RichText($0.rawValue), .right) }
        + models.map { (context.marked($0) + ", novel", .right) }, all: "summary.csv")
    for group in groups {
      // The same for all models: they were trained and tested on the same rows.
      let shares = Novelty.allCases.map { novelty -> RichText in
        guard let model = models.first, let row = group.row(model, ScoreName.share(novelty).column) else { return "–" }
        return RichText(NumberFormat.fixed(row.mean * 100, 1) + " %")
      }
      let column = ScoreName.part(primary, .novel).column
      table.append(
        [RichText(context.shortName(group))] + shares
          + models.map { RichText(ReportContext.text(group.row($0, column)?.mean, column)) })
    }
    return [
      .heading(2, "Seen, near and novel texts"),
      .paragraph(
        "Shares of the test rows, and \(primary.title) on the novel ones\(primary.isFraction ? ", in points" : ""). Seen: the "
          + "normalised text stands among the rows trained on; near: one of them has a Jaccard coefficient of at least "
          + "0.8 over five-character shingles; novel: neither. What a lookup of the same text scores is memory."),
      .table(table),
    ]
  }
}
