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
  /// Variants of the training texts that are learned from beside them; none where nil.
  public var augmentation: AugmentationSettings?
  /// γ of the focal loss (Lin et al. 2017): a row counts by (1 − p)^γ, p the probability of its class; cross-entropy where 0.
  public var focalGamma = 0.0
  /// τ of logit adjustment (Menon et al. 2021): τ ln of each class' share is added to its output in training.
  public var logitAdjustment = 0.0
  /// With a teacher: its probabilities at this temperature are learned, its scores where nil.
  public var teacherTemperature: Double?
  /// What makes better probabilities of the fitted model's, on validation rows; nothing where nil.
  public var calibration: CalibrationKind?
  /// A factor for each class' probability is chosen on validation rows, by the deciding metric of answers.
  public var choosesThresholds = false
  /// Measures beside each fit what it would score if rows were resampled before they are divided.
  public var measuresLeak = false
  /// Rows of each class that are learned from, drawn by the seed of the repetition; all where nil.
  public var shots: Int?
  public var fineTuning = FineTuningSettings()

  /// From a probability to a better one, learned on rows that the model was not fitted on.
  public enum CalibrationKind: String, Sendable, CaseIterable, Codable {
    /// A sigmoid (Platt 2000).
    case platt
    /// The rising step function that fits best, joined by lines (Zadrozny and Elkan 2002).
    case isotonic
    /// All logits divided by one number (Guo et al. 2017, section 4.2): the answer stays what it is.
    case temperature
  }

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
    /// New rows between neighbours of a smaller class, up to the largest class (Chawla et al. 2002).
    case smote
    /// The same; then rows whose nearest others are not all of their class are left out (Batista et al. 2004).
    case smoteENN = "smote-enn"

    /// Makes rows that are none of the training rows, of features.
    public var isSynthetic: Bool { self == .smote || self == .smoteENN }
  }

  public init() {}

  /// Threads that training on so many rows can use at most: one for each shard of the sequences computed together.
  public func mostThreads(rows: Int) -> Int {
    let batch = max(1, min(batchSize, rows))
    return min(Batches.shardCount, (batch + accumulation - 1) / max(1, accumulation))
  }
}

/// Texts with some words changed, beside those that customers wrote (`Augmentation`).
public struct AugmentationSettings: Sendable, Equatable, Codable {
  /// Variants of each training text.
  public var copies = 4
  /// Shares of a text's words.
  public var swap = 0.0
  public var delete = 0.0
  public var insert = 0.0
  /// Probability that a word is replaced by the token of a hidden one.
  public var mask = 0.1
  /// Probability that a word is replaced by another one.
  public var replace = 0.1
  /// Probability that a variant is an n-gram of one to five words of the text alone.
  public var ngram = 0.25

  public init() {}
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
