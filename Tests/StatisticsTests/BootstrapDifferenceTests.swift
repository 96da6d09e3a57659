import TestSupport
import Testing

@testable import Statistics

@Suite("BootstrapDifference and PairedPermutationTest")
struct BootstrapDifferenceTests {
  /// Accuracy of a model whose seed s is right where outcomes[s][i] is.
  private func accuracy(_ outcomes: [[Bool]]) -> (Int, [Int32]) -> Double {
    { seed, weights in
      var (right, total) = (0, 0)
      for index in weights.indices {
        total += Int(weights[index])
        if outcomes[seed][index] { right += Int(weights[index]) }
      }
      return Double(right) / Double(total)
    }
  }

  private func outcomes(seeds: Int, examples: Int, share: Int, of generator: inout ResamplingGenerator) -> [[Bool]] {
    (0..<seeds).map { _ in (0..<examples).map { _ in generator.below(100) < share } }
  }

  private func bootstrap(
    _ a: [[Bool]], _ b: [[Bool]], replicates: Int = 2000, seed: UInt64 = 1
  ) -> BootstrapDifference? {
    func scores(_ outcomes: [[Bool]]) -> ResampledScores? {
      ResampledScores(
        seeds: outcomes.count, examples: outcomes.first?.count ?? 0, resamples: replicates, generatorSeed: seed,
        score: accuracy(outcomes))
    }
    guard let a = scores(a), let b = scores(b) else { return nil }
    return BootstrapDifference(a, b)
  }

  @Test("with one seed the standard error is that of a paired difference")
  func standardError() throws {
    var generator = ResamplingGenerator(seed: 3)
    let (a, b) = (
      outcomes(seeds: 1, examples: 400, share: 90, of: &generator),
      outcomes(seeds: 1, examples: 400, share: 80, of: &generator)
    )
    let result = try #require(bootstrap(a, b))
    let differences = zip(a[0], b[0]).map { ($0 ? 1.0 : 0) - ($1 ? 1 : 0) }
    let expected = try #require(TTest.paired(differences))
    expectClose(result.contrast.estimate, expected.meanDifference, "estimate")
    // Four standard errors of a standard deviation from 2,000 replicates.
    expectClose(
      result.contrast.standardError, expected.standardError, absolute: 0, relative: 4 / 4000.0.squareRoot(),
      "standard error")
    #expect(result.seedVariance == 0 && result.contrast.p < 0.01)
    #expect(result.contrast.estimatedVariance == 0 && result.contrast.repetitions == 1)
  }

