import Evidence
import Statistics
import Text

extension EvidenceReport {
  // MARK: Whether they know it

  func calibration(_ one: Evidence) -> [Report.Block] {
    guard !one.calibrations.isEmpty else { return [] }
    let reliability = ReliabilityPlot(
      title: "\(one.key.corpus): how often an answer is right, by its stated probability",
      panels: one.calibrations.map(panel))
    var blocks: [Report.Block] = [
      .heading(3, "Whether they know it"),
      figure("reliability", one, "Share of right answers against their stated probability", reliability.svg()),
      .list(zip(one.calibrations, corrected(one)).map(words)),
      figure("risk", one, "Share of wrong answers where only the surest are given", risk(one).svg()),
      .table(coverage(one)), .collapsed("Calibration in figures", [.table(figures(one)), .paragraph(Self.rules)]),
    ]
    let silent = one.errors.models.filter { model in !one.calibrations.contains { $0.model == model } }
    if !silent.isEmpty {
      blocks.append(
        .paragraph("Without probabilities, and so not here: " + .enumeration(silent.map { .code($0) }) + "."))
    }
    return blocks
  }

  private static let rules: RichText = """
    The curve is isotonic regression of right and wrong on the stated probability, the grey band where it would lie in nine \
    of ten samples if the probabilities could be taken at their word, and p how often such samples look as bad (CORP, \
    Dimitriadis et al. 2021), corrected over the models (Holm). The Brier score of “this answer is right” is miscalibration − discrimination + uncertainty. \
    Expected calibration error: 15 bins of equal width, (low, high]. Means over seeds or repetitions.
    """

  private func panel(_ own: ModelCalibration) -> ReliabilityPlot.Panel {
    let grid = own.consistency.grid
    var counts = [Int](repeating: 0, count: 20)
    for step in own.passes[0].reliability.steps { counts[min(19, Int(step.high * 20))] += step.rows }
    return ReliabilityPlot.Panel(
      model: own.model, kind: kind(of: own.model), curve: grid.map { ($0, own.recalibrated($0)) },
      band: zip(grid, own.consistency.band).map { ($0, $1) }, counts: counts,
      remark: "says \(NumberFormat.fixed(own.confidence * 100, 1)), is right in "
        + "\(NumberFormat.fixed(own.accuracy * 100, 1)) %")
  }

  /// The p of each model, over all of the setting (Holm).
  private func corrected(_ one: Evidence) -> [Double] { MultipleComparisons.holm(one.calibrations.map(\.p)) }

  private func words(_ own: ModelCalibration, _ p: Double) -> RichText {
    let difference = own.confidence - own.accuracy
    let verdict =
      own.overconfidence.map { range in
        range.low > 0 ? "it promises too much" : range.high < 0 ? "it promises too little" : "on average that is fair"
      } ?? "of one group of rows alone"
    func percent(_ value: Double) -> String { NumberFormat.fixed(value * 100, 1) }
    let range = own.overconfidence.map { ", \(Self.words($0))" } ?? ""
    let isFair = own.overconfidence.map { $0.low <= 0 && 0 <= $0.high } ?? true
    let curve =
      p <= 0.05
      ? "its probabilities cannot be taken at their word"
      : isFair ? "nothing speaks against its probabilities" : "the curve as a whole does not show it"
    return RichText([
      .code(own.model),
      .text(
        " states \(percent(own.confidence)) % on average and is right in \(percent(own.accuracy)) %: \(verdict) "
          + "(\(NumberFormat.signed(difference * 100, 1)) points\(range)); \(curve) (p \(Self.limit(p)))."),
    ])
  }

  private func risk(_ one: Evidence) -> CurvePlot {
    let shares = (1...20).map { Double($0) / 20 }
    return CurvePlot(
      title: "\(one.key.corpus): what is wrong where only the surest answers are given",
      xLabel: "rows that are answered, %", yLabel: "wrong of these, %", digits: 1, isLogarithmic: false,
      xLimits: 0...100, yLimits: 0...100,
      panels: [
        CurvePlot.Panel(
          title: "",
          curves: one.calibrations.map { own in
            CurvePlot.Curve(
              model: own.model, kind: kind(of: own.model),
              points: shares.map { ($0 * 100, own.risk(at: $0) * 100) })
          })
      ])
  }

  /// Shares of wrong answers that may be accepted.
  static let risks = [0.01, 0.02, 0.05]

  private func coverage(_ one: Evidence) -> Report.Table {
    var table = Report.Table(
      [("Answered of all rows, with at most", .left)]
        + Self.risks.map { (RichText("\(NumberFormat.plain($0 * 100)) % wrong"), .right) } + [
          ("wrong in all", .right), ("AURC", .right), ("best possible", .right),
        ])
    for own in one.calibrations {
      table.append(
        [RichText.code(own.model)] + Self.risks.map { Self.points(own.coverage(atRisk: $0)) }
          + [Self.points(1 - own.accuracy), Self.points(own.area, 2), Self.points(own.bestArea, 2)])
    }
    return table
  }

  private func figures(_ one: Evidence) -> Report.Table {
    var table = Report.Table([
      ("Model", .left), ("Stated", .right), ("Right", .right), ("Difference", .right), ("95 %", .right),
      ("Calibration error", .right), ("Brier", .right), ("Miscalibration", .right), ("Discrimination", .right),
      ("Uncertainty", .right), ("p, corrected", .right),
    ])
    for (own, p) in zip(one.calibrations, corrected(one)) {
      let parts = [own.brier, own.miscalibration, own.discrimination, own.uncertainty].map { Self.points($0, 2) }
      let first: [RichText] = [
        .code(own.model), Self.points(own.confidence), Self.points(own.accuracy),
        Self.signed(own.confidence - own.accuracy), Self.range(own.overconfidence), Self.points(own.expectedError),
      ]
      table.append(first + parts + [RichText(NumberFormat.p(p))])
    }
    return table
  }
}
