import Corpora
import Tasks
import Text

extension Report {
  // MARK: Models

  static func models(_ context: ReportContext) -> [Block] {
    guard !context.result.models.isEmpty else { return [] }
    let several = Set(context.result.models.map { [$0.task, $0.corpus] }).count > 1
    var table = Table(
      (several ? [("Corpus", .left)] : []) + [
        ("Model", .left), ("What it is", .left), ("Parameters", .right), ("Size", .right),
        ("Operations a query", .right), ("Vocabulary", .right), ("Unknown tokens", .right), ("Texts cut", .right),
        ("Median tokens", .right),
      ], all: "models.csv")
    func share(_ value: Double?) -> RichText {
      RichText(value.map { NumberFormat.fixed($0 * 100, 2) + " %" } ?? "–")
    }
    for model in context.result.models {
      let place: [RichText] = several ? [RichText(model.corpus)] : []
      table.append(
        place + [
          .code(model.model), RichText(model.description), RichText(NumberFormat.grouped(model.parameters)),
          RichText(NumberFormat.scaled(Double(model.bytes), unit: "B")),
          RichText(NumberFormat.scaled(model.flopsPerQuery)),
          RichText(model.vocabulary.map(NumberFormat.grouped) ?? "–"), share(model.unknownShare),
          share(model.truncatedShare), RichText(NumberFormat.fixed(model.medianTokens, 1, blank: "–")),
        ])
    }
    return [
      .heading(2, "Models"), .table(table),
    ] + truncation(context, several: several) + [
      .paragraph(
        "Operations: floating-point operations of one forward pass over a text of median length. Unknown tokens and "
          + "texts cut at the longest allowed length are shares of the test part. What to know before one of them is "
          + "used: " + RichText([.link("model-card.md", to: "model-card.md")]) + ".")
    ] + vectors(context) + pretraining(context) + leak(context) + cascades(context)
  }

  /// What share of each vocabulary starts from the vectors of a file.
  private static func vectors(_ context: ReportContext) -> [Block] {
    let parts = context.result.models.compactMap { model -> RichText? in
      guard let coverage = model.vectorCoverage,
        let source = context.result.manifest.models.first(where: { $0.name == model.model })?.vectors
      else { return nil }
      return .code(model.model) + " in \(model.corpus) " + RichText(NumberFormat.fixed(coverage * 100, 1) + " % from ")
        + .code(source.declaredPath)
    }
    guard !parts.isEmpty else { return [] }
    return [
      .paragraph(
        "Of the words of a vocabulary start from the vectors of a file, the others from random ones: "
          + .enumeration(parts) + ".")
    ]
  }

  /// Models that cut texts at different places do not read the same texts.
  private static func truncation(_ context: ReportContext, several: Bool) -> [Block] {
    let places = context.result.models.reduce(into: [[String]]()) { places, model in
      if !places.contains([model.task, model.corpus]) { places.append([model.task, model.corpus]) }
    }
    return places.compactMap { place in
      let models = context.result.models.filter { [$0.task, $0.corpus] == place }
      let shares = models.filter { $0.truncatedShare != nil || !$0.kind.isFloor }
      guard Set(shares.map { $0.truncatedShare ?? 0 }).count > 1 else { return nil }
      let parts = shares.map { model -> RichText in
        .code(model.model)
          + RichText(model.truncatedShare.map { " cuts " + NumberFormat.fixed($0 * 100, 2) + " %" } ?? " cuts none")
      }
      return .note(
        .strong("Texts are cut differently" + (several ? " in \(place[1])" : "") + ":") + " of the test texts "
          + .enumeration(parts)
          + ". What a model cuts it has not read, though others may have: part of a difference may be due to it.")
    }
  }

  // MARK: Errors that the models make

  /// The confusions that the question's two models make most often, over the settings of a task.
  static func errors(_ context: ReportContext) -> [Block] {
    let shown = 5
    let asked = context.declared.pairs.first.map { [$0.a, $0.b] } ?? Array(context.declared.candidates.prefix(2))
    let sums = ConfusionSum.all(of: context.result.records)
    var table = Table(
      [
        ("Setting", .left), ("Model", .left), ("True class", .left), ("Predicted", .left), ("Rows", .right),
        ("Of the true class", .right),
      ], all: "confusion.csv")
    for group in context.settings {
      for model in asked {
        guard let sum = sums.first(where: { $0.key == group.key && $0.model == model }) else { continue }
        for cell in sum.confusions.prefix(context.settings.count > 1 ? 2 : shown) {
          table.append([
            RichText(context.shortName(group)), .code(model), RichText(ClassNames.visible(sum.classes[cell.label])),
            RichText(ClassNames.visible(sum.classes[cell.predicted])), RichText(NumberFormat.grouped(cell.count)),
            RichText(
              NumberFormat.fixed(Double(cell.count) / Double(max(sum.counts[cell.label].reduce(0, +), 1)) * 100, 1)
                + " %"),
          ])
        }
      }
    }
    guard !table.rows.isEmpty else { return [] }
    return [
      .heading(2, "Confusions"),
      .paragraph(
        "What " + .enumeration(asked.map { .code($0) }) + " confuse most often, summed over the trials; all counts: "
          + RichText([.link("confusion.csv", to: "confusion.csv")]) + "."),
    ] + confusionFigures(context) + [
      .collapsed("Top confusions", [.table(table)])
    ]
  }

  // MARK: Reproduction

  /// The names in `${env:NAME}` and `${env:NAME:-default}`.
  private static func variables(in path: String) -> [String] {
    path.split(separator: "${env:", omittingEmptySubsequences: false).dropFirst()
      .map { String($0.prefix { $0 != ":" && $0 != "}" }) }
  }

  static func reproduction(_ context: ReportContext) -> [Block] {
    let result = context.result
    var text: RichText =
      "In this folder, wherever it stands, " + .code("bench reproduce .")
      + " runs the experiment again and holds every figure against these; "
      + .code("bench report . --output ../AGAIN")
      + " writes its files again from the predictions that are here, without data and training, by another margin or "
      + "metric with " + .code("--set comparisons.margin=2") + ". The whole manifest, every default included: "
      + RichText([.link("manifest.resolved.yaml", to: "manifest.resolved.yaml")]) + " (SHA-256 "
      + .code(result.manifestHash)
      + "). The paths of its files begin at the folder that the run was started in: where that is not above this one, go "
      + "there and give this folder's path in place of the dot. Everything but timing.csv, machine.json, measured.json "
      + "and the part of this report under “Time and memory” comes out the same, byte for byte."
    let names = result.inputs.flatMap { variables(in: $0.declaredPath) }
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !names.isEmpty {
      text +=
        " The environment says where files are: set " + .enumeration(names.map { .code($0) })
        + " unless the default in the manifest is right."
    }
    return [.heading(2, "How to reproduce"), .paragraph(text)]
  }
}
