import Corpora
import Families
import Models
import Records
import Tasks
import Training

/// What a published run keeps of one trial beside its rows: nothing that follows from these, and nothing from a clock.
public struct PublishedTrial: Sendable, Codable {
  public var trial: String
  public var fit: String
  public var task: String
  public var corpus: String
  public var protocolName: String
  public var source: String
  public var target: String
  public var model: String
  public var kind: ModelKind
  public var seed: UInt64
  public var fold: Int?
  public var repetition: Int
  public var trainRows: Int
  public var validationRows: Int
  public var testRows: Int
  public var epochs: Int?
  public var mayBeUndertrained: Bool
  public var status: TrialRecord.Status
  public var failure: String?
  public var isNotFinite: Bool
  /// Place of its classes among the file's lists, from 0.
  public var classList: Int
  public var splitHash: String
  /// Training rows of each class.
  public var trainingCounts: [Int]?
  public var curve: TrainingCurve?
  /// By column, the scores that need the probabilities of all classes: they cannot be computed again.
  public var notRecomputable: [String: Double]

  public init(_ record: TrialRecord, classList: Int) {
    (trial, fit, task, corpus) = (record.trial, record.fit, record.task, record.corpus)
    (protocolName, source, target) = (record.protocolName, record.source, record.target)
    (model, kind, seed, fold) = (record.model, record.kind, record.seed, record.fold)
    (repetition, trainRows, validationRows) = (record.repetition, record.trainRows, record.validationRows)
    (testRows, epochs, mayBeUndertrained) = (record.testRows, record.epochs, record.mayBeUndertrained)
    (status, failure, isNotFinite) = (record.status, record.failure, record.isNotFinite)
    (self.classList, splitHash, trainingCounts) = (classList, record.splitHash, record.majority?.counts)
    curve = record.curve
    notRecomputable = record.metrics.filter { KeptRows.needsAllProbabilities($0.key) }
  }

  /// The trial's record; `rows` and `outcome` are nil of a trial that failed. `primary` says which metric is given on
  /// seen, near and novel texts beside those that always are.
  ///
  /// Labels and answers are places in `classes`, and there are as many answers as rows.
  public func record(
    _ problem: Problem, classes: [String], rows: PublishedRows?, outcome: Outcome?, primary: MetricName,
    measured: TrialRecord.Measured
  ) -> TrialRecord {
    var record = TrialRecord(
      trial: trial, fit: fit, task: task, corpus: corpus, protocolName: protocolName, source: source, target: target,
      model: model, kind: kind, seed: seed, fold: fold, repetition: repetition, trainRows: trainRows,
      validationRows: validationRows, testRows: testRows, epochs: epochs, mayBeUndertrained: mayBeUndertrained,
      status: status, failure: failure, isNotFinite: isNotFinite, classes: classes, ids: rows?.ids ?? [],
      outcome: outcome ?? .none(of: TaskShape(problem, classes: classes.count)), metrics: [:], perClass: [],
      confusion: [],
      splitHash: splitHash, slices: rows?.slices ?? [], groups: rows?.groups ?? [],
      majority: trainingCounts.map(MajorityState.init(counts:)), curve: curve, measured: measured)
    guard let rows, status == .ok else { return record }
    record.score()
    if !rows.novelty.isEmpty { record.score(novelty: rows.novelty, primary: primary) }
    record.metrics.merge(notRecomputable) { $1 }
    return record
  }
}

/// The test rows of a trial, which all models share.
public struct PublishedRows: Sendable, Hashable {
  public var ids: [String]
  public var targets: Targets
  /// One for each row, or none, as all below.
  public var novelty: [Novelty]
  public var groups: [Int]
  public var slices: [String]

  public init(ids: [String], targets: Targets, novelty: [Novelty], groups: [Int], slices: [String]) {
    (self.ids, self.targets, self.novelty, self.groups, self.slices) = (ids, targets, novelty, groups, slices)
  }

  public init(_ record: TrialRecord) {
    self.init(
      ids: record.ids, targets: record.outcome.targets, novelty: record.novelty, groups: record.groups,
      slices: record.slices)
  }
}
