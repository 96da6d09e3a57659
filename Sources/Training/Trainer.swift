import Autograd
import Compute
import Models
import Tasks

/// Trains a network by AdamW on shuffled batches of similar length.
public enum Trainer {
  /// Trains until the epochs are done or validation has stopped improving, and leaves the best weights in the network.
  ///
  /// Everything random derives from `random` by name (sampling, shuffling of an epoch, dropout of a step), so what is
  /// drawn does not depend on what was drawn before, nor on the threads of `pool`.
  ///
  /// - Parameters:
  ///   - network: trained where it stands.
  ///   - training: token ids of each row, and what is true of it.
  ///   - validation: where early stopping looks; without it, or without early stopping in the settings, all epochs are
  ///     trained and the last weights kept.
  ///   - classes: outputs of the network: classes, labels, or 1 for a number.
  ///   - settings: epochs, batches, optimiser, schedule, early stopping and the like.
  ///   - primary: the primary metric of targets and answers `[rows, outputs]`; higher is better, nil where it is
  ///     undefined.
  ///   - random: the origin of every stream.
  ///   - pool: threads for the shards of a batch.
  ///   - flopLimit: floating-point operations, as the outcome counts them, that end training where they are exceeded.
  ///   - session: where to go on from, and who may end it early.
  ///   - progress: called after each step.
  /// - Throws: `TrainingFailure` where there is nothing to train on, a loss, gradient, validation value, probability or
  ///   weight is not finite, the limit is exceeded, or the session has been stopped.
  public static func train(
    _ network: some Network, training: LabelledSequences, validation: LabelledSequences?, classes: Int,
    settings: TrainingSettings, primary: (_ targets: Targets, _ answers: [Float]) -> Double?, random: Random,
    pool: WorkerPool, flopLimit: Double = .infinity, session: TrainingSession = TrainingSession(),
    progress: ((TrainingProgress) -> Void)? = nil
  ) throws(TrainingFailure) -> TrainingOutcome {
    let run = try TrainingRun(
      network, training: training, validation: validation, classes: classes, settings: settings, random: random,
      pool: pool, flopLimit: flopLimit)
    if let state = session.resumed() { run.resume(from: state) }
    while !run.isDone {
      try run.epoch(primary: primary, isStopped: session.isStopped, progress: progress)
      if !run.isDone { session.keep { run.state } }
    }
    return try run.finish()
  }
}

/// The state of one training run. All that a step depends on is here: weights, moments and step count (the optimiser),
/// what early stopping has seen, and the epoch, from which the order of its batches follows.
private final class TrainingRun<Model: Network> {
  private var hasStopped = false

  /// All epochs are trained, or early stopping has ended it.
  var isDone: Bool { hasStopped || outcome.epochs == settings.epochs }

  private let network: Model
  private let settings: TrainingSettings
  private let random: Random
  private let rows: [Int]
  private let lengths: [Int]
  private let head: Head
  private let batch: BatchGradient<Model>
  private let trained: TrainedWeights
  private let optimizer: AdamW
  private let schedule: Schedule
  private let watch: Watch?
  private let stepsPerEpoch: Int
  private let flopLimit: Double
  private var outcome = TrainingOutcome()

  /// What early stopping needs: the rows, their lengths, and the weights that were best.
  private final class Watch {
    let rows: LabelledSequences
    /// Looks at these rows by the training rows' scale.
    let head: Head
    let inference: InferenceSession<Model>
    let evaluationsPerEpoch: Int
    var stopping: EarlyStopping
    var best: WeightCopy

    init(
      _ network: Model, _ trained: TrainedWeights, rows: LabelledSequences, scale: NumberScale,
      settings: EarlyStoppingSettings, batchSize: Int, pool: WorkerPool
    ) {
      self.rows = rows
      head = Head(rows.targets, outputs: network.classes, scale: scale)
      inference = InferenceSession(
        network, problem: rows.targets.problem, batchSize: batchSize, pool: pool)
      evaluationsPerEpoch = max(1, settings.evaluationsPerEpoch)
      stopping = EarlyStopping(settings)
      best = WeightCopy(of: trained.parameters, in: network.workspace)
    }
  }

