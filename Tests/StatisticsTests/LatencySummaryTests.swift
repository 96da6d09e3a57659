import TestSupport
import Testing

@testable import Statistics

@Suite("LatencySummary")
struct LatencySummaryTests {
  @Test("a percentile stands only where there are samples enough", arguments: [1, 63, 64, 129, 130, 661, 662])
  func thresholds(count: Int) throws {
    let summary = try #require(LatencySummary((0..<count).map(Double.init).reversed()))
    let last = Double(count - 1)
    #expect(summary.count == count && summary.minimum == 0)
    expectClose(summary.median, last / 2, "median")
    for (percentile, share, needed) in [(summary.p90, 0.9, 64), (summary.p95, 0.95, 130), (summary.p99, 0.99, 662)] {
      #expect((percentile != nil) == (count >= needed))
      if let percentile { expectClose(percentile, share * last, "p\(share)") }
    }
  }

  @Test("no samples, or one that is no number, give no summary")
  func undefined() {
    #expect(LatencySummary([]) == nil && LatencySummary([1, .nan]) == nil)
  }
}
