import Analysis
import Manifests
import Statistics
import Text

extension Report {
  static func crossDomain(_ context: ReportContext) -> [Block] {
    let corpora = context.groups.filter { !$0.isOwnDomain }.reduce(into: [[String]]()) { places, group in
      let place = [group.key.task, group.key.corpus]
      if !places.contains(place) { places.append(place) }
    }
    guard !corpora.isEmpty else { return [] }
    let title = ReportContext.title(of: context.primary)
    var blocks: [Block] = [
      .heading(2, "Across domains"),
      .paragraph(
        "Each model trained on one domain and tested on every one: mean \(title)"
          + (ReportContext.isFraction(context.primary) ? " in points" : "") + " of the same fits. In figures: "
          + RichText([.link("cross-domain.csv", to: "cross-domain.csv")]) + ", "
          + RichText([.link("transfer.csv", to: "transfer.csv")]) + "."),
    ]
    for place in corpora {
      let (task, corpus) = (place[0], place[1])
      let matrix = Matrix(context, task: task, corpus: corpus)
      blocks.append(.heading(3, "\(task): \(corpus)"))
      blocks.append(.figure(figure(matrix, context, task: task, corpus: corpus)))
      let drops = context.result.analysis.drops.filter { $0.task == task && $0.corpus == corpus }
      if !drops.isEmpty {
        blocks.append(
          .paragraph(
            "Loss from the own domain to the other one, in points: mean over the pairs of domains, and the largest. The "
              + "transfer ratio is the score elsewhere over the score at home. Accuracy at the own mix is what accuracy "
              + "would lose if the other domain mixed its classes as the own one does."))
        blocks.append(.table(dropSummary(drops, context)))
        blocks += differences(
          context.result.analysis.transfers.filter { $0.task == task && $0.corpus == corpus }, context)
      }
    }
    return blocks
  }

  /// The primary metric by model, source and target, over the fits that were tested on other domains.
  private struct Matrix {
    let domains: [String]
    let models: [String]
    /// `[model][source][target]`
    let values: [[[Double?]]]

    init(_ context: ReportContext, task: String, corpus: String) {
      let records = context.result.records.filter { $0.task == task && $0.corpus == corpus && $0.status == .ok }
      let crossing = Set(records.filter { $0.source != $0.target }.map(\.fit))
      let used = records.filter { crossing.contains($0.fit) }
      let declared = context.result.manifest.corpora.first { $0.name == corpus }?.domains.map(\.name) ?? []
      let seen = used.flatMap { [$0.source, $0.target] }.reduce(into: [String]()) { names, name in
        if !names.contains(name) { names.append(name) }
      }
      let domains = declared.filter(seen.contains) + seen.filter { !declared.contains($0) }
      let models = context.models.filter { model in used.contains { $0.model == model } }
      var sums: [[String]: (sum: Double, count: Int)] = [:]
      for record in used {
        guard let value = record.metrics[context.primary], value.isFinite else { continue }
        sums[[record.model, record.source, record.target], default: (0, 0)].sum += value
        sums[[record.model, record.source, record.target], default: (0, 0)].count += 1
      }
      values = models.map { model in
        domains.map { source in
          domains.map { target in sums[[model, source, target]].map { $0.sum / Double($0.count) } }
        }
      }
      (self.domains, self.models) = (domains, models)
    }
  }

  private static func figure(_ matrix: Matrix, _ context: ReportContext, task: String, corpus: String) -> Figure {
    let metric = context.primary
    let title = ReportContext.title(of: metric)
    let unit = ReportContext.isFraction(metric) ? "\(title), points" : title
    let map = HeatMap(
      title: "\(corpus): \(title) across domains", scaleLabel: unit, sources: matrix.domains, targets: matrix.domains,
      panels: zip(matrix.models, matrix.values).map { model, rows in
        HeatMap.Panel(
          model: model, kind: context.kind(of: model),
          values: rows.map { $0.map { $0.map { ReportContext.shown($0, metric) } } })
      })
    return Figure(
      file: "\(ResultFiles.figuresFolder)/\(fileName(task, corpus))-domains.svg",
      alternative: "\(title) of each model trained on one domain and tested on another", svg: map.svg())
  }

