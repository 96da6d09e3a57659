import Foundation
import Statistics
import TestSupport
import Testing

@testable import History

@Suite struct EvidenceTests {
  private func scores(_ values: [Double], prior: Double? = nil, roll: Int = 0) -> NightMeasurement.Scores {
    .init(
      trials: Dictionary(uniqueKeysWithValues: values.enumerated().map { ("s\($0)", $1) }), priorVariance: prior,
      roll: roll)
  }

  @Test("without a prior and with one night each it is the paired t-test")
  func pairedTest() throws {
    let (new, old) = ([80.0, 81.5, 79, 83, 80], [82.0, 82, 81.5, 83.5, 84])
    let evidence = try #require(QualityRule.evidence(tonight: [scores(new)], baseline: [scores(old)]))
    let test = try #require(TTest.paired(old, new))
    expectClose(evidence.worsening, test.meanDifference, "worsening")
    expectClose(evidence.standardError, test.standardError, "standard error")
    expectClose(evidence.p, test.p / 2, "p")
    let (interval, expected) = (evidence.interval(), test.interval())
    expectClose([interval.low, interval.high], [expected.low, expected.high], absolute: 1e-9, "interval")
  }

  @Test("more nights and a prior pool their variances by degrees of freedom")
  func pooled() throws {
    let baseline = [scores([80, 82], prior: 2), scores([81, 84], prior: 2), scores([82, 83], prior: 2)]
    let evidence = try #require(QualityRule.evidence(tonight: [scores([78, 81])], baseline: baseline))
    // Between measurements: (1 + 0 + 1) + (1 + 1 + 0); between trials: drops 3 and 2, so 0.5 over 4/3; prior 4 · 2.
    let squares = 2.0 + 2 + 0.5 / (4.0 / 3) + 8
    let degrees = 4.0 + 1 + 4
    expectClose(evidence.degreesOfFreedom, degrees, "degrees of freedom")
    expectClose(evidence.standardError, (squares / degrees * (4.0 / 3) / 2).squareRoot(), "standard error")
    expectClose(evidence.worsening, 2.5, "worsening")
  }

  @Test("equal bits are one measurement, and trials that a side lacks are left out")
  func repeated() throws {
    let once = try #require(QualityRule.evidence(tonight: [scores([78, 81, 70])], baseline: [scores([80, 82])]))
    let often = try #require(
      QualityRule.evidence(
        tonight: [scores([78, 81, 70])], baseline: [scores([80, 82]), scores([80, 82]), scores([80, 82])]))
    #expect(once == often)
    expectClose(once.worsening, 1.5, "worsening")
    // Other initialisations with equal bits say that chance moves nothing.
    let rolls = try #require(
      QualityRule.evidence(
        tonight: [scores([78, 81, 70])], baseline: (0..<3).map { scores([80, 82], roll: $0) }))
    #expect(rolls.degreesOfFreedom == once.degreesOfFreedom + 4 && rolls.standardError < once.standardError)
    #expect(QualityRule.evidence(tonight: [scores([1])], baseline: [scores([2])]) == nil)
    #expect(QualityRule.evidence(tonight: [scores([])], baseline: [scores([2])]) == nil)
  }

  @Test("times: Student's t with the variance between nights and the prior")
  func times() throws {
    func costs(_ median: Double) -> NightMeasurement.Costs { .init(logarithms: [median - 0.1, median, median + 0.1]) }
    let evidence = try #require(
      SpeedRule.evidence(tonight: [costs(0.3)], baseline: [costs(0), costs(0.02), costs(0.04)]))
    expectClose(evidence.worsening, 0.28, "worsening")
    let squares = 4 * 0.03 * 0.03 + 2 * 0.02 * 0.02
    expectClose(evidence.degreesOfFreedom, 6, "degrees of freedom")
    expectClose(evidence.standardError, (squares / 6 * (4.0 / 3)).squareRoot(), "standard error")
    let (fast, slow) = ([costs(0), costs(0.02)], [costs(0.5), costs(0.5), costs(0.5)])
    #expect(SpeedRule.batchesAgree(tonight: slow, baseline: fast))
    #expect(!SpeedRule.batchesAgree(tonight: fast, baseline: slow))
  }

  @Test("the alarm line at a rate is where p is that rate")
  func line() {
    let evidence = Evidence(worsening: 0, standardError: 0.7, degreesOfFreedom: 11)
    let line = evidence.line(rate: 3e-4)
    expectClose(
      Evidence(worsening: line, standardError: 0.7, degreesOfFreedom: 11).p, 3e-4, absolute: 1e-9, "p at the line")
    let certain = Evidence(worsening: 0.1, standardError: 0, degreesOfFreedom: 5)
    #expect(certain.p == 0 && certain.line(rate: 1e-3) == 0)
    #expect(Evidence(worsening: 0, standardError: 0, degreesOfFreedom: 5).p == 1)
  }
}
