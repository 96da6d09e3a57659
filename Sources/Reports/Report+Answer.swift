import Experiments
import Manifests
import Metrics

extension Report {
  /// The report of a run: the first page, then the verdicts, scores, transfer, time, models and data.
  public init(_ result: RunResult) { self.init(ReportContext(result)) }

  init(_ context: ReportContext) {
    let result = context.result
    var blocks: [Block] = [.heading(1, RichText(result.manifest.name))]
    if !result.manifest.question.isEmpty { blocks.append(.paragraph(.strong(result.manifest.question))) }
    blocks += Self.otherMetric(context)
    blocks += Self.dataWarnings(context)
    blocks += Self.failures(context)
    blocks += Self.answer(context)
    blocks += Self.warnings(context)
    blocks += Self.verdicts(context)
    blocks += Self.scores(context)
    blocks += Self.crossDomain(context)
    blocks += Self.novelty(context)
    blocks += Self.slices(context)
    blocks += Self.measured(context)
    blocks += Self.models(context)
    blocks += Self.trainingFigures(context)
    blocks += Self.tuning(context)
    blocks += Self.errors(context)
    blocks += Self.data(context)
    blocks += Self.reproduction(context)
    self.init(blocks: blocks)
  }

  /// What a reader must know of a stored run that is looked at by another metric than its fits were chosen by.
  private static func otherMetric(_ context: ReportContext) -> [Block] {
    let own = context.result.trainingMetric
    guard own != context.primary else { return [] }
    return [
      .note(
        "The run was made with " + .code("comparisons.primary: \(own)") + ": by it networks stopped early and settings "
          + "were chosen. Here " + .code(context.primary) + " decides, on the predictions of the same fits.")
    ]
  }

  /// The first page: the question, the answer, one picture, what it rests on, what it does not show, what to know first.
  static func answer(_ context: ReportContext) -> [Block] {
    var blocks: [Block] = [.heading(2, "Answer")]
    guard !context.result.analysis.summary.isEmpty else {
      return blocks + [.paragraph("No trial ended, so there is no answer.")]
    }
    for task in context.tasks {
      let rows = context.headlines.filter { $0.task == task }
      if let first = rows.first {
        let place: RichText = context.tasks.count > 1 ? .strong("\(task):") + " " : ""
        blocks.append(.paragraph(place + sentence(first, context).emphasised + RichText(rest(of: first, context))))
        let others = rows.dropFirst().map { sentence($0, context) + RichText(rest(of: $0, context)) }
        if !others.isEmpty { blocks.append(.list(others)) }
      } else {
        blocks.append(.paragraph(withoutContrast(task, context)))
      }
      if let floor = floors(task, context) { blocks.append(.paragraph(floor)) }
    }
    if let lost = transfer(context) { blocks.append(.paragraph(lost)) }
    if let time = time(context) { blocks.append(.measured([.paragraph(time)])) }
    for task in context.tasks {
      if let figure = scoreFigure(task, context) { blocks.append(.figure(figure)) }
    }
    blocks += [
      .paragraph(.strong("It rests on") + " " + foundation(context)),
      .paragraph(.strong("It does not show") + " " + RichText.enumeration(limits(context)) + "."),
    ]
    return blocks
  }

  // MARK: Sentences

  /// `bert beats lstm by 4.1 points of accuracy (2.9 to 5.3)`
  private static func sentence(_ row: ComparisonRow, _ context: ReportContext) -> RichText {
    let (a, b) = (RichText.code(row.modelA), RichText.code(row.modelB))
    guard let words = row.words else { return a + " against " + b }
    let by = context.amount(row)
    switch words.verdict {
    case .betterByMargin, .better: return a + " beats " + b + " by \(by)"
    case .worseByMargin, .worse: return a + " loses to " + b + " by \(by)"
    case .equivalent: return a + " and " + b + " are equivalent: they differ by \(by)"
    case .undecided: return "Whether " + a + " or " + b + " is better is not decided: they differ by \(by)"
    case .none(let reason): return "No verdict on " + a + " against " + b + RichText(": \(reason)")
    }
  }

