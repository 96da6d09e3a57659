import TestSupport
import Testing

@testable import Statistics

@Suite("ProportionInterval")
struct ProportionIntervalTests {
  private func check(_ interval: Interval?, _ low: Double, _ high: Double, _ what: String) {
    expectClose([interval?.low ?? .nan, interval?.high ?? .nan], [low, high], absolute: 1e-12, relative: 1e-10, what)
  }

  @Test("Wilson's interval agrees with statsmodels")
  func wilson() {
    check(ProportionInterval.wilson(successes: 90, trials: 100), 0.8256343384950865, 0.9447708629393249, "90 of 100")
    check(ProportionInterval.wilson(successes: 0, trials: 20), 0, 0.1611251580528194, "0 of 20")
    #expect(ProportionInterval.wilson(successes: 20, trials: 20)?.high == 1)
    #expect(ProportionInterval.wilson(successes: 0, trials: 0) == nil)
    #expect(ProportionInterval.wilson(successes: 3, trials: 2) == nil)
  }

  @Test("Clopper and Pearson's interval agrees with statsmodels")
  func clopperPearson() {
    check(
      ProportionInterval.clopperPearson(successes: 90, trials: 100), 0.8237774022599773, 0.9509953107785141, "90 of 100"
    )
    check(ProportionInterval.clopperPearson(successes: 20, trials: 20, level: 0.9), 0.8608916593317348, 1, "20 of 20")
    check(ProportionInterval.clopperPearson(successes: 0, trials: 20), 0, 0.16843347098308534, "0 of 20")
  }

  @Test("Newcombe's interval for independent proportions agrees with statsmodels")
  func newcombe() {
    check(
      ProportionInterval.newcombe(successesA: 90, trialsA: 100, successesB: 80, trialsB: 95), -0.03753815476818516,
      0.15520669718666333, "90 of 100, 80 of 95")
    check(
      ProportionInterval.newcombe(successesA: 10, trialsA: 10, successesB: 0, trialsB: 12), 0.6314517694202744, 1,
      "10 of 10, 0 of 12")
  }

  @Test("Newcombe's paired interval turns round with the models and narrows with agreement")
  func paired() throws {
    let test = McNemarTest(bothRight: 80, onlyA: 9, onlyB: 3, bothWrong: 8)
    let interval = try #require(ProportionInterval.newcombe(paired: test))
    let swapped = try #require(
      ProportionInterval.newcombe(paired: McNemarTest(bothRight: 80, onlyA: 3, onlyB: 9, bothWrong: 8)))
    check(swapped, -interval.high, -interval.low, "swapped")
    let independent = try #require(
      ProportionInterval.newcombe(successesA: 89, trialsA: 100, successesB: 83, trialsB: 100))
    #expect(interval.halfWidth < independent.halfWidth && interval.contains(0.06))
    #expect(ProportionInterval.newcombe(paired: McNemarTest(bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0)) == nil)
  }

  @Test("Newcombe's paired interval holds the true difference in about 95 of 100 samples")
  func coverage() {
    var generator = ResamplingGenerator(seed: 5)
    var held = 0
    for _ in 0..<2000 {
      var counts = [0, 0, 0, 0]
      // Shares .80, .08, .04, .08: a true difference of .04.
      for _ in 0..<150 {
        let draw = generator.below(100)
        counts[draw < 80 ? 0 : draw < 88 ? 1 : draw < 92 ? 2 : 3] += 1
      }
      let test = McNemarTest(bothRight: counts[0], onlyA: counts[1], onlyB: counts[2], bothWrong: counts[3])
      if ProportionInterval.newcombe(paired: test)?.contains(0.04) == true { held += 1 }
    }
    #expect((1860...1960).contains(held), "held \(held) of 2000")
  }
}
