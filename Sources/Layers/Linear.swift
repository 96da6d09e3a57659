import Autograd

/// y = activation(x Wᵀ + b): every output is a weighted sum of all inputs.
public struct Linear {
  /// `[outputs, inputs]`.
  public let weight: Parameter
  /// `[outputs]`; nil where there is none.
  public let bias: Parameter?

  /// Parameters `name.weight` and, with `hasBias`, `name.bias`, which starts at 0.
  public init(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true, initializer: Initializer = .xavier,
    from source: ParameterSource
  ) {
    weight = source.weight(name + ".weight", [outputs, inputs], initializer)
    bias = hasBias ? source.bias(name + ".bias", [outputs]) : nil
  }

  /// `[n, inputs]` → `[n, outputs]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape, activation: Activation = .none) -> Tensor {
    tape.linear(x, weight: weight, bias: bias, activation: activation)
  }

  /// The product for this many rows: 2 × rows × inputs × outputs.
  public func count(rows: Int, in count: inout OperationCount) {
    count.multiply(2 * Double(rows) * Double(weight.shape[0]) * Double(weight.shape[1]), by: [weight])
    if let bias { count.read([bias]) }
  }

  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
}
