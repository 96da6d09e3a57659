import Families
import Training

/// Which trial it is, on how many rows, and how it ended: all of a trial but its rows, what was answered and the scores.
public struct TrialFacts: Sendable, Codable {
  public enum Status: String, Sendable, Codable { case ok, failed }

  public var trial: String
  public var fit: String
  public var task: String
  public var corpus: String
  /// `holdout`, `kfold`, `official` or `cross-domain`.
  public var protocolName: String
  /// How much of the training part the fit learns from, as the manifest says it (`10%`, or rows of each class); nil where
  /// it is all.
  public var sample: String?
  /// Domain trained on, and domain tested on.
  public var source: String
  public var target: String
  public var model: String
  public var kind: ModelKind
  public var seed: UInt64
  /// Fold from 0 (k-fold); nil elsewhere.
  public var fold: Int?
  /// Repetition from 0 (repeated k-fold and seeds).
  public var repetition = 0
  public var trainRows = 0
  public var validationRows = 0
  public var testRows = 0
  public var epochs: Int?
  /// Ended at a limit that is set, before it would have ended by itself: a network at its last allowed epoch that early
  /// stopping did not end, TF-IDF at L-BFGS's last iteration without having converged.
  public var mayBeUndertrained = false
  public var status = Status.ok
  /// Why it failed.
  public var failure: String?
  /// It failed because a loss, gradient, weight or validation value of its training or an answer was not finite.
  public var isNotFinite = false
  /// Hash of the split's rows, by the hashes of their files and their places in them: pairs are compared only where it
  /// is equal.
  public var splitHash = ""
  /// How the fit's training went, epoch by epoch; nil for what has no epochs, and where that is not known.
  public var curve: TrainingCurve?
  /// By the deciding metric, what the model would seem to score if rows were resampled before they are divided; nil where
  /// that is not measured.
  public var leaked: Double?
  /// Of a cascade, the share of the test rows that its first model answers; nil of what is none.
  public var coverage: Double?

  public init(
    trial: String, fit: String, task: String, corpus: String, protocolName: String, source: String, target: String,
    model: String, kind: ModelKind, seed: UInt64
  ) {
    (self.trial, self.fit, self.task, self.corpus) = (trial, fit, task, corpus)
    (self.protocolName, self.source, self.target) = (protocolName, source, target)
    (self.model, self.kind, self.seed) = (model, kind, seed)
  }
}
