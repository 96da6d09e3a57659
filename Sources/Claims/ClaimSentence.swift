import Foundation
import Statistics
import Tasks
import Text

/// A verdict as a sentence: its size, and by its verb how sure it is (Santesso et al. 2020, "GRADE guidelines 26: informative
/// statements to communicate the findings of systematic reviews of interventions").
struct ClaimSentence {
  private let ruling: TestRuling
  private let certainty: Certainty
  private let file: ClaimsFile

  init(_ ruling: TestRuling, _ certainty: Certainty, _ file: ClaimsFile) {
    (self.ruling, self.certainty, self.file) = (ruling, certainty, file)
  }

  private var test: ClaimTest { ruling.test }

  var text: String {
    let sentence = test.kind == .value ? value : comparison
    guard certainty == .veryLow, ruling.verdict.isDecisive else { return sentence }
    return "The evidence is very uncertain: \(sentence)"
  }

  // MARK: Words

  private func called(_ name: String) -> String { file.models.first { $0.name == name }?.called ?? name }

  /// `is`, `is probably`, `may be`.
  private func verb(_ sure: String, _ probably: String, _ may: String) -> String {
    switch certainty {
    case .high: sure
    case .moderate: probably
    case .low: may
    // What was seen, and no more.
    case .veryLow: sure
    }
  }

  private var places: String {
    let count = ruling.evidence.settings.count, sources = ruling.pooled.sources.count
    let corpora = count == 1 ? "one corpus" : "\(count) corpora"
    return sources == count ? corpora : "\(corpora) of \(sources) \(sources == 1 ? "source" : "sources")"
  }

  private var comparison: String {
    guard let contrast = ruling.pooled.contrast, let interval = ruling.interval else { return "" }
    let a = called(test.a), b = called(test.b)
    let size = amount(contrast.estimate, interval)
    let over = "over \(places)"
    switch ruling.verdict {
    case .undecided:
      return "Whether \(question(a, b)) is not decided: \(range(contrast.estimate, interval)), \(over). \(remedy)"
    case .noDifference: return "\(closeness(a, b)): \(range(contrast.estimate, interval)), \(over)."
    case .supported where test.kind == .equivalence:
      return "\(closeness(a, b)): \(range(contrast.estimate, interval)), \(over)."
    case .contradicted where test.kind == .equivalence:
      let (ahead, behind) = contrast.estimate > 0 ? (a, b) : (b, a)
      return "\(ahead) \(verb("is", "is probably", "may be")) better than \(behind), by \(size), \(over)."
    case .contradicted: return "It is the other way round: \(statement(b, a)), by \(size), \(over)."
    default:
      return "\(statement(a, b)), by \(size), \(over).\(published)"
    }
  }

  private func statement(_ a: String, _ b: String) -> String {
    switch test.kind {
    case .drop: "\(a) \(verb("loses", "probably loses", "may lose")) less than \(b) in another domain"
    case .time: "\(a) \(verb("takes", "probably takes", "may take")) longer than \(b)"
    case .interaction:
      "on \(texts) \(called(test.a)) \(verb("is", "is probably", "may be")) further ahead of \(called(test.b)) than elsewhere"
    default: "\(a) \(verb("is", "is probably", "may be")) better than \(b) in \(test.metric.title)"
    }
  }

  private func question(_ a: String, _ b: String) -> String {
    switch test.kind {
    case .drop: "\(a) loses less than \(b) in another domain"
    case .time: "\(a) takes longer than \(b)"
    case .interaction: "\(a) is further ahead of \(b) on \(texts)"
    case .equivalence: "\(a) and \(b) score alike"
    default: "\(a) is better than \(b) in \(test.metric.title)"
    }
  }

  private func closeness(_ a: String, _ b: String) -> String {
    let margin = bare(ruling.rules.margin)
    return switch test.kind {
    case .drop:
      "\(a) and \(b) \(verb("lose", "probably lose", "may lose")) as much in another domain, within \(margin)"
    case .time: "\(a) and \(b) \(verb("take", "probably take", "may take")) as long, within \(margin)"
    case .interaction:
      "\(a) \(verb("is", "is probably", "may be")) as far ahead of \(b) on \(texts) as elsewhere, within \(margin)"
    default:
      "\(a) and \(b) \(verb("score", "probably score", "may score")) alike in \(test.metric.title), within \(margin)"
    }
  }

