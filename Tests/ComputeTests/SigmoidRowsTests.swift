import CKernels
import Foundation
import KernelVariants
import TestSupport
import Testing

@testable import Compute

@Suite struct SigmoidRowsTests {
  /// log(1 + eᶻ), in Double.
  private func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }
  private func sigmoid(_ z: Float) -> Double { 1 / (1 + exp(-Double(z))) }

  /// No label of the first row, every one of the second, and some of the others.
  private func sets(rows: Int, classes: Int) -> [[Int]] {
    (0..<rows).map { row in
      row == 0 ? [] : row == 1 ? Array(0..<classes) : (0..<classes).filter { ($0 * 5 + row * 3) % 7 < 2 }
    }
  }

  @Test("sigmoid in place is that of the kernel for two buffers", arguments: NaiveTwin.sizes)
  func inPlace(n: Int) {
    let workspace = Workspace()
    let x = NaiveTwin.values(n, "x", deviation: 5)
    let logits = Buffer(x, in: workspace), out = Buffer(count: n, in: workspace)
    Kernels.sigmoid(logits, to: out)
    Kernels.sigmoidRows(logits)
    #expect(logits.array == out.array)
    expectClose(logits.array, x.map(sigmoid), absolute: 0, relative: 3e-7, "sigmoid")
  }

  @Test("probabilities equal the definition", arguments: NaiveTwin.sizes, [1, 4, 7, 77])
  func probabilities(rows: Int, classes: Int) {
    let stride = SparseRows.stride(columns: classes)
    let logits = NaiveTwin.values(rows * stride, "z", deviation: 6)
    let expected = logits.indices.filter { $0 % stride < classes }.map { sigmoid(logits[$0]) }
    let actual = SigmoidRows.probabilities(logits, rows: rows, classes: classes, stride: stride)
    expectClose(actual, expected, absolute: 0, relative: 3e-7, "[\(rows), \(classes)]")
  }

  @Test(
    "the residual is the weighted sigmoid minus the target, with the loss and column sums of a naive twin",
    arguments: NaiveTwin.sizes, [1, 3, 8, 17])
  func residual(rows: Int, classes: Int) {
    compare(rows: rows, classes: classes)
  }

  @Test("so it is with as many labels as rows", arguments: [7, 15, 16, 17, 1000])
  func wide(classes: Int) { compare(rows: 3, classes: classes) }

  private func compare(rows: Int, classes: Int) {
    let stride = SparseRows.stride(columns: classes)
    // What stands in the padding must not matter.
    let original = NaiveTwin.values(rows * stride, "z", deviation: 6)
    let sets = sets(rows: rows, classes: classes)
    let weights = (0..<rows).map { Float($0 % 4) / 2 }
    for given in [weights, nil] {
      var logits = original
      let (loss, sums) = SigmoidRows.residual(
        &logits, targets: SparseTargets(sets, classes: classes), weights: given, stride: stride,
        pool: WorkerPool(threads: 1))
      var expected: [Double] = [], wantedLoss = 0.0, wantedSums = [Double](repeating: 0, count: stride)
      for row in 0..<rows {
        let weight = Double(given?[row] ?? 1)
        for column in 0..<stride {
          let z = original[row * stride + column], target = sets[row].contains(column) ? 1.0 : 0
          let value = column < classes ? weight * (sigmoid(z) - target) : 0
          if column < classes { wantedLoss += weight * (softplus(Double(z)) - target * Double(z)) }
          expected.append(value)
          wantedSums[column] += value
        }
      }
      let what = "[\(rows), \(classes)]\(given == nil ? "" : ", weighted")"
      expectClose(logits, expected, absolute: 1e-10, relative: 1e-6, "residual \(what)")
      expectClose(loss, wantedLoss, relative: 1e-6, "loss \(what)")
      expectClose(sums, wantedSums, absolute: 1e-5, "column sums \(what)")
    }
  }

  @Test("logits far apart neither overflow nor give NaN")
  func extremes() {
    var logits: [Float] = [100, -100, 100, -100, 3e38, -3e38, 1e4, -1e4]
    let targets = SparseTargets([[0, 1], [0]], classes: 4)
    #expect(
      SigmoidRows.probabilities(logits, rows: 2, classes: 4, stride: 4) == [1, 0, 1, 0, 1, 0, 1, 0] as [Float])
    let (loss, sums) = SigmoidRows.residual(
      &logits, targets: targets, weights: nil, stride: 4, pool: WorkerPool(threads: 1))
    #expect(loss == 100 + 100 + 1e4)
    #expect(logits == [0, -1, 1, 0, 0, 0, 1, 0] && sums == [0, -1, 2, 0])
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    let targets = SparseTargets(sets(rows: 3000, classes: 3), classes: 3)
    let results = [1, 2, 3].map { threads in
      var logits = NaiveTwin.values(3000 * 4, "z", deviation: 6)
      let (loss, sums) = SigmoidRows.residual(
        &logits, targets: targets, weights: nil, stride: 4, pool: WorkerPool(threads: threads))
      return (logits, loss, sums)
    }
    for other in results.dropFirst() {
      #expect(other.0 == results[0].0 && other.1 == results[0].1 && other.2 == results[0].2)
    }
  }

  @Test("every instruction set gives the same bits", arguments: NaiveTwin.sizes)
  func instructionSets(n: Int) {
    let extremes: [Float] = [0, -0.0, 90, -90, 88.7, -87.3, 1e-30, -1e30, 1e30, .infinity, -.infinity, .nan]
    let x = Array((extremes + NaiveTwin.values(n, "x", deviation: 4)).prefix(n)), z = NaiveTwin.values(n, "z")
    let labels = (0..<n).map { Float($0 * 7 % 5 < 2 ? 1 : 0) }
    let held = (0..<n).filter { labels[$0] == 1 }.map { Int32($0) }
    func bits(_ values: [Float]) -> [UInt64] { values.map { UInt64($0.bitPattern) } }
    func run(_ v: ck_variant) -> [[UInt64]] {
      var outputs: [[UInt64]] = []
      var y = x
      v.ck_activate_sigmoid(n, &y)
      outputs.append(bits(y))
      for logits in [x, z] {
        outputs.append([v.ck_binary_cross_entropy(n, logits, labels, 3, &y).bitPattern] + bits(y))
        outputs.append([v.ck_squared_error(n, logits, z.reversed(), 3, &y).bitPattern] + bits(y))
      }
      // One row of n labels, and a padding of 16.
      let stride = n + 16
      var row = z + [Float](repeating: 1, count: 16), sums = [Double](repeating: 0.5, count: stride)
      v.ck_sigmoid_rows_strided(row, 1, n, stride, &y)
      outputs.append(bits(y))
      let loss = v.ck_sigmoid_residual(&row, [0, held.count], held, [0.3], 1, n, stride, &sums)
      outputs.append([loss.bitPattern] + bits(row) + sums.map(\.bitPattern))
      return outputs
    }
    var count: Int32 = 0
    let first = ck_variants(&count)
    let found = (0..<Int(count)).compactMap { first?[$0] }.map(run)
    for other in found.dropFirst() { #expect(other == found[0]) }
  }
}
