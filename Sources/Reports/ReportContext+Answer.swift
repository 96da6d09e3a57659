import Analysis
import Manifests
import Tasks
import Text

extension ReportContext {
  /// The declared pairs over the settings of their task, the question first.
  var headlines: [ComparisonRow] { result.analysis.comparisons.filter { $0.role == .headline } }

  /// Parts of `comparisons` that differ from what was declared before the run.
  var chosenAfterTheRun: [String] {
    let (own, now) = (result.declaredComparisons, result.manifest.comparisons)
    return [
      own.primary == now.primary ? nil : "the deciding metric", own.margin == now.margin ? nil : "the margin",
      own.pairs == now.pairs ? nil : "the pairs", own.deciding == now.deciding ? nil : "the deciding protocol",
    ].compactMap { $0 }
  }

  /// The model, with the mark of those that may be undertrained.
  func marked(_ model: String) -> RichText { .code(model) + (undertrained(model) == nil ? "" : "\u{A0}†") }

  /// What the question's two models lose in other domains, of each corpus of a task.
  func questionsOfTransfer(_ task: String) -> [TransferRow] {
    guard let question = declared.pairs.first else { return [] }
    return result.analysis.transfers.filter {
      $0.role == .primary && $0.task == task && $0.modelA == question.a && $0.modelB == question.b
    }
  }

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
    let digits = Self.digits(apart: [words.low, words.high], Self.isFraction(row.metric) ? 1 : 3)
    let isDirected = words.verdict.direction != 0
    let sign = isDirected && difference < 0 ? -1.0 : 1.0
    func figure(_ value: Double) -> String {
      isDirected
        ? NumberFormat.fixed(value * sign, digits, typographic: true) : NumberFormat.signed(value, digits)
    }
    var text =
      figure(difference) + " " + (Self.isFraction(row.metric) ? "points of " : "of ") + Self.title(of: row.metric)
    if let low = words.low, let high = words.high, low == 0 || high == 0, isDirected {
      text += " (just above 0 to \(figure(sign < 0 ? low : high)))"
    } else if let low = words.low, let high = words.high {
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
