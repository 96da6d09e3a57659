import Analysis
import Files
import Manifests
import Tasks
import Text

/// `model-card.md`: what a reader should know before one of a run's models is used, a section a model (Mitchell et al.
/// 2019, "Model cards for model reporting"). Every figure is the run's, and none is a clock's.
struct ModelCard {
  let context: ReportContext

  var result: RunResult { context.result }

  var report: Report {
    var blocks: [Report.Block] = [.heading(1, RichText("Model cards of \(result.manifest.name)"))]
    if !result.manifest.question.isEmpty { blocks.append(.paragraph(.strong(result.manifest.question))) }
    blocks.append(.paragraph(introduction))
    blocks += uses + factors + metrics + data + ethics
    for model in context.models { blocks += section(model) }
    return Report(blocks: blocks)
  }

  private var introduction: RichText {
    var text: RichText =
      "What to know before one of these models is used, after Mitchell et al. 2019, “Model cards for model reporting”. "
    text += "The figures are those of this run: " + Self.link("report.md")
    text += " has all of them, with verdicts and times, " + Self.link("data-card.md")
    text += " says what was read, and " + Self.link("manifest.resolved.yaml")
    text += RichText(" how everything was set. Trained by bench \(Version.text).")
    return text
  }

  private static func link(_ file: String) -> RichText { RichText([.link(file, to: file)]) }

  // MARK: What holds for all models

  private var uses: [Report.Block] {
    let meant: RichText =
      .strong("Meant for")
      + " comparing these models on messages like those of the data card, and for labelling such messages where somebody "
      + "sees a wrong label and can mend it."
    let notMeant: RichText =
      .strong("Not meant for")
      + " decisions about a person that nobody looks at; for telling who wrote a message, or what the writer is like; for "
      + "messages of another language, company or time, about which no figure here says anything."
    let answer: RichText =
      .strong("What an answer is.") + RichText(answerMeaning)
    return [.heading(2, "Uses"), .list([meant, notMeant, answer])]
  }

  private var answerMeaning: String {
    switch result.manifest.problem {
    case .classification:
      " Every text gets one of the classes known, also a text that belongs to none of them. How far the probability "
        + "beside it can be believed, the calibration error below says."
    case .multiLabel:
      " Every text gets the labels whose probability reaches a threshold, which was chosen on validation rows, or none. "
        + "Nothing here says how far the probabilities can be believed."
    case .regression:
      " Every text gets a number, also one that is far from all texts trained on; it may lie outside the numbers there."
    }
  }

  private var factors: [Report.Block] {
    let corpora = result.manifest.corpora.map { corpus in
      let domains = corpus.domains.map(\.name)
      return RichText(domains == [corpus.name] ? corpus.name : "\(corpus.name) (\(domains.joined(separator: ", ")))")
    }
    var items: [RichText] = [.strong("Domains:") + " " + .enumeration(corpora) + "."]
    if result.manifest.hasSlices {
      var slices: RichText = .strong("Slices:") + " figures are broken down by the column that the manifest names as "
      slices += .code("slice") + " (" + Self.link("slices.csv") + ")."
      items.append(slices)
    }
    items.append(
      .strong("Novelty:")
        + " a text that a fit has met in training is easier than one that it has not; scores on novel texts stand "
        + "beside those on all.")
    var people: RichText =
      .strong("People:") + " age, gender, region, dialect and first language of the writers are known only where a "
    people += "column says them and the manifest names it as " + .code("slice")
    people += ". A good average can hide a group that a model reads badly."
    items.append(people)
    return [.heading(2, "Factors"), .list(items)]
  }

  private var metrics: [Report.Block] {
    let title = ReportContext.title(of: context.primary)
    let unit = ReportContext.isFraction(context.primary) ? ", in points (hundredths)" : ""
    let isLater = result.declaredComparisons.primary != result.manifest.comparisons.primary
    let when = isLater ? "chosen after the run" : "set before the run"
    let problem = result.manifest.problem
    let lowest =
      problem == .regression
      ? "" : "The \(problem.noun) with the lowest F1 stands beside, for an average does not show it. "
    return [
      .heading(2, "Metrics"),
      .paragraph(
        RichText("What decides is \(title), \(when). Figures are means over trials\(unit), ")
          + "with 95 % intervals where there are enough trials for one. " + RichText(lowest)
          + "How intervals come about: "
          + RichText.code("Documentation/Results.md") + "."),
    ]
  }

