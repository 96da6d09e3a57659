import Testing

@testable import Statistics

/// Reference values: Scripts/fixtures/meta_analysis.py.
@Suite struct MetaAnalysisTests {
  private struct Case {
    var estimates, variances: [Double]
    /// τ², mean, its error, its interval, the prediction interval, Q and its p, I², p of the mean.
    var expected: [Double]
  }

  private static let cases = [
    Case(
      estimates: [2.1, 4.8, 1.2, 6.0, 3.3], variances: [0.36, 0.81, 0.25, 1.21, 0.49],
      expected: [
        3.009028499, 3.323177767, 0.858917527, 0.938440403, 5.707915131, -2.051067490, 8.697423024, 25.063363637,
        0.000048855, 0.859231353, 0.018008330,
      ]),
    Case(
      estimates: [1.00, 1.10, 0.95, 1.04], variances: [0.5, 0.4, 0.6, 0.3],
      expected: [
        0, 1.031578947, 0.324442842, -0.000942977, 2.064100872, -0.000942977, 2.064100872, 0.025026316, 0.998954905, 0,
        0.050111731,
      ]),
    Case(
      estimates: [-3.0, 5.0, 0.5], variances: [0.2, 0.3, 0.4],
      expected: [
        15.873910595, 0.826066885, 2.321888484, -9.164212941, 10.816346711, -19.015217062, 20.667350832, 128.173076923,
        0, 0.982126309, 0.756031638,
      ]),
    Case(
      estimates: [0.2, 1.1, -0.4, 2.2, 0.9, 1.6, 0.1, 3.0], variances: [0.1, 0.2, 0.15, 0.3, 0.12, 0.4, 0.05, 0.6],
      expected: [
        0.900222956, 0.959127976, 0.386989853, 0.044042385, 1.874213568, -1.463872509, 3.382128462, 35.644444444,
        0.000008459, 0.855506385, 0.042307171,
      ]),
  ]

  @Test(
    "REML, Hartung and Knapp's error, prediction interval and heterogeneity are those of SciPy, PyMARE and statsmodels")
  func reference() throws {
    for one in Self.cases {
      let effects = zip(one.estimates, one.variances).map { MetaAnalysis.Effect(estimate: $0, variance: $1) }
      let meta = try #require(MetaAnalysis(effects))
      let own = meta.interval(), next = meta.predictionInterval(), q = meta.heterogeneity
      let found = [
        meta.variance, meta.mean, meta.standardError, own.low, own.high, next.low, next.high, q.statistic, q.p,
        meta.inconsistency, meta.p,
      ]
      for (value, expected) in zip(found, one.expected) {
        #expect(abs(value - expected) < 2e-7 * max(1, abs(expected)), "\(one.estimates): \(value), not \(expected)")
      }
    }
  }

  @Test(
    "the slope of the restricted likelihood is 0 where the variance is; fewer than two effects, or one without variance, are none"
  )
  func properties() throws {
    #expect(MetaAnalysis([.init(estimate: 1, variance: 1)]) == nil)
    #expect(MetaAnalysis([.init(estimate: 1, variance: 1), .init(estimate: 2, variance: 0)]) == nil)
    #expect(MetaAnalysis([.init(estimate: .nan, variance: 1), .init(estimate: 2, variance: 1)]) == nil)
    let effects = zip([1.0, 3, 2.5, 8], [0.3, 0.2, 0.5, 0.1]).map { MetaAnalysis.Effect(estimate: $0, variance: $1) }
    let meta = try #require(MetaAnalysis(effects))
    // Turned round, everything turns round.
    let other = try #require(MetaAnalysis(effects.map { .init(estimate: -$0.estimate, variance: $0.variance) }))
    #expect(abs(other.mean + meta.mean) < 1e-12 && abs(other.variance - meta.variance) < 1e-9)
    let left = meta.leavingOneOut
    #expect(left.count == 4 && left[3]?.effects == Array(effects.prefix(3)))
    #expect(MetaAnalysis(Array(effects.prefix(2)))?.leavingOneOut.contains { $0 != nil } == false)
    // More sources show less; a smaller difference takes more of them.
    let few = try #require(meta.sourcesNeeded(for: 10)), many = try #require(meta.sourcesNeeded(for: 2))
    #expect(few < many && meta.sourcesNeeded(for: 1e-9) == nil)
  }
}
