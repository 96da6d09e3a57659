import Autograd
import Compute
import Foundation
import Layers
import Models

/// Trains a masked language model by AdamW on shuffled batches of similar length.
public enum Pretrainer {
  /// Trains for all epochs; the last weights stay.
  ///
  /// Everything random derives from `random` by name (what is held out, the order of an epoch, what is hidden of a
  /// sequence in an epoch, dropout of a step), and batches are cut into fixed shards: no bit depends on the threads.
  ///
  /// - Parameters:
  ///   - model: trained where it stands.
  ///   - sequences: token ids; those without a token that may be hidden are left out.
  ///   - masking: what is hidden of a sequence.
  ///   - settings: epochs, batches, optimiser and schedule.
  ///   - random: the origin of every stream.
  ///   - pool: threads for the shards of a batch.
  ///   - session: where to go on from, and who may end it early.
  ///   - progress: called after each step.
  /// - Throws: `TrainingFailure` where there is nothing to train on, a loss or gradient is not finite, or the session has
  ///   been stopped.
  public static func train(
    _ model: MaskedLanguageModel, sequences: [[Int32]], masking: Masking, settings: PretrainingSettings,
    random: Random, pool: WorkerPool, session: TrainingSession = TrainingSession(),
    progress: ((TrainingProgress) -> Void)? = nil
  ) throws(TrainingFailure) -> PretrainingOutcome {
    let run = try MaskedTrainingRun(
      model, sequences: sequences, masking: masking, settings: settings, random: random, pool: pool)
    if let state = session.resumed() { run.resume(from: state) }
    while !run.isDone {
      try run.epoch(isStopped: session.isStopped, progress: progress)
      if !run.isDone { session.keep { run.state } }
    }
    return try run.finish()
  }
}

/// The state of one pre-training.
private final class MaskedTrainingRun {
  var isDone: Bool { outcome.epochs == settings.epochs }

  private let model: MaskedLanguageModel
  private let settings: PretrainingSettings
  private let masking: Masking
  private let random: Random
  private let pool: WorkerPool
  private let sequences: [[Int32]]
  private let lengths: [Int]
  private let rows: [Int]
  private let heldOut: [Int]
  private let gradient: MaskedGradient
  private let optimizer: AdamW
  private let schedule: Schedule
  private var outcome = TrainingOutcome()

  init(
    _ model: MaskedLanguageModel, sequences: [[Int32]], masking: Masking, settings: PretrainingSettings,
    random: Random, pool: WorkerPool
  ) throws(TrainingFailure) {
    precondition(
      settings.epochs > 0 && settings.batchSize > 0,
      "Pretrainer: \(settings.epochs) epochs of batches of \(settings.batchSize)")
    (self.model, self.settings, self.masking, self.random, self.pool) = (model, settings, masking, random, pool)
    model.workspace.resetPeak()
    self.sequences = sequences.filter { masking.canMask($0) }
    lengths = self.sequences.map(\.count)
    var order = Array(lengths.indices), stream = random.stream("held out")
    stream.shuffle(&order)
    let count = Int(Double(order.count) * PretrainingSettings.heldOutShare)
    heldOut = order.prefix(count).sorted()
    rows = order.dropFirst(count).sorted()
    guard !rows.isEmpty else { throw TrainingFailure(epoch: 0, step: 0, reason: "there are no texts to pre-train on") }
    gradient = MaskedGradient(model, pool: pool)
    optimizer = AdamW(model.trainedParameters, settings: settings.optimizer, workspace: model.workspace)
    schedule = Schedule(
      settings.schedule, base: settings.optimizer.learningRate,
      totalSteps: settings.epochs * ((rows.count + settings.batchSize - 1) / settings.batchSize))
  }

