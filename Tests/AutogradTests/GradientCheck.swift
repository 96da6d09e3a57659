import Compute
import TestSupport
import Testing

@testable import Autograd

/// Compares the gradient of every parameter of a small computation with central differences.
struct GradientCheck {
  let workspace = Workspace()
  var parameters: [Parameter] = []
  var mode = Mode.training(Random(seed: 5, stream: "masks"))

  /// A numbered parameter of normal values.
  mutating func parameter(_ name: String, _ shape: [Int], deviation: Double = 1, mean: Double = 0) -> Parameter {
    var random = Random(seed: 11, stream: name)
    let values = (0..<shape.reduce(1, *)).map { _ in Float(mean + deviation * random.normal()) }
    let parameter = Parameter(name: name, shape: shape, values: values, in: workspace)
    parameters.append(parameter)
    Parameter.number(parameters)
    return parameter
  }

  /// `forward` gives tensors; their sum with fixed normal weights is the loss.
  func check(
    _ what: String, step: Float = 1e-2, sourceLocation: SourceLocation = #_sourceLocation,
    _ forward: (Tape) -> [Tensor]
  ) {
    func loss(_ tape: Tape) -> (Double, Tensor) {
      let outputs = forward(tape)
      let weights = outputs.enumerated().map { index, output in
        var random = Random(seed: 3, stream: "weights \(index)")
        return (0..<output.value.count).map { _ in Float(random.normal()) }
      }
      return tape.weightedSum(outputs, weights)
    }
    let tape = Tape(workspace: workspace, mode: mode)
    tape.backward(loss(tape).1)
    for parameter in parameters where !parameter.isFrozen {
      guard let gradient = tape.gradient(of: parameter) else {
        Issue.record("\(what): \(parameter.name) has no gradient", sourceLocation: sourceLocation)
        continue
      }
      let point = parameter.value.array
      expectGradient(
        of: { moved in
          parameter.value.copy(from: moved)
          defer { parameter.value.copy(from: point) }
          return loss(Tape(workspace: workspace, mode: mode)).0
        }, at: point, analytic: gradient.array, step: step, "\(what): \(parameter.name)",
        sourceLocation: sourceLocation)
    }
  }
}

extension Tape {
  /// Σ weights·values over all outputs, in Double and as a tensor of one element.
  func weightedSum(_ outputs: [Tensor], _ weights: [[Float]]) -> (Double, Tensor) {
    var sum = 0.0
    for (output, weight) in zip(outputs, weights) {
      for (a, b) in zip(output.array, weight) { sum += Double(a) * Double(b) }
    }
    let loss = result(Buffer([Float(sum)], in: workspace), [1], of: outputs)
    record(loss) { [workspace] d in
      for (output, weight) in zip(outputs, weights) where output.requiresGradient {
        output.accumulate(giving: Buffer(weight.map { $0 * d[0] }, in: workspace))
      }
    }
    return (sum, loss)
  }
}
