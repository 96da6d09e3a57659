import Families
import Manifests
import Models
import Settings

/// The search of one fit: a row of tuning.csv for each of its trials.
public struct TuningRecord: Sendable {
  public var fit: String
  public var task: String
  public var corpus: String
  /// `holdout`, `kfold` or `official`.
  public var protocolName: String
  /// Domain trained on, and chosen on.
  public var source: String
  public var model: String
  public var kind: ModelKind
  public var seed: UInt64
  /// Fold from 0 (k-fold); nil elsewhere.
  public var fold: Int?
  public var trials: [Trial]

  public struct Trial: Sendable, Equatable, Codable {
    public enum Status: String, Sendable, Codable {
      case ok, failed
      /// Ended by the budget, and never chosen.
      case overBudget = "over-budget"
      /// Its model would cost more than `tuning.at_most`: not trained, and never chosen.
      case tooCostly = "too-costly"
    }
    public var settings: [Setting]
    public var status = Status.ok
    /// Why it failed.
    public var failure: String?
    /// It failed because a loss, gradient, weight, validation value or probability was not finite.
    public var isNotFinite = false
    /// The primary metric on the validation rows; nil where there is none.
    public var score: Double?
    public var epochs: Int?
    /// Floating-point operations of training and of scoring the validation rows.
    public var flops = 0.0
    public var isChosen = false
    /// Whether these settings are those that the manifest declares; nil in runs of versions that did not begin with them.
    public var isDeclared: Bool?
    /// Time of the trial × threads; measured, and never part of what must be byte-identical.
    public var coreSeconds = 0.0

    public init(settings: [Setting]) { self.settings = settings }
  }

  public init(
    fit: String, task: String, corpus: String, protocolName: String, source: String, model: String, kind: ModelKind,
    seed: UInt64, fold: Int?, trials: [Trial]
  ) {
    (self.fit, self.task, self.corpus, self.protocolName) = (fit, task, corpus, protocolName)
    (self.source, self.model, self.kind, self.seed, self.fold) = (source, model, kind, seed, fold)
    self.trials = trials
  }

  /// Trials that ran to their end: all but those that the budget cut, or that would have cost too much.
  public var completed: [Trial] { trials.filter { $0.status == .ok || $0.status == .failed } }
}
