import Manifests

extension Report {
  /// What a reader must know of a stored run that is looked at by other comparisons than it was made with.
  static func otherComparisons(_ context: ReportContext) -> [Block] {
    var notes: [Block] = []
    let own = context.result.trainingMetric
    if own != context.metric {
      notes.append(
        .note(
          "The run was made with " + .code("comparisons.primary: \(own.rawValue)")
            + ": by it networks stopped early and "
            + "settings were chosen. Here " + .code(context.primary)
            + " decides, on the predictions of the same fits."))
    }
    let chosen = context.chosenAfterTheRun
    if !chosen.isEmpty {
      notes.append(
        .note(
          .strong("Chosen after the run:") + " " + .enumeration(chosen.map { RichText($0) })
            + ". That at most 5 % of reports hold a false word is promised of what was declared before it."))
    }
    return notes
  }

  /// Failures, and trainings that came to nothing or were cut short.
  static func warnings(_ context: ReportContext) -> [Block] {
    var notes: [Block] = []
    let diverged = context.models.filter { context.divergences(of: $0) != nil }
    if !diverged.isEmpty {
      let each = diverged.map { RichText.code($0) + RichText(" (\(context.divergences(of: $0) ?? ""))") }
      let stopped = diverged.filter(context.wasStoppedEarly)
      notes.append(
        .note(
          .strong("Came to nothing:") + " " + .enumeration(each) + "."
            + (stopped.isEmpty
              ? ""
              : " Early stopping ended those of " + .enumeration(stopped.map { .code($0) })
                + " before they learnt anything: a longer " + .code("training.early_stopping.patience")
                + " may change that.")))
    }
    let tired = context.models.compactMap { model -> (end: String, text: RichText)? in
      context.undertrained(model).map {
        (context.undertrainedEnd(model), RichText.code(model) + RichText(" (\($0))"))
      }
    }
    for end in Set(tired.map(\.end)).sorted() {
      let models = tired.filter { $0.end == end }.map(\.text)
      notes.append(
        .note(
          .strong("May be undertrained:") + " " + .enumeration(models)
            + RichText(" \(end); marked †. Longer training might change their scores.")))
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