  /// Over what, by how much it matters, what would decide, and what to know of it.
  private static func rest(of row: ComparisonRow, _ context: ReportContext) -> String {
    var text = ""
    if row.settings > 1 { text += ", over these \(row.settings) domains" }
    switch row.verdict {
    case .better, .worse: text += "; whether by more than the margin of \(context.marginText) is not decided"
    case .undecided(let remedy) where !remedy.text.isEmpty: text += "; \(remedy.text)"
    default: break
    }
    if !row.warning.isEmpty { text += " (\(row.warning))" }
    return text + "."
  }

  /// One model alone, or none but floors.
  private static func withoutContrast(_ task: String, _ context: ReportContext) -> RichText {
    let groups = context.settings.filter { $0.key.task == task }
    let leaders = groups.compactMap { $0.ranking(context.models, by: context.primary).first }
    guard let first = leaders.first else { return "\(task): no score under the deciding protocol." }
    return "\(task): there are no two models to compare; " + .code(first.model)
      + " scores \(ReportContext.meanAndDeviation(first)) \(context.unitOfScores)in \(groups[0].title)."
  }

  /// Which models are above what a memory of the texts and the most frequent class reach.
  private static func floors(_ task: String, _ context: ReportContext) -> RichText? {
    let rows = context.result.analysis.comparisons.filter { $0.role == .floor && $0.task == task }
    guard !rows.isEmpty else { return nil }
    let above = rows.filter { ($0.verdict?.direction ?? 0) > 0 },
      others = rows.filter { ($0.verdict?.direction ?? 0) <= 0 }
    if others.isEmpty {
      return "Every model is above the floors: the label of the same text, and the most frequent class."
    }
    var text = RichText([])
    if !above.isEmpty {
      text += .enumeration(above.map { .code($0.modelA) }) + (above.count == 1 ? " is" : " are") + " above the floors; "
    }
    let parts = others.map { row -> RichText in
      .code(row.modelA) + " against " + .code(row.modelB) + RichText(": \(row.verdict?.word ?? "no word")")
    }
    return text + .strong((above.isEmpty ? "Not" : "not") + " shown to be above the better floor:") + " "
      + .enumeration(parts) + "."
  }

  /// What a model loses in a domain that it was not trained on.
  private static func transfer(_ context: ReportContext) -> RichText? {
    let rows = context.result.analysis.transfers.filter { row in
      row.role == .primary && context.declared.pairs.first.map { $0.a == row.modelA && $0.b == row.modelB } ?? false
    }
    guard !rows.isEmpty else { return nil }
    return rows.reduce(RichText([])) { text, row in
      let digits = ReportContext.digits(row.metric)
      func figure(_ value: Double) -> String { NumberFormat.fixed(value, digits - 1, typographic: true) }
      var part: RichText =
        (text.spans.isEmpty ? "" : " ") + "In a domain of \(row.corpus) that it was not trained on " + .code(row.modelA)
        + " loses \(figure(row.dropA)), " + .code(row.modelB) + " \(figure(row.dropB)) "
        + "\(context.unit(of: row.metric)) of \(ReportContext.title(of: row.metric)): "
      part += RichText(row.verdict.map { "\($0.text)" } ?? "no word")
      return text + part + "."
    }
  }

  /// Protocol, seeds, domains, rows, and that the words hold together.
  private static func foundation(_ context: ReportContext) -> RichText {
    let titles = context.settings.map(\.title)
    let shown = titles.prefix(4).joined(separator: "; ") + (titles.count > 4 ? "; and \(titles.count - 4) more" : "")
    let tests = context.settings.compactMap { group in group.records.first { $0.status == .ok }?.testRows }
    var text = RichText(shown.isEmpty ? "no setting" : shown)
    if let low = tests.min(), let high = tests.max() {
      text += " (\(NumberFormat.grouped(low))\(low == high ? "" : " to \(NumberFormat.grouped(high))") test rows each)"
    }
    text += ", the same rows for every model. Deciding metric: \(ReportContext.title(of: context.primary)); margin: "
    text +=
      "\(context.marginText). Ranges in parentheses and words hold together: at most 5 % of such reports contain a false word."
    let others = context.groups.filter { group in
      group.isOwnDomain && !context.settings.contains { $0.key == group.key }
    }
    if !others.isEmpty {
      let names = others.map(\.key.protocolName).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      text += " Other protocols (\(names.joined(separator: ", "))) are sensitivity analyses and have no words."
    }
    return text
  }

