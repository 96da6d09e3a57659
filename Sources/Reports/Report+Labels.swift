import Corpora
import Records
import Statistics
import Tasks
import Text

extension Report {
  // MARK: Labels

  /// How well each label is found, of runs in which a row has several: F1 of every model, the most frequent label first.
  static func labels(_ context: ReportContext) -> [Block] {
    guard context.result.manifest.problem == .multiLabel else { return [] }
    let tables = context.settings.compactMap { group in
      labelTable(group, context).map { (group, $0) }
    }
    guard !tables.isEmpty else { return [] }
    return [
      .heading(2, "Labels"),
      .paragraph("F1 of each label in points, the mean over the trials, and its test rows in one of them."),
    ]
      + tables.map { group, table in
        tables.count == 1 && table.rows.count <= shownLabels
          ? .table(table) : .collapsed(RichText("\(group.title): \(table.rows.count) labels"), [.table(table)])
      }
  }

  private static let shownLabels = 40

  private static func labelTable(_ group: ReportContext.Group, _ context: ReportContext) -> Table? {
    let models = context.models.filter { model in group.trials(of: model).contains { $0.status == .ok } }
    let ended = group.records.filter { $0.status == .ok }
    guard let first = ended.first, !first.perClass.isEmpty else { return nil }
    var table = Table(
      [("Label", .left), ("Rows", .right)] + models.map { (context.marked($0), .right) })
    let order = first.perClass.indices.sorted {
      (first.perClass[$1].support, $0) < (first.perClass[$0].support, $1)
    }
    for label in order {
      let cells = models.map { model -> RichText in
        let scores = group.trials(of: model).filter { $0.perClass.count == first.perClass.count }
          .map { $0.perClass[label].f1 }
        return RichText(ReportContext.text(Descriptive.mean(scores), MetricName.f1Macro.rawValue))
      }
      table.append(
        [
          RichText(ClassNames.visible(first.perClass[label].name)),
          RichText(NumberFormat.grouped(first.perClass[label].support)),
        ] + cells)
    }
    return table
  }
}
