import Foundation
import TestSupport
import Testing

@testable import Statistics

/// One case of groups.json, which statsmodels and SciPy wrote.
private struct GroupCase: Decodable {
  var name: String
  var a, b: [Bool]
  var groups: [Int]
  var design_effect, effective_rows, chi2, chi2_corrected, p_corrected: Double
  var wilson95, wilson90, difference95: [Double]
  /// nil where too many groups tell the models apart to swap them all.
  var p_exact: Double?

  static func all() throws -> [GroupCase] {
    struct File: Decodable { var cases: [GroupCase] }
    let url = Fixtures.root.appendingPathComponent("statistics/groups.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }
}

@Suite("Rows in groups")
struct GroupedRowsTests {
  private func close(_ interval: Interval, _ expected: [Double], _ what: String) {
    expectClose([interval.low, interval.high], expected, absolute: 1e-12, relative: 1e-9, what)
  }

  @Test("Wilson's interval with the effective number of rows is that of cluster-robust errors")
  func wilson() throws {
    let cases = try GroupCase.all()
    #expect(cases.count == 8)
    for item in cases {
      let share = try #require(GroupedProportion(right: item.a, groups: item.groups))
      expectClose(share.designEffect, item.design_effect, item.name)
      expectClose(share.effectiveRows(level: 0.95), item.effective_rows, item.name)
      close(share.wilson(), item.wilson95, item.name)
      close(share.wilson(level: 0.90), item.wilson90, item.name)
    }
  }

  @Test("McNemar's test of groups is the score test of cluster-robust errors, and its exact p counts every swap")
  func mcNemar() throws {
    var exact = 0
    for item in try GroupCase.all() {
      let test = try #require(GroupedMcNemarTest(a: item.a, b: item.b, groups: item.groups))
      expectClose(test.uncorrected.statistic, item.chi2, item.name)
      expectClose(test.corrected.statistic, item.chi2_corrected, item.name)
      expectClose(test.corrected.p, item.p_corrected, item.name)
      if let p = item.p_exact {
        expectClose(test.exactP, p, item.name)
        exact += 1
      }
      close(test.interval(), item.difference95, item.name)
    }
    #expect(exact > 4)
  }

  @Test("with one row a group everything is what it is without groups")
  func singletons() throws {
    var generator = ResamplingGenerator(seed: 4)
    for rows in [9, 40, 300] {
      let a = (0..<rows).map { _ in generator.below(10) < 8 }, b = (0..<rows).map { _ in generator.below(10) < 6 }
      let groups = (0..<rows).map { 5 * rows - 3 * $0 }
      let plain = try #require(McNemarTest(a: a, b: b))
      let test = try #require(GroupedMcNemarTest(a: a, b: b, groups: groups))
      expectClose([test.p, test.exactP], [plain.p, plain.exactP], absolute: 1e-12, relative: 1e-12, "\(rows) rows")
      expectClose(test.corrected.statistic, plain.corrected.statistic, "\(rows) rows")
      #expect(test.smallerSum == min(plain.onlyA, plain.onlyB) && test.table == plain)
      for level in [0.9, 0.95] {
        let newcombe = try #require(ProportionInterval.newcombe(paired: plain, level: level))
        close(test.interval(level: level), [newcombe.low, newcombe.high], "\(rows) rows, difference")
        let right = a.count(where: \.self)
        let wilson = try #require(ProportionInterval.wilson(successes: right, trials: rows, level: level))
        let share = try #require(GroupedProportion(right: a, groups: groups))
        close(share.wilson(level: level), [wilson.low, wilson.high], "\(rows) rows, share")
      }
      func score(_ seed: Int, _ weights: [Int32]) -> Double {
        weights.indices.reduce(0.0) { $0 + Double(weights[$1]) * (a[$1] ? 1 : 0) } / Double(rows)
      }
      let free = ResampledScores(seeds: 1, examples: rows, resamples: 50, generatorSeed: 3, score: score)
      #expect(
        free
          == ResampledScores(
            seeds: 1, examples: rows, groups: groups, resamples: 50, generatorSeed: 3, score: score))
    }
  }

  @Test("a draw takes whole groups, as many as there are")
  func draws() throws {
    let groups = [7, 7, 2, 2, 2, 9, 7, 4]
    var totals: Set<Int> = []
    _ = ResampledScores(seeds: 1, examples: 8, groups: groups, resamples: 200, generatorSeed: 1) { _, weights in
      #expect(
        weights[0] == weights[1] && weights[0] == weights[6] && weights[2] == weights[3] && weights[3] == weights[4])
      #expect(weights[0] + weights[2] + weights[5] + weights[7] == 4)
      totals.insert(Int(weights.reduce(0, +)))
      return 0
    }
    #expect(totals.count > 3)
  }

