import Manifests
import Statistics
import Tasks

/// Gives the declared contrasts of a run their words, so that at most 5 % of reports hold a false one.
///
/// - Headlines: a declared pair over the settings of a task (its domains under the deciding protocol), the mean of the
///   settings' contrasts; Holm (1979) over the declared pairs of all tasks, half of a task's weight on its first. Claims
///   at the margin keep the pair's own part.
/// - Settings: the declared pairs in each setting, Bonferroni over all of them, weighted alike.
/// - Floors: every model against the better floor over the settings of a task, Bonferroni together with what is lost
///   across domains.
///
/// A row without a word keeps its interval and p.
package struct Judge {
  /// Fewer show too little of how splits and seeds vary.
  package static let fewestTrials = 3

  private let manifest: Manifest
  private let declared: DeclaredContrasts
  private let primary: MetricName
  private let scale: Comparison.Scale
  private let budget: ErrorBudget
  /// The settings of each task, in the groups' order.
  private let tasks: [(task: String, settings: [TrialGroup])]
  /// Declared pairs of a corpus whose losses across domains are compared.
  private let transferPairs: Int
  private let lost: [String: String]

  /// - Parameter hashes: as `DeclaredContrasts` has them.
  package init(_ groups: [TrialGroup], _ manifest: Manifest, transferPairs: Int, hashes: [String: String] = [:]) {
    (self.manifest, self.transferPairs) = (manifest, transferPairs)
    declared = DeclaredContrasts(manifest, hashes: hashes)
    primary = manifest.comparisons.primary
    scale = Comparison.Scale(primary.rawValue, margin: manifest.comparisons.margin)
    var tasks: [(task: String, settings: [TrialGroup])] = []
    var lost: [String: String] = [:]
    for group in groups where declared.isSetting(group.key) {
      if let index = tasks.firstIndex(where: { $0.task == group.key.task }) {
        tasks[index].settings.append(group)
      } else {
        tasks.append((group.key.task, [group]))
      }
      for model in group.models {
        if let text = group.lost(model, primary: primary) { lost[Self.place(group.key, model)] = text }
      }
    }
    (self.tasks, self.lost) = (tasks, lost)
    budget = ErrorBudget(hasSeveralSettings: tasks.contains { $0.settings.count > 1 })
  }

  private static func place(_ key: GroupKey, _ model: String) -> String { "\(key)/\(model)" }

  /// The rows with words, and the headlines and floors before them.
  package func judged(_ rows: [ComparisonRow]) -> [ComparisonRow] {
    var rows = rows
    let places = Dictionary(
      rows.indices.filter { rows[$0].role == .primary && declared.isSetting(rows[$0].key) }
        .map { (Place(rows[$0].key, rows[$0].modelA, rows[$0].modelB), $0) }, uniquingKeysWith: { first, _ in first })
    /// A model's deciding row against another one in a setting, in that direction.
    func found(_ setting: TrialGroup, _ a: String, _ b: String) -> ComparisonRow? {
      if let index = places[Place(setting.key, a, b)] { return rows[index] }
      return places[Place(setting.key, b, a)].map { rows[$0].reversed }
    }
    let headlines = headlines(found), floors = floors(found)
    judgeSettings(&rows, places)
    return headlines + floors + rows
  }

  private struct Place: Hashable {
    var key: GroupKey
    var a, b: String
    init(_ key: GroupKey, _ a: String, _ b: String) { (self.key, self.a, self.b) = (key, a, b) }
  }

  // MARK: Headlines

  private func headlines(_ found: (TrialGroup, String, String) -> ComparisonRow?) -> [ComparisonRow] {
    var rows: [ComparisonRow] = []
    var weights: [Double] = []
    for (_, settings) in tasks {
      let own = declared.pairs.compactMap { mean(of: settings, $0.a, $0.b, role: .headline, found) }
      rows += own
      weights += ErrorBudget.weights(pairs: own.count).map { $0 / Double(tasks.count) }
    }
    let p = MultipleComparisons.holm(rows.map { isWordless($0) == nil ? $0.p ?? 1 : 1 }, weights: weights)
    for index in rows.indices {
      give(
        &rows[index], level: 1 - budget.headlines * weights[index],
        p: ErrorBudget.corrected(p[index], level: budget.headlines), unit: unit(of: rows[index]))
    }
    return rows
  }

  /// The mean over the settings in which both models were planned; nil without one.
  private func mean(
    of settings: [TrialGroup], _ a: String, _ b: String, role: ComparisonRow.Role,
    _ found: (TrialGroup, String, String) -> ComparisonRow?
  ) -> ComparisonRow? {
    let planned = settings.filter { $0.models.contains(a) && $0.models.contains(b) }
    guard let first = planned.first else { return nil }
    let parts = planned.map { found($0, a, b) }
    let known = zip(planned, parts).compactMap { group, row in
      row.flatMap { row in
        row.contrast.map { (sources: declared.sources(of: group.key), contrast: $0, rows: row.rows) }
      }
    }
    var row = ComparisonRow(
      task: first.key.task, corpus: "", protocolName: planned.map(\.key.protocolName).uniqued().joined(separator: " "),
      source: "", target: "", metric: primary.rawValue, modelA: a, modelB: b,
      n: parts.map { $0?.n ?? 0 }.min() ?? 0, missing: parts.reduce(0) { $0 + ($1?.missing ?? 0) }, margin: scale.margin
    )
    (row.role, row.test, row.settings) = (role, .mean, known.count)
    row.isOnOneTestPart = parts.allSatisfy { $0?.isOnOneTestPart ?? true }
    row.rows = known.isEmpty ? 0 : known.reduce(0) { $0 + $1.rows } / known.count
    row.reason = parts.compactMap { $0 }.first { $0.contrast == nil }?.reason ?? ""
    let isOneCorpus = planned.allSatisfy { $0.key.corpus == first.key.corpus }
    func inPlace(_ group: TrialGroup, _ text: String) -> String {
      guard planned.count > 1 else { return text }
      return "\(isOneCorpus ? "" : group.key.corpus + " ")\(group.key.source): \(text)"
    }
    for (group, part) in zip(planned, parts) {
      guard let reason = part.flatMap({ isWordless($0, in: group) }) else { continue }
      row.reason = inPlace(group, reason)
      break
    }
    if known.count < planned.count, !known.isEmpty {
      row.warn("without \(planned.count - known.count) of \(planned.count) domains")
    }
    if planned.count < settings.count {
      row.warn("\(settings.count - planned.count) of \(settings.count) domains do not have both models")
    }
    for model in [a, b] { row.warn(lost(model, in: planned)) }
    // What holds in every domain is said once.
    let remarks = parts.map { Remarks.each(of: $0?.warning ?? "") }
    for remark in remarks.flatMap(\.self).uniqued() {
      let places = planned.indices.filter { remarks[$0].contains(remark) }
      if places.count == planned.count {
        row.warn(remark)
      } else {
        places.forEach { row.warn(inPlace(planned[$0], remark)) }
      }
    }
    guard let contrast = Self.mean(of: known.map { ($0.sources, $0.contrast) }) else { return row }
    row.difference = contrast.estimate
    row.conclude(contrast, scale)
    return row
  }

  /// In how many settings trainings of a model came to nothing; of one setting its own words, empty where there are none.
  private func lost(_ model: String, in settings: [TrialGroup]) -> String {
    let texts = settings.compactMap { lost[Self.place($0.key, model)] }
    if texts.isEmpty || settings.count == 1 { return texts.first ?? "" }
    return "in \(texts.count) of \(settings.count) domains \(model) did not always learn"
  }

  /// The same over the settings of a corpus.
  func lost(_ model: String, inCorpus corpus: String) -> String {
    lost(model, in: tasks.flatMap(\.settings).filter { $0.key.corpus == corpus && $0.models.contains(model) })
  }

  /// Settings that read a file in common may depend on each other in any way.
  static func mean(of parts: [(sources: Set<String>, contrast: Contrast)]) -> Contrast? {
    let isShared = parts.indices.contains { index in
      parts[..<index].contains { !$0.sources.isDisjoint(with: parts[index].sources) }
    }
    let contrasts = parts.map(\.contrast)
    return isShared ? Contrast.mean(ofDependent: contrasts) : Contrast.mean(of: contrasts)
  }

  // MARK: Settings

  private func judgeSettings(_ rows: inout [ComparisonRow], _ places: [Place: Int]) {
    let settings = tasks.filter { $0.settings.count > 1 }.flatMap(\.settings)
    for group in settings {
      let own = declared.pairs.compactMap { places[Place(group.key, $0.a, $0.b)] }
      for (index, weight) in zip(own, ErrorBudget.weights(pairs: own.count)) {
        rows[index].role = .setting
        rows[index].reason = isWordless(rows[index], in: group) ?? rows[index].reason
        for model in [rows[index].modelA, rows[index].modelB] {
          rows[index].warn(lost[Self.place(group.key, model)] ?? "")
        }
        let level = budget.settings * weight / Double(settings.count)
        give(
          &rows[index], level: 1 - level, p: rows[index].p.map { ErrorBudget.corrected($0, level: level) },
          unit: group.unit)
      }
    }
  }

  // MARK: Floors

  /// How many contrasts share the level of floors and losses across domains.
  private var others: Int {
    transferPairs
      + tasks.reduce(0) { count, task in
        count
          + declared.candidates.count { model in
            declared.floors.contains { floor in
              task.settings.contains { $0.models.contains(model) && $0.models.contains(floor) }
            }
          }
      }
  }

  /// Of the simultaneous intervals of floors and of losses across domains.
  var levelOfOthers: Double { 1 - budget.others / Double(max(1, others)) }

  func correctedOther(_ p: Double) -> Double { ErrorBudget.corrected(p, level: 1 - levelOfOthers) }

  private func floors(_ found: (TrialGroup, String, String) -> ComparisonRow?) -> [ComparisonRow] {
    tasks.flatMap { _, settings in
      declared.candidates.compactMap { model -> ComparisonRow? in
        // Above the better floor is above both: the one that is harder to tell apart speaks for them.
        let against = declared.floors.compactMap { mean(of: settings, model, $0, role: .floor, found) }
        let sign = scale.higherIsBetter ? 1.0 : -1.0
        func bound(_ row: ComparisonRow) -> Double {
          guard let contrast = row.contrast else { return -.infinity }
          return sign * contrast.estimate - contrast.halfWidth(level: levelOfOthers)
        }
        guard var row = against.min(by: { bound($0) < bound($1) }) else { return nil }
        give(&row, level: levelOfOthers, p: row.p.map(correctedOther), unit: unit(of: row))
        return row
      }
    }
  }

  // MARK: Words

  /// Why a row of one setting has no word: something was not finite, or too few trials where chance has a part.
  private func isWordless(_ row: ComparisonRow, in group: TrialGroup) -> String? {
    for model in [row.modelA, row.modelB] {
      if let count = group.notFinite[model] {
        return "\(count) of \(count + (group.ended[model]?.count ?? 0)) \(group.unit) of \(model) were not finite"
      }
    }
    guard let contrast = row.contrast else { return row.reason.isEmpty ? "no test" : row.reason }
    guard contrast.standardError > 0 else { return "without any variance nothing is known of it" }
    let isChance = group.design != .official || [row.modelA, row.modelB].contains(where: declared.isTrainedByChance)
    guard isChance, row.n < Self.fewestTrials else { return nil }
    return "\(row.n) \(row.n == 1 ? String(group.unit.dropLast()) : group.unit), words need \(Self.fewestTrials)"
  }

  private func isWordless(_ row: ComparisonRow) -> String? {
    row.contrast == nil || !row.reason.isEmpty ? (row.reason.isEmpty ? "no test" : row.reason) : nil
  }

  private func unit(of row: ComparisonRow) -> String {
    let names = Set(row.protocolName.split(separator: " "))
    return names == ["kfold"] ? "folds" : names.contains("kfold") ? "seeds and folds" : "seeds"
  }

  /// Word, simultaneous interval and corrected p. Where Holm decides and the interval alone would not, it ends at 0, which
  /// is what Holm's decision adds to it (Strassburger and Bretz 2008).
  private func give(_ row: inout ComparisonRow, level: Double, p: Double?, unit: String) {
    if let reason = isWordless(row) {
      row.words = ComparisonRow.Words(level: level, verdict: .none(reason))
      return
    }
    guard let contrast = row.contrast else { return }
    row.words = scale.words(
      contrast, level: level, p: p, parts: row.isOnOneTestPart ? .test(row.rows) : .all, unit: unit)
  }
}

