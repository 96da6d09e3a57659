import Experiments
import Metrics

extension Report {
  /// The report of a run.
  public init(_ result: RunResult) { self.init(ReportContext(result)) }

  init(_ context: ReportContext) {
    let result = context.result
    var blocks: [Block] = [.heading(1, RichText(result.manifest.name))]
    if !result.manifest.question.isEmpty { blocks.append(.paragraph(.strong(result.manifest.question))) }
    blocks += Self.dataWarnings(context)
    blocks += Self.failures(context)
    blocks += Self.answer(context)
    blocks += Self.verdicts(context)
    blocks += Self.scores(context)
    blocks += Self.novelty(context)
    blocks += Self.slices(context)
    blocks += Self.crossDomain(context)
    blocks += Self.tuning(context)
    blocks += Self.measured(context)
    blocks += Self.models(context)
    blocks += Self.errors(context)
    blocks += Self.data(context)
    blocks += Self.reproduction(context)
    self.init(blocks: blocks)
  }

  // MARK: Failures

  private static func failures(_ context: ReportContext) -> [Block] {
    let failed = context.result.records.filter { $0.status == .failed }
    guard !failed.isEmpty else { return [] }
    var table = Table([("Trial", .left), ("Model", .left), ("Trained on → tested on", .left), ("Reason", .left)])
    for record in failed {
      table.append([
        .code(record.trial), .code(record.model), "\(record.corpus): \(record.source) → \(record.target)",
        RichText(record.failure ?? "no reason given"),
      ])
    }
    let all = context.result.records.count
    return [
      .heading(2, failed.count == 1 ? "1 of \(all) trials failed" : "\(failed.count) of \(all) trials failed"),
      .paragraph("Failed trials have no part in any figure below; n says how many trials each figure rests on."),
      .table(table),
    ]
  }

  // MARK: Answer

  private static func answer(_ context: ReportContext) -> [Block] {
    let own = context.groups.filter(\.isOwnDomain)
    var paragraph = RichText([])
    var items: [RichText] = []
    for group in own {
      if let sentence = standing(group, context) { items.append(sentence) }
    }
    if items.count == 1 { paragraph += items.removeFirst() + " " }
    paragraph += leaders(own, context)
    paragraph += rivals(own, context)
    paragraph += transfer(context)
    if context.result.analysis.summary.isEmpty { paragraph = "No trial ended, so there is no answer." }
    var blocks: [Block] = [.heading(2, "Answer"), .paragraph(paragraph)]
    if !items.isEmpty { blocks.append(.list(items)) }
    return blocks + warnings(context)
  }

  /// Who leads where, for a run of several groups.
  private static func leaders(_ groups: [ReportContext.Group], _ context: ReportContext) -> RichText {
    let first = groups.compactMap { $0.ranking(context.models, by: context.primary).first?.model }
    guard first.count > 1 else { return "" }
    let counts = context.models.map { model in (model, first.filter { $0 == model }.count) }.filter { $0.1 > 0 }
    let word = ReportContext.higherIsBetter(context.primary) ? "highest" : "lowest"
    let parts = counts.enumerated().map { index, entry -> RichText in
      .code(entry.0) + (index == 0 ? " in \(entry.1) of \(first.count) settings" : " in \(entry.1)")
    }
    return "The \(word) mean \(ReportContext.title(of: context.primary)) is that of " + .enumeration(parts) + ". "
  }

  /// One group: who leads, by how much, and from whom the test tells it apart.
  private static func standing(_ group: ReportContext.Group, _ context: ReportContext) -> RichText? {
    let ranking = group.ranking(context.models, by: context.primary)
    guard let best = ranking.first else { return nil }
    let unit = ReportContext.isFraction(context.primary) ? " points" : ""
    let trials = best.n == 1 ? "" : ", n = \(best.n)"
    var sentence: RichText =
      .strong(group.title) + ": " + .code(best.model)
      + " has the \(ReportContext.higherIsBetter(context.primary) ? "highest" : "lowest") "
      + "\(ReportContext.title(of: context.primary)) (\(ReportContext.meanAndDeviation(best))\(unit)\(trials))"
    var classes: [(String, [RichText])] = [
      ("better than", []), ("equivalent to", []), ("not told apart from", []), ("worse by its test than", []),
    ]
    for row in group.verdicts where row.modelA == best.model || row.modelB == best.model {
      let isA = row.modelA == best.model
      let direction = row.verdict.direction * (isA ? 1 : -1)
      let place = direction > 0 ? 0 : direction < 0 ? 3 : row.verdict == .equivalent ? 1 : 2
      classes[place].1.append(.code(isA ? row.modelB : row.modelA))
    }
    let parts = classes.filter { !$0.1.isEmpty }.map { "\($0.0) " + RichText.enumeration($0.1) }
    if !parts.isEmpty {
      sentence += ": "
      for (index, part) in parts.enumerated() { sentence += (index > 0 ? "; " : "") + part }
    }
    let isWarned = group.verdicts.contains {
      ($0.modelA == best.model || $0.modelB == best.model) && !$0.warning.isEmpty
    }
    return sentence + (isWarned ? ". Warnings stand beside these verdicts, below." : ".")
  }

