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
      let isTime = test.kind == .time, isValue = test.kind == .value
      func unit(_ value: Double) -> Double { isTime ? log(value) : value }
      let own = unit(test.margin ?? (isTime ? Self.usualRatio : file.margin))
      kind = test.kind
      level = 1 - 0.05 / Double(max(1, tests))
      margin = own
      size = test.hasSize && ![.equivalence, .value].contains(test.kind) ? test.published.map(unit) : nil
      planted = (isValue ? test.planted : test.published ?? test.planted).map(unit) ?? (isValue ? 5 : 2 * own)
    }

    /// Times that differ by less do not matter, where a test says nothing else.
    private static let usualRatio = 1.1

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
      return switch another(is: size, pooled) {
      case true?: .supported
      case false?: .direction
      case nil: .directionAlone
      }
    }

    /// The verdict on a number that a model's score is said to be.
    func verdict(onValue number: Double, _ pooled: PooledEvidence) -> ClaimVerdict {
      switch another(is: number, pooled) {
      case true?: .supported
      case false?: .contradicted
      case nil: .undecided
      }
    }

    /// Whether another corpus may give this number: yes within the 95 % prediction interval, no outside of that at the level
    /// that holds for all tests, else nobody knows.
    func another(is number: Double, _ pooled: PooledEvidence) -> Bool? {
      guard let meta = pooled.meta, pooled.sources.count >= Self.fewestForSize else { return nil }
      let usual = meta.predictionInterval(), wide = meta.predictionInterval(level: level)
      if usual.low <= number, number <= usual.high { return true }
      return wide.low <= number && number <= wide.high ? nil : false
    }
  }

  init(_ test: ClaimTest, _ evidence: TestEvidence, rules: Rules, seed: UInt64) {
    (self.test, self.evidence, self.rules) = (test, evidence, rules)
    pooled = PooledEvidence(evidence.settings)
    if test.kind == .value {
      verdict = pooled.sources.isEmpty ? .waiting : rules.verdict(onValue: test.published ?? 0, pooled)
      planted = PlantedTruth(value: pooled, rules)
    } else {
      verdict = rules.verdict(on: pooled)
      planted = PlantedTruth(pooled, rules, seed: seed)
    }
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
    return min(1, p * 0.05 / (1 - rules.level))
  }

  /// Pairs of trials, and test rows of one, in all.
  public var trials: Int { evidence.settings.reduce(0) { $0 + $1.trials } }
  public var rows: Int { evidence.settings.reduce(0) { $0 + $1.rows } }
}
