import TestSupport
import Testing

@testable import Statistics

@Suite struct ContrastTests {
  @Test("with one part of the variance it is the t-test, or the normal one")
  func oneSource() throws {
    let differences = [1.2, 0.4, 2.1, 0.9, 1.6]
    let contrast = try #require(Contrast(corrected: differences, testOverTrain: 0.25))
    let test = try #require(TTest.corrected(differences, testOverTrain: 0.25))
    expectClose(contrast.p, test.p, relative: 1e-12, "p")
    for level in [0.9, 0.95, 0.9994] {
      let (ours, theirs) = (contrast.interval(level: level), test.interval(level: level))
      expectClose([ours.low, ours.high], [theirs.low, theirs.high], absolute: 1e-9, "interval at \(level)")
    }
    // The standard normal's 97.5 % point, from a table.
    let normal = Contrast(estimate: 3, knownVariance: 4)
    expectClose(normal.halfWidth(level: 0.95), 2 * 1.959963985, relative: 1e-9, "half-width")
    expectClose(normal.p, 0.133614403, relative: 1e-8, "p")
  }

  @Test("p is where the interval ends at 0, whatever the mixture", arguments: [0.01, 1, 30], [2.0, 4.7, 60])
  func inversion(known: Double, freedom: Double) {
    for estimate in [-0.4, 2, 9, 40.0] {
      let contrast = Contrast(
        estimate: estimate, knownVariance: known, estimatedVariance: 1.3, degreesOfFreedom: freedom,
        shrinkingVariance: 1.3, repetitions: 3)
      let p = contrast.p
      #expect(p > 0 && p < 1)
      // Below, 1 − p has too few digits.
      guard p > 1e-9 else { continue }
      expectClose(contrast.halfWidth(level: 1 - p), abs(estimate), relative: 1e-6, "at level 1 − p")
    }
  }

  @Test("each part takes its own quantile")
  func parts() {
    let contrast = Contrast(estimate: 0, knownVariance: 9, estimatedVariance: 16, degreesOfFreedom: 4)
    // t(4) and the normal at 97.5 %.
    let expected = (9 * 1.959963985 * 1.959963985 + 16 * 2.776445105 * 2.776445105).squareRoot()
    expectClose(contrast.halfWidth(level: 0.95), expected, relative: 1e-9, "half-width")
  }

  @Test("without variance nothing but a difference of 0 is possible")
  func noVariance() {
    #expect(Contrast(estimate: 0).p == 1 && Contrast(estimate: 2).p == 0)
    #expect(Contrast(estimate: 2).interval(level: 0.95) == Interval(low: 2, high: 2))
  }