  /// The next epoch.
  func epoch(isStopped: () -> Bool, progress: ((TrainingProgress) -> Void)?) throws(TrainingFailure) {
    outcome.epochs += 1
    let epoch = outcome.epochs, hiding = random.stream("hidden in epoch \(epoch)")
    var sum = 0.0, places = 0
    let batches = Batches.epoch(
      rows: rows, lengths: lengths, size: settings.batchSize, random: random.stream("order of epoch \(epoch)"))
    for rows in batches {
      if isStopped() { throw .stopped(epoch: epoch, step: outcome.steps, flops: outcome.flops) }
      let number = outcome.steps + 1
      let masked = rows.map { masking.mask(sequences[$0], random: hiding.stream("\($0)")) }
      let computed = gradient.compute(masked, dropout: random.stream("dropout of step \(number)"))
      outcome.flops += operations(masked).training
      func failure(_ reason: String) -> TrainingFailure {
        TrainingFailure(
          epoch: epoch, step: number, reason: "pre-training: " + reason, flops: outcome.flops)
      }
      guard let gradients = computed.gradients else { throw failure("the loss is not finite (\(computed.loss))") }
      guard gradients.norm.isFinite else { throw failure("the gradient is not finite (loss \(computed.loss))") }
      optimizer.update(
        gradients, rate: schedule.rate(at: outcome.steps), scale: gradients.clipScale(settings.clipNorm), on: pool)
      outcome.steps = number
      let count = masked.reduce(0) { $0 + $1.places.count }
      sum += computed.loss * Double(count)
      places += count
      progress?(
        TrainingProgress(
          epoch: epoch, epochs: settings.epochs, step: number, steps: schedule.totalSteps, loss: computed.loss))
    }
    if places > 0 { outcome.losses.append(sum / Double(places)) }
  }

  private func operations(_ masked: [Masking.Masked]) -> OperationCount {
    model.operations(lengths: masked.map(\.ids.count), places: masked.reduce(0) { $0 + $1.places.count })
  }

  /// Measures on what was held out.
  func finish() throws(TrainingFailure) -> PretrainingOutcome {
    guard model.hasFiniteWeights else {
      throw TrainingFailure(
        epoch: outcome.epochs, step: outcome.steps, reason: "pre-training: a weight is not finite", flops: outcome.flops
      )
    }
    var result = PretrainingOutcome()
    (result.epochs, result.steps) = (outcome.epochs, outcome.steps)
    (result.sequences, result.heldOut) = (rows.count, heldOut.count)
    result.tokens = rows.reduce(0) { $0 + lengths[$1] }
    result.trainingLoss = outcome.losses.last
    let hiding = random.stream("hidden of what is held out")
    let masked = heldOut.map { masking.mask(sequences[$0], random: hiding.stream("\($0)")) }
    if !masked.isEmpty {
      let measured = MaskedEvaluation.measure(model, masked, batchSize: settings.batchSize, pool: pool)
      (result.loss, result.accuracy) = (measured.loss, measured.accuracy)
      outcome.flops += operations(masked).forward
    }
    (result.flops, result.peakBytes) = (outcome.flops, peakBytes)
    return result
  }

  private var peakBytes: Int { max(outcome.peakBytes, model.workspace.peakBytes + gradient.peakBytes) }

  // MARK: Going on

  /// At the end of an epoch.
  var state: TrainingState {
    var outcome = outcome
    outcome.peakBytes = peakBytes
    return TrainingState(
      outline: TrainingState.Outline(outcome: outcome, optimizerSteps: optimizer.step, stopping: nil),
      buffers: buffers, of: model.trainedParameters)
  }

  /// Goes on where `state` stood; changes nothing where that is no state of this training.
  func resume(from state: TrainingState) {
    let outline = state.outline
    let stepsPerEpoch = schedule.totalSteps / settings.epochs
    guard 1..<settings.epochs ~= outline.epochs, outline.outcome.steps == outline.epochs * stepsPerEpoch,
      state.restore(buffers, of: model.trainedParameters)
    else { return }
    optimizer.resume(after: outline.optimizerSteps)
    outcome = outline.outcome
  }

  private var buffers: [(part: String, buffers: [Buffer])] {
    [("weights", model.trainedParameters.map(\.value)), ("first", optimizer.first), ("second", optimizer.second)]
  }
}
