import Analysis
import Text

/// One claim with its verdict, how sure that is and why not surer, and a sentence that says both.
public struct ClaimRuling: Sendable {
  public let claim: Claim
  public let tests: [TestRuling]
  public let verdict: ClaimVerdict
  /// nil where nothing was tested.
  public let certainty: Certainty?
  /// Why it is no higher, a reason a step.
  public let steps: [String]
  public let sentence: String
  /// Corpora that were asked for and have no results.
  public let missing: [String]

  init(_ claim: Claim, _ tests: [TestRuling], file: ClaimsFile) {
    (self.claim, self.tests) = (claim, tests)
    let tested = tests.filter { $0.verdict != .waiting }
    var verdict = claim.untestable.isEmpty ? ClaimVerdict.least(of: tested.map(\.verdict)) : .untestable
    // All of it must hold; what contradicts a part contradicts it.
    let isWhole = tested.count == tests.count && claim.waitsFor.isEmpty
    if !isWhole, verdict != .contradicted, verdict != .untestable { verdict = .waiting }
    self.verdict = verdict
    missing = tests.flatMap(\.evidence.missing).uniqued()
    let reasons = (claim.waitsFor.isEmpty ? [] : [claim.waitsFor]) + missing
    guard !tested.isEmpty else {
      (certainty, steps) = (nil, [])
      sentence = verdict == .untestable ? claim.untestable : reasons.joined(separator: "; ")
      return
    }
    let steps = Self.steps(tested, file)
    let level = Certainty(rawValue: max(0, file.start.rawValue - steps.count)) ?? .veryLow
    self.steps = (file.startReason.isEmpty ? [] : [file.startReason]) + steps
    // What decides is said: of the parts that hold least the first.
    let least = ClaimVerdict.least(of: tested.map(\.verdict))
    let deciding = tested.first { $0.verdict == least } ?? tested[0]
    let found = ClaimSentence(deciding, level, file).text
    certainty = verdict == .waiting ? nil : level
    sentence = verdict == .waiting ? "Part of it waits (\(reasons.joined(separator: "; "))). So far: \(found)" : found
  }

  /// A step down each.
  private static func steps(_ tests: [TestRuling], _ file: ClaimsFile) -> [String] {
    let corpora = tests.flatMap { $0.evidence.settings.map(\.corpus) }
    let names = tests.flatMap { [$0.test.a, $0.test.b] }.uniqued()
    var steps: [String] = []
    let others = file.models.filter { names.contains($0.name) && !$0.standsFor.isEmpty }
    if !others.isEmpty {
      steps.append(
        others.map { "\($0.called) is not \($0.standsFor)\($0.because.isEmpty ? "" : ": \($0.because)")" }
          .joined(separator: "; "))
    }
    let doubtful = corpora.filter { $0.labels != .human }
    if !doubtful.isEmpty {
      let named = doubtful.map {
        "\($0.called) \($0.labels == .silver ? "has labels of a machine" : "is made from templates")"
      }
      steps.append(named.uniqued().joined(separator: "; "))
    }
    let scores = tests.filter { $0.test.kind != .time }
    if let fewest = scores.map(\.pooled.sources.count).min(), fewest < TestRuling.Rules.fewestForSize {
      steps.append("\(fewest) \(fewest == 1 ? "source" : "sources") of texts only")
    }
    let directed = scores.filter { $0.test.kind != .value && ($0.verdict.hasDirection || $0.verdict == .contradicted) }
    let dissenting = directed.filter { $0.test.kind != .equivalence }.flatMap(\.pooled.dissenting).uniqued()
    if !dissenting.isEmpty { steps.append("\(dissenting.joined(separator: " and ")) came out the other way") }
    let crossing = tests.filter { test in
      guard let interval = test.interval else { return false }
      return [test.rules.margin, -test.rules.margin].contains { interval.low < $0 && $0 < interval.high }
    }
    if !crossing.isEmpty { steps.append("an interval reaches across the margin") }
    let missing = tests.flatMap(\.evidence.missing).uniqued()
    if !missing.isEmpty { steps.append("missing: \(missing.joined(separator: "; "))") }
    let remarks = tests.flatMap(\.evidence.remarks).uniqued()
    if !remarks.isEmpty { steps.append(remarks.joined(separator: "; ")) }
    return steps
  }

  /// Whether the core test could not have come out otherwise; nil where nothing was planted.
  public var isToothless: Bool? {
    let planted = tests.compactMap(\.planted)
    return planted.isEmpty ? nil : planted.contains(where: \.isToothless)
  }

  /// Names of the runs that it rests on.
  public var runs: [String] { tests.flatMap { $0.evidence.settings.map(\.corpus.run) }.uniqued() }
}
