import Analysis
import Records
import Tasks
import Text

extension Report {
  /// What resampling before the split would have seemed to score, beside what it scores after it.
  static func leak(_ context: ReportContext) -> [Block] {
    let measured = context.result.records.filter { $0.leaked != nil && $0.status == .ok }
    guard !measured.isEmpty else { return [] }
    let metric = context.result.manifest.comparisons.primary
    let several = Set(measured.map(\.corpus)).count > 1
    var table = Table(
      (several ? [("Corpus", .left)] : []) + [
        ("Model", .left), ("Trials", .right), ("Split, then resampled", .right), ("Resampled, then split", .right),
        ("The mistake is worth", .right),
      ])
    for place in places(measured) {
      let rows = measured.filter { $0.corpus == place.corpus && $0.model == place.model }
      let pairs = rows.compactMap { row in row.metrics[metric.rawValue].map { (right: $0, wrong: row.leaked ?? 0) } }
      guard !pairs.isEmpty else { continue }
      let right = pairs.reduce(0) { $0 + $1.right } / Double(pairs.count)
      let wrong = pairs.reduce(0) { $0 + $1.wrong } / Double(pairs.count)
      table.append(
        (several ? [RichText(place.corpus)] : []) + [
          .code(place.model), "\(pairs.count)", RichText(NumberFormat.fixed(right, 3)),
          RichText(NumberFormat.fixed(wrong, 3)), RichText(difference(wrong - right, metric)),
        ])
    }
    return [
      .heading(3, "Resampling before the split"), .table(table),
      .paragraph(
        "\(metric.title.prefix(1).uppercased() + metric.title.dropFirst()) on test rows, means over trials. Every other figure of this report is of models whose rows were "
          + "divided first and resampled in the training part alone. On the right all rows are resampled by the same rule and "
          + "divided afterwards, so that a test row is a copy of a training row or was made from some, and test rows have other "
          + "shares of the classes: what such a score promises nobody gets. Each trial: "
          + RichText([.link("leaks.csv", to: "leaks.csv")]) + "."),
    ]
  }

  private static func difference(_ value: Double, _ metric: MetricName) -> String {
    metric.unit == .fraction
      ? NumberFormat.signed(value * 100, 1) + " points" : NumberFormat.signed(value, 3)
  }

  private static func places(_ records: [TrialRecord]) -> [(corpus: String, model: String)] {
    records.reduce(into: []) { places, record in
      if !places.contains(where: { $0 == (record.corpus, record.model) }) {
        places.append((record.corpus, record.model))
      }
    }
  }
}