  @Test("seeds bring their unbiased variance: s² / S for each model")
  func seedVariance() throws {
    let (scoresA, scoresB) = ([0.80, 0.83, 0.86], [0.70, 0.72, 0.74, 0.76])
    func scores(_ values: [Double]) throws -> ResampledScores {
      try #require(
        ResampledScores(seeds: values.count, examples: 5, resamples: 20_000, generatorSeed: 7) { seed, _ in values[seed]
        })
    }
    let result = try #require(BootstrapDifference(try scores(scoresA), try scores(scoresB)))
    let varianceA = try #require(Descriptive.variance(scoresA)), varianceB = try #require(Descriptive.variance(scoresB))
    expectClose(result.contrast.estimatedVariance, varianceA / 3 + varianceB / 4, "variance")
    #expect(result.contrast.repetitions == 3)
    expectClose(result.seedVariance, varianceA + varianceB, "seed variance")
    expectClose(result.exampleVariance, 0, absolute: 1e-15, "example variance")
  }

  @Test("the same seed gives the same replicates, another seed others")
  func deterministic() throws {
    var generator = ResamplingGenerator(seed: 9)
    let (a, b) = (
      outcomes(seeds: 3, examples: 60, share: 85, of: &generator),
      outcomes(seeds: 3, examples: 60, share: 85, of: &generator)
    )
    #expect(bootstrap(a, b, replicates: 200, seed: 4) == bootstrap(a, b, replicates: 200, seed: 4))
    #expect(bootstrap(a, b, replicates: 200, seed: 4) != bootstrap(a, b, replicates: 200, seed: 5))
  }

  @Test("equal predictions give p = 1")
  func equal() throws {
    let a = [[true, false, true, true]]
    #expect(try #require(bootstrap(a, a, replicates: 100)).contrast.p == 1)
  }

  @Test("two models of equal worth are called different in at most 5 of 100 samples")
  func falseAlarms() throws {
    var generator = ResamplingGenerator(seed: 11)
    var alarms = 0
    for repetition in 0..<400 {
      // A seed shifts a model's chance of being right; examples differ in how hard they are.
      let hardness = (0..<120).map { _ in generator.below(30) }
      func model() -> [[Bool]] {
        (0..<3).map { _ in
          let shift = generator.below(5)
          return hardness.map { generator.below(100) < 95 - $0 - shift }
        }
      }
      let (a, b) = (model(), model())
      let result = try #require(bootstrap(a, b, replicates: 300, seed: UInt64(repetition)))
      if result.contrast.p <= 0.05 { alarms += 1 }
    }
    #expect((1...36).contains(alarms), "\(alarms) alarms in 400")
  }

  @Test("where seeds alone differ, and are few, equal models are still called different in about 5 of 100 samples")
  func fewSeeds() throws {
    var generator = ResamplingGenerator(seed: 21)
    for seeds in [2, 3, 5] {
      var alarms = 0
      let count = 1_000
      for repetition in 0..<count {
        func model() throws -> ResampledScores {
          let level = (0..<seeds).map { _ in generator.normal() }
          return try #require(
            ResampledScores(
              seeds: seeds, examples: 1, resamples: 400, generatorSeed: UInt64(repetition)
            ) { seed, _ in level[seed] })
        }
        let result = try #require(BootstrapDifference(try model(), try model()))
        if result.contrast.p <= 0.05 { alarms += 1 }
      }
      // 5 % ± four standard errors, 0.7 % each. Welch's t with 2 seeds errs on the careful side.
      #expect(alarms <= 80 && alarms >= (seeds == 2 ? 5 : 20), "\(alarms) alarms in \(count) with \(seeds) seeds")
    }
  }

  @Test("where seeds alone differ it is Welch's t")
  func tail() throws {
    func scores(_ values: [Double], _ resamples: Int = 100) throws -> ResampledScores {
      try #require(
        ResampledScores(seeds: values.count, examples: 4, resamples: resamples, generatorSeed: 3) { seed, _ in
          values[seed]
        })
    }
    let (a, b) = ([0.90, 0.91, 0.92], [0.70, 0.71, 0.73])
    let result = try #require(BootstrapDifference(try scores(a), try scores(b)))
    let welch = try #require(TTest.welch(a, b))
    expectClose(result.contrast.p, welch.p, relative: 1e-9, "p")
    expectClose(result.contrast.standardError, welch.standardError, relative: 1e-9, "standard error")
  }

  @Test("no seeds, no examples and scores that are no numbers give nothing")
  func undefined() {
    #expect(bootstrap([], [[true]]) == nil && bootstrap([[]], [[]]) == nil)
    #expect(ResampledScores(seeds: 1, examples: 3, generatorSeed: 1) { _, _ in .nan } == nil)
  }

  @Test("scores on different resampled test sets are not compared")
  func otherResamples() throws {
    func scores(examples: Int, seed: UInt64) throws -> ResampledScores {
      try #require(ResampledScores(seeds: 1, examples: examples, resamples: 10, generatorSeed: seed) { _, _ in 0.5 })
    }
    #expect(BootstrapDifference(try scores(examples: 3, seed: 1), try scores(examples: 3, seed: 1)) != nil)
    #expect(BootstrapDifference(try scores(examples: 3, seed: 1), try scores(examples: 3, seed: 2)) == nil)
    #expect(BootstrapDifference(try scores(examples: 3, seed: 1), try scores(examples: 4, seed: 1)) == nil)
  }

  @Test("the generator draws every value equally often and never the bound")
  func generator() {
    var generator = ResamplingGenerator(seed: 2)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.below(7)] += 1 }
    let chi = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
    #expect(ChiSquared(degreesOfFreedom: 6).survival(chi) > 0.001)
  }

  @Test("the permutation test counts every arrangement of few examples")
  func permutationExact() throws {
    let differences = [0.3, -0.1, 0.25, 0.4, 0.05, -0.02, 0.3]
    let test = try #require(PairedPermutationTest(differences, seed: 1))
    let observed = abs(differences.reduce(0, +))
    let extreme = (0..<1 << 7).count { signs in
      abs(differences.indices.reduce(0) { $0 + (signs >> $1 & 1 == 1 ? -differences[$1] : differences[$1]) })
        >= observed - 1e-12
    }
    #expect(test.isExact)
    expectClose(test.p, Double(extreme) / 128, "p")
  }

  @Test("a sampled permutation test on right and wrong agrees with McNemar's exact p")
  func permutationSampled() throws {
    let differences =
      [Double](repeating: 1, count: 14) + [Double](repeating: -1, count: 5) + [Double](repeating: 0, count: 81)
    let test = try #require(PairedPermutationTest(differences, samples: 20_000, seed: 3))
    let exact = McNemarTest(bothRight: 40, onlyA: 14, onlyB: 5, bothWrong: 41).exactP
    #expect(!test.isExact)
    expectClose(test.p, exact, absolute: 4 * (exact * (1 - exact) / 20_000).squareRoot(), relative: 0, "p")
    #expect(PairedPermutationTest([0, 0], seed: 1)?.p == 1 && PairedPermutationTest([], seed: 1) == nil)
  }
}
