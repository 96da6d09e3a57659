import Analysis
import Text

extension Report {
  /// Values of a slice column that a table shows at most.
  private static let shownSlices = 12

  /// What the deciding metric is on the rows with each value of the slice column; nothing where no corpus names one.
  static func slices(_ context: ReportContext) -> [Block] {
    let groups = context.groups.filter { !context.slices(of: $0).isEmpty }
    guard !groups.isEmpty else { return [] }
    let shown = groups.filter { group in context.settings.contains { $0.key == group.key } }
    return [
      .heading(2, "By slice"), .paragraph(sliceMeaning(context)),
      .collapsed(
        "Values with most rows",
        shown.flatMap { group in [.paragraph(.strong(group.title)), .table(sliceTable(group, context))] }),
    ]
  }

  private static func sliceMeaning(_ context: ReportContext) -> RichText {
    let unit = ReportContext.isFraction(context.primary) ? " in points" : ""
    var text = RichText(
      "Mean \(ReportContext.title(of: context.primary))\(unit) over the trials, on the test rows with ")
    text += "each value of the column that the manifest names as " + .code("slice")
    text +=
      (context.result.manifest.problem == .regression
        ? "" : "; macro averages over the classes among the labels or predictions there")
      + ". A score of few rows is much chance. "
    text += "All values: "
    text += RichText([.link("slices.csv", to: "slices.csv")]) + "."
    return text
  }

  /// The values with most rows, equals in their order.
  private static func sliceTable(_ group: ReportContext.Group, _ context: ReportContext) -> Table {
    let rows = context.slices(of: group)
    let models = context.models.filter { model in rows.contains { $0.model == model } }
    var table = Table(
      [("Slice", .left), ("Test rows", .right)] + models.map { (.code($0), .right) }, all: "slices.csv")
    // The same rows for every model.
    let values = rows.filter { $0.model == models.first }.enumerated()
      .sorted { ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset) }.map(\.element)
    for value in values.prefix(shownSlices) {
      let cells = models.map { model -> RichText in
        let own = rows.first { $0.model == model && $0.slice == value.slice }
        return RichText(ReportContext.text(own?.mean, context.primary))
      }
      table.append([RichText(sliceName(value.slice)), RichText(NumberFormat.grouped(value.rows))] + cells)
    }
    return table
  }

  static func sliceName(_ slice: String) -> String { slice.isEmpty ? "rows without a value" : slice }
}

extension ReportContext {
  /// The rows of the deciding metric.
  func slices(of group: Group) -> [SliceRow] {
    result.analysis.slices.filter {
      $0.metric == primary && group.key == $0.key
    }
  }
}
