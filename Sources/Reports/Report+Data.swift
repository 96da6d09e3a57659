import Corpora
import Experiments
import Metrics

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
      ])
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
    ] + vectors(context) + pretraining(context)
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
      let shares = models.filter { $0.truncatedShare != nil || $0.kind == .tfidfLogistic }
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

  static func errors(_ context: ReportContext) -> [Block] {
    let sums = ConfusionSum.all(of: context.result.records)
    var sections: [Block] = []
    for group in context.groups where group.isOwnDomain {
      let own = sums.filter {
        ReportContext.Group.Key(
          task: $0.task, corpus: $0.corpus, protocolName: $0.protocolName, source: $0.source, target: $0.target)
          == group.key
      }
      guard !own.isEmpty else { continue }
      sections.append(.heading(4, RichText(group.title)))
      sections.append(.table(confusionTable(own, context)))
      sections += perClass(group, context)
    }
    guard !sections.isEmpty else { return [] }
    return [
      .heading(2, "Confusions"),
      .paragraph(
        "The confusions that each model makes most often, summed over its trials; all counts are in "
          + RichText([.link("confusion.csv", to: "confusion.csv")]) + "."),
      .collapsed("Top confusions, and F1 of each class", sections),
    ]
  }

  private static func confusionTable(_ sums: [ConfusionSum], _ context: ReportContext) -> Table {
    var table = Table([
      ("Model", .left), ("True class", .left), ("Predicted", .left), ("Rows", .right), ("Of the true class", .right),
    ])
    for model in context.models {
      // The majority baseline predicts one class: its confusions are the class counts.
      guard let sum = sums.first(where: { $0.model == model }), context.kind(of: model) != "majority" else { continue }
      var cells: [(label: Int, predicted: Int, count: Int)] = []
      for (label, row) in sum.counts.enumerated() {
        for (predicted, count) in row.enumerated() where predicted != label && count > 0 {
          cells.append((label, predicted, count))
        }
      }
      cells.sort { ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted) }
      for cell in cells.prefix(3) {
        let total = sum.counts[cell.label].reduce(0, +)
        table.append([
          .code(model), RichText(ClassNames.visible(sum.classes[cell.label])),
          RichText(ClassNames.visible(sum.classes[cell.predicted])),
          RichText(NumberFormat.grouped(cell.count)),
          RichText(NumberFormat.fixed(Double(cell.count) / Double(max(total, 1)) * 100, 1) + " %"),
        ])
      }
    }
    return table
  }

  /// F1 of each class, mean over trials; of many classes only the hardest.
  private static func perClass(_ group: ReportContext.Group, _ context: ReportContext) -> [Block] {
    let shown = 12
    let models = context.models.filter { !group.trials(of: $0).filter { $0.status == .ok }.isEmpty }
    guard let first = group.records.first(where: { $0.status == .ok && !$0.perClass.isEmpty }) else { return [] }
    let names = first.perClass.map(\.name)
    let scores = models.map { model -> [Double?] in
      let trials = group.trials(of: model).filter { $0.status == .ok && $0.perClass.map(\.name) == names }
      return names.indices.map { index in
        trials.isEmpty ? nil : trials.reduce(0) { $0 + $1.perClass[index].f1 } / Double(trials.count)
      }
    }
    var order = Array(names.indices)
    if names.count > shown {
      let learned = models.indices.filter { !ModelColour.isFloor(kind: context.kind(of: models[$0])) }
      func hardness(_ index: Int) -> Double {
        (learned.isEmpty ? Array(models.indices) : learned).reduce(0) { $0 + (scores[$1][index] ?? 0) }
      }
      order = order.sorted { (hardness($0), $0) < (hardness($1), $1) }
      order = Array(order.prefix(shown))
    }
    var table = Table(
      [("F1 of the class", .left)] + models.map { (.code($0), .right) } + [("Test rows", .right)])
    for index in order {
      table.append(
        [RichText(ClassNames.visible(names[index]))]
          + scores.map { RichText(ReportContext.text($0[index], "f1_macro")) }
          + [RichText(NumberFormat.grouped(first.perClass[index].support))])
    }
    let title: RichText =
      names.count > shown ? "The \(shown) classes of \(names.count) with the lowest F1." : "F1 of each class."
    return [.paragraph(title + " Test rows: of the first trial."), .table(table)]
  }

  // MARK: Reproduction

  /// The names in `${env:NAME}` and `${env:NAME:-default}`.
  private static func variables(in path: String) -> [String] {
    path.split(separator: "${env:", omittingEmptySubsequences: false).dropFirst()
      .map { String($0.prefix { $0 != ":" && $0 != "}" }) }
  }

  static func reproduction(_ context: ReportContext) -> [Block] {
    let result = context.result
    var blocks: [Block] = [
      .heading(2, "How to reproduce"),
      .paragraph(
        "The whole experiment, every default included, is "
          + RichText([.link("manifest.resolved.yaml", to: "manifest.resolved.yaml")])
          + " beside this file (SHA-256 " + .code(result.manifestHash) + "). In this folder, wherever it stands,"),
      .code("bench reproduce ."),
      .paragraph(
        "runs it again and holds every figure against these. The paths of its files begin at the folder that the run "
          + "was started in: where that is not above this one, go there and give this folder's path in place of the "
          + "dot. There, too, " + .code("bench FOLDER/manifest.resolved.yaml --output AGAIN")
          + ", with this folder's path for FOLDER, writes all files anew."),
    ]
    let names = result.inputs.flatMap { variables(in: $0.declaredPath) }
      .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !names.isEmpty {
      blocks.append(
        .paragraph(
          "The environment says where files are: set " + .enumeration(names.map { .code($0) })
            + " unless the default that stands below is right."))
    }
    blocks += [
      .paragraph(
        "Everything but timing.csv, machine.json and the part of this report under “Time and memory” comes out the "
          + "same, byte for byte. What the columns of the other files mean: "
          + RichText.code("Documentation/Results.md") + ".")
    ]
    if !result.inputs.isEmpty {
      var table = Table([("File read", .left), ("Bytes", .right), ("SHA-256", .left)])
      for input in result.inputs {
        table.append([.code(input.declaredPath), RichText(NumberFormat.grouped(input.bytes)), .code(input.sha256)])
      }
      blocks.append(.table(table))
    }
    var seen: Set<[String]> = []
    var splits = Table([
      ("Corpus", .left), ("Protocol", .left), ("Trained on → tested on", .left), ("Seed", .right), ("Fold", .right),
      ("Train", .right), ("Validation", .right), ("Test", .right), ("Hash of the rows", .left),
    ])
    for record in result.records where !record.splitHash.isEmpty {
      let fold = record.fold.map { "\($0)" } ?? "–"
      let key = [
        record.corpus, record.protocolName, record.source, record.target, "\(record.seed)", fold, record.splitHash,
      ]
      guard seen.insert(key).inserted else { continue }
      splits.append([
        RichText(record.corpus), RichText(record.protocolName), "\(record.source) → \(record.target)",
        "\(record.seed)", RichText(fold), RichText(NumberFormat.grouped(record.trainRows)),
        RichText(NumberFormat.grouped(record.validationRows)), RichText(NumberFormat.grouped(record.testRows)),
        .code(String(record.splitHash.prefix(16))),
      ])
    }
    if !splits.rows.isEmpty { blocks.append(.collapsed("Splits: the same for every model", [.table(splits)])) }
    return blocks
  }
}
