import Analysis
import Families
import Manifests
import Records
import Tasks
import Text

extension ModelCard {
  /// One model: what it is, how it was made, how well it does, and what is known against it.
  func section(_ model: String) -> [Report.Block] {
    let records = result.models.filter { $0.model == model }
    var blocks: [Report.Block] = [.heading(2, .code(model))]
    var what = RichText([])
    let descriptions = records.map(\.description).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    if !descriptions.isEmpty { what += .strong(descriptions.joined(separator: "; ")) + ", " }
    blocks.append(.paragraph(what + "kind " + .code(context.kind(of: model)) + "."))
    if !records.isEmpty { blocks.append(.table(sizes(records))) }
    if let declaration = result.manifest.models.first(where: { $0.name == model }) {
      blocks.append(.list(details(declaration)))
    }
    let scores = scores(model)
    if !scores.rows.isEmpty { blocks += [.heading(3, "How well it does"), .table(scores)] }
    let elsewhere = slices(model) + elsewhere(model)
    if !elsewhere.isEmpty { blocks.append(.list(elsewhere)) }
    let caveats = caveats(model, records)
    if !caveats.isEmpty { blocks += [.heading(3, "Caveats"), .list(caveats)] }
    return blocks
  }

  private func sizes(_ records: [ModelRecord]) -> Report.Table {
    var table = Report.Table([
      ("Corpus", .left), ("Parameters", .right), ("Size", .right), ("Operations a query", .right),
      ("Vocabulary", .right), ("Unknown tokens", .right), ("Texts cut", .right),
    ])
    func share(_ value: Double?) -> RichText {
      RichText(value.map { NumberFormat.fixed($0 * 100, 2) + " %" } ?? "–")
    }
    for record in records {
      table.append([
        RichText(record.corpus), RichText(NumberFormat.grouped(record.parameters)),
        RichText(NumberFormat.scaled(Double(record.bytes), unit: "B")),
        RichText(NumberFormat.scaled(record.flopsPerQuery)),
        RichText(record.vocabulary.map(NumberFormat.grouped) ?? "–"), share(record.unknownShare),
        share(record.truncatedShare),
      ])
    }
    return table
  }

  // MARK: How it was made

  private func details(_ model: ModelDeclaration) -> [RichText] {
    var items: [RichText] = []
    let account = model.configuration.family.account(of: model)
    if let start = start(model) { items.append(.strong("Starts from") + " " + start + ".") }
    items.append(.strong("Reads") + RichText(" \(account.reads)."))
    items.append(.strong("Learns") + " " + learning(model, account) + ".")
    items.append(.strong("Its kept file holds") + RichText(" \(account.keeps)."))
    return items
  }

  private func start(_ model: ModelDeclaration) -> RichText? {
    var parts: [RichText] = []
    if let source = model.pretrained {
      parts.append(
        RichText("the checkpoint \(source.display) (") + .code(source.declaredPath)
          + RichText(origin(below: source.declaredPath).map { "; \($0)" } ?? "; licence not known to bench") + ")")
    }
    if let source = model.vectors { parts.append("word vectors of " + .code(source.declaredPath)) }
    if let settings = model.pretraining {
      let what = model.configuration.kind.pretraining?.product ?? "a part"
      let epochs = "\(settings.epochs) epoch\(settings.epochs == 1 ? "" : "s")"
      parts.append(RichText("\(what) pre-trained here in \(epochs) on texts without labels"))
    }
    return parts.isEmpty ? nil : .enumeration(parts)
  }

  /// What is known of a checkpoint's files: title and licence.
  private func origin(below path: String) -> String? {
    result.inputs.first { $0.declaredPath.hasPrefix(path + "/") && $0.origin != nil }?.origin.map {
      "\($0.title); \($0.licence), \($0.repository)"
    }
  }

  private func learning(_ model: ModelDeclaration, _ account: ModelAccount) -> RichText {
    var text = RichText(account.learns)
    if model.training.classWeights != .none { text += ", rarer classes weigh more" }
    if model.training.sampling != .none { text += RichText(", rows are sampled (\(model.training.sampling.rawValue))") }
    if let settings = model.training.augmentation {
      text += RichText(", beside each text \(settings.copies) with some words changed")
    }
    if let teacher = model.teacher {
      let temperature = model.training.teacherTemperature
      text += RichText(temperature == nil ? ", the scores of " : ", the probabilities of ") + .code(teacher)
      text += RichText(temperature.map { " at the temperature \(NumberFormat.exact($0))" } ?? "")
      text += " in place of the labels"
    }
    if model.training.focalGamma > 0 { text += ", rows that are sure already weigh less (focal loss)" }
    if model.training.logitAdjustment > 0 { text += ", outputs adjusted by the classes' shares" }
    if let kind = model.training.calibration {
      text += RichText("; its probabilities are calibrated on validation rows (\(kind.rawValue))")
    }
    if model.training.choosesThresholds { text += "; the classes' probabilities are weighed on validation rows" }
    if !model.space.isEmpty, result.manifest.tuning != nil {
      text += "; settings were searched on validation rows, in each fit anew"
    }
    return text
  }

  // MARK: How well it does

