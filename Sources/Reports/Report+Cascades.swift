import Analysis
import Records
import Text

extension Report {
  /// How much the first model of each cascade answers.
  static func cascades(_ context: ReportContext) -> [Block] {
    let measured = context.result.records.filter { $0.coverage != nil && $0.status == .ok }
    guard !measured.isEmpty else { return [] }
    var table = Table([
      ("Corpus", .left), ("Cascade", .left), ("Trials", .right), ("Answered by the first model", .right),
    ])
    var seen: Set<[String]> = []
    for record in measured where seen.insert([record.corpus, record.model]).inserted {
      let shares = measured.filter { $0.corpus == record.corpus && $0.model == record.model }.compactMap(\.coverage)
      let mean = shares.reduce(0, +) / Double(shares.count)
      table.append([
        RichText(record.corpus), .code(record.model), "\(shares.count)",
        RichText(NumberFormat.fixed(mean * 100, 1) + " %"),
      ])
    }
    return [
      .heading(3, "Cascades"), .table(table),
      .paragraph(
        "Share of test rows of which the first model is sure; the second answers all others. From which probability on it is "
          + "sure was chosen on validation rows. What both score alone stands beside the cascade in every table, what an answer "
          + "takes under Time and memory."),
    ]
  }
}