  /// Rows of each setting; the same for every model.
  private var data: [Report.Block] {
    var table = Report.Table([
      ("Setting", .left), ("Training rows", .right), ("Validation rows", .right), ("Test rows", .right),
      ("Trials a model", .right),
    ])
    func range(_ values: [Int]) -> RichText {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      let text = NumberFormat.grouped(low)
      return RichText(low == high ? text : "\(text) to \(NumberFormat.grouped(high))")
    }
    var validates = false
    for group in context.groups where group.isOwnDomain {
      guard let first = group.records.first?.model else { continue }
      let trials = group.trials(of: first)
      validates = validates || trials.contains { $0.validationRows > 0 }
      table.append([
        RichText(group.title), range(trials.map(\.trainRows)), range(trials.map(\.validationRows)),
        range(trials.map(\.testRows)), "\(trials.count)",
      ])
    }
    return [
      .heading(2, "Training and evaluation data"),
      .paragraph(
        "Every model had the same rows. "
          + (validates
            ? "Validation rows chose settings and when to stop; "
            : "No rows were kept for validation: each model trained for all its epochs; ")
          + "no model saw a test row before it was tested."),
      .table(table),
    ] + refits
  }

  /// Which models are to be trained once more. Whether they were, a run's records do not say.
  private var refits: [Report.Block] {
    let names = context.models.filter(result.manifest.outputs.refit.names)
    guard !names.isEmpty else { return [] }
    return [
      .paragraph(
        RichText.code("outputs.refit")
          + " asks for these to be trained once more on all rows of each domain, validation "
          + "and test rows included, and never evaluated: " + .enumeration(names.map { .code($0) })
          + ". They stand beside the folder that the run wrote, in its name with " + .code(".fits") + ", as "
          + .code("CORPUS.DOMAIN.refit.MODEL-….model") + "; a run's end names those that were made.")
    ]
  }

  private var ethics: [Report.Block] {
    var items: [RichText] = []
    if !context.generatedCorpora.isEmpty {
      let names = RichText.enumeration(context.generatedCorpora.map { .code($0) })
      items.append(
        .strong("Generated text:") + " nobody wrote the messages of " + names
          + ", and a ranking on them says nothing about real ones.")
    }
    let rows = NumberFormat.grouped(result.audits.reduce(0) { $0 + $1.rows })
    let personal = result.audits.reduce(0) { $0 + $1.texts.personalRows }
    let count = personal == 0 ? "none in \(rows) rows" : "some in \(NumberFormat.grouped(personal)) of \(rows) rows"
    var found: RichText = .strong("Personal data:") + RichText(" patterns find \(count) (")
    found += Self.link("data-card.md") + "). " + anonymised
    items.append(found)
    items.append(
      .strong("What is kept:")
        + " a model's file holds words of the messages that it learned from, as its section says. Whoever gets the file "
        + "can read them: it is to be kept as the messages are.")
    items.append(
      .strong("Energy") + " was not measured. Operations of an answer stand below, times in " + Self.link("report.md")
        + ".")
    items.append(
      "What bench does about consent, bias, misuse and energy, and what not: "
        + RichText.code("Documentation/Ethics.md") + ".")
    return [.heading(2, "Ethical considerations"), .list(items)]
  }

  /// Which models read placeholders in place of personal data.
  private var anonymised: RichText {
    let models = result.manifest.models.filter { model in
      context.models.contains(model.name) && model.configuration.kind.family.reading != .nothing
    }
    let replaced = models.filter { $0.text.anonymise && $0.configuration.kind.family.reading == .prepared }
    guard !replaced.isEmpty else {
      return "No model reads placeholders in their place (" + .code("text.anonymise") + " is off)."
    }
    return .enumeration(replaced.map { .code($0.name) })
      + (replaced.count == 1 ? " reads placeholders in their place" : " read placeholders in their place")
      + (replaced.count == models.count ? "." : ", the others the messages as they are.")
  }
}
