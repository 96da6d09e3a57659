import TestSupport
import Testing

@testable import Statistics

@Suite("TTest")
struct TTestTests {
  private let differences = [0.01, 0.02, 0.005, 0.015, 0.01, 0.02]

  @Test("the correction widens the standard error by √(1 + J·ratio)")
  func correction() throws {
    let plain = try #require(TTest.paired(differences))
    let corrected = try #require(TTest.corrected(differences, testOverTrain: 0.25))
    expectClose(plain.statistic / corrected.statistic, (1 + 6 * 0.25).squareRoot(), "ratio")
    #expect(corrected.p > plain.p && corrected.degreesOfFreedom == 5)
  }

  @Test("an interval at level 1 − p ends at 0")
  func interval() throws {
    let test = try #require(TTest.corrected(differences, testOverTrain: 0.25))
    expectClose(test.interval(level: 1 - test.p).low, 0, absolute: 1e-12, "lower end")
    #expect(test.interval(level: 0.9).halfWidth < test.interval(level: 0.95).halfWidth)
  }

  @Test("without variance p is 1 for a mean of 0 and 0 elsewhere, and the interval is a point")
  func zeroVariance() throws {
    for ratio in [0, 0.25] {
      let equal = try #require(TTest.corrected([0, 0, 0], testOverTrain: ratio))
      #expect(equal.p == 1 && equal.statistic == 0 && equal.interval() == Interval(low: 0, high: 0))
      let shifted = try #require(TTest.corrected([-0.1, -0.1, -0.1], testOverTrain: ratio))
      #expect(shifted.p == 0 && shifted.statistic == -.infinity)
      #expect(shifted.interval().low == shifted.meanDifference && shifted.interval().halfWidth == 0)
    }
    let same = try #require(TTest.welch([1, 1], [1, 1, 1]))
    #expect(same.p == 1 && same.degreesOfFreedom == 3)
    #expect(TTest.student([2, 2], [1, 1])?.p == 0)
  }

  @Test("one fold, unequal lists and values that are no numbers give no test")
  func undefined() {
    #expect(TTest.paired([0.1]) == nil && TTest.corrected([0.1], testOverTrain: 0.25) == nil)
    #expect(TTest.paired([1, 2], [1]) == nil && TTest.paired([1, .nan]) == nil)
    #expect(TTest.corrected([1, 2], testOverTrain: -1) == nil && TTest.welch([1], [1, 2]) == nil)
    #expect(TTest.student([1, .infinity], [1, 2]) == nil)
  }

  @Test("Welch's interval agrees with SciPy's")
  func welchInterval() throws {
    let test = try #require(TTest.welch([2.1, 3.3, 1.7, 8.8, 4.4], [2.2, 3.9, 1.2, 0.4, 6.1, 2.8, 3.0]))
    expectClose(
      [test.statistic, test.p, test.degreesOfFreedom], [0.8644923614928287, 0.41849089070939977, 6.409737542211029],
      absolute: 0, relative: 1e-9, "Welch")
    let interval = test.interval(level: 0.9)
    expectClose(
      [interval.low, interval.high], [-1.540094926122412, 4.060094926122412], absolute: 0, relative: 1e-9, "interval")
  }
}
