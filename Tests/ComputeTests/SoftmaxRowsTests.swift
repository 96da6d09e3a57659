import Compute
import Foundation
import TestSupport
import Testing

@Suite("SoftmaxRows") struct SoftmaxRowsTests {
  /// Softmax in Double, straight from its definition.
  static func softmax(_ row: ArraySlice<Float>) -> [Double] {
    let largest = Double(row.max() ?? 0)
    let powers = row.map { exp(Double($0) - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  static func logits(rows: Int, stride: Int) -> [Float] {
    var numbers = SparseRowsTests.Numbers(state: 7)
    return (0..<rows * stride).map { _ in numbers.next() * 12 }
  }

  @Test("probabilities equal the definition", arguments: [1, 2, 4, 7, 16, 77])
  func probabilities(classes: Int) {
    let stride = SparseRows.stride(columns: classes), rows = 9
    let logits = Self.logits(rows: rows, stride: stride)
    let expected = (0..<rows).flatMap { Self.softmax(logits[$0 * stride..<$0 * stride + classes]) }
    let actual = SoftmaxRows.probabilities(logits, rows: rows, classes: classes, stride: stride)
    expectClose(actual, expected, absolute: 1e-9, relative: 1e-6, "\(classes) classes")
  }

  @Test("logits far apart neither overflow nor give NaN")
  func extremes() {
    let logits: [Float] = [1e30, -1e30, 0, 0, -3e38, 3e38, 0, 0]
    let actual = SoftmaxRows.probabilities(logits, rows: 2, classes: 2, stride: 4)
    expectClose(actual, [1, 0, 0, 1] as [Double], absolute: 1e-30, "saturated softmax")
  }

  @Test("the residual is the weighted softmax minus the label, with the loss and column sums of a naive twin")
  func residual() {
    let rows = 1100, classes = 5, stride = 8
    let original = Self.logits(rows: rows, stride: stride)
    let labels = (0..<rows).map { Int32($0 % classes) }
    let weights = (0..<rows).map { Float($0 % 4) / 2 }
    for given in [weights, nil] {
      var logits = original
      let (loss, sums) = SoftmaxRows.residual(
        &logits, labels: labels, weights: given, classes: classes, stride: stride, pool: WorkerPool(threads: 1))
      var expected: [Double] = [], wantedLoss = 0.0, wantedSums = [Double](repeating: 0, count: stride)
      for row in 0..<rows {
        let weight = Double(given?[row] ?? 1), label = Int(labels[row])
        let p = Self.softmax(original[row * stride..<row * stride + classes])
        wantedLoss -= weight * log(p[label])
        for column in 0..<stride {
          let value = column < classes ? weight * (p[column] - (column == label ? 1 : 0)) : 0
          expected.append(value)
          wantedSums[column] += value
        }
      }
      expectClose(logits, expected, absolute: 1e-6, "residual")
      expectClose(loss, wantedLoss, relative: 1e-7, "loss")
      expectClose(sums, wantedSums, absolute: 1e-4, "column sums")
    }
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    let labels = (0..<3000).map { Int32($0 % 3) }
    let results = [1, 2, 3].map { threads in
      var logits = Self.logits(rows: 3000, stride: 4)
      let (loss, sums) = SoftmaxRows.residual(
        &logits, labels: labels, weights: nil, classes: 3, stride: 4, pool: WorkerPool(threads: threads))
      return (logits, loss, sums)
    }
    for other in results.dropFirst() {
      #expect(other.0 == results[0].0 && other.1 == results[0].1 && other.2 == results[0].2)
    }
  }
}
