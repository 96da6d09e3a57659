import Autograd

/// Filters over windows of a sequence's rows, and the maximum of each over the windows (Kim 2014, section 2).
public struct WindowConvolution {
  /// Rows of a window.
  public let width: Int
  /// `[filters, width × inputs]`.
  public let weight: Parameter
  /// `[filters]`.
  public let bias: Parameter

  /// Parameters `name.weight` and `name.bias`; the bias starts at 0.
  public init(_ name: String, inputs: Int, width: Int, filters: Int, from source: ParameterSource) {
    self.width = width
    weight = source.weight(name + ".weight", [filters, width * inputs], .xavier)
    bias = source.bias(name + ".bias", [filters])
  }

  /// `[n, inputs]` → `[b, filters]`.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    tape.convolution(x, offsets: offsets, weight: weight, bias: bias, width: width)
  }

  /// A product a window; its gradients are those of one window for each sequence and filter.
  public func count(lengths: [Int], in count: inout OperationCount) {
    let windows = lengths.reduce(0) { $0 + $1 + width - 1 }
    count.multiply(2 * Double(windows) * Double(weight.shape[0]) * Double(weight.shape[1]), by: [weight])
    count.read([bias])
  }

  public var parameters: [Parameter] { [weight, bias] }
}
