import Corpora
import Records
import Statistics
import Tasks
import Text

extension Report {
  /// A task's models beside each other, best first: their means on all texts and on novel ones, at home and in other
  /// domains. nil for fewer than two models.
  static func glance(_ task: String, _ context: ReportContext) -> Table? {
    let groups = context.settings.filter { $0.key.task == task }
    let drops = context.result.analysis.drops.filter { $0.task == task }
    let novel = ScoreName.part(context.metric, .novel).column
    /// The mean over the settings of a model that has the metric in all in which it was planned.
    func home(_ model: String, _ metric: String) -> Double? {
      let planned = groups.filter { !$0.trials(of: model).isEmpty }
      let means = ReportContext.means(of: model, metric, in: planned)
      return means.count == planned.count ? Descriptive.mean(means) : nil
    }
    func away(_ model: String, _ metric: String) -> Double? {
      Descriptive.mean(drops.filter { $0.model == model && $0.metric == metric }.map(\.outOfDomain))
    }
    let place = groups.count > 1 ? "own domain" : "test part"
    let columns: [(title: String, metric: String, value: (String, String) -> Double?)] = [
      ("All texts, \(place)", context.primary, home), ("Novel texts, \(place)", novel, home),
      ("All texts, another domain", context.primary, away), ("Novel texts, another domain", novel, away),
    ]
    let known = columns.filter { column in context.models.contains { column.value($0, column.metric) != nil } }
    guard !known.isEmpty else { return nil }
    var table = Table(
      [(RichText(ReportContext.heading(of: context.primary)), .left), ("What it is", .left)]
        + known.map { (RichText($0.title), .right) })
    let sign = ReportContext.higherIsBetter(context.primary) ? -1.0 : 1.0
    let rows = context.models.enumerated().compactMap { place, model in
      home(model, context.primary).map { (rank: sign * $0, place: place, model: model) }
    }
    guard rows.count > 1 else { return nil }
    for row in rows.sorted(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }).prefix(mostModelsAtAGlance) {
      table.append(
        [context.marked(row.model), RichText(context.description(of: row.model))]
          + known.map { RichText(ReportContext.text($0.value(row.model, $0.metric), $0.metric)) })
    }
    let others = rows.count - table.rows.count
    if others > 0 { (table.omitted, table.all) = (others, "summary.csv") }
    return table
  }

  private static let mostModelsAtAGlance = 12

  static func isOfNovelTexts(_ metric: String) -> Bool { ScoreName(column: metric)?.novelty == .novel }

  /// Whether something is said of novel texts alone.
  static func hasNovelTexts(_ context: ReportContext) -> Bool {
    context.settings.contains { $0.summary.contains { isOfNovelTexts($0.metric) } }
  }

  /// What novel means, where the page first says the word.
  static let novelMeaning = "novel: neither the text nor a near copy stands in training"

  /// The least and the largest share of a setting's test rows whose text stands in training; nil where it is not known.
  static func repeated(_ context: ReportContext) -> String? {
    let column = ScoreName.share(.seen).column
    let shares = context.settings.compactMap { group in
      context.models.lazy.compactMap { group.row($0, column)?.mean }.first
    }
    guard let low = shares.min(), let high = shares.max(), high >= 0.005 else { return nil }
    let ends = [low, high].map { NumberFormat.fixed($0 * 100, 0) }
    return (ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to "))
      + " % of them repeat a text of the training part"
  }
}
