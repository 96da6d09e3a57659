import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite("VertexBootstrap")
struct VertexBootstrapTests {
  private let values: [[Double?]] = [
    [nil, 1.5, 4.0, -0.5], [2.5, nil, 3.5, 0.5], [6.0, 5.0, nil, 4.5], [-1.0, 0.0, 2.0, nil],
  ]

  @Test("the standard error is that of all draws of domains, enumerated, times √(d/(d − 1))")
  func enumerated() throws {
    // Every one of the 4⁴ draws, each as likely.
    var means: [Double] = []
    for draw in 0..<256 {
      let drawn = [draw % 4, draw / 4 % 4, draw / 16 % 4, draw / 64]
      var kept: [Double] = []
      for a in drawn.indices {
        for b in drawn.indices where a != b { if let value = values[drawn[a]][drawn[b]] { kept.append(value) } }
      }
      if let mean = Descriptive.mean(kept) { means.append(mean) }
    }
    #expect(means.count == 256 - 4)
    let found = try #require(VertexBootstrap(values, generatorSeed: 5))
    expectClose(found.mean, 28.0 / 12, "mean over pairs")
    #expect(found.domains == 4 && found.pairs == 12)
    let test = try #require(found.contrast)
    let center = 28.0 / 12
    let variance = means.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(means.count)
    // A standard deviation of 4,000 draws has a relative standard error of 1.1 %.
    expectClose(
      test.standardError, (variance * 4 / 3).squareRoot(), absolute: 0, relative: 0.045, "standard error")
    #expect(test.degreesOfFreedom == 3)
  }

  @Test("with four domains nine of ten 95 % intervals or more hold the truth; a t over pairs misses far more often")
  func coverage() throws {
    var generator = ResamplingGenerator(seed: 11)
    func normal() -> Double { Normal.quantile((Double(generator.below(1_000_000)) + 0.5) / 1_000_000) }
    var (held, heldByPairs) = (0, 0)
    let trials = 300
    for trial in 0..<trials {
      // What a domain gives as source and as target goes together in part; the truth is 0.
      let hardness = (0..<4).map { _ in normal() }
      let target = hardness.map { 0.6 * $0 + 0.8 * normal() }
      let values = (0..<4).map { s in
        (0..<4).map { t -> Double? in s == t ? nil : hardness[s] + target[t] + 0.7 * normal() }
      }
      let test = try #require(VertexBootstrap(values, resamples: 1_000, generatorSeed: UInt64(trial))?.contrast)
      if test.interval(level: 0.95).contains(0) { held += 1 }
      let pairs = values.flatMap { $0 }.compactMap { $0 }
      if try #require(TTest.paired(pairs)).interval().contains(0) { heldByPairs += 1 }
    }
    #expect(Double(held) / Double(trials) >= 0.90)
    #expect(Double(heldByPairs) / Double(trials) < 0.80)
  }

  @Test("two domains have a mean and no test, one has nothing, and equal values have no spread")
  func few() throws {
    let two = try #require(VertexBootstrap([[nil, 2], [4, nil]], generatorSeed: 1))
    #expect(two.mean == 3 && two.domains == 2 && two.contrast == nil)
    #expect(VertexBootstrap([[1]], generatorSeed: 1) == nil)
    #expect(VertexBootstrap([[nil, .nan], [1, nil]], generatorSeed: 1) == nil)
    let equal = try #require(VertexBootstrap([[nil, 2, 2], [2, nil, 2], [2, 2, nil]], generatorSeed: 1)?.contrast)
    #expect(equal.standardError == 0 && equal.p == 0)
  }

  @Test("a pair without a value is left out, and the seed gives the same draws")
  func missing() throws {
    var fewer = values
    fewer[2][0] = nil
    let found = try #require(VertexBootstrap(fewer, generatorSeed: 5))
    #expect(found.pairs == 11)
    expectClose(found.mean, 22.0 / 11, "mean")
    #expect(VertexBootstrap(fewer, generatorSeed: 5) == found)
    #expect(VertexBootstrap(fewer, generatorSeed: 6) != found)
  }
}
