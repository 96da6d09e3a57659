import Corpora
import Statistics
import Tasks
import Training

extension Report {
  // MARK: Confusions

  /// Of each task, the confusions of the question's two models in its first setting that has both.
  static func confusionFigures(_ context: ReportContext) -> [Block] {
    guard let pair = context.declared.pairs.first else { return [] }
    return context.tasks.compactMap { task in
      context.groups.lazy.filter { $0.key.task == task && $0.isOwnDomain }
        .compactMap { confusionFigure(context, pair.a, pair.b, in: $0) }.first.map(Block.figure)
    }
  }

  /// What two models confuse in one setting; nil where one of them has no trial there, or neither confuses anything.
  static func confusionFigure(
    _ context: ReportContext, _ a: String, _ b: String, in group: ReportContext.Group
  ) -> Figure? {
    let sums = ConfusionSum.all(of: group.records)
    guard let first = sums.first(where: { $0.model == a }), let second = sums.first(where: { $0.model == b }),
      first.classes == second.classes
    else { return nil }
    let plot = ConfusionPlot(
      title: "\(group.title): confusions", classes: first.classes.map { ClassNames.visible($0) },
      panels: [first, second].map { ConfusionPlot.Panel(model: $0.model, counts: $0.counts) })
    guard !plot.shown.isEmpty else { return nil }
    return Figure(
      file: "\(ResultFiles.figuresFolder)/\(fileName(group.key.task))-confusions.svg",
      alternative: "What \(a) and \(b) take for what in \(group.title): the classes with most confusions",
      svg: plot.svg())
  }

  // MARK: Time against score

  /// Of each data set that was timed, the median time of a batch of queries against the score in its first setting.
  /// Measured: its place is among what a clock gave.
  static func paretoFigures(_ context: ReportContext) -> [Block] {
    let places = context.result.timings.reduce(into: [[String]]()) { places, row in
      if !places.contains([row.task, row.corpus]) { places.append([row.task, row.corpus]) }
    }
    return places.flatMap { place -> [Block] in
      guard let (plot, figure) = paretoFigure(context, task: place[0], corpus: place[1]) else { return [] }
      return [.figure(figure), .paragraph(paretoVerdict(plot))]
    }
  }

  /// Which models nothing speaks for, by the means.
  private static func paretoVerdict(_ plot: ParetoPlot) -> RichText {
    let beaten = plot.beaten
    let what = plot.costs.count > 1 ? "query time, size and training time" : "query time"
    guard !beaten.isEmpty else { return RichText("No model is beaten in score, \(what) at once by another.") }
    let parts = beaten.map { pair -> RichText in .code(pair.point.model) + " (by " + .code(pair.by.model) + ")" }
    return RichText("Beaten in score, \(what) at once, by the means: ") + .enumeration(parts)
      + ". Whether a difference of scores holds is said under the verdicts; all others are somebody's best choice."
  }

  /// nil where fewer than two models have both a time and a score; floors are left out.
  static func paretoFigure(
    _ context: ReportContext, task: String, corpus: String
  ) -> (plot: ParetoPlot, figure: Figure)? {
    let timed = context.result.timings.filter {
      $0.task == task && $0.corpus == corpus && $0.work == .query && $0.order == .arrival
    }
    guard let threads = timed.map(\.threads).min(), let batch = timed.map(\.batch).max(),
      let group = context.groups.first(where: { $0.key.task == task && $0.key.corpus == corpus && $0.isOwnDomain })
    else { return nil }
    let metric = context.primary
    func shown(_ value: Double) -> Double { ReportContext.shown(value, metric) }
    let points = context.models.compactMap { model -> ParetoPlot.Point? in
      guard !ModelColour.isFloor(kind: context.kind(of: model)), let row = group.row(model, metric),
        let time = timed.first(where: { $0.model == model && $0.threads == threads && $0.batch == batch }),
        let median = LatencySummary(time.samples)?.median
      else { return nil }
      let size = context.result.models.first { $0.model == model && $0.corpus == corpus && $0.task == task }?.bytes
      return ParetoPlot.Point(
        model: model, kind: row.kind,
        costs: [median, Double(size ?? 0), trainingSeconds(context, model, task: task, corpus: corpus) ?? 0],
        score: shown(row.mean), low: row.low.map(shown), high: row.high.map(shown))
    }
    guard points.count > 1 else { return nil }
    let name = ReportContext.title(of: metric), isFraction = ReportContext.isFraction(metric)
    let work = "a batch of \(batch) on \(threads) thread\(threads == 1 ? "" : "s")"
    let plot = ParetoPlot(
      title: "\(group.title): \(name) against its costs",
      costs: [
        .init(label: "median time of \(work), ms", unit: " ms"), .init(label: "size, bytes", unit: " B"),
        .init(label: "training of one fit, median core-seconds", unit: " core-s"),
      ],
      yLabel: name + (isFraction ? ", points" : "") + (ReportContext.higherIsBetter(metric) ? "" : ", lower is better"),
      digits: isFraction ? 1 : 3, limits: isFraction ? -100...100 : nil,
      higherIsBetter: ReportContext.higherIsBetter(metric), points: points)
    let figure = Figure(
      file: "\(ResultFiles.figuresFolder)/\(ResultFiles.measuredPrefix)\(fileName(task, corpus))-time.svg",
      alternative:
        "\(name) in \(group.title) against the median time of \(work), from raw text to label, size and training",
      svg: plot.svg())
    return (plot, figure)
  }

