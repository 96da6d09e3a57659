import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite("Curves over rows")
struct PowerLawTests {
  private static let sizes: [Double] = [85, 170, 425, 850, 2_125, 4_250, 8_500]

  @Test("a law is found again from exact values, with and without what rows never bring")
  func exact() throws {
    for (a, b, c) in [(2.0, 0.5, 0.1), (0.9, 0.31, 0), (5, 1.2, 0.03)] {
      let losses = Self.sizes.map { a * pow($0, -b) + c }
      let law = try #require(PowerLaw(rows: Self.sizes, losses: losses, errors: losses.map { _ in 0.01 }))
      expectClose([law.a, law.b, law.c], [a, b, c], absolute: 1e-6, relative: 1e-6, "\(a) \(b) \(c)")
      expectClose(law.loss(rows: 17_000), a * pow(17_000, -b) + c, absolute: 1e-8, relative: 1e-8, "twice")
    }
  }

  @Test("of noisy values the law is at least as near as the one that made them, and its parts are never negative")
  func noisy() throws {
    var generator = ResamplingGenerator(seed: 4)
    for _ in 0..<50 {
      let truth = Self.sizes.map { 3 * pow($0, -0.6) + 0.05 }
      let losses = truth.map { $0 + 0.01 * generator.normal() }
      let law = try #require(PowerLaw(rows: Self.sizes, losses: losses, errors: losses.map { _ in 0.01 }))
      func squares(_ values: [Double]) -> Double {
        zip(losses, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      #expect(squares(Self.sizes.map { law.loss(rows: $0) }) <= squares(truth) + 1e-12)
      #expect(law.a >= 0 && law.c >= 0)
    }
    // A score that falls with more rows is a constant to such a law.
    let rising = try #require(PowerLaw(rows: [1, 2, 3, 4], losses: [1, 2, 3, 4], errors: [1, 1, 1, 1]))
    #expect(rising.a == 0 && abs(rising.c - 2.5) < 1e-9)
    let three = try #require(PowerLaw(rows: [1, 2, 4], losses: [0.5, 0.4, 0.35], errors: [0, 0, 0]))
    #expect(three.c == 0)
    #expect(PowerLaw(rows: [1, 2, 2], losses: [1, 1, 1], errors: [1, 1, 1]) == nil)
    #expect(PowerLaw(rows: [0, 1, 2], losses: [1, 1, 1], errors: [1, 1, 1]) == nil)
  }

  @Test("curves cross where the difference changes its sign, and its range has the true place in 19 of 20 cases")
  func crossings() throws {
    let sizes: [Double] = [100, 200, 400, 800, 1_600]
    // Zero at 300.
    let truth = sizes.map { 0.05 * log($0 / 300) }
    func contrasts(_ differences: [Double], _ error: Double) -> [Contrast] {
      differences.map { Contrast(estimate: $0, knownVariance: error * error) }
    }
    let exact = try #require(CurveCrossing(sizes: sizes, contrasts: contrasts(truth, 1e-9), seed: 1))
    expectClose(try #require(exact.rows), 300, absolute: 1e-6, relative: 0, "exact")
    #expect(exact.share == 1)
    var (inside, all) = (0, 0)
    var generator = ResamplingGenerator(seed: 8)
    for seed in 0..<200 {
      let drawn = truth.map { $0 + 0.01 * generator.normal() }
      let found = try #require(
        CurveCrossing(sizes: sizes, contrasts: contrasts(drawn, 0.01), draws: 199, seed: UInt64(seed)))
      guard let range = found.interval else { continue }
      all += 1
      if range.contains(300) { inside += 1 }
    }
    #expect(all == 200 && inside >= 180, "\(inside) of \(all)")
    let never = try #require(CurveCrossing(sizes: sizes, contrasts: contrasts([1, 2, 3, 4, 5], 0.1), seed: 1))
    #expect(never.rows == nil && never.share == 0 && never.interval == nil)
    #expect(CurveCrossing(sizes: [2, 1], contrasts: contrasts([1, 1], 0), seed: 1) == nil)
    // Of few seeds the range is wider than of many examples.
    func width(_ make: (Double) -> Contrast) throws -> Double {
      let found = try #require(CurveCrossing(sizes: sizes, contrasts: truth.map(make), seed: 2))
      return try #require(found.interval).halfWidth
    }
    let known = try width { Contrast(estimate: $0, knownVariance: 1e-4) }
    #expect(try width { Contrast(estimate: $0, estimatedVariance: 1e-4, degreesOfFreedom: 2) } > 1.2 * known)
  }
}
