import Foundation
import Tasks
import TestSupport
import Testing

/// One case of numbers in task-scores.json, which scikit-learn and SciPy wrote.
private struct NumberCase: Decodable {
  var name: String
  var targets, answers: [Double]
  var weights: [Int32]
  /// Column → value; nil where there is none.
  var expected, weighted: [String: Double?]

  static func all() throws -> [NumberCase] {
    struct File: Decodable { var numbers: [NumberCase] }
    let url = Fixtures.root.appendingPathComponent("metrics/task-scores.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).numbers
  }
}

@Suite("RegressionScores")
struct RegressionScoresTests {
  static let metrics = Problem.regression.metrics

  private static func expect(_ expected: [String: Double?], _ what: String, _ value: (MetricName) -> Double?) throws {
    #expect(Set(expected.keys) == Set(metrics.map(\.rawValue)), "\(what)")
    for (column, reference) in expected {
      let metric = try #require(MetricName(rawValue: column))
      guard let reference else {
        #expect(value(metric) == nil, "\(what), \(column)")
        continue
      }
      expectClose(value(metric) ?? .nan, reference, "\(what), \(column)")
    }
  }

  @Test("every metric is that of scikit-learn and SciPy, alone and with weights")
  func reference() throws {
    let cases = try NumberCase.all()
    #expect(cases.count == 10)
    for item in cases {
      let scores = RegressionScores(targets: item.targets, answers: item.answers)
      try Self.expect(item.expected, item.name) { scores.value($0) }
      try Self.expect(item.weighted, "\(item.name), weighted") { scores.value($0, weights: item.weights) }
    }
  }

  @Test("weights give the same as rows that stand there so many times", arguments: 1...4)
  func repeated(seed: Int) throws {
    // Few different numbers, so that many ranks are shared.
    let targets = (0..<60).map { Double(($0 * 17 + seed * 5) % 11) - 2.5 }
    let answers = (0..<60).map { Double(($0 * 29 + seed) % 7) / 3 }
    let weights = targets.indices.map { Int32(($0 * 7 + seed) % 4) }
    let rows = targets.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let scores = RegressionScores(targets: targets, answers: answers)
    let twin = RegressionScores(targets: rows.map { targets[$0] }, answers: rows.map { answers[$0] })
    for metric in Self.metrics {
      let expected = try #require(twin.value(metric))
      expectClose(scores.value(metric, weights: weights) ?? .nan, expected, metric.rawValue)
    }
  }

  @Test("a resample of rows that lie far from the others loses no digits")
  func farRows() throws {
    let targets: [Double] = [-1e9, -1e9, 1e9, 1e9 + 1, 1e9 + 2]
    let answers: [Double] = [0, 0, 1e9, 1e9 + 1, 1e9 + 1]
    let scores = RegressionScores(targets: targets, answers: answers)
    expectClose(try #require(scores.value(.r2, weights: [0, 0, 1, 1, 1])), 0.5, "R²")
  }

  @Test("targets or answers that are all equal in the rows that count leave correlation undefined, and targets R²")
  func constants() {
    // Seven equal numbers, whose mean differs from them in its last digit, and another one.
    let scores = RegressionScores(
      targets: [Double](repeating: 0.1, count: 7) + [7], answers: [1, 2, 3, 4, 5, 6, 6, 6])
    let equalTargets: [Int32] = [1, 1, 1, 1, 1, 1, 1, 0], equalAnswers: [Int32] = [0, 0, 0, 0, 0, 2, 1, 3]
    #expect(scores.value(.r2, weights: equalTargets) == nil && scores.value(.spearman, weights: equalTargets) == nil)
    #expect(scores.value(.mae, weights: equalTargets) != nil)
    #expect(scores.value(.r2, weights: equalAnswers) != nil && scores.value(.spearman, weights: equalAnswers) == nil)
    #expect(scores.value(.r2) != nil && scores.value(.spearman) != nil)
  }

  @Test("the same order gives a correlation of exactly 1, the opposite of exactly −1")
  func perfect() {
    let targets = (0..<50).map { Double($0 * 7 % 31) }
    let weights = targets.indices.map { Int32($0 % 3) }
    let same = RegressionScores(targets: targets, answers: targets.map { $0 * $0 })
    let opposite = RegressionScores(targets: targets, answers: targets.map { -$0 })
    #expect(same.value(.spearman) == 1 && same.value(.spearman, weights: weights) == 1)
    #expect(opposite.value(.spearman) == -1 && opposite.value(.spearman, weights: weights) == -1)
  }

  @Test("without rows, and without rows that count, every metric is undefined", arguments: MetricName.allCases)
  func noRows(metric: MetricName) {
    #expect(RegressionScores(targets: [], answers: []).value(metric) == nil)
    let scores = RegressionScores(targets: [1, 2], answers: [1, 3])
    #expect(scores.value(metric, weights: [0, 0]) == nil)
    #expect(
      (scores.value(metric) == nil) != Self.metrics.contains(metric), "a metric has a value for its own task alone")
  }

  @Test("one row has errors, and neither R² nor correlation")
  func oneRow() {
    let scores = RegressionScores(targets: [3], answers: [1])
    #expect(scores.value(.mse) == 4 && scores.value(.mae) == 2)
    #expect(scores.value(.r2) == nil && scores.value(.spearman) == nil)
  }

  @Test("an answer that is no number leaves undefined what its row counts in", arguments: metrics)
  func notANumber(metric: MetricName) throws {
    let scores = RegressionScores(targets: [1, 2, 3, 5], answers: [1, .nan, 2, 4])
    #expect(scores.value(metric) == nil)
    let rest = RegressionScores(targets: [1, 3, 5], answers: [1, 2, 4])
    let expected = try #require(rest.value(metric))
    expectClose(scores.value(metric, weights: [1, 0, 1, 1]) ?? .nan, expected, metric.rawValue)
  }

  @Test("an infinite answer has a rank, and no finite error")
  func infinite() {
    let scores = RegressionScores(targets: [1, 2, 3], answers: [1, 2, .infinity])
    #expect(scores.value(.spearman) == 1)
    for metric in [MetricName.r2, .mse, .mae] { #expect(scores.value(metric) == nil, "\(metric.rawValue)") }
  }
}
