/// How an encoder, or an LSTM's word vectors, are trained on text alone before the task.
public struct PretrainingSettings: Sendable, Equatable, Codable {
  /// Whose training texts are read beside the unlabelled ones.
  public enum Texts: String, Sendable, CaseIterable, Codable {
    /// Those of the fit's own domain.
    case domain
    /// Those of all domains of its corpus, divided as its own domain is.
    case corpus
    /// None: every fit starts from the same encoder.
    case none
  }

  /// Passes over the texts.
  public var epochs = 10
  /// Sequences in a step.
  public var batchSize = 32
  public var optimizer = AdamWSettings()
  public var schedule = ScheduleSettings()
  /// Largest global gradient norm; no clipping where nil.
  public var clipNorm: Double? = 1
  /// Share of tokens that are hidden.
  public var maskShare = 0.15
  /// A word is hidden with all its pieces or not at all.
  public var isWholeWords = true
  public var texts = Texts.domain
  /// Names of unlabelled sources; all where empty.
  public var unlabelled: [String] = []
  /// Of word vectors, for which only `epochs`, `texts` and `unlabelled` of the others count.
  public var skipGram = SkipGramSettings()

  /// Of the texts, held out to measure on: what they are predicted with is never trained on them.
  public static let heldOutShare = 0.05

  public init() { optimizer.learningRate = 5e-4 }

  /// Threads that training on so many texts by masking can use at most: one for each shard of a batch.
  public func mostThreads(texts: Int) -> Int { max(1, min(Batches.shardCount, batchSize, texts)) }
}

/// What came of a pre-training. Of word vectors, sequences are texts of two words or more, tokens their words, losses
/// those of telling a word's neighbour from random words, in nats a neighbour.
public struct PretrainingOutcome: Sendable, Equatable, Codable {
  public var epochs = 0
  public var steps = 0
  /// Sequences trained on and held out.
  public var sequences = 0
  public var heldOut = 0
  /// Tokens of one pass over the sequences trained on, special tokens included.
  public var tokens = 0
  /// Mean cross-entropy of the hidden tokens in the last epoch (dropout on), in nats; nil where none was hidden.
  public var trainingLoss: Double?
  /// The same over the sequences held out (dropout off), and the share of their hidden tokens that are named right; nil
  /// where there are too few texts to hold any out, and the share of word vectors.
  public var loss: Double?
  public var accuracy: Double?
  /// Floating-point operations of all products.
  public var flops = 0.0
  /// As in `TrainingOutcome`.
  public var peakBytes = 0

  public init() {}
}