  init(
    _ network: Model, training: LabelledSequences, validation: LabelledSequences?, classes: Int,
    settings: TrainingSettings, random: Random, pool: WorkerPool, flopLimit: Double
  ) throws(TrainingFailure) {
    precondition(
      settings.epochs > 0 && settings.batchSize > 0,
      "Trainer: \(settings.epochs) epochs of batches of \(settings.batchSize)")
    precondition(classes == network.classes, "Trainer: \(classes) classes, the network has \(network.classes)")
    for rows in [training, validation].compactMap(\.self) {
      precondition(rows.targets.fit(outputs: classes), "Trainer: a label outside the \(classes) classes")
    }
    (self.network, self.settings, self.random, self.flopLimit) = (network, settings, random, flopLimit)
    network.workspace.resetPeak()
    rows = ClassBalance.rows(
      settings.sampling, of: training.targets, classes: classes, random: random.stream("sampling"))
    guard !rows.isEmpty else { throw TrainingFailure(epoch: 0, step: 0, reason: "there are no training rows") }
    lengths = training.sequences.map { network.length($0) }
    let weights = ClassBalance.weights(
      settings.classWeights, of: training.targets, rows: rows, classes: classes)
    head = Head(
      training.targets, outputs: classes, classWeights: weights,
      classLoss: ClassLoss(settings, training.targets, rows: rows, classes: classes), scores: training.scores,
      temperature: settings.teacherTemperature)
    trained = TrainedWeights(network, settings.fineTuning, random: random.stream("low-rank matrices"))
    batch = BatchGradient(
      network, sequences: training.sequences, lengths: lengths, head: head, parts: settings.accumulation, pool: pool)
    optimizer = AdamW(
      trained.parameters, settings: settings.optimizer, rateFactors: trained.rateFactors, workspace: network.workspace)
    stepsPerEpoch = (rows.count + settings.batchSize - 1) / settings.batchSize
    schedule = Schedule(
      settings.schedule, base: settings.optimizer.learningRate, totalSteps: settings.epochs * stepsPerEpoch)
    if let stopping = settings.earlyStopping, let validation, validation.count > 0 {
      watch = Watch(
        network, trained, rows: validation, scale: head.scale, settings: stopping, batchSize: settings.batchSize,
        pool: pool)
    } else {
      watch = nil
    }
  }

  /// The next epoch.
  func epoch(
    primary: (Targets, [Float]) -> Double?, isStopped: () -> Bool, progress: ((TrainingProgress) -> Void)?
  ) throws(TrainingFailure) {
    outcome.epochs += 1
    let epoch = outcome.epochs
    var sum = 0.0, weight = 0.0
    let batches = Batches.epoch(
      rows: rows, lengths: lengths, size: settings.batchSize, random: random.stream("order of epoch \(epoch)"))
    for (index, rows) in batches.enumerated() {
      if isStopped() { throw .stopped(epoch: epoch, step: outcome.steps, flops: outcome.flops) }
      let loss = try step(rows, epoch: epoch)
      sum += loss * batch.weight(of: rows)
      weight += batch.weight(of: rows)
      if isEvaluationPoint(index + 1) { try evaluate(epoch: epoch, primary: primary) }
      progress?(
        TrainingProgress(
          epoch: epoch, epochs: settings.epochs, step: outcome.steps, steps: schedule.totalSteps, loss: loss,
          validation: outcome.validation.last))
      if hasStopped { break }
    }
    outcome.losses.append(sum / weight)
  }

  /// Forward, backward, clip, update; the loss before the update.
  private func step(_ rows: [Int], epoch: Int) throws(TrainingFailure) -> Double {
    let number = outcome.steps + 1
    let (loss, computed) = batch.compute(rows, dropout: random.stream("dropout of step \(number)"))
    outcome.flops += network.operations(lengths: rows.map { lengths[$0] }).training
    guard let computed else { throw failure(epoch, step: number, "the loss is not finite (\(loss))") }
    let gradients = trained.gradients(of: computed)
    guard gradients.norm.isFinite else {
      throw failure(epoch, step: number, "the gradient is not finite (loss \(loss))")
    }
    optimizer.update(
      gradients, rate: schedule.rate(at: outcome.steps), scale: gradients.clipScale(settings.clipNorm),
      on: batch.pool)
    trained.apply()
    outcome.steps = number
    try checkLimit(epoch)
    return loss
  }

