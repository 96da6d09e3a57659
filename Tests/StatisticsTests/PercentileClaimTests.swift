import Testing

@testable import Statistics

@Suite struct PercentileClaimTests {
  @Test("percentiles need MLPerf's numbers of samples")
  func samplesNeeded() {
    func needed(_ percentile: Double, _ t: Int) -> Int? {
      PercentileClaim.samplesNeeded(percentile: percentile, overLatency: t)
    }
    #expect([needed(0.9, 0), needed(0.9, 1), needed(0.9, 2)] == [44, 64, 81])
    #expect([needed(0.95, 0), needed(0.95, 1), needed(0.95, 2)] == [90, 130, 165])
    #expect([needed(0.99, 0), needed(0.99, 1), needed(0.99, 2)] == [459, 662, 838])
    #expect(needed(1, 1) == nil && needed(0.9, -1) == nil)
  }

  @Test("a percentile's interval lies between order statistics, and has no upper end with too few samples")
  func percentileInterval() {
    let p90 = PercentileClaim.ranks(count: 200, percentile: 0.9)
    #expect(p90.low == 171 && p90.high == 189)
    #expect(PercentileClaim.ranks(count: 200, percentile: 0.99).high == nil)
    let samples = (1...200).map(Double.init).reversed()
    #expect(PercentileClaim.interval(Array(samples), percentile: 0.9) == Interval(low: 171, high: 189))
    #expect(PercentileClaim.interval(Array(samples), percentile: 0.99) == nil)
    #expect(PercentileClaim.interval([], percentile: 0.5) == nil)
  }
}