  @Test("one group alone shows nothing: no interval, no test, no draws")
  func oneGroup() {
    #expect(GroupedProportion(right: [true, false], groups: [3, 3]) == nil)
    #expect(GroupedMcNemarTest(a: [true, false], b: [true, true], groups: [3, 3]) == nil)
    #expect(
      ResampledScores(seeds: 1, examples: 2, groups: [3, 3], resamples: 9, generatorSeed: 1) { _, _ in 0 } == nil)
    #expect(GroupedProportion(right: [true], groups: [1, 2]) == nil)
  }

  /// Conversations of 2 to 9 turns; two models of equal accuracy on average, each right on all turns of a conversation or
  /// on few of them.
  private static func conversations(
    _ count: Int, _ generator: inout ResamplingGenerator
  ) -> (a: [Bool], b: [Bool], groups: [Int]) {
    var (a, b, groups) = ([Bool](), [Bool](), [Int]())
    for group in 0..<count {
      // Levels .95 and .55, each for half of the conversations: .75 in the mean.
      let levels = [generator.below(2), generator.below(2)].map { $0 == 0 ? 95 : 55 }
      for _ in 0..<2 + generator.below(8) {
        a.append(generator.below(100) < levels[0])
        b.append(generator.below(100) < levels[1])
        groups.append(group)
      }
    }
    return (a, b, groups)
  }

  @Test("95 % intervals of groups hold the truth as often as they say; those of single rows do not")
  func coverage() throws {
    let trials = 400
    var generator = ResamplingGenerator(seed: 20)
    // Grouped and plain: the share, the difference, and the bootstrap of the difference; then p below .05.
    var held = [(grouped: Int, plain: Int)](repeating: (0, 0), count: 3)
    var rejected = (grouped: 0, plain: 0)
    for trial in 0..<trials {
      let (a, b, groups) = Self.conversations(40, &generator)
      let share = try #require(GroupedProportion(right: a, groups: groups))
      let wilson = share.wilson()
      let plainWilson = try #require(ProportionInterval.wilson(successes: share.right, trials: a.count))
      let test = try #require(GroupedMcNemarTest(a: a, b: b, groups: groups))
      let interval = test.interval(), plain = try #require(ProportionInterval.newcombe(paired: test.table))
      func count(_ place: Int, _ grouped: Interval, _ plain: Interval, _ truth: Double) {
        if grouped.low <= truth, truth <= grouped.high { held[place].grouped += 1 }
        if plain.low <= truth, truth <= plain.high { held[place].plain += 1 }
      }
      count(0, wilson, plainWilson, 0.75)
      count(1, interval, plain, 0)
      if test.p < 0.05 { rejected.grouped += 1 }
      if test.table.p < 0.05 { rejected.plain += 1 }
      guard trial < 150 else { continue }
      func bootstrap(_ groups: [Int]?) throws -> Interval {
        func scores(_ right: [Bool]) -> ResampledScores? {
          ResampledScores(seeds: 1, examples: right.count, groups: groups, resamples: 200, generatorSeed: 5) {
            _, weights in
            var (hits, total) = (0, 0)
            for row in weights.indices {
              total += Int(weights[row])
              if right[row] { hits += Int(weights[row]) }
            }
            return Double(hits) / Double(total)
          }
        }
        let (own, other) = (try #require(scores(a)), try #require(scores(b)))
        return try #require(BootstrapDifference(own, other)).contrast.interval(level: 0.95)
      }
      count(2, try bootstrap(groups), try bootstrap(nil), 0)
    }
    // Binomial bounds of four standard deviations around 95 %: 17 of 400, 11 of 150.
    #expect((380 - 17...400).contains(held[0].grouped) && held[0].plain < 340, "\(held[0])")
    #expect((380 - 17...400).contains(held[1].grouped) && held[1].plain < 340, "\(held[1])")
    #expect((142 - 11...150).contains(held[2].grouped) && held[2].plain < 131, "\(held[2])")
    #expect(rejected.grouped < 37 && rejected.plain > 60, "\(rejected)")
  }
}
