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
    let whole =
      certainty == .veryLow && ruling.verdict.isDecisive && !sentence.isEmpty
      ? "The evidence is very uncertain: \(sentence)" : sentence
    return whole.prefix(1).uppercased() + whole.dropFirst()
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

  /// `accuracy`, `accuracy on new texts`.
  private var metric: String { test.metric.title + (test.rows == .novel ? " on texts that are new to both" : "") }

  private var comparison: String {
    guard let contrast = ruling.pooled.contrast, let interval = ruling.interval else { return "" }
    let a = called(test.a), b = called(test.b), over = "over \(places)"
    let isAhead = contrast.estimate > 0
    switch ruling.verdict {
    case .undecided:
      return ["Whether \(question(a, b)) is not decided: \(range(contrast.estimate, interval)), \(over).", remedy]
        .filter { !$0.isEmpty }.joined(separator: " ")
    case .noDifference: return "\(closeness(a, b)): \(range(contrast.estimate, interval)), \(over)."
    case .supported where test.kind == .equivalence:
      return "\(closeness(a, b)): \(range(contrast.estimate, interval)), \(over)."
    case .contradicted where test.kind == .equivalence:
      return
        "They differ: \(isAhead ? better(a, b) : better(b, a)), by \(amount(contrast.estimate, interval)), \(over)."
    case .contradicted:
      return "It is the other way round: \(statement(contrast.estimate, interval)), \(over)."
    default: return "\(statement(contrast.estimate, interval)), \(over).\(published)"
    }
  }

  private func better(_ a: String, _ b: String) -> String {
    "\(a) \(verb("is", "is probably", "may be")) better than \(b) in \(metric)"
  }

  /// What came out, with its size.
  private func statement(_ estimate: Double, _ interval: Interval) -> String {
    let isAhead = estimate > 0, size = amount(estimate, interval)
    let (first, second) = isAhead ? (called(test.a), called(test.b)) : (called(test.b), called(test.a))
    switch test.kind {
    case .drop:
      return "\(first) \(verb("loses", "probably loses", "may lose")) less than \(second) in another domain, by \(size)"
    case .time: return "\(first) \(verb("takes", "probably takes", "may take")) \(size) as long as \(second)"
    case .interaction:
      return "on \(texts) \(called(test.a)) \(verb("stands", "probably stands", "may stand")) \(size) "
        + "\(isAhead ? "better" : "worse") against \(called(test.b)) than on other texts"
    default: return "\(better(first, second)), by \(size)"
    }
  }

  private func question(_ a: String, _ b: String) -> String {
    switch test.kind {
    case .drop: "\(a) loses less than \(b) in another domain"
    case .time: "\(a) takes longer than \(b)"
    case .interaction: "\(a) stands better against \(b) on \(texts) than on others"
    case .equivalence: "\(a) and \(b) score alike in \(metric)"
    default: "\(a) is better than \(b) in \(metric)"
    }
  }

  private func closeness(_ a: String, _ b: String) -> String {
    let margin = bare(ruling.rules.margin)
    return switch test.kind {
    case .drop:
      "\(a) and \(b) \(verb("lose", "probably lose", "may lose")) as much in another domain, within \(margin)"
    case .time: "\(a) and \(b) \(verb("take", "probably take", "may take")) as long, within \(margin)"
    case .interaction:
      "\(a) \(verb("stands", "probably stands", "may stand")) against \(b) on \(texts) as on others, within \(margin)"
    default: "\(a) and \(b) \(verb("score", "probably score", "may score")) alike in \(metric), within \(margin)"
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
    return "\(points(abs(value))) points (\(points(low)) to \(points(high)))"
  }

  /// `+0.3 points (−0.6 to +1.2)`
  private func range(_ value: Double, _ interval: Interval) -> String {
    if test.kind == .time { return "\(times(value)) times as long (\(times(interval.low)) to \(times(interval.high)))" }
    func signed(_ value: Double) -> String { NumberFormat.signed(value, 1) }
    return "\(signed(value)) points (\(signed(interval.low)) to \(signed(interval.high)))"
  }

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
    let isTime = test.kind == .time
    let claimed = isTime ? "\(NumberFormat.plain(published)) times" : "\(NumberFormat.plain(published)) points"
    switch ruling.verdict {
    case .direction:
      guard let another = ruling.predictionInterval else {
        return " Other corpora like these would not give \(claimed)."
      }
      func shown(_ value: Double) -> String { isTime ? times(value) : points(value) }
      return " Another corpus would give \(shown(another.low)) to \(shown(another.high)), and not \(claimed)."
    case .directionAlone: return " Whether by \(claimed) these corpora do not tell."
    case .supported where isTime: return " By how much depends on the machine and on sizes."
    default: return ""
    }
  }

  /// What would decide.
  private var remedy: String {
    let pooled = ruling.pooled, rules = ruling.rules
    if test.kind != .time, pooled.sources.count < TestRuling.Rules.fewestSources {
      return "One source of texts alone decides nothing."
    }
    if let count = pooled.contrast?.repetitionsToDecide(margin: rules.margin, level: rules.level), count <= 100 {
      return "About \(count) repetitions may decide it over these."
    }
    guard let needed = pooled.sourcesNeeded(for: rules.planted, level: rules.level) else {
      return "More than a thousand such sources would be needed to show \(bare(rules.planted))."
    }
    if needed <= pooled.sources.count { return "Had it been \(bare(rules.planted)), it would likely have shown." }
    return "About \(needed) such sources would show \(bare(rules.planted)) in four of five cases."
  }

  // MARK: A number

  private var value: String {
    guard let mean = ruling.pooled.contrast?.estimate, let published = test.published else { return "" }
    let here =
      "\(called(test.a)) reached \(points(mean)) points of \(metric) over \(places), against \(points(published))"
    var range = ""
    if let another = ruling.predictionInterval {
      let highest = test.metric.range.upperBound * 100
      range = " (\(points(max(another.low, 0))) to \(points(min(another.high, highest))))"
    }
    return switch ruling.verdict {
    case .supported: "\(here): another corpus may well give that\(range)."
    case .contradicted: "\(here): another corpus would not give that\(range)."
    default: "\(here): whether another corpus would give that these do not tell."
    }
  }
}
