import TestSupport
import Testing

@testable import Statistics

@Suite("McNemarTest")
struct McNemarTestTests {
  @Test("the table of mlxtend's documentation gives its chi-squared and exact p")
  func reference() {
    let test = McNemarTest(bothRight: 101, onlyA: 121, onlyB: 59, bothWrong: 33)
    expectClose(
      [test.corrected.statistic, test.corrected.p, test.exactP, test.uncorrected.statistic, test.uncorrected.p],
      [20.67222222222222, 5.450094825427117e-06, 4.4344492637551645e-06, 21.355555555555554, 3.815135865112594e-06],
      absolute: 0, relative: 1e-9, "McNemar")
  }

  @Test("without discordant examples every p is 1")
  func noDiscordant() {
    let test = McNemarTest(bothRight: 10, onlyA: 0, onlyB: 0, bothWrong: 3)
    #expect(test.exactP == 1 && test.midP == 1 && test.corrected == (0, 1) && test.uncorrected == (0, 1) && test.p == 1)
    #expect(McNemarTest(bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0).riskDifference == nil)
  }

  @Test("mid-p counts outcomes as extreme as the one seen half")
  func midP() {
    for (b, c) in [(12, 5), (5, 12), (0, 6), (3, 3), (1, 0)] {
      let binomial = Binomial(trials: b + c, probability: 0.5)
      let seen = abs(b - c)
      var expected = 0.0
      for k in 0...b + c where abs(2 * k - b - c) >= seen {
        expected += binomial.probability(of: k) * (abs(2 * k - b - c) == seen ? 0.5 : 1)
      }
      let test = McNemarTest(bothRight: 1, onlyA: b, onlyB: c, bothWrong: 1)
      expectClose(test.midP, expected, absolute: 1e-14, "mid-p \(b), \(c)")
    }
  }

  @Test("counts come from the two lists of right and wrong")
  func fromLists() throws {
    let a = [true, true, true, false, false, true], b = [true, false, false, true, false, true]
    let test = try #require(McNemarTest(a: a, b: b))
    #expect(test == McNemarTest(bothRight: 2, onlyA: 2, onlyB: 1, bothWrong: 1))
    #expect(test.riskDifference == 1.0 / 6)
    #expect(McNemarTest(a: [true], b: []) == nil)
  }

  @Test("the p to quote is exact below 25 discordant examples")
  func choice() {
    let few = McNemarTest(bothRight: 9, onlyA: 16, onlyB: 8, bothWrong: 1)
    #expect(few.p == few.exactP)
    let many = McNemarTest(bothRight: 9, onlyA: 16, onlyB: 9, bothWrong: 1)
    #expect(many.p == many.corrected.p)
  }

  @Test("five times two folds without variance give p = 1 or 0, another form nothing")
  func fiveByTwo() {
    let zeros = [[Double]](repeating: [0, 0], count: 5), ones = [[Double]](repeating: [1, 1], count: 5)
    #expect(FiveByTwoTest(zeros)?.tP == 1 && FiveByTwoTest(zeros)?.fP == 1)
    #expect(FiveByTwoTest(ones)?.tP == 0 && FiveByTwoTest(ones)?.fP == 0)
    #expect(FiveByTwoTest([[1, 1]]) == nil)
  }

  @Test("the sampling variance of the difference is that of paired rows, and never less than one row's")
  func differenceVariance() throws {
    let test = McNemarTest(bothRight: 101, onlyA: 121, onlyB: 59, bothWrong: 33)
    let differences =
      Array(repeating: 1.0, count: 121) + Array(repeating: -1, count: 59) + Array(repeating: 0, count: 134)
    let mean = differences.reduce(0, +) / 314
    let naive = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (314 * 314)
    expectClose(try #require(test.differenceVariance), naive, "variance")
    #expect(McNemarTest(bothRight: 40, onlyA: 0, onlyB: 0, bothWrong: 10).differenceVariance == 1.0 / 2_500)
    #expect(McNemarTest(bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0).differenceVariance == nil)
    // Rows in groups: the variance of the sums of groups, five rows of a group that are alike being one.
    let a = (0..<60).map { $0 / 5 % 3 != 0 }, b = (0..<60).map { $0 / 5 % 4 != 0 }
    let grouped = try #require(GroupedMcNemarTest(a: a, b: b, groups: (0..<60).map { $0 / 5 })).differenceVariance
    let single = try #require(McNemarTest(a: a, b: b)?.differenceVariance)
    expectClose(grouped, single * 5 * 12 / 11, relative: 1e-9, "five times that of rows, with m/(m − 1)")
  }
}
