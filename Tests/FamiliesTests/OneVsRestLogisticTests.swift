import Compute
import Foundation
import TestSupport
import Testing

@testable import Families

/// Tests/Fixtures/baselines/linear-tasks.json: scikit-learn's numbers (Scripts/fixtures/linear_tasks.py).
struct LinearTasksFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    /// Features.
    var columns: Int
    /// Indices and values of each row.
    var rows: [[[Float]]]
    var targets: [Double]
    var label_sets: [[Int]]
    var ridge: [Ridge]
    var one_vs_rest: [OneVsRest]
    var testDescription: String { "[\(rows.count), \(columns)]" }

    var features: SparseRows {
      var out = SparseRows(columns: columns)
      for row in rows { out.append(indices: row[0].map { Int32($0) }, values: row[1]) }
      return out
    }
  }
  struct Ridge: Decodable, Sendable {
    var alpha: Double
    var weights: [Double]
    var bias: Double
  }
  /// Weights `[labels, features]`.
  struct OneVsRest: Decodable, Sendable {
    var c: Double
    var weights: [[Double]]
    var biases: [Double]
    var probabilities: [[Double]]
  }
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/linear-tasks.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct OneVsRestLogisticTests {
  private static let labels = 3
  private static let sets = [[0, 2], [1], [], [0, 1, 2], [2]]
  private static let weights: [[Float]?] = [nil, [0.5, 2, 1, 0, 1.5]]
  private let pool = WorkerPool(threads: 1)

  private func objective(c: Double, _ weights: [Float]?) -> LogisticObjective {
    LogisticObjective(
      rows: LogisticObjectiveTests.rows, labelSets: Self.sets, classes: Self.labels, c: c, rowWeights: weights)
  }

  @Test("the value equals a naive sum over dense rows", arguments: weights)
  func value(rowWeights: [Float]?) {
    var objective = objective(c: 2, rowWeights)
    let point = LogisticObjectiveTests.point(objective), stride = objective.stride
    var gradient = [Float](repeating: .nan, count: objective.count)
    let value = objective.evaluate(point, &gradient, pool: pool)

    var loss = 0.0, total = 0.0, square = 0.0
    for (index, row) in LogisticObjectiveTests.dense.enumerated() {
      let weight = Double(rowWeights?[index] ?? 1)
      total += weight
      for label in 0..<Self.labels {
        let z = row.indices.reduce(Double(point[4 * stride + label])) {
          $0 + Double(row[$1]) * Double(point[$1 * stride + label])
        }
        loss += weight * (log(1 + exp(z)) - (Self.sets[index].contains(label) ? z : 0))
      }
    }
    for feature in 0..<4 {
      for label in 0..<Self.labels { square += pow(Double(point[feature * stride + label]), 2) }
    }
    expectClose(value, loss / total + square / (2 * 2 * total), relative: 1e-6, "penalised loss")
  }

  @Test("the gradient equals central differences, the unpenalised biases included", arguments: weights)
  func gradient(rowWeights: [Float]?) {
    var objective = objective(c: 0.5, rowWeights)
    let start = LogisticObjectiveTests.point(objective), stride = objective.stride
    var gradient = [Float](repeating: .nan, count: objective.count)
    _ = objective.evaluate(start, &gradient, pool: pool)
    let used = (0..<objective.count).filter { $0 % stride < Self.labels }
    for index in gradient.indices where index % stride >= Self.labels { #expect(gradient[index] == 0) }
    var scratch = gradient
    expectGradient(
      of: { values in
        var point = start
        for (index, value) in zip(used, values) { point[index] = value }
        return objective.evaluate(point, &scratch, pool: pool)
      }, at: used.map { start[$0] }, analytic: used.map { gradient[$0] }, tolerance: 1e-3, "one label against the rest")
  }

  @Test("scikit-learn's weights are where the gradient is 0", arguments: try LinearTasksFixture.load().cases)
  func stationary(reference: LinearTasksFixture.Case) {
    for expected in reference.one_vs_rest {
      var objective = LogisticObjective(
        rows: reference.features, labelSets: reference.label_sets, classes: Self.labels, c: expected.c)
      var point = [Float](repeating: 0, count: objective.count), gradient = point
      for label in 0..<Self.labels {
        for (feature, weight) in (expected.weights[label] + [expected.biases[label]]).enumerated() {
          point[feature * objective.stride + label] = Float(weight)
        }
      }
      _ = objective.evaluate(point, &gradient, pool: pool)
      #expect(FloatVectors.maximumMagnitude(gradient) < 1e-7, "\(reference.testDescription), C = \(expected.c)")
    }
  }

  @Test("weights, biases and probabilities equal scikit-learn's", arguments: try LinearTasksFixture.load().cases)
  func reference(reference: LinearTasksFixture.Case) {
    let rows = reference.features
    for expected in reference.one_vs_rest {
      var objective = LogisticObjective(
        rows: rows, labelSets: reference.label_sets, classes: Self.labels, c: expected.c)
      var optimizer = LBFGS()
      // Float sums may stall before it; the minimum at C = 10 is so flat that this shows in the fourth digit.
      optimizer.gradientTolerance = 1e-7
      optimizer.decreaseTolerance = 0
      let outcome = optimizer.minimise(from: [Float](repeating: 0, count: objective.count), pool: pool) {
        objective.evaluate($0, &$1, pool: pool)
      }
      let stride = objective.stride, what = "\(reference.testDescription), C = \(expected.c)"
      let found = (0..<Self.labels).flatMap { label in (0...rows.columns).map { outcome.point[$0 * stride + label] } }
      expectClose(
        found, zip(expected.weights, expected.biases).flatMap { $0 + [$1] }, absolute: 2e-4, "weights, \(what)")
      var logits = [Float](repeating: 0, count: rows.count * stride)
      rows.multiply(outcome.point, stride: stride, initialRow: rows.columns, into: &logits, pool: pool)
      expectClose(
        SigmoidRows.probabilities(logits, rows: rows.count, classes: Self.labels, stride: stride),
        expected.probabilities.flatMap { $0 }, absolute: 5e-5, "probabilities, \(what)")
    }
  }

  @Test("a label that holds of no row, and one that holds of every row, end the fit too")
  func constantLabels() {
    var objective = LogisticObjective(
      rows: LogisticObjectiveTests.rows, labelSets: [[1], [1], [1, 2], [1], [1, 2]], classes: 3, c: 10)
    let outcome = LBFGS().minimise(from: [Float](repeating: 0, count: objective.count), pool: pool) {
      objective.evaluate($0, &$1, pool: pool)
    }
    #expect(outcome.ending == .converged)
    let biases = outcome.point[4 * objective.stride..<4 * objective.stride + 3]
    #expect(biases[biases.startIndex] < -3 && biases[biases.startIndex + 1] > 3)
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    var rows = SparseRows(columns: 50)
    for row in 0..<2000 {
      let indices = (0..<6).map { Int32((row * 7 + $0 * 9) % 50) }
      rows.append(indices: indices, values: indices.map { Float($0 + 1) / 50 })
    }
    let results = [1, 2, 3].map { threads in
      var objective = LogisticObjective(
        rows: rows, labelSets: (0..<2000).map { row in (0..<7).filter { (row + $0) % 3 == 0 } }, classes: 7, c: 1)
      let point = (0..<objective.count).map { $0 % 8 < 7 ? Float($0 % 13) / 13 : 0 }
      var gradient = point
      let value = objective.evaluate(point, &gradient, pool: WorkerPool(threads: threads))
      return (value, gradient)
    }
    for other in results.dropFirst() { #expect(other.0 == results[0].0 && other.1 == results[0].1) }
  }
}
