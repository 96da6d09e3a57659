import Autograd
import Compute
import Models

/// The gradient of each parameter of a network, in its order; nil where the loss does not depend on it.
public struct Gradients {
  public let buffers: [Buffer?]
  /// √Σ g² over all of them.
  public let norm: Double

  public init(buffers: [Buffer?]) {
    self.buffers = buffers
    norm = buffers.reduce(0) { $0 + ($1.map { Kernels.sumOfSquares($0) } ?? 0) }.squareRoot()
  }

  /// Adds up the gradients of shards, in their order, into the buffers of the first that has one.
  public init(of tapes: [Tape], parameters: [Parameter]) {
    var squares = 0.0
    buffers = parameters.map { parameter in
      let parts = tapes.compactMap { $0.gradient(of: parameter) }
      guard let sum = parts.first else { return nil }
      for part in parts.dropFirst().dropLast() { Kernels.add(part, to: sum) }
      squares += parts.count > 1 ? Kernels.addSumOfSquares(parts[parts.count - 1], to: sum) : Kernels.sumOfSquares(sum)
      return sum
    }
    norm = squares.squareRoot()
  }

  /// What to multiply the gradients by so that their norm is at most `limit`, as PyTorch's clip_grad_norm_ (Pascanu et
  /// al. 2013): limit / (norm + 1e-6), at most 1.
  public func clipScale(_ limit: Double?) -> Double {
    limit.map { min(1, $0 / (norm + 1e-6)) } ?? 1
  }
}
