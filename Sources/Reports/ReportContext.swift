import Analysis
import Foundation
import Manifests
import Records
import Tasks
import Text

/// The result, indexed for the sections of the report.
struct ReportContext {
  /// Trials that answer one question: one task, corpus, protocol, source and target.
  struct Group {
    var key: GroupKey
    /// Corpus, domain and how its rows were divided.
    var title: String
    /// The last of these alone.
    var division: String
    var records: [TrialRecord]
    var summary: [SummaryRow]
    /// The deciding row of every pair of models.
    var comparisons: [ComparisonRow]

    var isOwnDomain: Bool { key.isOwnDomain }
  }

  let result: RunResult
  /// In order of first appearance among the records.
  let groups: [Group]
  /// Model names in the manifest's order, then any others in order of appearance.
  let models: [String]
  let metric: MetricName
  /// The contrasts that have words.
  let declared: DeclaredContrasts
  /// The domains under the deciding protocol, in order of first appearance.
  let settings: [Group]

  init(_ result: RunResult) {
    self.result = result
    metric = result.manifest.comparisons.primary
    var names = result.manifest.models.map(\.name)
    for record in result.records where !names.contains(record.model) { names.append(record.model) }
    models = names.filter { name in result.records.contains { $0.model == name } }

    let records = Self.grouped(result.records, by: \.key)
    let summary = Self.grouped(result.analysis.summary, by: \.key)
    let deciding = result.analysis.comparisons.filter { $0.role == .setting || $0.role == .primary }
    let comparisons = Self.grouped(deciding, by: \.key)
    groups = result.records.map(\.key).reduce(into: (keys: [GroupKey](), seen: Set<GroupKey>())) { state, key in
      if state.seen.insert(key).inserted { state.keys.append(key) }
    }.keys.map { key in
      let members = records[key] ?? []
      return Group(
        key: key, title: Self.title(of: key, members, result.manifest), division: Self.division(of: key, members),
        records: members, summary: summary[key] ?? [],
        comparisons: comparisons[key] ?? [])
    }
    let declared = DeclaredContrasts(result.manifest)
    (self.declared, settings) = (declared, groups.filter { declared.isSetting($0.key) })
  }

  private static func grouped<Row>(_ rows: [Row], by key: (Row) -> GroupKey) -> [GroupKey: [Row]] {
    Dictionary(grouping: rows, by: key)
  }

  /// `banking77 · official split, 3 seeds`; the domain only where the corpus has several.
  private static func title(of key: GroupKey, _ records: [TrialRecord], _ manifest: Manifest) -> String {
    let domains = manifest.corpora.first { $0.name == key.corpus }?.domains.count ?? 0
    let place = key.source != key.target ? " · \(key.source) → \(key.target)" : domains > 1 ? " · \(key.source)" : ""
    return key.corpus + place + " · " + division(of: key, records)
  }

  private static func division(of key: GroupKey, _ records: [TrialRecord]) -> String {
    let first = records.first?.model
    let own = records.filter { $0.model == first }
    let seeds = Set(own.map(\.seed)).count
    let repetitions = Set(own.map { [UInt64($0.repetition), $0.seed] }).count
    let folds = Set(own.compactMap(\.fold)).count
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return switch key.protocolName {
    case "holdout": "hold-out, " + counted(seeds, "seed")
    case "kfold": "\(folds)-fold" + (repetitions > 1 ? ", \(repetitions) times" : "")
    case "official": "official split, " + counted(seeds, "seed")
    default: "\(key.protocolName), " + counted(seeds, "seed")
    }
  }

  /// The deciding metric's column.
  var primary: String { metric.rawValue }

  var tasks: [String] {
    groups.reduce(into: []) { names, group in if !names.contains(group.key.task) { names.append(group.key.task) } }
  }

  func kind(of model: String) -> String {
    result.records.first { $0.model == model }?.kind.rawValue ?? ""
  }

  /// What a model is, in a few words.
  func description(of model: String) -> String { result.models.first { $0.model == model }?.description ?? "" }

  /// Corpora whose text the built-in generator wrote, wholly or in part.
  var generatedCorpora: [String] {
    result.manifest.corpora.filter { corpus in
      corpus.domains.contains { domain in
        if case .generated = domain.source { return true }
        return false
      }
    }.map(\.name)
  }

