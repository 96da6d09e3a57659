import Compute
import Foundation
import TestSupport
import Testing

@testable import Autograd

@Suite struct BinaryCrossEntropyTests {
  /// 0 and 1 in no pattern that rows or lanes have.
  private func targets(_ count: Int) -> [Float] { (0..<count).map { $0 * 7 % 5 < 2 ? 1 : 0 } }

  /// log(1 + eᶻ) − t·z as PyTorch writes it, max(z, 0) − z·t + log(1 + e^−|z|), in Double.
  private func losses(_ logits: [Float], _ targets: [Float]) -> [Double] {
    zip(logits, targets).map { logit, target in
      let z = Double(logit), t = Double(target)
      return max(z, 0) - z * t + log1p(exp(-abs(z)))
    }
  }

  /// 1/(1 + e⁻ᶻ) − t without its cancellation, in Double.
  private func slopes(_ logits: [Float], _ targets: [Float]) -> [Double] {
    zip(logits, targets).map { logit, target in
      let side: Double = target == 1 ? -1 : 1
      return side / (1 + exp(-side * Double(logit)))
    }
  }

  /// The loss and d(loss · scale) by the logits `[1, logits.count]`.
  private func run(
    _ logits: [Float], _ targets: [Float], normaliser: Double, scale: Float = 1
  ) throws -> (loss: Double, tensor: Float, gradient: [Float]) {
    let workspace = Workspace()
    let x = Parameter(name: "x", shape: [1, logits.count], values: logits, in: workspace)
    Parameter.number([x])
    let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
    let (loss, tensor) = tape.binaryCrossEntropy(tape[x], targets: targets, normaliser: normaliser)
    tape.backward(tensor, scale: scale)
    return (loss, tensor.array[0], try #require(tape.gradient(of: x)).array)
  }

  @Test("the gradient equals central differences, whatever comes from above", arguments: [1, 2, 16, 33])
  func gradient(labels: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [4, labels], deviation: 2)
    let targets = targets(4 * labels)
    check.check("binaryCrossEntropy") {
      [$0.binaryCrossEntropy($0[x], targets: targets, normaliser: Double(4 * labels)).tensor]
    }
    check.check("binaryCrossEntropy of what is used elsewhere") {
      let loss = $0.binaryCrossEntropy($0[x], targets: targets, normaliser: 2.5).tensor
      return [$0.scale(loss, by: -3), $0[x]]
    }
  }

  @Test("loss and gradient equal PyTorch's formula in Double", arguments: [1, 7, 15, 16, 17, 1000, 2500])
  func values(count: Int) throws {
    var random = Random(seed: 1, stream: "logits")
    let logits = (0..<count).map { _ in Float(4 * random.normal()) }
    let targets = targets(count)
    for (normaliser, scale) in [(Double(count), Float(1)), (0.75, -1.5)] {
      let found = try run(logits, targets, normaliser: normaliser, scale: scale)
      let loss = losses(logits, targets).reduce(0, +) / normaliser
      expectClose(found.loss, loss, relative: 1e-7, "loss of \(count)")
      expectClose(Double(found.tensor), loss, relative: 1e-6, "loss tensor of \(count)")
      expectClose(
        found.gradient, slopes(logits, targets).map { Double(scale) * $0 / normaliser }, absolute: 1e-30,
        relative: 1e-6, "gradient of \(count)")
    }
  }

  @Test("logits of any size give neither infinity nor NaN, and the loss that the right side has is 0")
  func extremes() throws {
    let logits: [Float] = [100, 100, -100, -100, 30, -30, 0, -0.0, 1e4, -1e4, 3e38, -3e38]
    let targets: [Float] = [1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0]
    let found = try run(logits, targets, normaliser: 1)
    expectClose(found.loss, losses(logits, targets).reduce(0, +), relative: 1e-12, "loss")
    expectClose(found.gradient, slopes(logits, targets), absolute: 1e-37, relative: 1e-6, "gradient")
    #expect(try run([100, -100], [1, 0], normaliser: 2).loss == 0)
    #expect(try run([100, -100], [0, 1], normaliser: 2).loss == 100)
    #expect(try run([.nan], [1], normaliser: 1).loss.isNaN)
  }

  @Test("thousands of logits near 0, whose factors of 2 multiply, do not overflow")
  func many() throws {
    let found = try run([Float](repeating: 0, count: 5000), targets(5000), normaliser: 5000)
    expectClose(found.loss, log(2), relative: 1e-12, "loss")
  }

  @Test("shards of a batch add up to it")
  func shards() throws {
    let logits: [Float] = [0.5, -2, 3, 0.1, -0.7, 1.2], targets: [Float] = [1, 0, 0, 1, 1, 0]
    let whole = try run(logits, targets, normaliser: 6)
    let parts = try [0..<2, 2..<6].map { try run(Array(logits[$0]), Array(targets[$0]), normaliser: 6) }
    expectClose(parts.reduce(0) { $0 + $1.loss }, whole.loss, relative: 1e-12, "loss")
    #expect(parts.flatMap(\.gradient) == whole.gradient)
  }

  @Test("a batch of no rows has no loss")
  func empty() {
    let tape = Tape(workspace: Workspace(), mode: .evaluation)
    let (loss, tensor) = tape.binaryCrossEntropy(tape.constant([], shape: [0, 3]), targets: [], normaliser: 1)
    #expect(loss == 0 && tensor.array == [0])
  }
}