  private func failure(_ epoch: Int, step: Int, _ reason: String) -> TrainingFailure {
    TrainingFailure(epoch: epoch, step: step, reason: reason, flops: outcome.flops)
  }

  private func checkLimit(_ epoch: Int) throws(TrainingFailure) {
    guard outcome.flops > flopLimit else { return }
    throw TrainingFailure(
      epoch: epoch, step: outcome.steps, reason: "more floating-point operations than are allowed",
      flops: outcome.flops, cause: .reachedLimit)
  }

  /// Evenly over the epoch, the last at its end.
  private func isEvaluationPoint(_ done: Int) -> Bool {
    guard let count = watch?.evaluationsPerEpoch else { return false }
    return done * count / stepsPerEpoch > (done - 1) * count / stepsPerEpoch
  }

  private func evaluate(epoch: Int, primary: (Targets, [Float]) -> Double?) throws(TrainingFailure) {
    guard let watch else { return }
    var answers = watch.inference.answers(watch.rows.sequences)
    // Metrics of predicted classes would have a value all the same: nothing is more probable than what is no number.
    guard answers.allSatisfy(\.isFinite) else {
      throw failure(epoch, step: outcome.steps, "a validation answer is not finite")
    }
    if case .numbers = watch.rows.targets { answers = answers.map(head.scale.restored) }
    outcome.flops += network.forwardFLOPs(lengths: watch.rows.sequences.map { network.length($0) })
    let point = ValidationPoint(
      epoch: epoch, step: outcome.steps,
      loss: watch.head.meanLoss(answers), primary: primary(watch.rows.targets, answers))
    let value = watch.stopping.metric == .loss ? point.loss : point.primary
    if let value, !value.isFinite {
      throw failure(epoch, step: outcome.steps, "the validation value is not finite (\(value))")
    }
    outcome.validation.append(point)
    switch watch.stopping.observe(value) {
    case .improved:
      outcome.best = point
      watch.best.keep()
    case .waiting: break
    case .stop: hasStopped = true
    }
  }

  /// At the end of an epoch.
  var state: TrainingState {
    TrainingState(
      outline: TrainingState.Outline(
        outcome: outcomeWithPeak, optimizerSteps: optimizer.step, stopping: watch?.stopping),
      buffers: buffers, of: trained.parameters)
  }

  /// Goes on where `state` stood; changes nothing where that is no state of this training.
  func resume(from state: TrainingState) {
    let outline = state.outline
    guard 1..<settings.epochs ~= outline.epochs, outline.outcome.steps == outline.epochs * stepsPerEpoch,
      (outline.stopping == nil) == (watch == nil), state.restore(buffers, of: trained.parameters)
    else { return }
    trained.apply()
    optimizer.resume(after: outline.optimizerSteps)
    if let stopping = outline.stopping { watch?.stopping = stopping }
    outcome = outline.outcome
  }

  /// All that a step changes, by its name in a `TrainingState`, in the order of the trained parameters.
  private var buffers: [(part: String, buffers: [Buffer])] {
    [("weights", trained.parameters.map(\.value)), ("first", optimizer.first), ("second", optimizer.second)]
      + (watch.map { [("best", $0.best.copies)] } ?? [])
  }

  private var outcomeWithPeak: TrainingOutcome {
    var outcome = outcome
    let peak = network.workspace.peakBytes + batch.peakBytes + (watch?.inference.peakBytes ?? 0)
    outcome.peakBytes = max(outcome.peakBytes, peak)
    return outcome
  }

  /// Puts the best weights back; the last stay where no validation value was defined.
  func finish() throws(TrainingFailure) -> TrainingOutcome {
    var outcome = outcomeWithPeak
    outcome.bestEpoch = outcome.best?.epoch ?? outcome.epochs
    outcome.mayBeUndertrained = watch != nil && !hasStopped && outcome.epochs == settings.epochs
    if let best = outcome.best, best.step != outcome.steps {
      watch?.best.restore()
      trained.apply()
    }
    if case .numbers = head.targets { network.rescaleOutputs(by: head.scale) }
    guard network.hasFiniteWeights else {
      throw failure(outcome.epochs, step: outcome.steps, "a weight is not finite")
    }
    return outcome
  }
}
