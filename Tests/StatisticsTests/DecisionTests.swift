import TestSupport
import Testing

@testable import Statistics

@Suite("Decision and PercentileClaim")
struct DecisionTests {
  @Test("the number of repetitions is the smallest whose two half-widths fit into the margin")
  func repetitions() throws {
    let (sd, margin) = (0.8, 1.0)
    for ratio in [0, 0.02] {
      let needed = try #require(Decision.repetitionsToDecide(sd: sd, ratio: ratio, margin: margin))
      func reach(_ count: Int) -> Double {
        let test = TTest(
          meanDifference: 0, standardError: sd * (1 / Double(count) + ratio).squareRoot(),
          degreesOfFreedom: Double(count - 1))
        return test.interval(level: 0.95).halfWidth + test.interval(level: 0.90).halfWidth
      }
      #expect(reach(needed) <= margin && reach(needed - 1) > margin, "ratio \(ratio)")
    }
  }

  @Test("no number of folds decides where the overlap's share of the variance is too large")
  func never() {
    #expect(Decision.repetitionsToDecide(sd: 1, ratio: 0.25, margin: 1) == nil)
    #expect(Decision.repetitionsToDecide(sd: 0.5, ratio: 0.25, margin: 1) != nil)
    #expect(Decision.repetitionsToDecide(sd: 1, ratio: 0, margin: 0) == nil)
    #expect(Decision.repetitionsToDecide(sd: .nan, ratio: 0, margin: 1) == nil)
    #expect(Decision.repetitionsToDecide(sd: 0, ratio: 0.25, margin: 1) == 2)
  }

  @Test("the number of seeds is the smallest that decides, or none where the test set is too small")
  func seeds() throws {
    let needed = try #require(Decision.seedsToDecide(exampleVariance: 0.04, seedVariance: 0.5, margin: 1))
    func reach(_ count: Int) -> Double {
      let seeds = 0.5 / Double(count), whole = 0.04 + seeds
      let t = StudentT(degreesOfFreedom: whole * whole / (seeds * seeds) * Double(2 * count - 2))
      return (t.quantile(0.975) + t.quantile(0.95)) * whole.squareRoot()
    }
    #expect(reach(needed) <= 1 && reach(needed - 1) > 1)
    #expect(reach(needed) > (1.959964 + 1.644854) * (0.04 + 0.5 / Double(needed)).squareRoot())
    #expect(Decision.seedsToDecide(exampleVariance: 0.1, seedVariance: 0, margin: 1) == nil)
    #expect(Decision.seedsToDecide(exampleVariance: 0, seedVariance: 0, margin: 1) == 1)
  }

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
