import Compute

/// Whether dropout acts and gradients are recorded.
public enum Mode: Sendable {
  /// No dropout, nothing recorded.
  case evaluation
  /// Dropout masks come from the stream; `backward` may follow.
  case training(Random)
  /// No dropout; `backward` may follow, for the gradients of variables and not of parameters.
  case gradients
}

/// Records what was computed, in order, and runs the gradients in reverse (Griewank and Walther 2008, chapter 3).
///
/// One tape serves one forward and one backward pass, on one thread. Shards of a batch have a tape each;
/// they share the parameters and keep their gradients apart.
public final class Tape {
  public typealias Mode = Autograd.Mode

  public let workspace: Workspace
  /// Whether the tape records.
  public let isTraining: Bool
  /// What products with weights use in evaluation mode; nil where each packs its own.
  let packedWeights: PackedWeights?
  private var random: Random?
  private var leaves: [Tensor?] = []
  private var parameters: [Parameter?] = []

  /// A recorded op: what it made, and how to carry the gradients of that to its inputs.
  private struct Step {
    let outputs: [Tensor]
    let pullback: () -> Void
  }
  private var steps: [Step] = []

  /// `packedWeights` serve evaluation only.
  public init(workspace: Workspace, mode: Mode, packedWeights: PackedWeights? = nil) {
    self.workspace = workspace
    if case .evaluation = mode { self.packedWeights = packedWeights } else { self.packedWeights = nil }
    switch mode {
    case .evaluation:
      isTraining = false
    case .training(let random):
      isTraining = true
      self.random = random
    case .gradients:
      isTraining = true
    }
  }

  /// The parameter as a tensor that shares its values; one per tape.
  public subscript(parameter: Parameter) -> Tensor {
    let index = parameter.index
    precondition(index >= 0, "Tape: parameter \(parameter.name) is not numbered (Parameter.number)")
    if index < leaves.count, let leaf = leaves[index] {
      precondition(parameters[index] === parameter, "Tape: two parameters are numbered \(index)")
      return leaf
    }
    if index >= leaves.count {
      leaves.append(contentsOf: Array(repeating: nil, count: index + 1 - leaves.count))
      parameters.append(contentsOf: Array(repeating: nil, count: index + 1 - parameters.count))
    }
    let leaf = Tensor(
      shape: parameter.shape, value: parameter.value, requiresGradient: random != nil && !parameter.isFrozen,
      workspace: workspace)
    leaves[index] = leaf
    parameters[index] = parameter
    return leaf
  }

  /// A tensor of given values, without gradient.
  public func constant(_ values: [Float], shape: [Int]) -> Tensor {
    Tensor(shape: shape, value: Buffer(values, in: workspace), requiresGradient: false, workspace: workspace)
  }

  /// A tensor of given values to which `backward` carries a gradient (`Tensor.gradient`).
  public func variable(_ values: Buffer, shape: [Int]) -> Tensor {
    Tensor(shape: shape, value: values, requiresGradient: isTraining, workspace: workspace)
  }

  /// Runs every recorded gradient once, last op first, from d(loss) = `scale`; releases what each used.
  ///
  /// Gradients of parameters are there afterwards (`gradient(of:)`), and of variables; those of other tensors are gone, but
  /// for those that `keepGradient` names.
  public func backward(_ loss: Tensor, scale: Float = 1) {
    precondition(loss.value.count == 1, "Tape.backward: the loss has shape \(loss.shape), expected one element")
    backward(from: loss, [scale])
  }

  /// The same from several outputs, each with its own share of what is differentiated: of Σ weights · outputs.
  public func backward(from outputs: Tensor, _ weights: [Float]) {
    precondition(
      weights.count == outputs.value.count, "Tape.backward: \(weights.count) weights for outputs \(outputs.shape)")
    precondition(isTraining, "Tape.backward: the tape is in evaluation mode")
    let start = outputs.sum()
    for index in weights.indices { start[index] += weights[index] }
    while let step = steps.popLast() {
      for output in step.outputs where output.keepsGradient {
        // A pullback may change the buffer, or give it away.
        output.keptGradient = output.gradient.map { gradient in
          let copy = buffer(gradient.count)
          copy.copy(from: gradient)
          return copy
        }
      }
      if step.outputs.contains(where: { $0.gradient != nil }) { step.pullback() }
      for output in step.outputs { output.gradient = nil }
    }
  }

  /// The gradient that `backward` left for a parameter; nil where it was not used.
  public func gradient(of parameter: Parameter) -> Gradient? {
    let index = parameter.index
    guard index >= 0, index < leaves.count, parameters[index] === parameter else { return nil }
    guard let leaf = leaves[index] else { return nil }
    return leaf.rowGradient.map { .rows($0) } ?? leaf.gradient.map { .dense($0) }
  }

  /// Lets `backward` leave the gradient of what an op made: what attribution asks for.
  public func keepGradient(of tensor: Tensor) {
    precondition(tensor.requiresGradient, "Tape.keepGradient: no gradient arrives at the tensor \(tensor.shape)")
    tensor.keepsGradient = true
  }

  /// The gradient that `backward` left of a tensor that was to keep it; nil where none arrived.
  public func keptGradient(of tensor: Tensor) -> Buffer? { tensor.keptGradient }

  /// An uncleared buffer for an op's result.
  func buffer(_ count: Int) -> Buffer { Buffer(count: count, in: workspace, zeroed: false) }

  /// The result of an op; it carries a gradient if the tape records and one of the inputs does.
  func result(_ value: Buffer, _ shape: [Int], of inputs: [Tensor]) -> Tensor {
    let requires = isTraining && inputs.contains { $0.requiresGradient }
    return Tensor(shape: shape, value: value, requiresGradient: requires, workspace: workspace)
  }

  /// Records an op with one output; `pullback` gets the output's gradient, and may keep or change it.
  func record(_ output: Tensor, _ pullback: @escaping (Buffer) -> Void) {
    guard output.requiresGradient else { return }
    steps.append(
      Step(outputs: [output]) {
        if let gradient = output.gradient { pullback(gradient) }
      })
  }

  /// Records an op with several outputs; `pullback` reads their gradients itself.
  func record(_ outputs: [Tensor], _ pullback: @escaping () -> Void) {
    guard outputs.contains(where: { $0.requiresGradient }) else { return }
    steps.append(Step(outputs: outputs, pullback: pullback))
  }

  /// A mask for the next op with dropout; keeps everything in evaluation mode.
  func nextDropout(_ probability: Float) -> Dropout {
    guard probability > 0, let key = random?.next() else { return .none }
    return Dropout(probability: probability, key: key)
  }
}
