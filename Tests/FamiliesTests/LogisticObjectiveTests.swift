import Compute
import Foundation
import TestSupport
import Testing

@testable import Families
@testable import Models

func logarithm(_ x: Float) -> Float { log(x) }

@Suite("LogisticObjective") struct LogisticObjectiveTests {
  static let classes = 3
  static let labels = [0, 1, 2, 2, 0]
  static let dense: [[Float]] = [[1, 0, 0.5, 0], [0, 2, 0, 0], [0.3, 0, 0, -1], [0, 0, 0, 0], [0.7, -0.2, 1, 0.1]]

  static var rows: SparseRows {
    var rows = SparseRows(columns: 4)
    for row in dense {
      let indices = row.indices.filter { row[$0] != 0 }
      rows.append(indices: indices.map { Int32($0) }, values: indices.map { row[$0] })
    }
    return rows
  }

  static func point(_ objective: LogisticObjective) -> [Float] {
    (0..<objective.count).map { $0 % objective.stride < classes ? Float(($0 * 37 % 19) - 9) / 10 : 0 }
  }

  @Test("operations are counted as by hand, without the padding")
  func flops() {
    let objective = LogisticObjective(rows: Self.rows, labels: Self.labels, classes: Self.classes, c: 2)
    // 9 stored values in two products of a multiplication and an addition; 5 rows of logits; 4 features' weights.
    #expect(objective.flops == Double(3 * (9 * 2 * 2 + 5 * 5 + 4 * 2 * 2)))
  }

  @Test("the value equals a naive sum over dense rows", arguments: [nil, [0.5, 2, 1] as [Float]])
  func value(classWeights: [Float]?) {
    var objective = LogisticObjective(
      rows: Self.rows, labels: Self.labels, classes: Self.classes, c: 2, classWeights: classWeights)
    let point = Self.point(objective)
    var gradient = [Float](repeating: .nan, count: objective.count)
    let value = objective.evaluate(point, &gradient, pool: WorkerPool(threads: 1))

    var loss = 0.0, total = 0.0, square = 0.0
    for (row, label) in zip(Self.dense, Self.labels) {
      let logits = (0..<Self.classes).map { c in
        row.indices.reduce(Double(point[4 * objective.stride + c])) {
          $0 + Double(row[$1]) * Double(point[$1 * objective.stride + c])
        }
      }
      let weight = Double(classWeights?[label] ?? 1)
      loss += weight * (log(logits.reduce(0) { $0 + exp($1) }) - logits[label])
      total += weight
    }
    for feature in 0..<4 {
      for c in 0..<Self.classes { square += pow(Double(point[feature * objective.stride + c]), 2) }
    }
    expectClose(value, loss / total + square / (2 * 2 * total), relative: 1e-6, "penalised loss")
  }

  @Test(
    "the gradient equals central differences, the unpenalised biases included",
    arguments: [nil, [0.5, 2, 1] as [Float]])
  func gradient(classWeights: [Float]?) {
    var objective = LogisticObjective(
      rows: Self.rows, labels: Self.labels, classes: Self.classes, c: 0.5, classWeights: classWeights)
    let pool = WorkerPool(threads: 1)
    let start = Self.point(objective)
    var gradient = [Float](repeating: .nan, count: objective.count)
    _ = objective.evaluate(start, &gradient, pool: pool)
    let stride = objective.stride
    let used = (0..<objective.count).filter { $0 % stride < Self.classes }
    for index in gradient.indices where index % stride >= Self.classes { #expect(gradient[index] == 0) }
    var scratch = gradient
    expectGradient(
      of: { values in
        var point = start
        for (index, value) in zip(used, values) { point[index] = value }
        return objective.evaluate(point, &scratch, pool: pool)
      }, at: used.map { start[$0] }, analytic: used.map { gradient[$0] }, tolerance: 1e-3, "logistic regression")
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    var rows = SparseRows(columns: 50)
    for row in 0..<2000 {
      let indices = (0..<6).map { Int32((row * 7 + $0 * 9) % 50) }
      rows.append(indices: indices, values: indices.map { Float($0 + 1) / 50 })
    }
    let results = [1, 2, 3].map { threads in
      var objective = LogisticObjective(rows: rows, labels: (0..<2000).map { $0 % 7 }, classes: 7, c: 1)
      let point = (0..<objective.count).map { $0 % 8 < 7 ? Float($0 % 13) / 13 : 0 }
      var gradient = point
      let value = objective.evaluate(point, &gradient, pool: WorkerPool(threads: threads))
      return (value, gradient)
    }
    for other in results.dropFirst() { #expect(other.0 == results[0].0 && other.1 == results[0].1) }
  }
}
