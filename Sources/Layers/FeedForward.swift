import Autograd

/// W₂ GELU(W₁ x + b₁) + b₂ at every token (Vaswani et al. 2017, section 3.3; GELU of Hendrycks and Gimpel 2016, by erf).
public struct FeedForward {
  /// `[hidden]` → `[intermediate]`.
  public let rise: Linear
  /// `[intermediate]` → `[hidden]`.
  public let fall: Linear

  /// Parameters `name.intermediate.dense.*` and `name.output.dense.*`.
  public init(
    _ name: String, hidden: Int, intermediate: Int, initializer: Initializer, from source: ParameterSource
  ) {
    rise = Linear(
      name + ".intermediate.dense", inputs: hidden, outputs: intermediate, initializer: initializer, from: source)
    fall = Linear(
      name + ".output.dense", inputs: intermediate, outputs: hidden, initializer: initializer, from: source)
  }

  /// `[n, hidden]` → `[n, hidden]`.
  public func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    fall(rise(x, on: tape, activation: .gelu), on: tape)
  }

  public func count(rows: Int, in count: inout OperationCount) {
    rise.count(rows: rows, in: &count)
    fall.count(rows: rows, in: &count)
  }

  public var parameters: [Parameter] { rise.parameters + fall.parameters }
}
