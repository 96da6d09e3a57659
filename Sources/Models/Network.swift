import Autograd
import Compute

/// What gradient descent trains.
///
/// Parameters are read by several tapes at once while a batch is computed, and changed only between batches.
public protocol Parameterised: AnyObject {
  /// Every trained tensor, numbered in this order.
  var parameters: [Parameter] { get }
  /// Holds the parameters.
  var workspace: Workspace { get }
}

extension Parameterised {
  /// Trained numbers in the model.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }
}

/// A classifier of token sequences.
public protocol Network: Parameterised {
  /// Classes that the logits are for.
  var classes: Int { get }
  /// `[b, classes]`: log-probabilities up to a constant for each sequence.
  func logits(_ batch: TokenBatch, on tape: Tape) -> Tensor
  /// Floating-point operations of the products (2·m·n·k each) in one forward pass over sequences of these lengths.
  func forwardFLOPs(lengths: [Int]) -> Double
  /// Shards that a batch of predictions is cut into, a power of two. Small ones let cores of unequal speed share the
  /// work; large ones keep the steps of a recurrent network long.
  var predictionShards: Int { get }
}

extension Network {
  public var predictionShards: Int { 2 }
}
