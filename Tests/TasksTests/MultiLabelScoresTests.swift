import Foundation
import Tasks
import TestSupport
import Testing

/// One case of labels in task-scores.json, which scikit-learn wrote.
private struct LabelCase: Decodable {
  struct PerLabel: Decodable {
    var precision, recall, f1, support: [Double]
  }
  var name: String
  var labels: Int
  var targets, answers: [[Int]]
  var probabilities: [[Float]]
  var weights: [Int32]
  var occurring: [Int]
  /// Column → value.
  var overOccurring, overAll, weighted, weightedOverAll: [String: Double]
  var weightedPerLabel: PerLabel

  var scores: MultiLabelScores {
    MultiLabelScores(targets: targets, answers: answers, probabilities: probabilities.flatMap(\.self), labels: labels)
  }

  static func all() throws -> [LabelCase] {
    struct File: Decodable { var labels: [LabelCase] }
    let url = Fixtures.root.appendingPathComponent("metrics/task-scores.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File.self, from: Data(contentsOf: url)).labels
  }
}

@Suite("MultiLabelScores")
struct MultiLabelScoresTests {
  static let metrics = Problem.multiLabel.metrics

  private static func expect(
    _ expected: [String: Double], _ what: String, _ value: (MetricName) -> Double?
  ) throws {
    #expect(Set(expected.keys) == Set(metrics.map(\.rawValue)), "\(what)")
    for (column, reference) in expected {
      let metric = try #require(MetricName(rawValue: column))
      expectClose(value(metric) ?? .nan, reference, "\(what), \(column)")
    }
  }

