/// Where a training run stands, for a progress line.
public struct TrainingProgress: Sendable {
  /// From 1.
  public var epoch: Int
  public var epochs: Int
  /// Steps done, and all that may be done.
  public var step: Int
  public var steps: Int
  /// Loss of the last batch, in nats.
  public var loss: Double
  /// The last validation, where one has been made.
  public var validation: ValidationPoint?
}

/// One look at the validation rows.
public struct ValidationPoint: Sendable, Equatable, Codable {
  /// Epoch in which it was made, from 1.
  public var epoch: Int
  /// Steps done before it.
  public var step: Int
  /// Mean cross-entropy, in nats.
  public var loss: Double
  /// The primary metric, higher is better; nil where it is undefined.
  public var primary: Double?
}

/// How a training went, epoch by epoch; what a picture of it needs of a `TrainingOutcome`.
public struct TrainingCurve: Sendable, Equatable, Codable {
  /// Mean training loss of each epoch (dropout on, class weights in), in nats.
  public var losses: [Double]
  /// In the order made; none without early stopping.
  public var validation: [ValidationPoint]

  public init(losses: [Double], validation: [ValidationPoint]) {
    (self.losses, self.validation) = (losses, validation)
  }
}

/// What came of a training run.
public struct TrainingOutcome: Sendable, Equatable, Codable {
  /// Epochs begun; the last may have been cut short by early stopping.
  public var epochs = 0
  public var steps = 0
  /// Epoch of the weights that were kept, from 1.
  public var bestEpoch = 0
  /// The validation of the weights that were kept.
  public var best: ValidationPoint?
  /// It ended at its last allowed epoch, before early stopping would have ended it. Never where nothing may stop it:
  /// then the number of epochs is a setting like any other.
  public var mayBeUndertrained = false
  /// Mean training loss of each epoch (dropout on, class weights in), in nats.
  public var losses: [Double] = []
  public var validation: [ValidationPoint] = []
  /// Floating-point operations of all products: training forward and back, as `OperationCount` has them, and validation.
  public var flops = 0.0
  /// Largest sum of live tensor bytes: weights, moments, gradients, activations. Workspaces reach their peaks at
  /// different moments, so it is an upper bound.
  public var peakBytes = 0

  public var curve: TrainingCurve { TrainingCurve(losses: losses, validation: validation) }

  public init() {}
}

/// Training could not go on.
public struct TrainingFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 1; 0 before training.
  public var epoch: Int
  /// From 1 over all epochs; 0 before training.
  public var step: Int
  public var reason: String
  /// Floating-point operations up to there, as `TrainingOutcome` counts them.
  public var flops: Double
  public var cause: Cause

  public enum Cause: Sendable {
    /// There is nothing to train on.
    case noRows
    /// A loss, gradient, validation value or probability, or a weight that would be kept is not finite.
    case notFinite
    /// It would have gone on, but for the limit on its operations.
    case reachedLimit
    /// It would have gone on, but was asked to end.
    case stopped
  }

  /// Without a cause: before the first epoch there are no rows, and after that only a number can be wrong.
  public init(epoch: Int, step: Int, reason: String, flops: Double = 0, cause: Cause? = nil) {
    (self.epoch, self.step, self.reason) = (epoch, step, reason)
    (self.flops, self.cause) = (flops, cause ?? (epoch == 0 ? .noRows : .notFinite))
  }

  /// What ends work that was asked to end.
  public static func stopped(epoch: Int = 0, step: Int = 0, flops: Double = 0) -> TrainingFailure {
    TrainingFailure(epoch: epoch, step: step, reason: "stopped on request", flops: flops, cause: .stopped)
  }

  public var description: String { epoch == 0 ? reason : "epoch \(epoch), step \(step): \(reason)" }
}
