import Training

/// What the pre-trainings that one model's fits on one corpus start from came to; a part of models.csv.
public struct PretrainingRecord: Sendable, Equatable, Codable {
  /// Different pre-trainings: fits that read the same texts share one.
  public var count: Int
  public var epochs: Int
  /// Mean number of texts read, those held out included, and of tokens in one pass.
  public var texts: Double
  public var tokens: Double
  /// Unlabelled texts left out, because they are validation or test texts of some fit.
  public var removed: Int
  /// Mean cross-entropy of hidden tokens in the last epoch, in nats, over the pre-trainings.
  public var trainingLoss: Double?
  /// The same on texts held out, and the share of their hidden tokens that are named right; nil without such texts.
  public var loss: Double?
  public var accuracy: Double?
  /// Mean floating-point operations.
  public var flops: Double

  public init(
    count: Int, epochs: Int, texts: Double, tokens: Double, removed: Int, trainingLoss: Double?, loss: Double?,
    accuracy: Double?, flops: Double
  ) {
    (self.count, self.epochs, self.texts, self.tokens) = (count, epochs, texts, tokens)
    (self.removed, self.trainingLoss, self.loss, self.accuracy) = (removed, trainingLoss, loss, accuracy)
    self.flops = flops
  }
}
