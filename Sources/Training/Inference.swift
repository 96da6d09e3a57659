import Autograd
import Compute
import Models
import Synchronization
import Tasks

/// A network's answers to token sequences.
public enum Inference {
  /// Class probabilities `[sequences, classes]`, in the order of `sequences`. Keep an `InferenceSession` where it is
  /// called often.
  public static func probabilities(
    _ network: some Network, sequences: [[Int32]], batchSize: Int = 32, pool: WorkerPool
  ) -> [Float] {
    InferenceSession(network, batchSize: batchSize, pool: pool).answers(sequences)
  }
}

/// A network ready to predict: keeps its buffers from call to call.
///
/// Sequences are sorted by length and cut into batches, and each batch into its shards; each of the pool's threads takes
/// the next shard when it is done with one. What a shard holds does not depend on the threads.
public final class InferenceSession<Model: Network> {
  private let network: Model
  private let problem: Problem
  private let batchSize: Int
  private let pool: WorkerPool
  private let lanes: [Lane]
  /// nil where the weights may change from call to call: then each call packs them.
  private let packedWeights: PackedWeights?
  private var packedBytes = 0

  /// What one thread works with.
  private final class Lane {
    let workspace = Workspace()
    var results: [(shard: Int, answers: [Float])] = []
  }

  /// `packedWeights` are those of a network that nobody changes any more; several sessions may share them.
  public init(
    _ network: Model, problem: Problem = .classification, batchSize: Int = 32, packedWeights: PackedWeights? = nil,
    pool: WorkerPool
  ) {
    precondition(batchSize > 0, "InferenceSession: batches of \(batchSize)")
    (self.network, self.problem, self.batchSize, self.pool) = (network, problem, batchSize, pool)
    self.packedWeights = packedWeights
    lanes = (0..<pool.threads).map { _ in Lane() }
  }

  /// Largest sum of live bytes in its workspaces.
  public var peakBytes: Int { lanes.reduce(packedBytes) { $0 + $1.workspace.peakBytes } }

  /// Probabilities or numbers `[sequences, outputs]`, in the order of `sequences`.
  public func answers(_ sequences: [[Int32]]) -> [Float] {
    outputs(sequences, width: network.classes) { [network, problem] batch, tape in
      let logits = network.logits(batch, on: tape)
      problem.decode(logits.value, rows: batch.count, columns: network.classes)
      return logits
    }
  }

  /// What `body` makes of sequences that are computed together, `[batch, width]`, as `[sequences, width]` in the order of
  /// `sequences`.
  public func outputs(_ sequences: [[Int32]], width: Int, _ body: (TokenBatch, Tape) -> Tensor) -> [Float] {
    let lengths = sequences.map { network.length($0) }
    let shards = Batches.sorted(lengths: lengths, size: batchSize).flatMap {
      Batches.shards($0, lengths: lengths, count: network.predictionShards)
    }
    let next = Atomic(0), weights = packedWeights ?? PackedWeights()
    pool.run(min(lanes.count, shards.count)) { index in
      let lane = self.lanes[index]
      while true {
        let shard = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard shard < shards.count else { break }
        let tape = Tape(workspace: lane.workspace, mode: .evaluation, packedWeights: weights)
        lane.results.append((shard, body(TokenBatch(sequences, rows: shards[shard]), tape).value.array))
      }
    }
    packedBytes = weights.byteCount
    var outputs = [Float](repeating: 0, count: sequences.count * width)
    for lane in lanes {
      for (shard, values) in lane.results {
        for (place, row) in shards[shard].enumerated() {
          for column in 0..<width { outputs[row * width + column] = values[place * width + column] }
        }
      }
      lane.results = []
    }
    return outputs
  }
}