  /// Of the fits that nothing disturbed: the median, times the threads; nil without one.
  private static func trainingSeconds(
    _ context: ReportContext, _ model: String, task: String, corpus: String
  ) -> Double? {
    let rows = context.result.timings.filter {
      $0.isTraining && $0.work == .train && $0.model == model && $0.task == task && $0.corpus == corpus
    }
    let costs = rows.flatMap { row in row.samples.map { $0 / 1000 * Double(row.threads) } }.sorted()
    return costs.isEmpty ? nil : costs[costs.count / 2]
  }

  // MARK: Training

  /// Fits of a model shown in a setting, and models.
  private static let mostFits = 5
  private static let mostModels = 6

  /// Of each task, how the networks' training went.
  static func trainingFigures(_ context: ReportContext) -> [Block] {
    let figures = context.tasks.compactMap { trainingFigure(context, task: $0).map(Block.figure) }
    return figures.isEmpty ? [] : [.heading(3, "Training, epoch by epoch")] + figures
  }

  /// The deciding metric on validation rows by epoch, a curve a fit; where nothing was validated, the mean training loss.
  /// nil where no network was trained, or none more than an epoch.
  static func trainingFigure(_ context: ReportContext, task: String) -> Figure? {
    let groups = context.groups.filter { $0.key.task == task && $0.isOwnDomain && !$0.key.isOfSample }
    let curves = groups.flatMap(\.records).compactMap(\.curve)
    let isScore = curves.contains { $0.validation.contains { $0.primary != nil } }
    let metric = context.primary
    let panels = groups.compactMap { group -> CurvePlot.Panel? in
      let models = context.models.filter { model in group.trials(of: model).contains { $0.curve != nil } }
      let curves = models.prefix(mostModels).flatMap { model in
        group.trials(of: model).filter { $0.curve != nil }.prefix(mostFits).compactMap { trial -> CurvePlot.Curve? in
          let points = trial.curve.map { isScore ? scores(of: $0, metric) : losses(of: $0) } ?? []
          return points.isEmpty ? nil : CurvePlot.Curve(model: model, kind: trial.kind.rawValue, points: points)
        }
      }
      return curves.isEmpty ? nil : CurvePlot.Panel(title: group.title, curves: curves)
    }
    guard panels.contains(where: { $0.curves.contains { $0.points.count > 1 } }) else { return nil }
    let isCut = groups.contains { group in
      let fits = Dictionary(grouping: group.records.filter { $0.curve != nil }, by: \.model)
      return fits.count > mostModels || fits.values.contains { $0.count > mostFits }
    }
    let name = isScore ? "\(ReportContext.title(of: metric)) on validation rows" : "mean training loss"
    let isFraction = isScore && ReportContext.isFraction(metric)
    let plot = CurvePlot(
      title: "\(task): \(name) by epoch", xLabel: "epoch",
      yLabel: isScore ? ReportContext.title(of: metric) + (isFraction ? ", points" : "") : "loss, nats",
      digits: isFraction ? 1 : 3, isLogarithmic: false, panels: panels)
    return Figure(
      file: "\(ResultFiles.figuresFolder)/\(fileName(task))-training.svg",
      alternative:
        "\(name.withCapital) by epoch of each network, task \(task): a curve a fit"
        + (isCut ? ", of at most \(mostFits) fits of each of \(mostModels) models in a setting" : ""), svg: plot.svg())
  }

  /// Looks at the validation rows within an epoch are spread over it.
  private static func scores(of curve: TrainingCurve, _ metric: String) -> [(x: Double, y: Double)] {
    let looks = Dictionary(grouping: curve.validation, by: \.epoch).mapValues(\.count).values.max() ?? 1
    let sign = ReportContext.higherIsBetter(metric) ? 1.0 : -1.0
    var seen: [Int: Int] = [:]
    return curve.validation.compactMap { point in
      seen[point.epoch, default: 0] += 1
      let place = Double(point.epoch - 1) + Double(seen[point.epoch, default: 1]) / Double(looks)
      // Training wants the higher value, so it has losses with their sign changed.
      return point.primary.map { (place, ReportContext.shown($0 * sign, metric)) }
    }
  }

  private static func losses(of curve: TrainingCurve) -> [(x: Double, y: Double)] {
    curve.losses.enumerated().map { (Double($0.offset + 1), $0.element) }
  }
}
