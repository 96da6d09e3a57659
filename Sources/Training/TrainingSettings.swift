/// How a network is trained. One set of defaults for all models; each model may override.
public struct TrainingSettings: Sendable, Equatable, Codable {
  /// Passes over the training rows at most.
  public var epochs = 10
  /// Sequences in a step.
  public var batchSize = 32
  /// Parts of a step that are computed one after another, so that fewer sequences stand in memory at once; the gradient
  /// is that of the whole step.
  public var accumulation = 1
  public var optimizer = AdamWSettings()
  public var schedule = ScheduleSettings()
  /// Largest global gradient norm; no clipping where nil.
  public var clipNorm: Double? = 1
  /// Stopping on validation; trains all epochs and keeps the last weights where nil.
  public var earlyStopping: EarlyStoppingSettings? = EarlyStoppingSettings()
  public var classWeights = ClassWeights.none
  public var sampling = Sampling.none
  /// Rows of each class that are learned from, drawn by the seed of the repetition; all where nil.
  public var shots: Int?
  public var fineTuning = FineTuningSettings()

  public enum ClassWeights: String, Sendable, CaseIterable, Codable {
    case none
    /// rows / (classes × rows of the class), as scikit-learn's `balanced`.
    case balanced
  }
  public enum Sampling: String, Sendable, CaseIterable, Codable {
    case none
    /// Repeats random rows of smaller classes up to the largest class.
    case over
    /// Keeps random rows of larger classes down to the smallest class.
    case under
  }

  public init() {}

  /// Threads that training on so many rows can use at most: one for each shard of the sequences computed together.
  public func mostThreads(rows: Int) -> Int {
    let batch = max(1, min(batchSize, rows))
    return min(Batches.shardCount, (batch + accumulation - 1) / max(1, accumulation))
  }
}

/// AdamW (Loshchilov and Hutter 2019); biases and layer-norm parameters are not decayed.
public struct AdamWSettings: Sendable, Equatable, Codable {
  public var learningRate = 1e-3
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  public var weightDecay = 0.01

  public init() {}
}

/// The learning rate's course: a linear rise over the warm-up share, then constant, linear or cosine decay to 0.
public struct ScheduleSettings: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, CaseIterable, Codable { case constant, linear, cosine }
  public var kind = Kind.linear
  /// Share of all steps, from 0 to 1.
  public var warmup = 0.1

  public init() {}
}

/// When validation ends a training before its last epoch.
public struct EarlyStoppingSettings: Sendable, Equatable, Codable {
  public enum Metric: String, Sendable, CaseIterable, Codable {
    /// Mean validation cross-entropy, lower is better.
    case loss
    /// The manifest's primary metric on validation, higher is better.
    case primary
  }
  public var metric = Metric.primary
  /// Evaluations without an improvement before training ends.
  public var patience = 3
  public var evaluationsPerEpoch = 1

  public init() {}
}
