import Statistics
import Testing

@testable import Analysis

@Suite struct VerdictTests {
  private func verdict(
    _ low: Double, _ high: Double, margin: Double = 1, higherIsBetter: Bool = true
  ) -> Verdict {
    Verdict(
      Interval(low: low, high: high), margin: margin, higherIsBetter: higherIsBetter,
      remedy: .repetitions(12, unit: "seeds"))
  }

  @Test("One interval, read in its order")
  func order() {
    #expect(verdict(1.1, 3) == .betterByMargin)
    #expect(verdict(-3, -1.1) == .worseByMargin)
    // Excludes 0 and lies within the margin: equivalence comes first.
    #expect(verdict(0.1, 0.9) == .equivalent)
    #expect(verdict(0.2, 1.8) == .better)
    #expect(verdict(-1.8, -0.2) == .worse)
    #expect(verdict(-0.5, 1.8) == .undecided(.repetitions(12, unit: "seeds")))
    #expect(verdict(-0.5, 1.1) == .undecided(.repetitions(12, unit: "seeds")))
  }

  @Test("A lower bound on the margin is not beyond it, and a bound on 0 does not exclude 0")
  func bounds() {
    #expect(verdict(1, 3) == .better)
    #expect(verdict(0, 3) == .undecided(.repetitions(12, unit: "seeds")))
    #expect(verdict(-1, 1) == .equivalent)
  }

  @Test("For a loss the negative difference is the better one")
  func losses() {
    #expect(verdict(-3, -1.1, higherIsBetter: false) == .betterByMargin)
    #expect(verdict(1.1, 3, higherIsBetter: false) == .worseByMargin)
    #expect(verdict(0.2, 1.8, higherIsBetter: false) == .worse)
  }

  @Test("Words say what may decide, and that nothing is certain to")
  func words() {
    #expect(
      Verdict.undecided(.repetitions(9, unit: "seeds")).text
        == "undecided: about 9 seeds in all may decide, at the variance seen here; no number is certain to")
    #expect(
      Verdict.undecided(.repetitions(352, unit: "domains")).text
        == "undecided: it would take more than 100 domains at the variance seen here")
    #expect(
      Verdict.undecided(.rows(.test(2_964), narrowing: nil, margin: .init(2, inPoints: true))).text
        == "undecided: the test part is too small: about 3,000 rows would show a difference of 2 points")
    #expect(
      Verdict.undecided(.rows(.test(1_249_000), narrowing: nil, margin: .init(0.01, inPoints: false))).text
        == "undecided: the test part is too small: about 1,200,000 rows would show a difference of 0.01")
    #expect(
      Verdict.undecided(
        .rows(.times(60.8), narrowing: .init(halfWidth: 4.43, unit: "seeds"), margin: .init(1, inPoints: true))
      ).text
        == "undecided: more seeds alone will not decide (at best ±4.4); a difference of 1 point would show with about "
        + "61 times the rows")
    #expect(
      Verdict.undecided(
        .rows(.test(17_000), narrowing: .init(halfWidth: 2.3, unit: "seeds"), margin: .init(1, inPoints: true))
      ).text
        == "undecided: more seeds alone will not decide (at best ±2.3); about 17,000 test rows would show a difference "
        + "of 1 point")
    #expect(Verdict.undecided(.unknown).text == "undecided")
    #expect(Verdict.none("no pair of ended trials").text == "no verdict: no pair of ended trials")
  }

  @Test("From the other side better is worse, and the rest stays")
  func reversed() {
    #expect(Verdict.better.reversed == .worse)
    #expect(Verdict.worseByMargin.reversed == .betterByMargin)
    #expect(Verdict.equivalent.reversed == .equivalent)
    #expect(Verdict.better.direction == -Verdict.better.reversed.direction)
    #expect(Verdict.equivalent.isDecisive && !Verdict.undecided(.unknown).isDecisive)
  }
}