  /// What the verdicts say of the study's own pair, BERT against the LSTM.
  private static func rivals(_ groups: [ReportContext.Group], _ context: ReportContext) -> RichText {
    var text = RichText([])
    for a in context.models where context.kind(of: a) == "bert" {
      for b in context.models where context.kind(of: b) == "lstm" {
        var verdicts: [(String, Int)] = []
        for group in groups {
          guard
            let row = group.verdicts.first(where: {
              ($0.modelA == a && $0.modelB == b) || ($0.modelA == b && $0.modelB == a)
            })
          else { continue }
          let word = plain(row.verdict, swapped: row.modelA == b)
          if let index = verdicts.firstIndex(where: { $0.0 == word }) {
            verdicts[index].1 += 1
          } else {
            verdicts.append((word, 1))
          }
        }
        guard !verdicts.isEmpty else { continue }
        let single = verdicts.count == 1 && verdicts[0].1 == 1
        let parts = verdicts.map { RichText(single ? $0.0 : "\($0.0) in \($0.1)") }
        text += .code(a) + " against " + .code(b) + ": " + .enumeration(parts) + ". "
      }
    }
    return text
  }

  /// The verdict without what would decide; from model_b's side where `swapped`.
  private static func plain(_ verdict: Verdict, swapped: Bool) -> String {
    switch swapped ? verdict.reversed : verdict {
    case .undecided: Verdict.undecided(.unknown).text
    case .none: "no verdict"
    case let other: other.text
    }
  }

  /// What each model loses elsewhere, by the metric that decides there, one corpus after another.
  private static func transfer(_ context: ReportContext) -> RichText {
    let all = context.result.analysis.drops
    let corpora = all.map(\.corpus).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var text = RichText([])
    for corpus in corpora {
      let metric = context.decidingDrop(in: corpus)
      let drops = all.filter { $0.corpus == corpus && $0.metric == metric }
      let parts = context.models.compactMap { model -> RichText? in
        let own = drops.filter { $0.model == model }
        guard !own.isEmpty else { return nil }
        let mean = own.reduce(0) { $0 + $1.drop } / Double(own.count)
        return "\(NumberFormat.fixed(mean, 1, typographic: true)) for " + .code(model)
      }
      guard !parts.isEmpty else { continue }
      text +=
        "In a domain of \(corpus) that it was not trained on a model loses, in \(ReportContext.title(of: metric)), "
        + "averaged over the pairs of domains: " + .enumeration(parts) + "." + rivalDrops(corpus, context) + " "
    }
    return text
  }

  /// The study's claim about domains: whether BERT loses less than the LSTM.
  private static func rivalDrops(_ corpus: String, _ context: ReportContext) -> RichText {
    var text = RichText([])
    for row in context.result.analysis.transfers where row.role == .primary && row.corpus == corpus {
      let isA = context.kind(of: row.modelA) == "bert" && context.kind(of: row.modelB) == "lstm"
      guard isA || (context.kind(of: row.modelA) == "lstm" && context.kind(of: row.modelB) == "bert") else { continue }
      let sign = isA ? 1.0 : -1.0
      let bounds = row.low.flatMap { low in row.high.map { high in isA ? (low, high) : (-high, -low) } }
      text +=
        " The drop of " + .code(isA ? row.modelA : row.modelB) + " less that of "
        + .code(isA ? row.modelB : row.modelA) + " is \(NumberFormat.signed(sign * row.difference, 1))"
      if let bounds {
        text += " (95 % interval \(NumberFormat.signed(bounds.0, 1)) to \(NumberFormat.signed(bounds.1, 1)))"
      }
      text += row.note.isEmpty ? "." : ", from \(row.note)."
      if !row.warning.isEmpty { text += " Warning: \(row.warning)." }
    }
    return text
  }

  // MARK: Warnings

  private static func warnings(_ context: ReportContext) -> [Block] {
    var notes: [Block] = []
    let generated = context.generatedCorpora
    if !generated.isEmpty {
      let names = RichText.enumeration(generated.map { .code($0) })
      notes.append(
        .note(
          .strong("Generated text.") + " The messages of " + names
            + " were written by the built-in generator: its ranking says nothing about real messages."))
    }
    let untrained = context.result.models.filter { $0.description.contains("not pretrained") }
    let names = context.models.filter { name in untrained.contains { $0.model == name } }
    if !names.isEmpty {
      notes.append(
        .note(
          .enumeration(names.map { .code($0) }) + (names.count == 1 ? " is a " : " are each a ")
            + .strong("transformer, not pretrained")
            + ": it starts from random weights, so its figures say nothing about a pretrained BERT."))
    }
    let diverged = context.models.compactMap { model -> RichText? in
      context.divergences(of: model).map { RichText.code(model) + RichText(" (\($0))") }
    }
    if !diverged.isEmpty {
      notes.append(.note(.strong("Diverged:") + " " + .enumeration(diverged) + "."))
    }
    let tired = context.models.compactMap { model -> (end: String, text: RichText)? in
      context.undertrained(model).map {
        (context.undertrainedEnd(model), RichText.code(model) + RichText(" (\($0))"))
      }
    }
    for end in Set(tired.map(\.end)).sorted() {
      let models = tired.filter { $0.end == end }.map(\.text)
      notes.append(
        .note(.strong("May be undertrained:") + " " + .enumeration(models) + RichText(" \(end); marked † below.")))
    }
    return notes
  }
}
