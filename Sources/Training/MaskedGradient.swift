import Autograd
import Compute
import Foundation
import Models

/// Loss and gradient of one batch of masked sequences, in the same fixed shards as `BatchGradient`.
final class MaskedGradient {
  private let model: MaskedLanguageModel
  private let shards: ShardedGradient

  init(_ model: MaskedLanguageModel, pool: WorkerPool) {
    self.model = model
    shards = ShardedGradient(model.trainedParameters, pool: pool)
  }

  var peakBytes: Int { shards.peakBytes }

  /// The mean loss over all hidden tokens in nats, and the gradients where it is finite. They are buffers of its own:
  /// use them before the next call.
  func compute(_ batch: [Masking.Masked], dropout random: Random) -> (loss: Double, gradients: Gradients?) {
    let normaliser = Double(batch.reduce(0) { $0 + $1.places.count })
    let parts = Batches.shards(Array(batch.indices), lengths: batch.map(\.ids.count))
    return shards.compute(parts.count, dropout: random) { index, tape in
      let part = MaskedBatch(parts[index].map { batch[$0] })
      let logits = self.model.logits(part.tokens, at: part.places, on: tape)
      return tape.crossEntropy(logits, labels: part.labels, normaliser: normaliser)
    }
  }
}

/// Masked sequences one after another.
private struct MaskedBatch {
  let tokens: TokenBatch
  /// Into all ids of the batch.
  let places: [Int]
  let labels: [Int]

  init(_ sequences: [Masking.Masked]) {
    tokens = TokenBatch(sequences.map(\.ids))
    places = zip(sequences, tokens.offsets).flatMap { sequence, start in sequence.places.map { start + $0 } }
    labels = sequences.flatMap(\.labels)
  }
}

/// What a masked language model makes of hidden tokens, without dropout.
enum MaskedEvaluation {
  /// Mean cross-entropy of the hidden tokens in nats, and the share of them that the model names right.
  ///
  /// Batches are formed and added up in one order, whatever the threads.
  static func measure(
    _ model: MaskedLanguageModel, _ sequences: [Masking.Masked], batchSize: Int, pool: WorkerPool
  ) -> (loss: Double, accuracy: Double) {
    let batches = Batches.sorted(lengths: sequences.map(\.ids.count), size: batchSize)
    let sums = batches.map { _ in Sum() }
    pool.run(batches.count) { index in
      let tape = Tape(workspace: Workspace(), mode: .evaluation)
      let batch = MaskedBatch(batches[index].map { sequences[$0] })
      let logits = model.logits(batch.tokens, at: batch.places, on: tape)
      let columns = logits.columns, values = logits.array
      sums[index].loss = tape.crossEntropy(logits, labels: batch.labels, normaliser: 1).loss
      sums[index].right = zip(mostProbable(values, classes: columns), batch.labels).count { $0 == $1 }
      sums[index].places = batch.places.count
    }
    let places = Double(sums.reduce(0) { $0 + $1.places })
    return (sums.reduce(0) { $0 + $1.loss } / places, Double(sums.reduce(0) { $0 + $1.right }) / places)
  }

  /// What one batch leaves.
  private final class Sum {
    var loss = 0.0
    var right = 0
    var places = 0
  }
}
