import Autograd

/// Floating-point operations of a network's products (2·m·n·k each), counted from its inputs up.
///
/// A product's backward pass is one of the same size for its weights, where they are trained, and one for its input,
/// where anything below is.
public struct OperationCount {
  /// Of a forward pass.
  public private(set) var forward = 0.0
  /// Of a forward and a backward pass; three times the forward pass where nothing is frozen.
  public private(set) var training = 0.0
  /// Something counted so far is trained: gradients are carried down to it.
  private var isTrainedBelow = false

  /// What `body` counts.
  public init(_ body: (inout OperationCount) -> Void) { body(&self) }

  /// Parameters that take no product: tables, gains and biases.
  public mutating func read(_ parameters: [Parameter]) {
    if parameters.contains(where: { !$0.isFrozen }) { isTrainedBelow = true }
  }

  /// Products of what stands below with each of these weights.
  public mutating func multiply(_ operations: Double, by weights: [Parameter]) {
    for weight in weights {
      forward += operations
      training += operations * (1 + (weight.isFrozen ? 0 : 1) + (isTrainedBelow ? 1 : 0))
    }
    read(weights)
  }

  /// Products of what stands below with itself, as attention's.
  public mutating func mix(_ operations: Double) {
    forward += operations
    training += operations * (isTrainedBelow ? 3 : 1)
  }
}
