import Compute
import Tasks

extension MLP {
  public struct Settings: Sendable, Equatable, Codable {
    /// How the learning rate goes: the same in every step, or falling in a line to 0.
    public enum Schedule: String, Sendable, CaseIterable, Codable { case constant, linear }

    /// Passes over the rows, at most.
    public var epochs = 50
    /// Rows of a step.
    public var batchSize = 64
    public var learningRate = 1e-3
    public var schedule = Schedule.constant
    /// Of weights, not of biases, apart from the gradient (Loshchilov and Hutter 2019).
    public var weightDecay = 0.01
    public var beta1 = 0.9
    public var beta2 = 0.999
    public var epsilon = 1e-8
    /// Probability that a hidden unit is left out of a step (Srivastava et al. 2014), below 1.
    public var dropout = 0.0
    /// Passes in a row after which training ends where none of them had a smaller loss of the validation rows.
    public var patience = 5

    public init() {}
  }

  /// What is known of a training.
  public struct Course: Sendable, Equatable {
    /// The mean loss of each pass, dropout included.
    public internal(set) var losses: [Double] = []
    /// The mean loss of the validation rows after each pass; empty without such rows.
    public internal(set) var validation: [Double] = []
    /// The pass of which the weights were kept, from 1; 0 where there was none.
    public internal(set) var kept = 0

    public var epochs: Int { losses.count }
  }

  /// Trains by AdamW on minibatches, in another order in each pass.
  ///
  /// The loss is the mean cross-entropy of rows, the mean binary cross-entropy of rows and labels, or the mean squared
  /// error of standardised numbers: mean and deviation of `targets` become part of the last layer at the end, so that
  /// answers are numbers as they were. That makes training a start from random weights: numbers do not go on from an
  /// earlier training. A loss that is not finite ends training with the weights as they are then.
  ///
  /// - Parameters:
  ///   - rows: the features of each training row.
  ///   - targets: what is true of each.
  ///   - validation: rows that say when to stop; the weights with their smallest loss, in which all rows weigh the same,
  ///     are kept. Without them all passes are made and the last weights kept.
  ///   - classWeights: factors of each class' rows in the loss, whose mean they weigh; all are 1 where nil.
  ///   - settings: of the optimiser and the like.
  ///   - random: the order of each pass and the dropout of each step.
  ///   - pool: threads; the weights do not depend on them.
  ///   - isStopped: asked before every batch; true ends it, and the weights stay as they were before.
  /// - Throws: `FitStopped` where it was ended so.
  package mutating func train(
    _ rows: SparseRows, targets: Targets, validation: (rows: SparseRows, targets: Targets)? = nil,
    classWeights: [Float]? = nil, settings: Settings, random: Random, pool: WorkerPool,
    isStopped: () -> Bool = { false }
  ) throws(FitStopped) -> Course {
    precondition(
      settings.epochs > 0 && settings.batchSize > 0 && settings.patience > 0,
      "MLP: \(settings.epochs) epochs of batches of \(settings.batchSize), patience \(settings.patience)")
    check(rows, targets)
    let scale = NumberScale(targets), scaled = scale.standardised(targets)
    let held = validation.flatMap { $0.rows.count > 0 ? (rows: $0.rows, targets: scale.standardised($0.targets)) : nil }
    if let held { check(held.rows, held.targets) }
    let trained = MLPWeights(self, settings: settings, classWeights: classWeights)
    let batches = WorkerPool.parts(rows.count, of: settings.batchSize), steps = settings.epochs * batches.count
    var course = Course(), best: (loss: Double, model: MLP)?
    for epoch in 1...settings.epochs where !batches.isEmpty {
      var order = Array(0..<rows.count), stream = random.stream("order of pass \(epoch)")
      stream.shuffle(&order)
      var sum = 0.0, weight = 0.0
      for part in batches {
        if isStopped() { throw FitStopped() }
        let step = trained.steps, batch = Array(order[part])
        let share = settings.schedule == .linear ? 1 - Double(step) / Double(steps) : 1
        let own = scaled.rows(batch), all = trained.normaliser(own)
        let loss = trained.step(
          rows.rows(batch), own, rate: settings.learningRate * share,
          random: random.stream("dropout of step \(step + 1)"), pool: pool)
        sum += loss * all
        weight += all
      }
      course.losses.append(sum / weight)
      guard (sum / weight).isFinite else { break }
      guard let held else { continue }
      let model = trained.model, loss = model.loss(held.rows, held.targets, pool: pool)
      course.validation.append(loss)
      if loss < best?.loss ?? .infinity { (best, course.kept) = ((loss, model), epoch) }
      if epoch - course.kept >= settings.patience { break }
    }
    if course.losses.last?.isFinite ?? false, let best {
      self = best.model
    } else {
      (self, course.kept) = (trained.model, course.epochs)
    }
    rescale(scale)
    return course
  }

  private func check(_ rows: SparseRows, _ targets: Targets) {
    precondition(rows.columns == inputs, "MLP: got \(rows.columns) columns, expected \(inputs)")
    precondition(
      rows.count == targets.count && targets.problem == problem && targets.fit(outputs: outputs),
      "MLP: \(targets.count) targets (\(targets.problem.rawValue)) for \(rows.count) rows and \(outputs) outputs")
  }

  /// The mean loss of rows, numbers among `targets` being standardised.
  func loss(_ rows: SparseRows, _ targets: Targets, pool: WorkerPool) -> Double {
    let workspace = Workspace(), logits = Buffer(logits(rows, pool: pool), in: workspace)
    return MLPWeights.loss(
      logits, targets, classWeights: nil, normaliser: Double(rows.count),
      gradient: Buffer(count: logits.count, in: workspace, zeroed: false))
  }

  // MARK: Numbers

  /// Answers that are standardised numbers become the numbers.
  private mutating func rescale(_ scale: NumberScale) {
    guard problem == .regression else { return }
    let last = rest.count - 1
    rest[last].weights = rest[last].weights.map { Float(Double($0) * scale.deviation) }
    rest[last].bias = rest[last].bias.map(scale.restored)
  }
}
