import Analysis
import Statistics
import Text

extension Report {
  /// Scores by how many rows a model learned from; nothing where every fit learned from all.
  static func learningCurves(_ context: ReportContext) -> [Block] {
    let found = context.learningCurves
    guard !found.curves.isEmpty else { return [] }
    let metric = context.primary, name = ReportContext.title(of: metric), isFraction = ReportContext.isFraction(metric)
    var blocks: [Block] = [.heading(2, "Learning curves")]
    for task in context.tasks {
      let curves = found.curves.filter { $0.key.task == task }
      guard !curves.isEmpty else { continue }
      let keys = curves.reduce(into: [GroupKey]()) { if !$0.contains($1.key) { $0.append($1.key) } }
      let panels = keys.map { key in
        CurvePlot.Panel(
          title: context.groups.first { $0.key == key }?.title ?? key.corpus,
          curves: curves.filter { $0.key == key }.map { curve in
            CurvePlot.Curve(
              model: curve.model, kind: curve.kind,
              points: curve.points.map { ($0.rows, ReportContext.shown($0.score, metric)) })
          })
      }
      let plot = CurvePlot(
        title: "\(task): \(name) by rows to learn from", xLabel: "training rows",
        yLabel: name + (isFraction ? ", points" : ""), digits: isFraction ? 1 : 3, panels: panels)
      blocks.append(
        .figure(
          Figure(
            file: "\(ResultFiles.figuresFolder)/\(fileName(task))-learning.svg",
            alternative: "\(name.withCapital) of each model by the rows that it learned from, task \(task)",
            svg: plot.svg())))
      let crossings = found.crossings.filter { $0.key.task == task }
      if !crossings.isEmpty { blocks.append(.list(crossings.map { crossing($0, context, names: keys.count > 1) })) }
      for key in keys {
        if keys.count > 1 { blocks.append(.paragraph(.strong("\(key.corpus), \(key.source)"))) }
        blocks.append(.table(curveTable(curves.filter { $0.key == key }, context)))
      }
    }
    let ofEach = context.result.manifest.problem == .classification ? ", so much of each class" : ""
    blocks.append(
      .paragraph(
        RichText([
          .text(
            """
            Parts of the training rows are drawn by the seed\(ofEach), smaller ones within larger ones, the same for all \
            models; validation rows shrink with them and test rows are always the same. Where two curves cross is read \
            off a line over the logarithm of the rows, its range is that of 999 draws of the differences. “Twice the rows” adds \
            to the score with all rows what a power law, a·n^(−b) + c, fitted to the loss against the best possible score, \
            gains from there; such laws can fail. No verdict follows from any of it. All sizes: \

            """), .link("curves.csv", to: "curves.csv"), .text("."),
        ])))
    return blocks
  }

  private static func crossing(_ row: PairCrossing, _ context: ReportContext, names: Bool) -> RichText {
    let place = names ? "\(row.key.corpus), \(row.key.source): " : ""
    let isHigherBetter = ReportContext.higherIsBetter(context.primary)
    func ahead(_ difference: Double) -> String { (difference > 0) == isHigherBetter ? row.a : row.b }
    func rows(_ value: Double) -> String { NumberFormat.grouped(Int(value.rounded())) }
    let share = NumberFormat.fixed(row.crossing.share * 100, 0)
    guard let at = row.crossing.rows else {
      return RichText([
        .text(place), .code(ahead(row.last)), .text(" is ahead of "),
        .code(ahead(row.last) == row.a ? row.b : row.a),
        .text(" from the smallest size to all rows; in \(share) % of the draws the curves cross."),
      ])
    }
    let range = row.crossing.interval.map { " (\(rows($0.low)) to \(rows($0.high)))" } ?? ""
    guard ahead(row.first) != ahead(row.last) else {
      return RichText([
        .text(place), .code(ahead(row.last)), .text(" is ahead with the fewest rows and with all, "),
        .code(ahead(row.last) == row.a ? row.b : row.a),
        .text(" between; they cross last at about \(rows(at))\(range), and in \(share) % of the draws at all."),
      ])
    }
    return RichText([
      .text(place), .code(ahead(row.first)), .text(" is ahead with few rows and "), .code(ahead(row.last)),
      .text(" from about \(rows(at)) on\(range); in \(share) % of the draws the curves cross."),
    ])
  }

  private static func curveTable(_ curves: [LearningCurve], _ context: ReportContext) -> Table {
    let metric = context.primary, each = context.result.manifest.problem == .classification ? " each" : ""
    let sizes = curves.flatMap(\.points).reduce(into: [LearningCurve.Point]()) { known, point in
      if !known.contains(where: { $0.sample == point.sample }) { known.append(point) }
    }.sorted { $0.rows < $1.rows }
    func head(_ point: LearningCurve.Point) -> RichText {
      let rows = NumberFormat.grouped(Int(point.rows.rounded()))
      let size = point.sample.isEmpty ? "all" : point.sample.hasSuffix("%") ? point.sample : point.sample + each
      return RichText("\(size), \(rows)")
    }
    var table = Table(
      [(RichText(ReportContext.heading(of: metric)), .left)] + sizes.map { (head($0), .right) } + [
        ("Twice the rows", .right)
      ])
    for curve in curves {
      let cells = sizes.map { size in
        curve.points.first { $0.sample == size.sample }.map { RichText(ReportContext.text($0.score, metric)) } ?? "–"
      }
      let doubled = curve.doubled.map { found in
        ReportContext.text(found.score, metric) + " (\(ReportContext.text(found.interval.low, metric)) to "
          + "\(ReportContext.text(found.interval.high, metric)))"
      }
      table.append([.code(curve.model)] + cells + [RichText(doubled ?? "–")])
    }
    return table
  }
}

extension ReportContext {
  var learningCurves: LearningCurves {
    LearningCurves(records: result.records, analysis: result.analysis, manifest: result.manifest)
  }
}

extension ResultTables {
  /// A line for each model and size.
  var curves: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "domain", "model", "size", "rows", "score", "low", "high", "trials", "law_a",
      "law_b", "law_c",
    ])
    let found = LearningCurves(records: result.records, analysis: result.analysis, manifest: result.manifest)
    for curve in found.curves {
      for point in curve.points {
        csv.append(
          [
            curve.key.task, curve.key.corpus, curve.key.protocolName, curve.key.source, curve.model,
            point.sample.isEmpty ? "all" : point.sample,
          ]
            + [NumberFormat.plain(point.rows)]
            + [point.score, point.low, point.high].map { NumberFormat.exact($0) } + ["\(point.trials)"]
            + [curve.law?.a, curve.law?.b, curve.law?.c].map { NumberFormat.exact($0) })
      }
    }
    return csv.bytes
  }
}