  @Test("few repetitions that agree have the variance of their test parts")
  func floor() throws {
    let same = [1.0, 1, 1]
    let contrast = try #require(Contrast(corrected: same, testOverTrain: 0.2, floor: 4))
    expectClose(contrast.standardError, (4 * (1.0 / 3 + 0.2)).squareRoot(), "standard error")
    #expect(contrast.degreesOfFreedom == 2 && contrast.p > 0.4)
    // It never narrows what the repetitions show.
    let apart = [1.0, 9, -4]
    #expect(
      Contrast(corrected: apart, testOverTrain: 0.2, floor: 4) == Contrast(corrected: apart, testOverTrain: 0.2))
    #expect(Contrast(corrected: [1], testOverTrain: 0.2) == nil)
    #expect(Contrast(corrected: [1, .nan], testOverTrain: 0.2) == nil)
  }

  @Test("a mean of independent contrasts adds variances, with Satterthwaite's degrees of freedom")
  func independent() throws {
    let parts = [
      Contrast(
        estimate: 1, estimatedVariance: 4, degreesOfFreedom: 2, shrinkingVariance: 3, repetitions: 3),
      Contrast(estimate: 3, knownVariance: 5, estimatedVariance: 1, degreesOfFreedom: 6, repetitions: 7),
    ]
    let mean = try #require(Contrast.mean(of: parts))
    #expect(mean.estimate == 2 && mean.knownVariance == 1.25 && mean.estimatedVariance == 1.25)
    expectClose(mean.degreesOfFreedom, 25 / (16.0 / 2 + 1.0 / 6), "degrees of freedom")
    #expect(mean.repetitions == 3 && mean.shrinkingVariance == 0.75)
    #expect(Contrast.mean(of: []) == nil)
    let dependent = try #require(Contrast.mean(ofDependent: parts))
    // (2 + 1) / 2, squared; the fewest degrees of freedom.
    #expect(dependent.estimatedVariance == 2.25 && dependent.degreesOfFreedom == 2)
    #expect(dependent.standardError > mean.standardError)
  }

  @Test("simulated: a mean of four settings of three seeds holds its level, also a corrected one")
  func level() throws {
    var generator = ResamplingGenerator(seed: 5)
    var beyond = [0, 0]
    let count = 20_000
    for _ in 0..<count {
      let parts = (0..<4).compactMap { _ -> Contrast? in
        // Splits that overlap: a common part of what hold-outs of 15 to 70 % share.
        let common = (0.15 / 0.85).squareRoot() * generator.normal()
        let own = (1 - 0.15 / 0.85).squareRoot()
        return Contrast(
          corrected: (0..<3).map { _ in common + own * generator.normal() }, testOverTrain: 0.15 / 0.7, floor: 0.3)
      }
      let p = try #require(Contrast.mean(of: parts)).p
      if p <= 0.05 { beyond[0] += 1 }
      if p <= 0.005 { beyond[1] += 1 }
    }
    #expect(beyond[0] <= count / 20 && beyond[0] > count / 60, "\(beyond[0])")
    #expect(beyond[1] <= count / 200, "\(beyond[1])")
  }

  // MARK: Planning

  @Test("the repetitions named are the fewest whose interval is no longer than the margin")
  func repetitions() throws {
    let contrast = try #require(Contrast(corrected: [0.4, 1.3, 0.9, 1.1], testOverTrain: 0))
    let needed = try #require(contrast.repetitionsToDecide(margin: 0.8, level: 0.99))
    func length(_ count: Int) -> Double { 2 * contrast.repeated(count).halfWidth(level: 0.99) }
    #expect(needed > 4 && length(needed) <= 0.8 && length(needed - 1) > 0.8)
    expectClose(
      contrast.repeated(16).standardError, contrast.standardError / 2, relative: 1e-12, "four times the repetitions")
    #expect(contrast.repeated(16).degreesOfFreedom == 15)
    // The overlap's share does not shrink.
    let overlapping = try #require(Contrast(corrected: [0.4, 1.3, 0.9, 1.1], testOverTrain: 0.25))
    #expect(overlapping.repetitionsToDecide(margin: 0.8, level: 0.99) == nil)
    #expect(contrast.repetitionsToDecide(margin: 0, level: 0.99) == nil)
    #expect(Contrast(estimate: 1, knownVariance: 1).repetitionsToDecide(margin: 3, level: 0.95) == nil)
  }

  @Test("rows are named so that an interval of theirs alone is no longer than the margin")
  func rows() throws {
    let contrast = Contrast(estimate: 1, knownVariance: 1)
    let times = try #require(contrast.timesRowsToDecide(margin: 1, level: 0.95))
    // Of length 2 · 1.96, so (2 · 1.96)² times as many.
    expectClose(times, 15.3658, absolute: 1e-4, "times")
    expectClose(contrast.narrowestHalfWidth(level: 0.95), 1.959964, absolute: 1e-6, "half")
    #expect(Contrast(estimate: 1).timesRowsToDecide(margin: 1, level: 0.95) == nil)
  }

  @Test("a difference as large as the design can detect is found with the power stated")
  func power() throws {
    var generator = ResamplingGenerator(seed: 8)
    let design = Contrast(
      estimate: 0, knownVariance: 0.5, estimatedVariance: 1.0 / 8, degreesOfFreedom: 7, shrinkingVariance: 1.0 / 8,
      repetitions: 8)
    let truth = design.detectable(level: 0.99, power: 0.8)
    let count = 4_000
    var found = 0
    for _ in 0..<count {
      let seeds = (0..<8).map { _ in generator.normal() }
      let variance = try #require(Descriptive.variance(seeds))
      let contrast = Contrast(
        estimate: truth + (Descriptive.mean(seeds) ?? 0) + 0.5.squareRoot() * generator.normal(), knownVariance: 0.5,
        estimatedVariance: variance / 8, degreesOfFreedom: 7, shrinkingVariance: variance / 8, repetitions: 8)
      if contrast.p <= 0.01 { found += 1 }
    }
    expectClose(Double(found) / Double(count), 0.8, absolute: 0.05, relative: 0, "power")
  }
}

@Suite struct BoundedIntervalTests {
  @Test("of a share of independent rows it is Wilson's")
  func wilson() throws {
    let share = Contrast(estimate: 0.9, knownVariance: 0.9 * 0.1 / 100)
    let interval = try #require(BoundedInterval.wilson(share, rows: 100))
    // 90 of 100, as in SciPy's binomtest.
    expectClose([interval.low, interval.high], [0.825634, 0.944771], absolute: 1e-6, "interval")
  }

  @Test("it ends within what the score can be and is never a point")
  func ends() throws {
    let perfect = try #require(BoundedInterval.wilson(Contrast(estimate: 1), rows: 60))
    #expect(perfect.high == 1 && perfect.low < 0.95 && perfect.low > 0.9)
    let none = try #require(BoundedInterval.wilson(Contrast(estimate: -1), range: -1...1, rows: 60))
    #expect(none.low == -1 && none.high > -0.95)
    let wide = try #require(
      BoundedInterval.wilson(
        Contrast(estimate: 0.97, estimatedVariance: 0.01, degreesOfFreedom: 2), rows: 60))
    #expect(wide.low > 0 && wide.high < 1)
    #expect(BoundedInterval.wilson(Contrast(estimate: 1.2), rows: 60) == nil)
    #expect(BoundedInterval.wilson(Contrast(estimate: 0.5), rows: 0) == nil)
  }
}
