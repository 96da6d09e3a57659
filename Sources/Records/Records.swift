import Corpora
import Families
import Manifests
import Models
import Statistics
import Tasks
import Text
import Training

/// One row of trials.csv: a fit evaluated on one target, with all that was predicted.
@dynamicMemberLookup
public struct TrialRecord: Sendable {
  public typealias Status = TrialFacts.Status

  public var facts: TrialFacts
  /// Classes or labels of the domain trained on and of the one tested on; none where numbers are asked for.
  public var classes: [String]
  /// Example ids, in the split's order.
  public var ids: [String] = []
  /// What is true of the test rows and what was answered, in the same order. A published run keeps answers in place of
  /// whole probability vectors: what needs those then has no value, or the one that the run itself computed.
  public var outcome: Outcome
  /// Score's column (`ScoreName`) → value (fractions from 0 to 1; log loss in nats; errors in the unit of the numbers).
  public var metrics: [String: Double] = [:]
  public var perClass: [PerClass] = []
  /// Confusion counts `[true class][predicted class]`; none where a row has several labels or a number.
  public var confusion: [[Int]] = []
  /// As `splitHash`, of the rows' ids, in which files have names: what earlier versions recorded is paired by it.
  public var formerSplitHash = ""
  /// What each test row is to the fit, after the rows that it was trained on; in the order of `ids`.
  public var novelty: [Novelty] = []
  /// The slice column's value of each test row, in the order of `ids`, empty where a row has none; no values where the
  /// corpus names no column.
  public var slices: [String] = []
  /// The form of each test row's text, in the order of `ids`; no values where nobody wrote a text, and of a run that did not
  /// keep them.
  public var forms: [TextForm] = []
  /// Group of each test row, in the order of `ids`: a number that the rows of one group share in all parts of the domain,
  /// which says nothing else; no values where no row has a group.
  public var groups: [Int] = []
  /// What the majority baseline would learn from the rows trained on, its counts by `classes`; nil where that is not
  /// known.
  public var majority: MajorityState?
  /// What the fit measured of time and memory; never part of what must be byte-identical.
  public var measured = Measured()

  /// One without rows.
  package init(_ facts: TrialFacts, classes: [String], problem: Problem) {
    (self.facts, self.classes) = (facts, classes)
    outcome = .none(of: TaskShape(problem, classes: classes.count))
  }

  public subscript<Value>(dynamicMember path: WritableKeyPath<TrialFacts, Value>) -> Value {
    get { facts[keyPath: path] }
    set { facts[keyPath: path] = newValue }
  }

  /// Test rows that were answered.
  public var rows: Int { outcome.rows }

  /// What was asked of each of them.
  public var problem: Problem { outcome.problem }

  public struct PerClass: Sendable {
    public var name: String
    public var precision: Double
    public var recall: Double
    public var f1: Double
    public var support: Int
    public init(name: String, precision: Double, recall: Double, f1: Double, support: Int) {
      (self.name, self.precision, self.recall, self.f1, self.support) = (name, precision, recall, f1, support)
    }
  }
  public struct Measured: Sendable, Codable {
    public var trainSeconds = 0.0
    /// That the fit trained on: no more than it can use.
    public var threads = 1
    /// Largest sum of live tensor buffers while training, in bytes.
    public var peakBytes = 0
    /// Other processes' share of the processors' time meanwhile; nil where the system does not say.
    public var othersShare: Double?
    public init() {}

    /// Other processes' share of the usable processors' time from which times are unfit.
    public static let largestLoad = 0.05

    /// Whether other work took so much that the time is none of the training's own.
    public var isDisturbed: Bool { (othersShare ?? 0) > Self.largestLoad }
  }
}