extension Comparison.Scale {
  /// The word on a contrast and what stands beside it.
  func words(
    _ contrast: Contrast, level: Double, p: Double?, parts: Verdict.Remedy.Parts?, unit: String
  ) -> ComparisonRow.Words {
    var interval = interval(of: contrast, level: level)
    var verdict = Verdict(
      interval, margin: margin, higherIsBetter: higherIsBetter,
      remedy: Verdict.Remedy(contrast, level: level, parts: parts, unit: unit, scale: self))
    if let p, p <= ErrorBudget.report, interval.contains(0), contrast.estimate != 0 {
      if contrast.estimate > 0 { interval.low = 0 } else { interval.high = 0 }
      if !verdict.isDecisive { verdict = (contrast.estimate > 0) == higherIsBetter ? .better : .worse }
    }
    return ComparisonRow.Words(level: level, low: interval.low, high: interval.high, p: p, verdict: verdict)
  }
}

extension ComparisonRow {
  /// The same with the two models in the other order.
  var reversed: ComparisonRow {
    var row = self
    (row.modelA, row.modelB) = (modelB, modelA)
    (row.difference, row.low, row.high) = (difference.map { -$0 }, high.map { -$0 }, low.map { -$0 })
    (row.statistic, row.effect) = (statistic.map { -$0 }, effect.map { -$0 })
    row.contrast = contrast?.scaled(by: -1)
    return row
  }
}

extension [String] {
  /// Each element once, where it stands first.
  package func uniqued() -> [String] {
    reduce(into: []) { known, name in if !known.contains(name) { known.append(name) } }
  }
}
