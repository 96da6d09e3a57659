import TestSupport
import Testing

@testable import Statistics

@Suite("Descriptive")
struct DescriptiveTests {
  @Test("quantiles interpolate linearly between order statistics")
  func quantile() throws {
    let sample: [Double] = [1, 2, 3, 4, 19, 18, 5, 6, 7, 90]
    expectClose(try #require(Descriptive.quantile(sample, 0.9)), 26.1, "p90")
    #expect(Descriptive.quantile(sample, 0) == 1 && Descriptive.quantile(sample, 1) == 90)
    #expect(Descriptive.median([3, 1, 2]) == 2 && Descriptive.median([1, 2]) == 1.5)
  }

  @Test("what a sample is too small for is nil")
  func empty() {
    #expect(Descriptive.mean([]) == nil && Descriptive.median([]) == nil)
    #expect(Descriptive.standardDeviation([3]) == nil && Descriptive.quantile([1], 1.1) == nil)
  }

  @Test("the standard deviation divides by n − 1 and survives a large mean")
  func deviation() throws {
    expectClose(try #require(Descriptive.standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])), (32.0 / 7).squareRoot(), "sd")
    let shifted = [1, 2, 3].map { $0 + 1e9 }
    expectClose(try #require(Descriptive.variance(shifted)), 1, "variance around 1e9")
  }

  @Test("equal values share their mean rank")
  func ranks() {
    let ranks = Ranks([3, 1, 3, 2, 3, 1])
    #expect(ranks.values == [5, 1.5, 5, 3, 5, 1.5])
    #expect(ranks.tieTerm == 24 + 6 && ranks.hasTies)
    #expect(Ranks([]).values.isEmpty && !Ranks([2, 1]).hasTies)
  }
}
