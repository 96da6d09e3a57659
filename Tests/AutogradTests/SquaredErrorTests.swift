import Compute
import TestSupport
import Testing

@testable import Autograd

@Suite struct SquaredErrorTests {
  private func values(_ count: Int, _ label: String) -> [Float] {
    var random = Random(seed: 1, stream: label)
    return (0..<count).map { _ in Float(3 * random.normal()) }
  }

  @Test("the gradient equals central differences, whatever comes from above", arguments: [1, 2, 16, 33])
  func gradient(columns: Int) {
    var check = GradientCheck()
    let x = check.parameter("x", [4, columns])
    let targets = values(4 * columns, "targets")
    check.check("squaredError") {
      [$0.squaredError($0[x], targets: targets, normaliser: Double(4 * columns)).tensor]
    }
    check.check("squaredError of what is used elsewhere") {
      [$0.scale($0.squaredError($0[x], targets: targets, normaliser: 2.5).tensor, by: -3), $0[x]]
    }
  }

  @Test("loss and gradient equal PyTorch's formula in Double", arguments: [1, 7, 15, 16, 17, 1000])
  func formula(count: Int) throws {
    let outputs = values(count, "outputs"), targets = values(count, "targets")
    let differences = zip(outputs, targets).map { Double($0) - Double($1) }
    for (normaliser, scale) in [(Double(count), Float(1)), (0.75, -1.5)] {
      let workspace = Workspace()
      let x = Parameter(name: "x", shape: [count, 1], values: outputs, in: workspace)
      Parameter.number([x])
      let tape = Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks")))
      let (loss, tensor) = tape.squaredError(tape[x], targets: targets, normaliser: normaliser)
      let expected = differences.reduce(0) { $0 + $1 * $1 } / normaliser
      expectClose(loss, expected, relative: 1e-12, "loss of \(count)")
      expectClose(Double(tensor.array[0]), expected, relative: 1e-6, "loss tensor of \(count)")
      tape.backward(tensor, scale: scale)
      expectClose(
        try #require(tape.gradient(of: x)).array, differences.map { 2 * Double(scale) * $0 / normaliser },
        absolute: 1e-30, relative: 1e-6, "gradient of \(count)")
    }
  }

  @Test("numbers far from 0 and close to each other lose no digits to the square")
  func farAway() {
    let tape = Tape(workspace: Workspace(), mode: .evaluation)
    let outputs = tape.constant([1_000_000, 1_000_000.5], shape: [2, 1])
    #expect(tape.squaredError(outputs, targets: [1_000_000.25, 1_000_000.25], normaliser: 2).loss == 0.0625)
    #expect(tape.squaredError(tape.constant([3e30], shape: [1, 1]), targets: [0], normaliser: 1).loss.isFinite)
  }

  @Test("a batch of no rows has no loss")
  func empty() {
    let tape = Tape(workspace: Workspace(), mode: .evaluation)
    let (loss, tensor) = tape.squaredError(tape.constant([], shape: [0, 1]), targets: [], normaliser: 1)
    #expect(loss == 0 && tensor.array == [0])
  }
}