  /// Metrics over all test rows with a row in the summary, in its order.
  var metrics: [String] {
    result.analysis.summary.reduce(into: []) { names, row in
      if !names.contains(row.metric), MetricName(rawValue: row.metric) != nil { names.append(row.metric) }
    }
  }

  // MARK: Numbers of metrics

  /// The metric that decides about losses in other domains.
  func decidingDrop(in corpus: String) -> String {
    result.analysis.transfers.first { $0.corpus == corpus && $0.role == .primary }?.metric ?? primary
  }

  static func isFraction(_ metric: String) -> Bool { ScoreName(column: metric)?.isFraction ?? true }
  static func higherIsBetter(_ metric: String) -> Bool { ScoreName(column: metric)?.higherIsBetter ?? true }
  static func title(of metric: String) -> String {
    metric == DropRow.priorCorrected ? "accuracy at the own mix" : ScoreName(column: metric)?.title ?? metric
  }
  /// The title with a capital letter, for the head of a column.
  static func heading(of metric: String) -> String {
    title(of: metric).withCapital
  }
  /// Fractions are shown in points.
  static func shown(_ value: Double, _ metric: String) -> Double { isFraction(metric) ? value * 100 : value }
  static func digits(_ metric: String) -> Int { isFraction(metric) ? 2 : 4 }

  static func text(_ value: Double?, _ metric: String) -> String {
    NumberFormat.fixed(value.map { shown($0, metric) }, digits(metric), blank: "–", typographic: true)
  }

  /// `91.23 ± 0.31`; without ± where there is one trial.
  static func meanAndDeviation(_ row: SummaryRow?) -> String {
    guard let row else { return "–" }
    return text(row.mean, row.metric) + (row.sd.map { " ± " + text($0, row.metric) } ?? "")
  }

  /// `−2.10 (−3.00 to −1.20)`, in the row's unit, with the simultaneous interval of what has a word.
  static func difference(_ row: ComparisonRow, digits: Int? = nil) -> String {
    guard let difference = row.difference else { return "–" }
    let (low, high) = row.words.map { ($0.low, $0.high) } ?? (row.low, row.high)
    let digits = Self.digits(apart: [low, high], digits ?? Self.digits(row.metric))
    return NumberFormat.signed(difference, digits) + range(low, high, digits, of: row.verdict)
  }

  /// ` (−3.00 to −1.20)`; empty where there is no interval.
  static func range(_ low: Double?, _ high: Double?, _ digits: Int, of verdict: Verdict?) -> String {
    guard let low, let high else { return "" }
    // Where p decided the interval ends at 0, which is not in it.
    let isDirected = (verdict?.direction ?? 0) != 0
    func end(_ value: Double, _ other: Double) -> String {
      value == 0 && isDirected ? (other < 0 ? "just below 0" : "just above 0") : NumberFormat.signed(value, digits)
    }
    return " (\(end(low, high)) to \(end(high, low)))"
  }

  /// A model's means on a metric over settings, one for each that has the model and a value.
  static func means(of model: String, _ metric: String, in groups: [Group]) -> [Double] {
    groups.compactMap { $0.row(model, metric)?.mean }
  }

  /// So many digits, and one more where an end of an interval that is not 0 would read as if it were.
  static func digits(apart ends: [Double?], _ digits: Int) -> Int {
    let isHidden = ends.contains { end in
      guard let end, end != 0 else { return false }
      return abs(end) < 0.5 * pow(10, -Double(digits))
    }
    return isHidden ? digits + 1 : digits
  }

}

extension String {
  /// As it stands at the beginning of a sentence.
  var withCapital: String { prefix(1).uppercased() + dropFirst() }
}

extension ReportContext.Group {
  func row(_ model: String, _ metric: String) -> SummaryRow? {
    summary.first { $0.model == model && $0.metric == metric }
  }

  func trials(of model: String) -> [TrialRecord] { records.filter { $0.model == model } }

  /// Models with a result on the metric, best first; ties in the manifest's order.
  func ranking(_ models: [String], by metric: String) -> [SummaryRow] {
    let rows = models.compactMap { row($0, metric) }
    let sign = ReportContext.higherIsBetter(metric) ? 1.0 : -1.0
    return rows.enumerated().sorted { a, b in
      let (x, y) = (a.element.mean * sign, b.element.mean * sign)
      return x != y ? x > y : a.offset < b.offset
    }.map(\.element)
  }
}
