import Autograd
import Compute
import Models

/// Loss and gradient of one batch of a network by all that is trained of it when this is made, in fixed shards
/// (`ShardedGradient`).
public final class BatchGradient<Model: Network> {
  private let network: Model
  private let sequences: [[Int32]]
  private let head: Head
  private let lengths: [Int]
  var pool: WorkerPool { shards.pool }
  /// Parts of a batch that are computed one after another.
  private let parts: Int
  /// The sum over the parts; made when it is first needed.
  private let sums = Workspace()
  private var sum: [Gradient?] = []
  private let shards: ShardedGradient

  public convenience init(
    _ network: Model, rows: LabelledSequences, lengths: [Int], classWeights: [Float]?, parts: Int = 1,
    pool: WorkerPool
  ) {
    self.init(
      network, sequences: rows.sequences, lengths: lengths,
      head: Head(rows.targets, outputs: network.classes, classWeights: classWeights), parts: parts, pool: pool)
  }

  init(_ network: Model, sequences: [[Int32]], lengths: [Int], head: Head, parts: Int, pool: WorkerPool) {
    (self.network, self.sequences, self.lengths, self.parts) = (network, sequences, lengths, parts)
    self.head = head
    shards = ShardedGradient(network.trainedParameters, pool: pool)
  }

  /// Largest sum of live bytes in the shards' workspaces.
  var peakBytes: Int { sums.peakBytes + shards.peakBytes }

  /// Sum of the weights of a batch: what its loss is divided by.
  func weight(of batch: [Int]) -> Double { head.weight(of: batch) }

  /// The loss, and the gradients where the loss is finite. Their memory is its own: use them before the next call.
  public func compute(_ batch: [Int], dropout random: Random) -> (loss: Double, gradients: Gradients?) {
    let normaliser = weight(of: batch)
    guard parts > 1, batch.count > 1 else { return compute(batch, normaliser: normaliser, dropout: random) }
    let size = (batch.count + parts - 1) / parts
    var loss = 0.0
    for (index, start) in stride(from: 0, to: batch.count, by: size).enumerated() {
      let part = Array(batch[start..<min(start + size, batch.count)])
      let computed = compute(part, normaliser: normaliser, dropout: random.stream("part \(index)"))
      loss += computed.loss
      guard let gradients = computed.gradients else { return (loss, nil) }
      add(gradients, isFirst: index == 0)
    }
    return (loss, Gradients(sum))
  }

  private func add(_ gradients: Gradients, isFirst: Bool) {
    if isFirst { sum = gradients.all.map { _ in nil } }
    for (index, gradient) in gradients.all.enumerated() {
      guard let gradient else { continue }
      if sum[index]?.add(gradient) == nil { sum[index] = gradient.copy(in: sums) }
    }
  }

  private func compute(
    _ batch: [Int], normaliser: Double, dropout random: Random
  ) -> (loss: Double, gradients: Gradients?) {
    let parts = Batches.shards(batch, lengths: lengths)
    return shards.compute(parts.count, dropout: random) { index, tape in
      let outputs = self.network.logits(TokenBatch(self.sequences, rows: parts[index]), on: tape)
      return self.head.loss(outputs, rows: parts[index], normaliser: normaliser, on: tape)
    }
  }
}
