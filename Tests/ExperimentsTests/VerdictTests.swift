import Testing

@testable import Experiments

@Suite struct VerdictTests {
  private func verdict(
    _ wide: (Double, Double), _ narrow: (Double, Double), margin: Double = 1, higherIsBetter: Bool = true
  ) -> Verdict {
    Verdict(
      interval95: wide, interval90: narrow, margin: margin, higherIsBetter: higherIsBetter,
      remedy: .repetitions(12, unit: "seeds"))
  }

  @Test("The rules apply in their order, each at its own interval")
  func order() {
    #expect(verdict((1.1, 3), (1.2, 2.9)) == .betterByMargin)
    #expect(verdict((-3, -1.1), (-2.9, -1.2)) == .worseByMargin)
    // Excludes 0 and lies within the margin: equivalence comes first.
    #expect(verdict((0.1, 0.9), (0.2, 0.8)) == .equivalent)
    #expect(verdict((0.2, 1.8), (0.3, 1.6)) == .better)
    #expect(verdict((-1.8, -0.2), (-1.6, -0.3)) == .worse)
    #expect(verdict((-0.5, 1.8), (-0.3, 1.6)) == .undecided(.repetitions(12, unit: "seeds")))
    // Equivalence is of the 90 % interval, not of the 95 % one.
    #expect(verdict((-0.5, 1.1), (-0.3, 0.9)) == .equivalent)
  }

  @Test("A lower bound on the margin is not beyond it, and a bound on 0 does not exclude 0")
  func bounds() {
    #expect(verdict((1, 3), (1.2, 2.8)) == .better)
    #expect(verdict((0, 3), (0.2, 2.8)) == .undecided(.repetitions(12, unit: "seeds")))
    #expect(verdict((-2, 1.4), (-1, 1)) == .equivalent)
  }

  @Test("No variance and no difference is equivalent; no variance and a difference is decided")
  func noVariance() {
    #expect(verdict((0, 0), (0, 0)) == .equivalent)
    #expect(verdict((2, 2), (2, 2)) == .betterByMargin)
    #expect(verdict((0, 0), (0, 0), margin: 0) == .equivalent)
  }

  @Test("For a loss the negative difference is the better one")
  func losses() {
    #expect(verdict((-3, -1.1), (-2.9, -1.2), higherIsBetter: false) == .betterByMargin)
    #expect(verdict((1.1, 3), (1.2, 2.9), higherIsBetter: false) == .worseByMargin)
    #expect(verdict((0.2, 1.8), (0.3, 1.6), higherIsBetter: false) == .worse)
  }

  @Test("Words say what would decide")
  func words() {
    #expect(Verdict.undecided(.repetitions(12, unit: "seeds")).text == "undecided: 12 seeds would decide")
    #expect(Verdict.undecided(.never(unit: "folds")).text == "undecided: no number of folds can decide")
    #expect(Verdict.undecided(.unknown).text == "undecided")
    #expect(Verdict.none("no pair of ended trials").text == "no verdict: no pair of ended trials")
  }

  @Test("From the other side better is worse, and the rest stays")
  func reversed() {
    #expect(Verdict.better.reversed == .worse)
    #expect(Verdict.worseByMargin.reversed == .betterByMargin)
    #expect(Verdict.equivalent.reversed == .equivalent)
    #expect(Verdict.better.direction == -Verdict.better.reversed.direction)
  }
}
