import Foundation
import TestSupport
import Testing

@testable import Statistics

/// evidence.json, which scikit-learn, SciPy, statsmodels, pingouin and baycomp wrote.
private struct EvidenceCases: Decodable {
  struct Reliability: Decodable {
    var name: String
    var stated: [Double]
    var happened: [Bool]
    var brier, miscalibration, discrimination, uncertainty: Double
    var grid, values: [Double]
  }
  struct Risk: Decodable {
    var name: String
    var confidences: [Double]
    var right: [Bool]
    var area, best: Double
  }
  struct Difference: Decodable {
    var name: String
    var values: [Double]
    var inside: [Bool]
    var groups: [Int]
    var error, freedom, p, low, high: Double
  }
  struct Measures: Decodable {
    var name: String
    var scores: [[Double]]
    var statistic, epsilon, p, corrected: Double
  }
  struct Correlated: Decodable {
    var name: String
    var differences: [Double]
    var rope, below, inside, above: Double
  }
  var measures: [Measures]
  var correlated: [Correlated]
  var reliability: [Reliability]
  var risk: [Risk]
  var difference: [Difference]

  static func read() throws -> EvidenceCases {
    let url = Fixtures.root.appendingPathComponent("statistics/evidence.json")
    return try JSONDecoder().decode(EvidenceCases.self, from: Data(contentsOf: url))
  }
}

@Suite("Statistics of evidence")
struct EvidenceStatisticsTests {
  @Test("recalibrated probabilities and the parts of the Brier score are scikit-learn's")
  func reliability() throws {
    let cases = try EvidenceCases.read().reliability
    #expect(cases.count == 4)
    for item in cases {
      let curve = try #require(ReliabilityCurve(probabilities: item.stated, happened: item.happened))
      expectClose(
        [curve.brier, curve.miscalibration, curve.discrimination, curve.uncertainty],
        [item.brier, item.miscalibration, item.discrimination, item.uncertainty], absolute: 1e-12, relative: 1e-12,
        item.name)
      expectClose(
        curve.brier, curve.miscalibration - curve.discrimination + curve.uncertainty, absolute: 1e-12, relative: 0,
        item.name)
      expectClose(
        item.grid.map { curve.value(at: $0) }, item.values, absolute: 1e-12, relative: 1e-12, item.name)
      #expect(curve.steps.reduce(0) { $0 + $1.rows } == item.stated.count)
    }
  }

  @Test("probabilities that are right lie in their band, and such a sample seldom looks as bad as a bad one")
  func consistency() throws {
    var generator = ResamplingGenerator(seed: 5)
    func sample(_ power: Double) throws -> ReliabilityCurve {
      let stated = (0..<2_000).map { _ in generator.uniform() }
      let happened = stated.map { generator.uniform() < pow($0, power) }
      return try #require(ReliabilityCurve(probabilities: stated, happened: happened))
    }
    var (small, inside, all) = (0, 0, 0)
    for seed in 0..<60 {
      let curve = try sample(1), found = curve.consistency(resamples: 99, seed: UInt64(seed))
      if found.p <= 0.1 { small += 1 }
      for (x, band) in zip(found.grid, found.band) where 0.1...0.9 ~= x {
        all += 1
        if band.contains(curve.value(at: x)) { inside += 1 }
      }
    }
    // A share of 1 in 10 of 60, and 9 in 10 of all points: four standard errors.
    #expect(small <= 15)
    #expect(Double(inside) / Double(all) > 0.82)
    #expect(try sample(1.6).consistency(resamples: 199, seed: 1).p <= 0.01)
    let twice = try sample(1)
    #expect(twice.consistency(resamples: 50, seed: 3) == twice.consistency(resamples: 50, seed: 3))
  }

  @Test("nothing is made of no rows, of lists of other lengths, and of what is no probability")
  func noCurve() {
    #expect(ReliabilityCurve(probabilities: [], happened: []) == nil)
    #expect(ReliabilityCurve(probabilities: [0.5], happened: []) == nil)
    #expect(ReliabilityCurve(probabilities: [1.5], happened: [true]) == nil)
    #expect(ReliabilityCurve(probabilities: [.nan], happened: [true]) == nil)
    #expect(RiskCoverage(confidences: [], right: []) == nil)
    #expect(RiskCoverage(confidences: [.nan], right: [true]) == nil)
    #expect(MeanDifference([1, 1, 1, 1], isInside: [true, true, false, false], groups: [0, 1, 2, 3]) == nil)
    #expect(MeanDifference([1, 2, 3, 4], isInside: [true, true, false, false], groups: [0, 0, 2, 3]) == nil)
  }