  /// Rows with up to all labels, and probabilities on a coarse grid with ties, by a fixed congruence.
  private static func sample(
    rows: Int, labels: Int, seed: UInt64
  ) -> (targets: [[Int]], answers: [[Int]], probabilities: [Float]) {
    var state = seed
    func draw(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    let targets = (0..<rows).map { _ in (0..<labels).filter { _ in draw(3) == 0 } }
    let probabilities = (0..<rows * labels).map { _ in Float(draw(8)) / 8 }
    let answers = (0..<rows).map { row in (0..<labels).filter { probabilities[row * labels + $0] > 0.6 } }
    return (targets, answers, probabilities)
  }

  @Test("every metric is scikit-learn's, with macro averages over the labels that occur or over all")
  func reference() throws {
    let cases = try LabelCase.all()
    #expect(cases.count == 9)
    for item in cases {
      let scores = item.scores
      #expect(MultiLabelScores.occurring(in: [item.targets, item.answers], labels: item.labels) == item.occurring)
      try Self.expect(item.overOccurring, item.name) { scores.value($0) }
      try Self.expect(item.overOccurring, "\(item.name), list") { scores.value($0, over: item.occurring) }
      try Self.expect(item.overAll, "\(item.name), all") { scores.value($0, over: Array(0..<item.labels)) }
    }
  }

  @Test(
    "weights of rows are scikit-learn's weights, and without a list the labels of rows of weight 0 count in no mean")
  func weights() throws {
    for item in try LabelCase.all() {
      let scores = item.scores
      try Self.expect(item.weighted, item.name) { scores.value($0, weights: item.weights) }
      try Self.expect(item.weightedOverAll, "\(item.name), all") {
        scores.value($0, weights: item.weights, over: Array(0..<item.labels))
      }
      let all = scores.perLabel(weights: item.weights)
      expectClose(all.map(\.precision), item.weightedPerLabel.precision, absolute: 1e-12, "\(item.name) precision")
      expectClose(all.map(\.recall), item.weightedPerLabel.recall, absolute: 1e-12, "\(item.name) recall")
      expectClose(all.map(\.f1), item.weightedPerLabel.f1, absolute: 1e-12, "\(item.name) F1")
      #expect(all.map { Double($0.support) } == item.weightedPerLabel.support, "\(item.name) support")
    }
  }

  @Test("weights give the same as rows that stand there so many times", arguments: 1...5)
  func repeated(seed: UInt64) throws {
    let labels = 6
    let (targets, answers, probabilities) = Self.sample(rows: 50, labels: labels, seed: seed)
    let weights = targets.indices.map { Int32(($0 * 7 + Int(seed)) % 4) }
    let rows = targets.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
    let scores = MultiLabelScores(targets: targets, answers: answers, probabilities: probabilities, labels: labels)
    let twin = MultiLabelScores(
      targets: rows.map { targets[$0] }, answers: rows.map { answers[$0] },
      probabilities: rows.flatMap { probabilities[$0 * labels..<($0 + 1) * labels] }, labels: labels)
    let counts = scores.counts(weights: weights)
    #expect(counts.rows == rows.count && twin.rows == rows.count)
    for metric in Self.metrics {
      let expected = try #require(twin.value(metric))
      expectClose(scores.value(metric, weights: weights) ?? .nan, expected, metric.rawValue)
      #expect(counts.value(metric, over: [4, 1]) == scores.value(metric, weights: weights, over: [4, 1]))
      let listed = try #require(twin.value(metric, over: [4, 1]))
      expectClose(counts.value(metric, over: [4, 1]) ?? .nan, listed, "\(metric.rawValue) over a list")
    }
    #expect(scores.perLabel(weights: weights) == twin.perLabel())
    #expect(scores.perLabel().map(\.predicted) == (0..<labels).map { label in answers.count { $0.contains(label) } })
  }

  @Test("ranking average precision is the mean share of a row's labels at or above each of them")
  func ranking() throws {
    let targets = [[0, 2], [1]], answers = [[Int]](repeating: [], count: 2)
    let scores = MultiLabelScores(
      targets: targets, answers: answers, probabilities: [0.5, 0.75, 0.25, 0.5, 0.5, 0.25], labels: 3)
    // First row: label 0 is the second of two and one of those is a label, label 2 the third of three with two labels.
    // Second row: label 1 shares its place with label 0.
    expectClose(try #require(scores.value(.rankingAP)), ((0.5 + 2.0 / 3) / 2 + 0.5) / 2, "two rows")
  }

  @Test("a row of no label answered with none is right, and counts 0 in the F1 by rows")
  func emptySets() {
    let scores = MultiLabelScores(targets: [[], [1]], answers: [[], [1]], labels: 3)
    #expect(scores.value(.subsetAccuracy) == 1 && scores.value(.f1Samples) == 0.5)
    #expect(scores.value(.f1Micro) == 1 && scores.value(.f1Macro) == 1)
    let empty = MultiLabelScores(targets: [[], []], answers: [[], []], labels: 3)
    for metric in Self.metrics where metric != .rankingAP {
      #expect(empty.value(metric) == (metric == .subsetAccuracy ? 1 : 0), "\(metric.rawValue)")
    }
  }

  @Test("the order of a row's labels is of no matter")
  func order() {
    let one = MultiLabelScores(targets: [[0, 2, 3], [1]], answers: [[2, 3], [1, 0]], labels: 4)
    let other = MultiLabelScores(targets: [[3, 0, 2], [1]], answers: [[3, 2], [0, 1]], labels: 4)
    for metric in Self.metrics { #expect(one.value(metric) == other.value(metric), "\(metric.rawValue)") }
  }

  @Test("without rows, and without rows that count, every metric is undefined", arguments: MetricName.allCases)
  func noRows(metric: MetricName) {
    #expect(MultiLabelScores(targets: [], answers: [], labels: 3).value(metric) == nil)
    let scores = MultiLabelScores(targets: [[0]], answers: [[0]], probabilities: [1, 0], labels: 2)
    #expect(scores.value(metric, weights: [0]) == nil)
    #expect(
      (scores.value(metric) == nil) != Self.metrics.contains(metric), "a metric has a value for its own task alone")
  }

  @Test("without probabilities, or with one that is no number in a row that counts, there is no ranking")
  func noRanking() {
    let targets = [[0], [1]], answers = [[0], [0]]
    let unknown = MultiLabelScores(targets: targets, answers: answers, labels: 2)
    #expect(unknown.value(.rankingAP) == nil && unknown.value(.subsetAccuracy) == 0.5)
    let scores = MultiLabelScores(targets: targets, answers: answers, probabilities: [1, 0, .nan, 0], labels: 2)
    #expect(scores.value(.rankingAP) == nil && scores.value(.subsetAccuracy) == 0.5)
    #expect(scores.value(.rankingAP, weights: [2, 0]) == 1)
  }

  @Test("labels that occur are those of any list, ascending")
  func occurring() {
    #expect(MultiLabelScores.occurring(in: [[[4], [], [0, 4]], [[2]]], labels: 6) == [0, 2, 4])
    #expect(MultiLabelScores.occurring(in: [], labels: 2) == [] as [Int])
  }
}
