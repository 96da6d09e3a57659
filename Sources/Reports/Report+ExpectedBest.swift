import Analysis
import Manifests
import Tasks
import Text

extension Report {
  /// The expected best validation score against the budget: a picture and a table for each task.
  static func expectedBest(_ settings: TuningSettings, _ context: ReportContext) -> [Block] {
    let metric = context.result.trainingMetric.rawValue
    let word = ReportContext.higherIsBetter(metric) ? "best" : "lowest"
    var blocks: [Block] = [
      .paragraph(
        "What the best of k trials can be expected to score on validation rows, estimated from the trials made (Dodge "
          + "et al. 2019), mean over the fits; a failed trial counts as the worst, a cut one for nothing. Trials with "
          + "replacement, so the last value lies below the best trial. Validation scores chosen so are too good to be "
          + "test scores.")
    ]
    for task in context.tasks {
      let panels = panels(task, settings, context)
      guard !panels.isEmpty else { continue }
      let name = ReportContext.title(of: metric)
      let plot = CurvePlot(
        title: "\(task): expected \(word) validation score", xLabel: "nominal core-seconds",
        yLabel: name + (ReportContext.isFraction(metric) ? ", points" : ""),
        digits: ReportContext.isFraction(metric) ? 1 : 3, panels: panels)
      blocks.append(
        .figure(
          Figure(
            file: "\(ResultFiles.figuresFolder)/\(fileName(task))-tuning.svg",
            alternative: "Expected \(word) \(name) on validation rows against nominal core-seconds, task \(task)",
            svg: plot.svg())))
      blocks.append(.table(table(panels, metric)))
    }
    return blocks
  }

  /// One panel for each corpus, protocol and domain trained on, where a model was tuned.
  private static func panels(
    _ task: String, _ settings: TuningSettings, _ context: ReportContext
  ) -> [CurvePlot.Panel] {
    let metric = context.result.trainingMetric.rawValue
    return context.groups.filter { $0.key.task == task && $0.isOwnDomain }.compactMap { group in
      let curves = context.models.compactMap { model -> CurvePlot.Curve? in
        let own = context.result.tuning.filter {
          $0.model == model && $0.corpus == group.key.corpus && $0.protocolName == group.key.protocolName
            && $0.source == group.key.source
        }
        let expected = ExpectedBest(
          mean: own.map { ExpectedBest($0, metric: metric, nominalSeconds: settings.nominalSeconds) })
        guard let kind = own.first?.kind, !expected.scores.isEmpty else { return nil }
        return CurvePlot.Curve(
          model: model, kind: kind.rawValue,
          points: expected.scores.enumerated().map {
            (Double($0.offset + 1) * expected.cost, ReportContext.shown($0.element, metric))
          })
      }
      return curves.isEmpty ? nil : CurvePlot.Panel(title: group.title, curves: curves)
    }
  }

  /// Trials in powers of two, and the last.
  private static func table(_ panels: [CurvePlot.Panel], _ metric: String) -> Table {
    let most = panels.flatMap(\.curves).map(\.points.count).max() ?? 1
    var counts: [Int] = []
    var count = 1
    while count < most {
      counts.append(count)
      count *= 2
    }
    counts.append(most)
    var table = Table(
      [("Setting", .left), ("Model", .left), ("Nominal core-seconds a trial", .right)]
        + counts.map { (RichText($0 == 1 ? "1 trial" : "\($0) trials"), .right) }, all: "tuning.csv")
    for panel in panels {
      for curve in panel.curves {
        table.append(
          [
            RichText(panel.title), .code(curve.model),
            RichText(NumberFormat.fixed(curve.points[0].x, curve.points[0].x < 1 ? 3 : 1)),
          ]
            + counts.map { count in
              RichText(
                count <= curve.points.count
                  ? NumberFormat.fixed(curve.points[count - 1].y, ReportContext.digits(metric), typographic: true) : "–"
              )
            })
      }
    }
    return table
  }
}