  @Test("the area under risk against coverage is the mean over all orders of equals")
  func area() throws {
    let cases = try EvidenceCases.read().risk
    #expect(cases.count == 3)
    for item in cases {
      let found = try #require(RiskCoverage(confidences: item.confidences, right: item.right))
      expectClose([found.area, found.bestArea], [item.area, item.best], absolute: 1e-12, relative: 1e-12, item.name)
      let wrong = Double(item.right.count { !$0 }) / Double(item.right.count)
      #expect(found.risk(at: 1) == wrong && found.coverage(atRisk: 1) == 1)
    }
    // Sure and right, sure and wrong, unsure and right.
    let small = try #require(RiskCoverage(confidences: [0.9, 0.8, 0.7, 0.7], right: [true, false, true, true]))
    #expect(small.points.map(\.coverage) == [0.25, 0.5, 1] && small.points.map(\.risk) == [0, 0.5, 0.25])
    #expect(small.coverage(atRisk: 0.1) == 0.25 && small.coverage(atRisk: 0.3) == 1)
    #expect(small.risk(at: 0.3) == 0.5)
  }

  @Test("a difference of means is Welch's, and that of cluster-robust errors where groups are on both sides")
  func difference() throws {
    let cases = try EvidenceCases.read().difference
    #expect(cases.count == 3)
    for item in cases {
      let found = try #require(MeanDifference(item.values, isInside: item.inside, groups: item.groups))
      let range = found.interval()
      expectClose(
        [found.standardError, found.degreesOfFreedom, found.p, range.low, range.high],
        [item.error, item.freedom, item.p, item.low, item.high], absolute: 1e-10, relative: 1e-8, item.name)
    }
  }

  @Test("slices without an error, or with nothing else, are called in at most 1 of 20 where there is nothing to call")
  func floor() throws {
    var generator = ResamplingGenerator(seed: 6)
    for (inside, share) in [(20, 0.06), (42, 0.06), (60, 0.06), (20, 0.94), (300, 0.3)] {
      var called = 0
      for _ in 0..<400 {
        let values = (0..<900).map { _ in generator.uniform() < share ? 1.0 : 0 }
        let found = MeanDifference(
          values, isInside: (0..<900).map { $0 < inside }, groups: Array(0..<900), hasFloor: true)
        if let found, found.p <= 0.05 { called += 1 }
      }
      // A share of .05 of 400: 20, and three standard errors.
      #expect(called <= 33, "\(inside) rows at \(share): \(called) of 400")
    }
    let none = try #require(
      MeanDifference(
        (0..<900).map { 42..<93 ~= $0 ? 1 : 0 }, isInside: (0..<900).map { $0 < 42 }, groups: Array(0..<900),
        hasFloor: true))
    #expect(none.p > 0.05 && none.interval().contains(0))
  }

  @Test("isotonic steps rise, and points without weight belong to none")
  func isotonic() {
    let fit = IsotonicRegression(sums: [1, 9, 0, 4, 0, 6], weights: [1, 3, 0, 2, 1, 2])
    #expect(fit.steps.map(\.first) == [0, 1, 5] && fit.steps.map(\.last) == [0, 4, 5])
    #expect(fit.steps.map(\.value) == [1, 13.0 / 6, 3])
  }

  @Test("repeated measures over folds are pingouin's, with Greenhouse and Geisser's correction")
  func measures() throws {
    let cases = try EvidenceCases.read().measures
    #expect(cases.count == 3)
    for item in cases {
      let found = try #require(RepeatedMeasures(item.scores))
      expectClose(
        [found.statistic, found.epsilon, found.p, found.correctedP],
        [item.statistic, item.epsilon, item.p, item.corrected], absolute: 1e-10, relative: 1e-8, item.name)
    }
    #expect(RepeatedMeasures([[1, 2, 3], [1, 2, 3]])?.p == 1)
    #expect(RepeatedMeasures([[1, 2, 3], [2, 3, 4]])?.p == 0)
    #expect(RepeatedMeasures([[1, 2]]) == nil && RepeatedMeasures([[1, 2], [1]]) == nil)
  }

  @Test("the posterior of a difference over folds is baycomp's")
  func correlated() throws {
    let cases = try EvidenceCases.read().correlated
    #expect(cases.count == 2)
    for item in cases {
      let correlation = 1 / Double(item.differences.count)
      let found = try #require(BayesianCorrelatedT(item.differences, rope: item.rope, correlation: correlation))
      expectClose(
        [found.below, found.inside, found.above], [item.below, item.inside, item.above], absolute: 1e-10, relative: 0,
        item.name)
    }
    #expect(BayesianCorrelatedT([0.2, 0.2], rope: 0.1, correlation: 0.5)?.above == 1)
    #expect(BayesianCorrelatedT([0.2], rope: 0.1, correlation: 0.5) == nil)
  }
}
