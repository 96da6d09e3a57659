import TestSupport
import Testing

@testable import Statistics

@Suite("FriedmanTest")
struct FriedmanTestTests {
  /// Four models on fourteen data sets, with ties within and across.
  private let scores: [[Double]] = [
    [0.763, 0.599, 0.954, 0.628, 0.882, 0.936, 0.661, 0.583, 0.775, 1, 0.940, 0.619, 0.972, 0.957],
    [0.768, 0.591, 0.971, 0.661, 0.888, 0.931, 0.668, 0.583, 0.838, 1, 0.962, 0.666, 0.981, 0.978],
    [0.771, 0.590, 0.968, 0.654, 0.886, 0.916, 0.609, 0.563, 0.866, 1, 0.965, 0.614, 0.975, 0.946],
    [0.798, 0.569, 0.967, 0.657, 0.898, 0.931, 0.685, 0.625, 0.875, 1, 0.962, 0.669, 0.975, 0.970],
  ]

  @Test("the statistic is SciPy's, corrected for ties")
  func corrected() throws {
    let test = try #require(FriedmanTest(scores))
    expectClose(
      [test.statistic, test.p], [10.952380952380956, 0.011986176325417788], absolute: 0, relative: 1e-9, "Friedman")
    expectClose(test.averageRanks, [3.14285714, 2, 2.92857143, 1.92857143], absolute: 1e-8, "ranks")
  }

  @Test("Demšar's statistic and Iman and Davenport's F follow from the average ranks")
  func imanDavenport() throws {
    let test = try #require(FriedmanTest(scores))
    let (k, n) = (4.0, 14.0)
    let squares = test.averageRanks.reduce(0) { $0 + $1 * $1 }
    let chi = 12 * n / (k * (k + 1)) * (squares - k * (k + 1) * (k + 1) / 4)
    expectClose(test.uncorrectedStatistic, chi, "chi-squared")
    let f = (n - 1) * chi / (n * (k - 1) - chi)
    expectClose(test.imanDavenport.statistic, f, "F")
    #expect(test.imanDavenport.numerator == 3 && test.imanDavenport.denominator == 39)
    expectClose(test.imanDavenport.p, FDistribution(numerator: 3, denominator: 39).survival(f), "p")
  }

  @Test("lower is better turns the ranks round")
  func lowerIsBetter() throws {
    let up = try #require(FriedmanTest(scores)).averageRanks
    let down = try #require(FriedmanTest(scores, higherIsBetter: false)).averageRanks
    expectClose(down, up.map { 5 - $0 }, absolute: 1e-12, "ranks")
  }

  @Test("equal models give p = 1, a perfect order an infinite F")
  func extremes() throws {
    #expect(FriedmanTest([[1, 2], [1, 2]])?.p == 1)
    let perfect = try #require(FriedmanTest([[3, 3, 3], [2, 2, 2], [1, 1, 1]]))
    #expect(perfect.imanDavenport.statistic == .infinity && perfect.imanDavenport.p == 0)
    #expect(FriedmanTest([[1, 2]]) == nil && FriedmanTest([[1], [2]]) == nil && FriedmanTest([[1, 2], [1]]) == nil)
  }

  @Test("Nemenyi's critical difference agrees with Demšar's example of four models on fourteen sets")
  func nemenyi() throws {
    expectClose(
      try #require(Nemenyi.criticalDifference(models: 4, datasets: 14)), 1.2536, absolute: 1e-4, relative: 0, "CD .05")
    expectClose(
      try #require(Nemenyi.criticalDifference(models: 4, datasets: 14, alpha: 0.1)), 1.1181, absolute: 1e-4,
      relative: 0, "CD .10")
    #expect(Nemenyi.criticalDifference(models: 1, datasets: 3) == nil)
  }
}
