import Manifests
import Records
import Settings
import Tasks
import Text

extension Report {
  /// What was tried, what it cost in counted operations, and what was chosen.
  static func tuning(_ context: ReportContext) -> [Block] {
    let searches = context.result.tuning
    guard let settings = context.result.manifest.tuning, !searches.isEmpty else { return [] }
    var blocks: [Block] = [.heading(2, "Tuning"), .paragraph(manner(searches, settings, context))]
    blocks += fewTrials(searches, settings)
    blocks.append(
      .collapsed(
        "Spaces, effort, and the settings chosen",
        [.table(spaces(context)), .table(effort(searches, settings, context)), .table(chosen(searches, context))]))
    blocks.append(.collapsed("Expected best validation score", expectedBest(settings, context)))
    blocks += searchCourse(searches, context)
    return blocks
  }

  private static func manner(
    _ searches: [TuningRecord], _ settings: TuningSettings, _ context: ReportContext
  ) -> RichText {
    let way =
      switch settings.search {
      case .random: "drawn at random from its space"
      case .grid: "every combination of its space"
      case .bayesian:
        "of those in its space that promise the largest improvement by a Gaussian process over the trials before"
          + (settings.parallel > 1 ? " (\(settings.parallel) chosen together)" : "")
      case .halving:
        "drawn at random from its space, at first for a share of the epochs, and the better third of them again for three "
          + "times as many, up to all"
      }
    let ways = beginWithDeclared(searches) ? "the first as declared, the others \(way)" : way
    var text: RichText =
      "In each fit up to \(settings.trials) settings of each model, \(ways), were tried on the fit's own training "
      + "rows; the one with the best \(ReportContext.title(of: context.result.trainingMetric.rawValue)) on its validation "
      + "rows (of equals the first) is the fit. No test row was seen. "
    let rate = NumberFormat.scaled(settings.rate * 1e9) + " floating-point operations"
    if let budget = settings.budget {
      text +=
        "The trials of a fit may cost \(NumberFormat.exact(budget)) nominal core-seconds (\(rate) each), the same for "
        + "every model; a trial that goes beyond is cut and never chosen, but each model has one trial. "
    } else {
      text += "There is no other limit. A nominal core-second is \(rate). "
    }
    return text + "All trials: " + RichText([.link("tuning.csv", to: "tuning.csv")]) + "."
  }

  /// A model that spends its budget on one trial was not tuned.
  private static func fewTrials(_ searches: [TuningRecord], _ settings: TuningSettings) -> [Block] {
    let names = searches.reduce(into: [String]()) { if !$0.contains($1.model) { $0.append($1.model) } }
    let parts = names.compactMap { name -> RichText? in
      let own = searches.filter { $0.model == name }
      let single = own.filter { $0.completed.count == 1 && $0.trials.count < settings.trials && isSpent($0, settings) }
      return single.isEmpty ? nil : .code(name) + " (\(single.count) of \(own.count) fits)"
    }
    guard !parts.isEmpty else { return [] }
    return [
      .note(
        .strong("The budget allowed one trial only:") + " " + .enumeration(parts)
          + (beginWithDeclared(searches)
            ? ". Its settings are those declared." : ". Its settings were not chosen, but drawn."))
    ]
  }

  private static func isSpent(_ record: TuningRecord, _ settings: TuningSettings) -> Bool {
    guard let budget = settings.budget else { return false }
    return record.trials.reduce(0) { $0 + settings.nominalSeconds(flops: $1.flops) } >= budget
  }

  // MARK: Tables

  private static func spaces(_ context: ReportContext) -> Table {
    var table = Table([("Model", .left), ("Key", .left), ("Tried", .left)], all: "manifest.resolved.yaml")
    for model in context.result.manifest.models where context.models.contains(model.name) {
      if model.space.isEmpty { table.append([.code(model.name), "–", "as declared"]) }
      for dimension in model.space.dimensions {
        table.append([.code(model.name), .code(dimension.key), RichText(text(of: dimension.values))])
      }
    }
    return table
  }

  private static func text(of values: SearchSpace.Values) -> String {
    func end(_ number: Double, _ isInteger: Bool) -> String {
      isInteger ? "\(Int(number))" : NumberFormat.exact(number)
    }
    switch values {
    case .list(let list): return list.map(\.text).joined(separator: ", ")
    case .uniform(let low, let high, let isInteger): return "\(end(low, isInteger)) to \(end(high, isInteger)), uniform"
    case .logUniform(let low, let high, let isInteger):
      return "\(end(low, isInteger)) to \(end(high, isInteger)), uniform in the logarithm"
    }
  }

  private static func effort(
    _ searches: [TuningRecord], _ settings: TuningSettings, _ context: ReportContext
  ) -> Table {
    let hasLimits = !settings.atMost.areNone
    var table = Table(
      [
        ("Model", .left), ("Fits", .right), ("Trials a fit", .right), ("Failed", .right), ("Cut by the budget", .right),
      ] + (hasLimits ? [("Too costly", .right)] : []) + [
        ("Nominal core-seconds a fit", .right), ("Of a trial", .right),
      ])
    for model in context.models {
      let own = searches.filter { $0.model == model }
      guard !own.isEmpty else { continue }
      let counts = own.map(\.trials.count)
      let trials = own.flatMap(\.trials)
      let seconds = trials.reduce(0) { $0 + settings.nominalSeconds(flops: $1.flops) }
      let (few, many) = (counts.min() ?? 0, counts.max() ?? 0)
      let costly: [RichText] = hasLimits ? ["\(trials.filter { $0.status == .tooCostly }.count)"] : []
      let counted: [RichText] = [
        .code(model), "\(own.count)", RichText(few == many ? "\(few)" : "\(few) to \(many)"),
        "\(trials.filter { $0.status == .failed }.count)", "\(trials.filter { $0.status == .overBudget }.count)",
      ]
      table.append(
        counted + costly + [
          RichText(threeFigures(seconds / Double(own.count))), RichText(threeFigures(seconds / Double(trials.count))),
        ])
    }
    return table
  }

  private static func threeFigures(_ seconds: Double) -> String {
    NumberFormat.fixed(seconds, seconds < 1 ? 3 : seconds < 100 ? 1 : 0)
  }

  private static func chosen(_ searches: [TuningRecord], _ context: ReportContext) -> Table {
    var table = Table(
      [("Fit", .left), ("Trial", .right), ("Settings", .left), ("Validation", .right)], all: "tuning.csv")
    for search in searches {
      guard let index = search.trials.firstIndex(where: \.isChosen) else {
        table.append([.code(search.fit), "–", "no trial gave a model", "–"])
        continue
      }
      let trial = search.trials[index]
      table.append([
        .code(search.fit), "\(index + 1) of \(search.trials.count)", .code(text(of: trial)),
        RichText(ReportContext.text(trial.score, context.result.trainingMetric.rawValue)),
      ])
    }
    return table
  }

  private static func text(of trial: TuningRecord.Trial) -> String {
    trial.settings.map(\.text).joined(separator: "; ")
  }
}
