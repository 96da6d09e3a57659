import Autograd

/// y = gain ⊙ (x − mean) / √(variance + ε) + bias over the last axis (Ba et al. 2016, section 3).
public struct LayerNorm {
  /// `[width]`, from 1.
  public let gain: Parameter
  /// `[width]`, from 0; nil where there is none.
  public let bias: Parameter?
  public let epsilon: Float

  /// Parameters `name.weight` and, with `hasBias`, `name.bias`.
  public init(_ name: String, width: Int, epsilon: Double, hasBias: Bool = true, from source: ParameterSource) {
    gain = source.bias(name + ".weight", [width], .constant(1))
    bias = hasBias ? source.bias(name + ".bias", [width]) : nil
    self.epsilon = Float(epsilon)
  }

  /// `[n, width]` → `[n, width]`, of dropout(x) + residual.
  public func callAsFunction(
    _ x: Tensor, residual: Tensor? = nil, dropout: Float = 0, on tape: Tape
  ) -> Tensor {
    tape.layerNorm(x, residual: residual, gain: gain, bias: bias, epsilon: epsilon, dropout: dropout)
  }

  public var parameters: [Parameter] { [gain] + (bias.map { [$0] } ?? []) }
}
