import Autograd
import Compute
import Models

/// The gradient of each parameter of a network, in its order; nil where the loss does not depend on it.
public struct Gradients {
  public let all: [Gradient?]
  /// √Σ g² over all of them.
  public let norm: Double

  public init(_ gradients: [Gradient?]) {
    all = gradients
    norm = gradients.reduce(0) { $0 + ($1?.sumOfSquares ?? 0) }.squareRoot()
  }

  /// Adds up the gradients of shards, in their order, into the memory of the first that has one.
  public init(of tapes: [Tape], parameters: [Parameter], on pool: WorkerPool) {
    let sums = parameters.map { _ in Sum() }
    pool.run(parameters.count) { index in
      let parts = tapes.compactMap { $0.gradient(of: parameters[index]) }
      guard var sum = parts.first else { return }
      var squares = parts.count > 1 ? 0 : sum.sumOfSquares
      for part in parts.dropFirst() { squares = sum.add(part) }
      (sums[index].gradient, sums[index].squares) = (sum, squares)
    }
    all = sums.map(\.gradient)
    norm = sums.reduce(0) { $0 + $1.squares }.squareRoot()
  }

  /// One parameter's gradient and its Σ g²: what one piece of the pool's work leaves.
  private final class Sum {
    var gradient: Gradient?
    var squares = 0.0
  }

  /// What to multiply the gradients by so that their norm is at most `limit`, as PyTorch's clip_grad_norm_ (Pascanu et
  /// al. 2013): limit / (norm + 1e-6), at most 1.
  public func clipScale(_ limit: Double?) -> Double {
    limit.map { min(1, $0 / (norm + 1e-6)) } ?? 1
  }
}