  private static func dropSummary(_ drops: [DropRow], _ context: ReportContext) -> Table {
    let deciding = context.decidingDrop(in: drops.first?.corpus ?? "")
    let title = RichText(ReportContext.heading(of: deciding))
    let isOfClasses = context.result.manifest.problem == .classification
    let ofClasses: [(RichText, Table.Alignment)] = [
      ("Macro-F1, mean", .right), ("Accuracy, mean", .right), ("Accuracy at the own mix, mean", .right),
    ]
    var table = Table(
      [
        ("Model", .left), (title + ", mean", .right), (title + ", largest", .right), ("Transfer ratio", .right),
      ] + (isOfClasses ? ofClasses : []) + [("Pairs", .right)])
    for model in context.models {
      let own = drops.filter { $0.model == model }
      guard !own.isEmpty else { continue }
      func rows(_ metric: String) -> [DropRow] { own.filter { $0.metric == metric } }
      func points(_ value: Double?) -> RichText {
        RichText(NumberFormat.fixed(value, 2, blank: "–", typographic: true))
      }
      let primary = rows(deciding)
      let worst = primary.max { $0.drop < $1.drop }
      let (inside, outside) = (Descriptive.mean(primary.map(\.inDomain)), Descriptive.mean(primary.map(\.outOfDomain)))
      let ratio = inside.flatMap { inside in outside.flatMap { inside > 0 ? $0 / inside : nil } }
      let means = ["f1_macro", "accuracy", DropRow.priorCorrected].map {
        points(Descriptive.mean(rows($0).map(\.drop)))
      }
      table.append(
        [
          context.marked(model), points(Descriptive.mean(primary.map(\.drop))),
          worst.map { "\(NumberFormat.fixed($0.drop, 2, typographic: true)) (\($0.source) → \($0.target))" } ?? "–",
          RichText(NumberFormat.fixed(ratio, 3, blank: "–")),
        ] + (isOfClasses ? means : []) + ["\(primary.count)"])
    }
    return table
  }

  /// Who loses less: the differences of drops on the deciding metric.
  private static func differences(_ rows: [TransferRow], _ context: ReportContext) -> [Block] {
    let deciding = rows.filter { $0.role == .primary && $0.words != nil }
    guard let first = deciding.first else { return [] }
    var table = Table(
      [
        ("A", .left), ("B", .left), ("Drop of A", .right), ("Drop of B", .right),
        ("Difference of drops (simultaneous interval)", .right), ("p, corrected", .right), ("A against B", .left),
      ], all: "transfer.csv", isMajor: true)
    for row in deciding {
      let digits = ReportContext.digits(row.metric)
      let difference =
        NumberFormat.signed(row.difference, digits)
        + ReportContext.range(row.words?.low, row.words?.high, digits, of: row.verdict)
      table.append([
        context.marked(row.modelA), context.marked(row.modelB),
        RichText(NumberFormat.fixed(row.dropA, digits, typographic: true)),
        RichText(NumberFormat.fixed(row.dropB, digits, typographic: true)), RichText(difference),
        RichText(NumberFormat.p(row.words?.p)), word(row.verdict, row.warning),
      ])
    }
    var blocks: [Block] = [
      .paragraph(
        "Who loses less, by \(ReportContext.title(of: first.metric)): drop of A − drop of B on the same splits, over "
          + "\(first.pairs) pairs of \(first.domains) domains. The pairs share domains, so the interval comes from "
          + "drawing domains, not pairs ("
          + RichText.code("Documentation/Methodology.md") + ")."),
      .table(table),
    ]
    if !first.note.isEmpty {
      blocks.append(
        .note(
          .strong("Few domains.")
            + (first.low == nil ? " There is no interval from two domains." : " The interval rests on \(first.note).")
            + " Little is said about domains that are not here."))
    }
    return blocks
  }
}