  private var texts: String {
    var words = test.traits.map(\.rawValue).joined(separator: " or ")
    if !words.isEmpty { words = "texts with \(words)" }
    guard let fewest = test.fewestWords else { return words }
    return words.isEmpty ? "texts of \(fewest) words or more" : "\(words) and \(fewest) words or more"
  }

  // MARK: Numbers

  /// `3.4 points (2.1 to 4.7)`, `63 times (60 to 66)`.
  private func amount(_ value: Double, _ interval: Interval) -> String {
    if test.kind == .time {
      return "\(times(abs(value))) times (\(times(min(abs(interval.low), abs(interval.high)))) to "
        + "\(times(max(abs(interval.low), abs(interval.high)))))"
    }
    let (low, high) = value < 0 ? (-interval.high, -interval.low) : (interval.low, interval.high)
    return "\(points(abs(value))) \(unit) (\(points(low)) to \(points(high)))"
  }

  /// `+0.3 points (−0.6 to +1.2)`
  private func range(_ value: Double, _ interval: Interval) -> String {
    if test.kind == .time { return "\(times(value)) times as long (\(times(interval.low)) to \(times(interval.high)))" }
    func signed(_ value: Double) -> String { NumberFormat.signed(value, 1) }
    return "\(signed(value)) \(unit) (\(signed(interval.low)) to \(signed(interval.high)))"
  }

  private var unit: String { test.kind != .time && !test.metric.isFraction ? "" : "points" }

  private func bare(_ value: Double) -> String {
    test.kind == .time
      ? "\(NumberFormat.fixed((exp(value) - 1) * 100, 0)) %"
      : "\(NumberFormat.plain(value)) point\(value == 1 ? "" : "s")"
  }

  private func points(_ value: Double) -> String { NumberFormat.fixed(value, 1, typographic: true) }

  private func times(_ value: Double) -> String {
    let ratio = exp(value)
    return NumberFormat.fixed(ratio, ratio < 10 ? 2 : ratio < 100 ? 1 : 0)
  }

  /// What the size says beside the published one.
  private var published: String {
    guard let published = test.published else { return "" }
    let claimed =
      test.kind == .time ? "\(NumberFormat.plain(published)) times" : "\(NumberFormat.plain(published)) points"
    switch ruling.verdict {
    case .direction:
      guard let another = ruling.pooled.meta?.predictionInterval() else { return "" }
      return " Another corpus would give \(points(another.low)) to \(points(another.high)), and not \(claimed)."
    case .directionAlone: return " Whether by \(claimed) takes three sources of texts."
    case .supported where test.kind == .time && !test.hasSize: return " By how much depends on machine and sizes."
    default: return ""
    }
  }

  /// What would decide.
  private var remedy: String {
    let sources = ruling.pooled.sources.count
    if test.kind != .time, sources < TestRuling.Rules.fewestSources {
      return "One source of texts alone decides nothing."
    }
    guard let meta = ruling.pooled.meta, let contrast = ruling.pooled.contrast else { return "" }
    if let count = contrast.repetitionsToDecide(margin: ruling.rules.margin, level: ruling.rules.level), count <= 100 {
      return "About \(count) repetitions may decide it over these."
    }
    guard let needed = meta.sourcesNeeded(for: ruling.rules.planted) else {
      return "More corpora like these would not decide it."
    }
    return
      "About \(max(needed, sources + 1)) such sources would show \(bare(ruling.rules.planted)) in four of five cases."
  }

  // MARK: A number

  private var value: String {
    guard let mean = ruling.pooled.contrast?.estimate, let published = test.published else { return "" }
    let name = called(test.a), metric = test.metric.title
    let here = "\(name) reached \(points(mean)) points of \(metric) over \(places)"
    guard let another = ruling.pooled.meta?.predictionInterval(), ruling.verdict != .undecided else {
      return "\(here), against \(points(published)); how corpora differ takes three sources of texts."
    }
    let highest = test.metric.range.upperBound * 100
    let range = "\(points(max(another.low, 0))) to \(points(min(another.high, highest)))"
    return ruling.verdict == .supported
      ? "\(here); another corpus would give \(range), and so perhaps the published \(points(published))."
      : "\(here); another corpus would give \(range), and not the published \(points(published))."
  }
}
