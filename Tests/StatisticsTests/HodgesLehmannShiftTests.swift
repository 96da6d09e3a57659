import TestSupport
import Testing

@testable import Statistics

@Suite struct HodgesLehmannShiftTests {
  @Test(
    "the shift is the median difference; the interval is that of R's wilcox.test with exact = FALSE, correct = FALSE")
  func reference() throws {
    // Hollander and Wolfe's permeability data, as in R's help page of wilcox.test.
    let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    let early = [1.15, 0.88, 0.90, 0.74, 1.21]
    let shift = try #require(HodgesLehmannShift(term, early))
    expectClose(shift.estimate, 0.305, "estimate")
    // Order statistics 9 and 42 of the 50 differences: 25 − 1.96·√(50·16/12) = 8.997.
    let differences = term.flatMap { x in early.map { x - $0 } }.sorted()
    #expect(shift.interval() == Interval(low: differences[8], high: differences[41]))
  }

  @Test("a shifted sample has that shift, whatever the outliers")
  func shifted() throws {
    let base = (0..<41).map { Double($0 * 7 % 41) }
    var moved = base.map { $0 + 5 }
    moved[3] = 1e9
    let shift = try #require(HodgesLehmannShift(moved, base))
    expectClose(shift.estimate, 5, absolute: 0.6, "estimate")
    let interval = shift.interval()
    #expect(interval.low < 5 && interval.high > 5 && interval.high < 13)
  }

  @Test("too few values for the level give the whole range; none give nil")
  func edges() throws {
    let shift = try #require(HodgesLehmannShift([1, 2], [0]))
    #expect(shift.interval() == Interval(low: 1, high: 2))
    #expect(HodgesLehmannShift([], [1]) == nil)
    #expect(HodgesLehmannShift([.nan], [1]) == nil)
  }

  @Test("the 95 % interval covers the true shift in about 95 % of draws")
  func coverage() throws {
    var generator = ResamplingGenerator(seed: 5)
    func draw(_ shift: Double) -> [Double] {
      (0..<15).map { _ in Normal.quantile((Double(generator.below(1 << 20)) + 0.5) / Double(1 << 20)) + shift }
    }
    var covered = 0
    for _ in 0..<2_000 {
      let interval = try #require(HodgesLehmannShift(draw(1), draw(0))).interval()
      if interval.contains(1) { covered += 1 }
    }
    #expect((1_860...1_940).contains(covered), "\(covered) of 2000")
  }
}