  private static func limits(_ context: ReportContext) -> [RichText] {
    var parts: [RichText] = []
    if !context.generatedCorpora.isEmpty {
      parts.append(
        "anything about real messages (those of " + .enumeration(context.generatedCorpora.map { .code($0) })
          + " were written by the built-in generator)")
    }
    let untrained = context.models.filter { name in
      context.result.models.contains { $0.model == name && $0.description.contains("not pretrained") }
    }
    if !untrained.isEmpty {
      parts.append(
        "anything about a pretrained BERT (" + .enumeration(untrained.map { .code($0) })
          + " \(untrained.count == 1 ? "starts" : "start") from random weights, not pretrained)")
    }
    parts.append(context.settings.count > 1 ? "other domains than these" : "other data than these")
    parts.append("other sizes and settings of these models")
    return parts
  }

  // MARK: Warnings

  /// Failures, and trainings that came to nothing or were cut short.
  static func warnings(_ context: ReportContext) -> [Block] {
    var notes: [Block] = []
    let diverged = context.models.compactMap { model -> RichText? in
      context.divergences(of: model).map { RichText.code(model) + RichText(" (\($0))") }
    }
    if !diverged.isEmpty { notes.append(.note(.strong("Diverged:") + " " + .enumeration(diverged) + ".")) }
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

  static func failures(_ context: ReportContext) -> [Block] {
    let failed = context.result.records.filter { $0.status == .failed }
    guard !failed.isEmpty else { return [] }
    var table = Table(
      [("Trial", .left), ("Model", .left), ("Trained on → tested on", .left), ("Reason", .left)], all: "trials.csv",
      isMajor: true)
    for record in failed {
      table.append([
        .code(record.trial), .code(record.model), "\(record.corpus): \(record.source) → \(record.target)",
        RichText(record.failure ?? "no reason given"),
      ])
    }
    let all = context.result.records.count
    return [
      .heading(2, failed.count == 1 ? "1 of \(all) trials failed" : "\(failed.count) of \(all) trials failed"),
      .paragraph("Failed trials have no part in any figure; n says how many trials each figure rests on."),
      .table(table),
    ]
  }
}

extension ReportContext {
  /// The declared pairs over the settings of their task, the question first.
  var headlines: [ComparisonRow] { result.analysis.comparisons.filter { $0.role == .headline } }

  /// What a metric's differences are counted in.
  func unit(of metric: String) -> String { Self.isFraction(metric) ? "points" : "units" }

  var unitOfScores: String {
    Self.isFraction(primary) ? "points of \(Self.title(of: primary)) " : Self.title(of: primary) + " "
  }

  /// `1 point`, `0.01`.
  var marginText: String {
    let margin = result.manifest.comparisons.margin
    guard Self.isFraction(primary) else { return NumberFormat.exact(margin / 100) }
    return "\(NumberFormat.plain(margin)) point\(margin == 1 ? "" : "s")"
  }

  /// `4.1 points of macro-F1 (2.9 to 5.3)`: the size without its sign, and the simultaneous interval turned alike; with
  /// its sign where nothing says which model is ahead.
  func amount(_ row: ComparisonRow) -> String {
    guard let difference = row.difference, let words = row.words else { return "–" }
    let digits = Self.isFraction(row.metric) ? 1 : 3
    let isDirected = words.verdict.direction != 0
    let sign = isDirected && difference < 0 ? -1.0 : 1.0
    func figure(_ value: Double) -> String {
      isDirected
        ? NumberFormat.fixed(value * sign, digits, typographic: true) : NumberFormat.signed(value, digits)
    }
    var text =
      figure(difference) + " " + (Self.isFraction(row.metric) ? "points of " : "of ") + Self.title(of: row.metric)
    if let low = words.low, let high = words.high {
      text += sign < 0 ? " (\(figure(high)) to \(figure(low)))" : " (\(figure(low)) to \(figure(high)))"
    }
    return text
  }

  /// A group's name where all have one protocol: the domain, with its corpus where there are several.
  func shortName(_ group: Group) -> String {
    let corpora = Set(settings.map(\.key.corpus)).count,
      domains =
        result.manifest.corpora
        .first { $0.name == group.key.corpus }?.domains.count ?? 1
    if domains < 2 { return group.key.corpus }
    return corpora > 1 ? "\(group.key.corpus) \(group.key.source)" : group.key.source
  }
}