  private func scores(_ model: String) -> Report.Table {
    let primary = context.primary
    let problem = result.manifest.problem
    let others = (problem == .classification ? ["accuracy", "ece"] : problem.compared.prefix(3).map(\.rawValue))
      .filter { $0 != primary }
    var table = Report.Table(
      [
        ("Setting", .left), (RichText(ReportContext.heading(of: primary) + " (95 %)"), .right),
        ("On novel texts", .right),
      ] + others.map { (RichText(ReportContext.heading(of: $0)), .right) }
        + (problem == .regression ? [] : [(RichText("Lowest F1 of a \(problem.noun)"), .left)]) + [("n", .right)])
    for group in context.groups where group.isOwnDomain {
      guard let row = group.row(model, primary) else { continue }
      let novel = MetricName(rawValue: primary).map { ScoreName.part($0, .novel).column }
      table.append(
        [
          RichText(group.title), RichText(interval(row)),
          RichText(ReportContext.text(novel.flatMap { group.row(model, $0)?.mean }, primary)),
        ] + others.map { RichText(ReportContext.text(group.row(model, $0)?.mean, $0)) }
          + (problem == .regression ? [] : [RichText(hardest(group.trials(of: model)) ?? "–")]) + ["\(row.n)"])
    }
    return table
  }

  /// `91.23 (90.10 to 92.36)`
  private func interval(_ row: SummaryRow) -> String {
    let mean = ReportContext.text(row.mean, row.metric)
    guard let low = row.low, let high = row.high else { return mean }
    return "\(mean) (\(ReportContext.text(low, row.metric)) to \(ReportContext.text(high, row.metric)))"
  }

  /// The class with the lowest mean F1 over the trials, of equals the first.
  private func hardest(_ trials: [TrialRecord]) -> String? {
    let ended = trials.filter { $0.status == .ok && !$0.perClass.isEmpty }
    guard let first = ended.first else { return nil }
    let names = first.perClass.map(\.name)
    let same = ended.filter { $0.perClass.map(\.name) == names }
    let scores = names.indices.filter { index in same.contains { $0.perClass[index].support > 0 } }.map { index in
      (index, same.reduce(0) { $0 + $1.perClass[index].f1 } / Double(same.count))
    }
    guard let worst = scores.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
    return "\(names[worst.0]): \(ReportContext.text(worst.1, "f1_macro"))"
  }

  /// The slice where it is worst and the one where it is best, a line a setting.
  private func slices(_ model: String) -> [RichText] {
    context.groups.filter(\.isOwnDomain).compactMap { group -> RichText? in
      let sign = ReportContext.higherIsBetter(context.primary) ? 1.0 : -1.0
      let rows = context.slices(of: group).filter { $0.model == model }
      guard rows.count > 1, let worst = rows.min(by: { sign * $0.mean < sign * $1.mean }),
        let best = rows.max(by: { sign * $0.mean < sign * $1.mean })
      else { return nil }
      func text(_ row: SliceRow) -> String {
        "\(Report.sliceName(row.slice)) (\(ReportContext.text(row.mean, row.metric)), \(NumberFormat.grouped(row.rows)) rows)"
      }
      return RichText.strong("By slice, \(group.title):")
        + RichText(" worst on \(text(worst)), best on \(text(best)).")
    }
  }

  /// What it loses in domains that it was not trained on, a line a corpus.
  private func elsewhere(_ model: String) -> [RichText] {
    let all = result.analysis.drops.filter { $0.model == model }
    let corpora = all.map(\.corpus).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return corpora.compactMap { corpus -> RichText? in
      let metric = context.decidingDrop(in: corpus)
      let drops = all.filter { $0.corpus == corpus && $0.metric == metric }
      guard let worst = drops.max(by: { $0.drop < $1.drop }) else { return nil }
      let mean = drops.reduce(0) { $0 + $1.drop } / Double(drops.count)
      func points(_ value: Double) -> String { NumberFormat.fixed(value, 1, typographic: true) }
      let title = ReportContext.title(of: metric)
      let loss = "\(points(mean)) points of \(title) on average over \(drops.count) pairs of domains"
      return RichText.strong("In a domain of \(corpus) that it was not trained on")
        + RichText(" it loses \(loss), at most \(points(worst.drop)) (\(worst.source) → \(worst.target)).")
    }
  }

  private func caveats(_ model: String, _ records: [ModelRecord]) -> [RichText] {
    var items: [RichText] = []
    let trials = result.records.filter { $0.model == model }
    let failed = trials.count { $0.status == .failed }
    if failed > 0 {
      items.append(RichText("\(failed) of \(trials.count) trials failed; no figure here has a part of them."))
    }
    if records.contains(where: { $0.description.contains("not pretrained") }) {
      items.append("It starts from random weights: its figures say nothing about a pretrained BERT.")
    }
    if let diverged = context.divergences(of: model) {
      items.append(RichText("Training came to nothing: \(diverged)."))
    }
    if let tired = context.undertrained(model) {
      items.append(
        RichText(
          "May be undertrained: \(tired) \(context.undertrainedEnd(model)).")
      )
    }
    if records.contains(where: { ($0.truncatedShare ?? 0) > 0 }) {
      items.append("It has not read what stands behind the cut in the texts that are cut.")
    }
    if ModelColour.isFloor(kind: context.kind(of: model)) {
      items.append("It is a floor for the others, and no model to be used.")
    }
    return items
  }
}
