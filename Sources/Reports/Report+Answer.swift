import Analysis
import Families
import Manifests
import Models
import Statistics
import Tasks
import Text

extension Report {
  /// The report of a run: the first page, then the verdicts, scores, transfer, time, models and data.
  public init(_ result: RunResult) { self.init(ReportContext(result)) }

  init(_ context: ReportContext) {
    let result = context.result
    var blocks: [Block] = [.heading(1, RichText(result.manifest.name))]
    if !result.manifest.question.isEmpty { blocks.append(.paragraph(.strong(result.manifest.question))) }
    blocks += Self.otherComparisons(context)
    blocks += Self.dataWarnings(context)
    blocks += Self.failures(context)
    blocks += Self.answer(context)
    blocks += Self.warnings(context)
    blocks += Self.verdicts(context)
    blocks += Self.scores(context)
    blocks += Self.learningCurves(context)
    blocks += Self.crossDomain(context)
    blocks += Self.novelty(context)
    blocks += Self.slices(context)
    blocks += Self.measured(context)
    blocks += Self.models(context)
    blocks += Self.trainingFigures(context)
    blocks += Self.tuning(context)
    blocks += Self.errors(context)
    blocks += Self.labels(context)
    blocks += Self.data(context)
    blocks += Self.reproduction(context)
    self.init(blocks: blocks)
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
        let home = context.questionsOfTransfer(task).isEmpty ? "" : "In the domains that they were trained on: "
        blocks.append(
          .paragraph(
            place + RichText(home) + sentence(first, context).emphasised + RichText(rest(of: first, context))))
        for row in context.questionsOfTransfer(task) { blocks.append(.paragraph(transferSentences(row, context))) }
        if let leaders = leaders(task, context) { blocks.append(.paragraph(leaders)) }
        let others = rows.dropFirst().map { sentence($0, context) + RichText(rest(of: $0, context)) }
        if !others.isEmpty { blocks.append(.list(others)) }
      } else {
        blocks.append(.paragraph(withoutContrast(task, context)))
      }
      if let floor = floors(task, context) { blocks.append(.paragraph(floor)) }
      if let table = glance(task, context) { blocks.append(.table(table)) }
    }
    let isExplained = context.tasks.flatMap(context.questionsOfTransfer).contains { isOfNovelTexts($0.metric) }
    if !isExplained, hasNovelTexts(context) { blocks.append(.paragraph(RichText("\(novelMeaning.withCapital)."))) }
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
    let (a, b) = (context.marked(row.modelA), context.marked(row.modelB))
    guard let words = row.words else { return a + " against " + b }
    let by = context.amount(row)
    switch words.verdict {
    case .betterByMargin, .better: return a + " beats " + b + " by \(by)"
    case .worseByMargin, .worse: return a + " loses to " + b + " by \(by)"
    case .equivalent:
      return a + " and " + b + " are equivalent, within the margin of \(context.marginText): " + a + " minus " + b
        + " is \(by)"
    case .undecided:
      return "Whether " + a + " or " + b + " is better is not decided: " + a + " minus " + b + " is \(by)"
    case .none(let reason): return "No verdict on " + a + " against " + b + RichText(": \(reason)")
    }
  }

  /// Over what, by how much it matters, what would decide, and what to know of it.
  private static func rest(of row: ComparisonRow, _ context: ReportContext) -> String {
    var text = ""
    if row.settings > 1 { text += ", over these \(row.settings) domains" }
    switch row.verdict {
    case .better, .worse: text += "; the data cannot tell whether by more than the margin, \(context.marginText)"
    case .undecided(let remedy) where !remedy.text.isEmpty: text += "; \(remedy.text)"
    default: break
    }
    if !row.warning.isEmpty { text += " (\(row.warning))" }
    return text + "."
  }

  /// The models with the highest mean over a task's settings, and whether a word says which of them is ahead.
  private static func leaders(_ task: String, _ context: ReportContext) -> RichText? {
    let groups = context.settings.filter { $0.key.task == task }
    let means = context.declared.candidates.compactMap { model -> (model: String, mean: Double)? in
      let scores = ReportContext.means(of: model, context.primary, in: groups)
      guard scores.count == groups.count else { return nil }
      return Descriptive.mean(scores).map { (model, $0) }
    }
    guard means.count > 2 else { return nil }
    let sign = ReportContext.higherIsBetter(context.primary) ? -1.0 : 1.0
    let order = means.indices.sorted { (sign * means[$0].mean, $0) < (sign * means[$1].mean, $1) }
    let (first, second) = (means[order[0]], means[order[1]])
    // The word is over the classes of both, and may say otherwise than means that are over each one's own.
    let isBeaten = context.headlines.contains { row in
      let direction = row.task == task ? row.verdict?.direction ?? 0 : 0
      return direction > 0 && row.modelB == first.model || direction < 0 && row.modelA == first.model
    }
    guard !isBeaten else { return nil }
    let word = context.headlines.first {
      $0.task == task && Set([$0.modelA, $0.modelB]) == Set([first.model, second.model])
    }?.verdict
    var rest = "; the pair was not declared before the run, so it has no verdict"
    if let word { rest = word.direction == 0 ? ": \(word.word)" : "" }
    let mean = "\(sign < 0 ? "Highest" : "Lowest") \(groups.count > 1 ? "mean of " : "")"
    func shown(_ item: (model: String, mean: Double)) -> RichText {
      context.marked(item.model) + RichText(" " + ReportContext.text(item.mean, context.primary))
    }
    let start: RichText = .strong(mean + ReportContext.title(of: context.primary) + ":")
    return start + " " + shown(first) + ", then " + shown(second) + RichText(rest + ".")
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
    // Within a wide margin a model may be equivalent to a baseline and above it.
    let isLowerBetter = !ReportContext.higherIsBetter(context.primary)
    let above = isLowerBetter ? "better than" : "above"
    func isAbove(_ row: ComparisonRow) -> Bool {
      guard row.verdict == .equivalent else { return (row.verdict?.direction ?? 0) > 0 }
      return isLowerBetter ? (row.words?.high ?? 0) < 0 : (row.words?.low ?? 0) > 0
    }
    let better = rows.filter(isAbove), others = rows.filter { !isAbove($0) }
    if others.isEmpty {
      let floors = context.declared.floors.map { floor -> RichText in
        let answer = ModelKind(rawValue: context.kind(of: floor))?.family.floorAnswer(
          context.result.manifest.problem)
        return .code(floor) + RichText(answer.map { ", which \($0)" } ?? "")
      }
      return RichText("In \(ReportContext.title(of: context.primary)) every model is \(above) the baselines: ")
        + .enumeration(floors) + "."
    }
    var text = RichText([])
    if !better.isEmpty {
      text +=
        .enumeration(better.map { .code($0.modelA) }) + (better.count == 1 ? " is" : " are")
        + RichText(" \(above) the baselines; ")
    }
    let digits = ReportContext.isFraction(context.primary) ? 1 : nil
    let parts = others.map { row -> RichText in
      .code(row.modelA) + " against " + .code(row.modelB)
        + RichText(": \(row.verdict?.word ?? "no word"), difference \(ReportContext.difference(row, digits: digits))")
    }
    return text + .strong((better.isEmpty ? "Not" : "not") + " shown to be \(above) the better baseline:") + " "
      + .enumeration(parts) + "."
  }

  /// What a model loses in a domain that it was not trained on.
  private static func transferSentences(_ row: TransferRow, _ context: ReportContext) -> RichText {
    let digits = ReportContext.digits(row.metric) - 1
    func figure(_ value: Double) -> String { NumberFormat.fixed(value, digits, typographic: true) }
    let (a, b) = (context.marked(row.modelA), context.marked(row.modelB))
    var lost: RichText = .strong("In another domain") + RichText(" of \(row.corpus) ") + a
    lost += RichText(" loses \(figure(row.dropA)) and ") + b + RichText(" \(figure(row.dropB)) ")
    lost += RichText("\(context.unit(of: row.metric)) of \(ReportContext.title(of: row.metric))")
    lost += RichText(isOfNovelTexts(row.metric) ? " (\(novelMeaning)). " : ". ")
    var by: RichText = "the loss of " + a + " minus that of " + b
    by += RichText(" is \(NumberFormat.signed(row.difference, digits))")
    by += RichText(ReportContext.range(row.words?.low, row.words?.high, digits, of: row.verdict))
    guard let verdict = row.verdict else { return lost + "No word was asked for." }
    switch verdict {
    case .betterByMargin, .better: return lost + (a + " loses less than " + b + ": ").emphasised + by + "."
    case .worseByMargin, .worse: return lost + (a + " loses more than " + b + ": ").emphasised + by + "."
    case .equivalent: return lost + .strong("They lose equally much") + ", within the margin: " + by + "."
    case .undecided(let remedy):
      let rest = remedy.text.isEmpty ? "" : "; \(remedy.text)"
      return lost + .strong("Which of them loses less is not decided:") + " " + by + RichText("\(rest).")
    case .none(let reason): return lost + RichText("No verdict on which of them loses less: \(reason).")
    }
  }

  /// Protocol, seeds, domains, rows, and that the words hold together.
  private static func foundation(_ context: ReportContext) -> RichText {
    // Domains of one corpus that are divided alike are named together.
    var places: [(corpus: String, division: String, domains: [String])] = []
    for group in context.settings {
      let index = places.firstIndex { $0.corpus == group.key.corpus && $0.division == group.division }
      if let index {
        places[index].domains.append(group.key.source)
      } else {
        places.append((group.key.corpus, group.division, [group.key.source]))
      }
    }
    let titles = places.map { place in
      let domains = place.domains.prefix(8).joined(separator: ", ") + (place.domains.count > 8 ? ", …" : "")
      let ofCorpus = context.result.manifest.corpora.first { $0.name == place.corpus }?.domains.count ?? 1
      let several =
        place.domains.count > 1
        ? "\(place.domains.count) domains of \(place.corpus) (\(domains))"
        : ofCorpus > 1 ? "\(place.corpus) (\(domains))" : place.corpus
      let classes = context.settings.filter { $0.key.corpus == place.corpus }.flatMap(\.records).map(\.classes.count)
      let kinds = Set(classes).count == 1 ? ", " + context.result.manifest.problem.answers(classes[0]) : ""
      return "\(several)\(kinds), \(place.division)"
    }
    let shown = titles.prefix(4).joined(separator: "; ") + (titles.count > 4 ? "; and \(titles.count - 4) more" : "")
    let tests = context.settings.compactMap { group in group.records.first { $0.status == .ok }?.testRows }
    var text = RichText(shown.isEmpty ? "no setting" : shown)
    if let low = tests.min(), let high = tests.max() {
      text += " (\(NumberFormat.grouped(low))\(low == high ? "" : " to \(NumberFormat.grouped(high))") test rows each"
      text += (repeated(context).map { "; \($0)" } ?? "") + ")"
    }
    let isEverywhere = context.settings.allSatisfy { group in
      let all = Set(context.settings.filter { $0.key.task == group.key.task }.flatMap(\.records).map(\.model))
      return Set(group.records.map(\.model)) == all
    }
    text += ", the same rows for every model\(isEverywhere ? "" : " of a domain"). Deciding metric: "
    text += "\(ReportContext.title(of: context.primary)); margin: "
    text +=
      "\(context.marginText), the least difference that matters. "
      + (context.chosenAfterTheRun.isEmpty
        ? "In at most 1 of 20 such reports is any verdict, or a range beside one, wrong."
        : "The verdicts and their ranges would hold together, had they been declared before the run.")
    let others = context.groups.filter { group in
      group.isOwnDomain && !group.key.isOfSample && !context.settings.contains { $0.key == group.key }
    }
    if !others.isEmpty {
      let names = others.map(\.key.protocolName).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      text += " Other protocols (\(names.joined(separator: ", "))) are sensitivity analyses, without verdicts."
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
    parts.append(context.settings.count > 1 ? "how the models do in other domains" : "how the models do on other data")
    parts.append("what other sizes and settings of them would give")
    return parts
  }
}
