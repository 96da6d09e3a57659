import Autograd
import Compute

/// Losses and gradients of the shards of a batch, which a pool may compute side by side, and their sum.
///
/// They are added in the order of the shards: where a batch is cut the same way whatever the number of threads, the bits
/// do not depend on them.
final class ShardedGradient {
  let pool: WorkerPool
  private let parameters: [Parameter]
  private let shards = (0..<Batches.shardCount).map { _ in Shard() }

  /// What one thread works on: its own buffers and tape.
  private final class Shard {
    let workspace = Workspace()
    var tape: Tape?
    var loss = 0.0
  }

  init(_ parameters: [Parameter], pool: WorkerPool) { (self.parameters, self.pool) = (parameters, pool) }

  /// Largest sum of live bytes in the shards' workspaces.
  var peakBytes: Int { shards.reduce(0) { $0 + $1.workspace.peakBytes } }

  /// The sum of the losses of `count` shards, and of their gradients where it is finite. Those are memory of its own: use
  /// them before the next call.
  ///
  /// - Parameter shardLoss: the loss of one shard, on its tape, as its part of the whole.
  func compute(
    _ count: Int, dropout random: Random, shardLoss: (_ shard: Int, _ tape: Tape) -> (loss: Double, tensor: Tensor)
  ) -> (loss: Double, gradients: Gradients?) {
    pool.run(count) { index in
      let shard = self.shards[index]
      let tape = Tape(workspace: shard.workspace, mode: .training(random.stream("shard \(index)")))
      let (loss, tensor) = shardLoss(index, tape)
      if loss.isFinite { tape.backward(tensor) }
      (shard.tape, shard.loss) = (tape, loss)
    }
    let used = shards.prefix(count)
    defer { for shard in used { shard.tape = nil } }
    let loss = used.reduce(0) { $0 + $1.loss }
    guard loss.isFinite else { return (loss, nil) }
    return (loss, Gradients(of: used.compactMap(\.tape), parameters: parameters, on: pool))
  }
}
