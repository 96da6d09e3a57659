import TestSupport
import Testing

@testable import Statistics

@Suite struct ExpectedMaximumTests {
  /// The mean of the maximum over every tuple of draws with replacement.
  private func bruteForce(_ values: [Double], draws: Int) -> Double {
    var maxima = values
    for _ in 1..<draws { maxima = maxima.flatMap { maximum in values.map { max(maximum, $0) } } }
    return maxima.reduce(0, +) / Double(maxima.count)
  }

  @Test("it is the mean of the maximum over all tuples of draws, equal values included", arguments: 1...5)
  func tuples(draws: Int) throws {
    for values in [[0.7], [0.3, 0.9], [0.5, 0.5, 0.1], [0.81, 0.2, 0.79, 0.81, -0.4], [2, 2, 2]] {
      let found = try #require(ExpectedMaximum.of(values, draws: draws))
      expectClose(found, bruteForce(values, draws: draws), relative: 1e-12, "\(values), \(draws) draws")
    }
  }

  @Test("one draw gives the mean, many the maximum, and order does not matter")
  func ends() throws {
    let values = [0.4, 0.8, 0.6]
    expectClose(try #require(ExpectedMaximum.of(values, draws: 1)), 0.6, "mean")
    expectClose(try #require(ExpectedMaximum.of(values, draws: 200)), 0.8, "maximum")
    #expect(ExpectedMaximum.of(values.reversed(), draws: 2) == ExpectedMaximum.of(values, draws: 2))
  }

  @Test("without values, draws, or with one that is no number there is none")
  func undefined() {
    #expect(ExpectedMaximum.of([], draws: 1) == nil)
    #expect(ExpectedMaximum.of([1], draws: 0) == nil)
    #expect(ExpectedMaximum.of([1, .nan], draws: 1) == nil)
  }
}
