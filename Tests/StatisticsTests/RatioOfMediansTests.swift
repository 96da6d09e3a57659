import TestSupport
import Testing

@testable import Statistics

@Suite("RatioOfMedians")
struct RatioOfMediansTests {
  private func times(_ count: Int, seed: UInt64, scale: Double) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    return (0..<count).map { _ in scale * (1 + Double(generator.below(1_000)) / 1_000) }
  }

  @Test("twice the time of every round is a ratio of 2 without any width: rounds are drawn for both together")
  func paired() throws {
    let reference = times(64, seed: 1, scale: 5)
    let found = try #require(RatioOfMedians(reference.map { 2 * $0 }, to: reference, generatorSeed: 3))
    #expect(found.estimate == 2 && found.interval == Interval(low: 2, high: 2))
  }

  @Test("95 % intervals hold the true ratio about as often as they say")
  func coverage() throws {
    var held = 0
    for trial in 0..<200 {
      let a = times(64, seed: UInt64(2 * trial + 100), scale: 3)
      let b = times(64, seed: UInt64(2 * trial + 101), scale: 2)
      let found = try #require(RatioOfMedians(a, to: b, resamples: 400, generatorSeed: UInt64(trial)))
      if found.interval.contains(1.5) { held += 1 }
    }
    // 190 of 200, within three standard deviations of a binomial.
    #expect(held >= 180)
  }

  @Test("unequal lists, few rounds and times that are none give no ratio")
  func undefined() {
    let eight = [Double](repeating: 1, count: 8)
    #expect(RatioOfMedians(eight, to: eight, generatorSeed: 1)?.estimate == 1)
    #expect(RatioOfMedians(eight, to: eight + [1], generatorSeed: 1) == nil)
    #expect(RatioOfMedians([1, 1], to: [1, 1], generatorSeed: 1) == nil)
    #expect(RatioOfMedians(eight, to: [0] + eight.dropFirst(), generatorSeed: 1) == nil)
    #expect(RatioOfMedians([.nan] + eight.dropFirst(), to: eight, generatorSeed: 1) == nil)
  }
}
