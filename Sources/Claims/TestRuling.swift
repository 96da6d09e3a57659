import Analysis
import Foundation
import Statistics

/// One test of a claim with its evidence and verdict.
public struct TestRuling: Sendable {
  public let test: ClaimTest
  public let evidence: TestEvidence
  public let pooled: PooledEvidence
  public let rules: Rules
  public let verdict: ClaimVerdict
  /// How often the verdict is right where the truth is planted; nil where there is nothing to plant it into.
  public let planted: PlantedTruth?

  /// What the verdict of a test depends on beside its evidence.
  public struct Rules: Sendable, Equatable {
    public let kind: ClaimTest.Kind
    /// Of the interval that decides: 1 less the share of 5 % that falls to this test.
    public let level: Double
    /// Within which a difference does not matter, in the unit of the contrasts.
    public let margin: Double
    /// Size that is claimed, in the same unit; nil where the direction alone is.
    public let size: Double?
    /// Size that is planted.
    public let planted: Double

    /// Fewer sources support or contradict nothing about scores.
    static let fewestSources = 2
    /// Fewer show too little of how corpora differ for a size to be judged.
    static let fewestForSize = 3

    init(_ test: ClaimTest, file: ClaimsFile, tests: Int) {
      let isTime = test.kind == .time, usual = isTime ? 1.1 : file.margin
      func unit(_ value: Double) -> Double { isTime ? log(value) : value }
      kind = test.kind
      level = 1 - 0.05 / Double(max(1, tests))
      margin = unit(test.margin ?? usual)
      size = test.hasSize && ![.equivalence, .value].contains(test.kind) ? test.published.map(unit) : nil
      planted = unit(test.published ?? test.planted ?? (isTime ? usual * usual : 2 * usual))
    }

    /// The verdict on evidence that counts for the claim where it is positive.
    func verdict(on pooled: PooledEvidence) -> ClaimVerdict {
      guard let contrast = pooled.contrast else { return .waiting }
      guard kind == .time || pooled.sources.count >= Self.fewestSources else { return .undecided }
      let interval = contrast.interval(level: level)
      let isWithin = interval.low >= -margin && interval.high <= margin
      if kind == .equivalence {
        if isWithin { return .supported }
        return interval.low > margin || interval.high < -margin ? .contradicted : .undecided
      }
      if isWithin { return .noDifference }
      if interval.high < -margin { return .contradicted }
      guard interval.low > 0 else { return .undecided }
      guard let size else { return .supported }
      guard let meta = pooled.meta, pooled.sources.count >= Self.fewestForSize else { return .directionAlone }
      let another = meta.predictionInterval()
      return another.low <= size && size <= another.high ? .supported : .direction
    }
  }

  init(_ test: ClaimTest, _ evidence: TestEvidence, rules: Rules, seed: UInt64) {
    (self.test, self.evidence, self.rules) = (test, evidence, rules)
    pooled = PooledEvidence(evidence.settings)
    verdict = test.kind == .value ? Self.ofValue(test, pooled) : rules.verdict(on: pooled)
    planted = test.kind == .value ? nil : PlantedTruth(pooled, rules, seed: seed)
  }

  /// A published number is one that another corpus may give.
  private static func ofValue(_ test: ClaimTest, _ pooled: PooledEvidence) -> ClaimVerdict {
    guard !pooled.sources.isEmpty else { return .waiting }
    guard let meta = pooled.meta, pooled.sources.count >= Rules.fewestForSize, let published = test.published else {
      return .undecided
    }
    let another = meta.predictionInterval()
    return another.low <= published && published <= another.high ? .supported : .contradicted
  }

  /// Of the mean over these corpora, at the level that holds for all tests together.
  public var interval: Interval? { test.kind == .value ? nil : pooled.contrast?.interval(level: rules.level) }

  /// What another corpus would give, where there are corpora enough to say it.
  public var predictionInterval: Interval? {
    pooled.sources.count >= Self.fewestForPrediction ? pooled.meta?.predictionInterval() : nil
  }
  private static let fewestForPrediction = 5

  /// Corrected for all tests of the file.
  public var p: Double? {
    guard test.kind != .value, let p = pooled.contrast?.p else { return nil }
    return min(1, p * (0.05 / (1 - rules.level)))
  }

  /// Pairs of trials, and test rows of one, in all.
  public var trials: Int { evidence.settings.reduce(0) { $0 + $1.trials } }
  public var rows: Int { evidence.settings.reduce(0) { $0 + $1.rows } }
}
