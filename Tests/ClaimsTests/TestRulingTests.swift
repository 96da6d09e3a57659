import Manifests
import Statistics
import Testing

@testable import Claims

@Suite struct TestRulingTests {
  private func pooled(_ estimates: [Double], error: Double = 0.3) -> PooledEvidence {
    PooledEvidence(
      estimates.enumerated().map { place, estimate in
        PooledEvidence.Source(
          name: "s\(place)", contrast: Contrast(estimate: estimate, knownVariance: error * error))
      })
  }

  private func rules(_ kind: ClaimTest.Kind = .difference, published: Double? = nil, tests: Int = 1) -> TestRuling.Rules
  {
    var test = ClaimTest()
    (test.kind, test.published) = (kind, published)
    return TestRuling.Rules(test, file: ClaimsFile(), tests: tests)
  }

  @Test("a difference: each word follows from interval, margin and prediction interval")
  func words() {
    let order = rules(), sized = rules(published: 3)
    #expect(order.verdict(on: pooled([3, 3.4, 2.8])) == .supported)
    #expect(sized.verdict(on: pooled([3, 3.4, 2.8])) == .supported)
    #expect(rules(published: 12).verdict(on: pooled([3, 3.4, 2.8])) == .direction)
    // Outside of what another corpus would give in 95 of 100 cases, but not beyond what many tests let one say.
    #expect(rules(published: 6, tests: 40).verdict(on: pooled([3, 3.4, 2.8])) == .directionAlone)
    #expect(sized.verdict(on: pooled([3, 3.4])) == .directionAlone)
    #expect(order.verdict(on: pooled([0.1, -0.2, 0.3])) == .noDifference)
    #expect(order.verdict(on: pooled([-3, -3.4, -2.8])) == .contradicted)
    #expect(order.verdict(on: pooled([3, -3, 0.1], error: 3)) == .undecided)
    // Behind, but not beyond the margin.
    #expect(order.verdict(on: pooled([-1.2, -1, -1.1])) == .undecided)
    // One source alone decides nothing, however clear.
    #expect(order.verdict(on: pooled([9])) == .undecided)
    #expect(order.verdict(on: pooled([-9])) == .undecided)
    #expect(order.verdict(on: pooled([])) == .waiting)
    // Among many tests the interval that decides is wider.
    #expect(order.verdict(on: pooled([1.5, 1.4, 1.6], error: 1.1)) == .supported)
    #expect(rules(tests: 40).verdict(on: pooled([1.5, 1.4, 1.6], error: 1.1)) == .undecided)
  }

  @Test("an equivalence is supported within the margin, contradicted beyond it on either side")
  func equivalence() {
    let own = rules(.equivalence)
    #expect(own.verdict(on: pooled([0.1, -0.2, 0.3])) == .supported)
    #expect(own.verdict(on: pooled([3, 3.4, 2.8])) == .contradicted)
    #expect(own.verdict(on: pooled([-3, -3.4, -2.8])) == .contradicted)
    #expect(own.verdict(on: pooled([0.9, 1.1, 1])) == .undecided)
  }

  @Test("a claim of several parts holds as far as the part that holds least")
  func parts() {
    #expect(ClaimVerdict.least(of: [.supported, .undecided, .direction]) == .undecided)
    #expect(ClaimVerdict.least(of: [.supported, .contradicted]) == .contradicted)
    #expect(ClaimVerdict.least(of: [.supported, .direction]) == .direction)
    #expect(ClaimVerdict.least(of: []) == .waiting)
  }

  @Test("planted truth: precise evidence finds what is claimed and refutes the opposite, vague evidence is toothless")
  func planted() throws {
    let precise = try #require(
      PlantedTruth(pooled([0, 0.1, -0.1], error: 0.5), rules(published: 4, tests: 20), seed: 1))
    #expect(
      precise.found > 0.95 && precise.refuted > 0.95 && !precise.isToothless
        && precise.falseAtNone ?? 1 <= PlantedTruth.mostFalse)
    #expect(precise.power[0] < precise.power[1] && precise.power[1] <= precise.power[2])
    let vague = try #require(PlantedTruth(pooled([0, 0.1, -0.1], error: 4), rules(published: 4, tests: 20), seed: 1))
    #expect(vague.isToothless && vague.falseAtNone ?? 1 <= PlantedTruth.mostFalse)
    #expect(PlantedTruth(pooled([1]), rules(), seed: 1) == nil)
    let equal = try #require(PlantedTruth(pooled([0, 0.1, -0.1], error: 0.2), rules(.equivalence), seed: 1))
    #expect(equal.equivalent == 1 && equal.found > 0.95)
    // The same draws every time.
    #expect(PlantedTruth(pooled([0, 0.1, -0.1], error: 4), rules(published: 4, tests: 20), seed: 1) == vague)
  }

  @Test("false verdicts at no difference are at most 5 % where variances are estimated from few repetitions")
  func falseVerdicts() throws {
    let sources = (0..<3).map { place in
      PooledEvidence.Source(
        name: "\(place)",
        contrast: Contrast(
          estimate: 0, knownVariance: 0.2, estimatedVariance: 0.5, degreesOfFreedom: 2, shrinkingVariance: 0.5,
          repetitions: 3))
    }
    let planted = try #require(PlantedTruth(PooledEvidence(sources), rules(published: 3), seed: 3))
    #expect(planted.falseAtNone ?? 1 <= 0.05)
  }

  @Test("sources that share a maker count as one, and a dissenting one is named")
  func sources() {
    func setting(_ name: String, _ source: String, _ estimate: Double) -> TestEvidence.Setting {
      var corpus = ClaimsFile.Corpus()
      (corpus.name, corpus.source) = (name, source)
      return TestEvidence.Setting(
        corpus: corpus, contrast: Contrast(estimate: estimate, knownVariance: 0.04), a: nil, b: nil, rows: 1, trials: 1)
    }
    let own = PooledEvidence([
      setting("a1", "a", 1), setting("b", "b", 4), setting("a2", "a", 3), setting("c", "c", -1),
    ])
    #expect(own.sources.map(\.name) == ["a", "b", "c"])
    #expect(own.sources[0].contrast.estimate == 2)
    // Two that may depend on each other in any way are no more precise than one.
    #expect(abs(own.sources[0].contrast.standardError - 0.2) < 1e-12)
    #expect(own.dissenting == ["c"])
  }
}