/// One row of models.csv.
public struct ModelRecord: Sendable, Codable {
  public var task: String
  public var corpus: String
  public var model: String
  public var kind: ModelKind
  /// "transformer, not pretrained" for a BERT from scratch, "transformer, pre-trained here" for one whose encoder first
  /// read texts in this run, the checkpoint's name for one that starts from it; the kind's plain name elsewhere.
  public var description: String
  public var parameters: Int
  public var bytes: Int
  /// Floating-point operations of one forward pass over a text of median length.
  public var flopsPerQuery: Double
  /// Tokens or features that the model knows; nil where it has none.
  public var vocabulary: Int?
  /// Shares of test tokens unknown and of test texts cut, from 0 to 1; nil where the model has no tokens.
  public var unknownShare: Double?
  public var truncatedShare: Double?
  public var medianTokens: Double?
  /// Share of the vocabulary's words that the model's file of word vectors has; nil where there is no such file.
  public var vectorCoverage: Double?
  /// Lines of that file whose word stands further up already: the first counts.
  public var vectorRepetitions: Int?
  /// nil where nothing of the model was pre-trained in this run.
  public var pretraining: PretrainingRecord?

  public init(
    task: String, corpus: String, model: String, kind: ModelKind, description: String, parameters: Int, bytes: Int,
    flopsPerQuery: Double, vocabulary: Int?, unknownShare: Double?, truncatedShare: Double?, medianTokens: Double?
  ) {
    (self.task, self.corpus, self.model, self.kind) = (task, corpus, model, kind)
    (self.description, self.parameters, self.bytes) = (description, parameters, bytes)
    (self.flopsPerQuery, self.vocabulary) = (flopsPerQuery, vocabulary)
    (self.unknownShare, self.truncatedShare, self.medianTokens) = (unknownShare, truncatedShare, medianTokens)
  }
}

/// Raw samples of one model's time for one kind of work; one row of timing.csv.
public struct TimingRecord: Sendable, Codable {
  public var task: String
  public var corpus: String
  public var model: String
  public var kind: ModelKind
  public var work: Work
  /// It answers no queries.
  public var isTraining: Bool { work == .train || work == .pretrain }
  public var threads: Int
  /// Texts in a batch.
  public var batch: Int
  /// Mean tokens (or features) in a batch.
  public var tokens: Double
  public var order: TimingSettings.Order
  /// In the order measured, in milliseconds.
  public var samples: [Double]
  /// FLOP/s ÷ (threads × this machine's one-thread sgemm peak); nil where there is no product.
  public var peakShare: Double?
  public var peakBytes: Int
  /// Median time as a multiple of the reference model's; nil for the reference itself, for training, and where there
  /// are too few samples.
  public var ratio: Ratio?

  /// What was timed.
  public enum Work: String, Sendable, Codable {
    /// Raw texts to labels.
    case query
    /// Token ids to logits.
    case forward
    /// One whole fit.
    case train
    /// One whole pre-training.
    case pretrain

    package init(_ work: TimingSettings.Work) {
      switch work {
      case .query: self = .query
      case .forward: self = .forward
      }
    }
  }

  public struct Ratio: Sendable, Equatable, Codable {
    public var reference: String
    public var value: Double
    /// 95 %.
    public var interval: Interval
    public init(reference: String, value: Double, interval: Interval) {
      (self.reference, self.value, self.interval) = (reference, value, interval)
    }
  }
  /// What comparisons over time use, for each sample, in milliseconds: the processor's time where one thread works
  /// (what other processes take away does not count), wall time on several. Empty for `train`.
  public var costs: [Double]
  /// The calibration kernel's time just before each sample, by the same clock, in milliseconds. Empty for `train`.
  public var calibrations: [Double]

  public init(
    task: String, corpus: String, model: String, kind: ModelKind, work: Work, threads: Int, batch: Int,
    tokens: Double, order: TimingSettings.Order, samples: [Double], peakShare: Double?, peakBytes: Int,
    costs: [Double] = [], calibrations: [Double] = []
  ) {
    (self.task, self.corpus, self.model, self.kind, self.work) = (task, corpus, model, kind, work)
    (self.threads, self.batch, self.tokens, self.order) = (threads, batch, tokens, order)
    (self.samples, self.peakShare, self.peakBytes) = (samples, peakShare, peakBytes)
    (self.costs, self.calibrations) = (costs, calibrations)
  }
}
