import TestSupport
import Testing

@testable import Statistics

@Suite("EffectSize and MultipleComparisons")
struct EffectSizeTests {
  @Test("Cliff's delta and A12 count pairs, ties half")
  func pairs() throws {
    let (a, b) = ([1.0, 2, 2, 5], [2.0, 3, 0])
    var wins = 0.0
    for x in a { for y in b { wins += x > y ? 1 : x < y ? -1 : 0 } }
    expectClose(try #require(EffectSize.cliffsDelta(a, b)), wins / 12, "delta")
    expectClose(try #require(EffectSize.varghaDelaneyA(a, b)), 0.5 + wins / 24, "A12")
    #expect(EffectSize.cliffsDelta([], b) == nil)
  }

  @Test("Hedges' factor for four degrees of freedom is .8")
  func hedges() throws {
    expectClose(EffectSize.hedgesFactor(degreesOfFreedom: 4), 0.8, "J")
    let differences = [1.0, 2, 4, 3, 5]
    expectClose(
      try #require(EffectSize.hedgesGz(differences)), 0.8 * (try #require(EffectSize.cohenDz(differences))), "g_z")
  }

  @Test("effects without variance are 0 where nothing differs and undefined elsewhere")
  func zeroVariance() {
    #expect(EffectSize.cohenDz([0, 0]) == 0 && EffectSize.cohenDz([0.1, 0.1, 0.1]) == nil)
    #expect(EffectSize.cohenD([1, 1], [1, 1]) == 0 && EffectSize.hedgesG([1, 1], [2, 2]) == nil)
    #expect(EffectSize.cohenDz([1]) == nil)
  }

  @Test("Holm and Benjamini–Hochberg give the worked example's values in the order given")
  func corrections() {
    let p = [0.01, 0.04, 0.03, 0.005]
    expectClose(MultipleComparisons.holm(p), [0.03, 0.06, 0.06, 0.02], absolute: 1e-15, "Holm")
    expectClose(MultipleComparisons.benjaminiHochberg(p), [0.02, 0.04, 0.04, 0.02], absolute: 1e-15, "BH")
    expectClose(MultipleComparisons.bonferroni(p), [0.04, 0.16, 0.12, 0.02], absolute: 1e-15, "Bonferroni")
    #expect(MultipleComparisons.holm([]).isEmpty)
  }
}
