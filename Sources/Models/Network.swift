import Autograd
import Compute
import Layers

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

  /// Those that are not frozen, in their order: all that training changes, or keeps anything of.
  public var trainedParameters: [Parameter] { parameters.filter { !$0.isFrozen } }

  /// Whether no weight is infinite or NaN, as a last step can leave them, whose loss is that of the weights before it.
  public var hasFiniteWeights: Bool { parameters.allSatisfy { $0.value.array.allSatisfy(\.isFinite) } }
}

/// A network over token sequences whose outputs stand for classes, labels or a number.
public protocol Network: Parameterised {
  /// Outputs: classes or labels, or 1 for a number.
  var classes: Int { get }
  /// The last layer, `[classes, width]`.
  var classifier: Linear { get }
  /// The vector of each token before anything else is done with it, `[n, width]`: n are the steps of all sequences
  /// (`length`).
  func words(_ batch: TokenBatch, on tape: Tape) -> Tensor
  /// `[b, classes]`: log-probabilities up to a constant for each sequence. What is given as words, `[n, width]`, stands in
  /// place of what `words` gives.
  func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor
  /// Steps of a sequence as the layers read it, 1 at least.
  func length(_ sequence: [Int32]) -> Int
  /// Counts the products over sequences of these lengths.
  func count(lengths: [Int], in count: inout OperationCount)
  /// Shards that a batch of predictions is cut into, a power of two. Small ones let cores of unequal speed share the
  /// work; large ones keep the steps of a recurrent network long.
  var predictionShards: Int { get }
}

extension Network {
  /// `[b, classes]`: log-probabilities up to a constant for each sequence.
  public func logits(_ batch: TokenBatch, on tape: Tape) -> Tensor { logits(batch, words: nil, on: tape) }

  public var predictionShards: Int { 2 }

  public func length(_ sequence: [Int32]) -> Int { max(1, sequence.count) }

  /// The products over sequences of these lengths.
  public func operations(lengths: [Int]) -> OperationCount { OperationCount { count(lengths: lengths, in: &$0) } }

  /// Floating-point operations of the products in one forward pass over sequences of these lengths.
  public func forwardFLOPs(lengths: [Int]) -> Double { operations(lengths: lengths).forward }
}
