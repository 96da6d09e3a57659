import Compute

/// A named trainable tensor. Its gradient belongs to the tape, so several tapes can share it, read-only.
public final class Parameter {
  public let name: String
  public let shape: [Int]
  public let value: Buffer
  /// Whether weight decay applies; false for biases and norms.
  public let decays: Bool
  /// Keeps its values: tapes carry no gradient to it, nor to anything below that nothing else trains.
  public var isFrozen = false
  /// Its place among its network's parameters; −1 until numbered.
  public private(set) var index = -1

  /// Fails unless `value` has as many elements as `shape` says.
  public init(name: String, shape: [Int], value: Buffer, decays: Bool = true) {
    precondition(
      shape.reduce(1, *) == value.count, "Parameter \(name): \(value.count) values for shape \(shape)")
    (self.name, self.shape, self.value, self.decays) = (name, shape, value, decays)
  }

  public convenience init(
    name: String, shape: [Int], values: [Float], decays: Bool = true, in workspace: Workspace
  ) {
    self.init(name: name, shape: shape, value: Buffer(values, in: workspace), decays: decays)
  }

  public var count: Int { value.count }

  /// Gives each parameter its place; once, by the network that owns them.
  public static func number(_ parameters: [Parameter]) {
    for (index, parameter) in parameters.enumerated() {
      precondition(
        parameter.index == -1 || parameter.index == index,
        "Parameter \(parameter.name): numbered \(parameter.index), now \(index)")
      parameter.index = index
    }
  }
}
