import Autograd
import Compute
import Models

/// Tunes an encoder on pairs of texts: those of one class come together, those of two apart (Tunstall et al. 2022, section
/// 3; the loss of Reimers and Gurevych 2019, section 3.1).
public enum ContrastiveTrainer {
  /// Two rows, and whether they have one class.
  struct Pair: Equatable {
    var first: Int
    var second: Int
    var isSame: Bool
  }

  /// Trains for all epochs; the last weights stay. The classifier is not trained.
  ///
  /// Everything random derives from `random` by name, and batches are cut into fixed shards: no bit depends on the threads.
  ///
  /// - Parameters:
  ///   - network: trained where it stands.
  ///   - sequences: token ids of each row.
  ///   - labels: the class of each.
  ///   - settings: pairs, epochs, batches and rates.
  ///   - random: the origin of every stream.
  ///   - pool: threads for the shards of a batch.
  ///   - isStopped: asked before each step.
  ///   - progress: called after each step.
  /// - Throws: `TrainingFailure` where there is no pair, a loss, gradient or weight is not finite, or it is stopped.
  public static func train(
    _ network: SentenceClassifier, sequences: [[Int32]], labels: [Int], settings: ContrastiveSettings, random: Random,
    pool: WorkerPool, isStopped: () -> Bool = { false }, progress: ((TrainingProgress) -> Void)? = nil
  ) throws(TrainingFailure) -> TrainingOutcome {
    precondition(sequences.count == labels.count, "ContrastiveTrainer: \(sequences.count) rows, \(labels.count) labels")
    network.workspace.resetPeak()
    for parameter in network.classifier.parameters { parameter.isFrozen = true }
    defer { for parameter in network.classifier.parameters { parameter.isFrozen = false } }
    let lengths = sequences.map { network.length($0) }
    let gradient = PairGradient(network, sequences: sequences, pool: pool)
    let optimizer = AdamW(network.trainedParameters, settings: settings.optimizer, workspace: network.workspace)
    let drawn = (1...settings.epochs).map {
      pairs(labels, each: settings.pairs, random: random.stream("pairs of epoch \($0)"))
    }
    let steps = drawn.reduce(0) { $0 + ($1.count + settings.batchSize - 1) / settings.batchSize }
    guard steps > 0 else { throw TrainingFailure(epoch: 0, step: 0, reason: "there are no pairs of training rows") }
    let schedule = Schedule(settings.schedule, base: settings.optimizer.learningRate, totalSteps: steps)
    var outcome = TrainingOutcome()
    for (number, pairs) in drawn.enumerated() {
      outcome.epochs = number + 1
      var sum = 0.0
      let batches = Batches.epoch(
        rows: Array(pairs.indices), lengths: pairs.map { lengths[$0.first] + lengths[$0.second] },
        size: settings.batchSize, random: random.stream("order of epoch \(number + 1)"))
      for batch in batches {
        if isStopped() { throw .stopped(epoch: outcome.epochs, step: outcome.steps, flops: outcome.flops) }
        let step = outcome.steps + 1, chosen = batch.map { pairs[$0] }
        let (loss, computed) = gradient.compute(chosen, dropout: random.stream("dropout of step \(step)"))
        outcome.flops +=
          network.operations(
            lengths: chosen.flatMap { [lengths[$0.first], lengths[$0.second]] }
          ).training
        guard let computed, computed.norm.isFinite else {
          throw TrainingFailure(
            epoch: outcome.epochs, step: step,
            reason: "contrastive tuning: the loss or its gradient is not finite (\(loss))",
            flops: outcome.flops)
        }
        optimizer.update(
          computed, rate: schedule.rate(at: outcome.steps), scale: computed.clipScale(settings.clipNorm), on: pool)
        outcome.steps = step
        sum += loss * Double(chosen.count)
        progress?(
          TrainingProgress(epoch: outcome.epochs, epochs: settings.epochs, step: step, steps: steps, loss: loss))
      }
      outcome.losses.append(sum / Double(max(1, pairs.count)))
    }
    guard network.hasFiniteWeights else {
      throw TrainingFailure(
        epoch: outcome.epochs, step: outcome.steps, reason: "contrastive tuning: a weight is not finite",
        flops: outcome.flops)
    }
    outcome.peakBytes = network.workspace.peakBytes + gradient.peakBytes
    return outcome
  }

  /// For every row so many others of its class, and as many of other classes, drawn with replacement. A row that is alone in
  /// its class is its own partner; where there is one class there are no others.
  static func pairs(_ labels: [Int], each count: Int, random: Random) -> [Pair] {
    var members = [Int: [Int]](), stream = random
    for (row, label) in labels.enumerated() { members[label, default: []].append(row) }
    var pairs = [Pair]()
    pairs.reserveCapacity(2 * count * labels.count)
    for (row, label) in labels.enumerated() {
      let own = members[label] ?? []
      let others = labels.count - own.count
      for _ in 0..<count {
        var partner = own[stream.below(own.count)]
        // Another one than the row itself, where there is one.
        while partner == row, own.count > 1 { partner = own[stream.below(own.count)] }
        pairs.append(Pair(first: row, second: partner, isSame: true))
        guard others > 0 else { continue }
        var other = stream.below(labels.count)
        while labels[other] == label { other = stream.below(labels.count) }
        pairs.append(Pair(first: row, second: other, isSame: false))
      }
    }
    return pairs
  }
}

/// How pairs are drawn and trained on; defaults are SetFit's.
public struct ContrastiveSettings: Sendable, Equatable, Codable {
  /// Pairs of one class, and as many of two, for each row and epoch.
  public var pairs = 20
  public var epochs = 1
  /// Pairs in a step.
  public var batchSize = 16
  public var optimizer = AdamWSettings()
  public var schedule = ScheduleSettings()
  /// Largest global gradient norm; no clipping where nil.
  public var clipNorm: Double? = 1

  public init() { optimizer.learningRate = 2e-5 }
}

/// Loss and gradient of one batch of pairs, in the same fixed shards as `BatchGradient`.
private final class PairGradient {
  private let network: SentenceClassifier
  private let sequences: [[Int32]]
  private let shards: ShardedGradient

  init(_ network: SentenceClassifier, sequences: [[Int32]], pool: WorkerPool) {
    (self.network, self.sequences) = (network, sequences)
    shards = ShardedGradient(network.trainedParameters, pool: pool)
  }

  var peakBytes: Int { shards.peakBytes }

  /// The mean of (cos − t)² over the pairs, t = 1 for those of one class and 0 for others.
  func compute(
    _ pairs: [ContrastiveTrainer.Pair], dropout random: Random
  ) -> (loss: Double, gradients: Gradients?) {
    let lengths = pairs.map { max(1, sequences[$0.first].count) + max(1, sequences[$0.second].count) }
    let parts = Batches.shards(Array(pairs.indices), lengths: lengths)
    return shards.compute(parts.count, dropout: random) { index, tape in
      let part = parts[index].map { pairs[$0] }
      let batch = TokenBatch((part.map(\.first) + part.map(\.second)).map { self.sequences[$0] })
      var vectors = self.network.vectors(batch, on: tape)  // [2 × pairs, hidden]
      if !self.network.hasUnitLength { vectors = tape.unitRows(vectors) }
      let cosines = tape.rowDots(
        tape.rows(vectors, Array(0..<part.count)), tape.rows(vectors, Array(part.count..<2 * part.count)))
      return tape.squaredError(
        cosines, targets: part.map { $0.isSame ? 1 : 0 }, normaliser: Double(pairs.count))
    }
  }
}
