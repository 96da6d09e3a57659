import Families
import Manifests
import Models
import Records
import Settings
import Tasks

/// What run.json holds: all of a run that follows neither from its manifest nor from its predictions, and nothing that a
/// clock or a memory counter gave. Equal runs give equal bytes.
public struct RunFile: Sendable, Codable {
  public static let format = "bench-run"

  public var format = RunFile.format
  public var version = 1
  /// The metric by which fits stopped early and settings were chosen.
  public var trainingMetric: MetricName
  /// What was declared before the run, where the folder's manifest has other comparisons since.
  public var declaredComparisons: ComparisonSettings?
  /// Lists of classes that trials name by their place.
  public var classLists: [[String]]
  public var trials: [PublishedTrial]
  public var models: [ModelRecord]
  public var audits: [AuditRecord]
  public var tuning: [PublishedSearch]
  public var inputs: [RunResult.Input]
  public var kept: KeptRows

  public init(_ result: RunResult) {
    trainingMetric = result.trainingMetric
    if result.declaredComparisons != result.manifest.comparisons { declaredComparisons = result.declaredComparisons }
    var lists: [[String]] = [], places: [[String]: Int] = [:]
    trials = result.records.map { record in
      let place = places[record.classes] ?? lists.count
      if place == lists.count {
        places[record.classes] = place
        lists.append(record.classes)
      }
      return PublishedTrial(record, classList: place)
    }
    classLists = lists
    (models, audits, inputs) = (result.models, result.audits, result.inputs)
    tuning = result.tuning.map(PublishedSearch.init)
    kept = KeptRows(of: result.analysis, primary: result.manifest.comparisons.primary)
  }
}

/// A search without its times.
public struct PublishedSearch: Sendable, Codable {
  public struct Trial: Sendable, Codable {
    public var settings: [Setting]
    public var status: TuningRecord.Trial.Status
    public var failure: String?
    public var isNotFinite: Bool
    public var score: Double?
    public var epochs: Int?
    public var flops: Double
    public var isChosen: Bool
    public var isDeclared: Bool?
  }

  public var fit: String
  public var task: String
  public var corpus: String
  public var protocolName: String
  public var source: String
  public var model: String
  public var kind: ModelKind
  public var seed: UInt64
  public var fold: Int?
  public var trials: [Trial]

  package init(_ record: TuningRecord) {
    (fit, task, corpus, protocolName) = (record.fit, record.task, record.corpus, record.protocolName)
    (source, model, kind, seed, fold) = (record.source, record.model, record.kind, record.seed, record.fold)
    trials = record.trials.map {
      Trial(
        settings: $0.settings, status: $0.status, failure: $0.failure, isNotFinite: $0.isNotFinite, score: $0.score,
        epochs: $0.epochs, flops: $0.flops, isChosen: $0.isChosen, isDeclared: $0.isDeclared)
    }
  }

  /// `coreSeconds` has one time for each trial.
  public func record(coreSeconds: [Double]) -> TuningRecord {
    TuningRecord(
      fit: fit, task: task, corpus: corpus, protocolName: protocolName, source: source, model: model, kind: kind,
      seed: seed, fold: fold,
      trials: zip(trials, coreSeconds).map { own, seconds in
        var trial = TuningRecord.Trial(settings: own.settings)
        (trial.status, trial.failure, trial.isNotFinite) = (own.status, own.failure, own.isNotFinite)
        (trial.score, trial.epochs, trial.flops) = (own.score, own.epochs, own.flops)
        (trial.isChosen, trial.isDeclared, trial.coreSeconds) = (own.isChosen, own.isDeclared, seconds)
        return trial
      })
  }
}

/// What measured.json holds: what a clock or a memory counter gave, but for the machine and what stands with it in
/// machine.json.
public struct MeasuredFile: Sendable, Codable {
  public static let format = "bench-measured"

  public struct Trial: Sendable, Codable {
    public var trial: String
    public var measured: TrialRecord.Measured
  }

  public var format = MeasuredFile.format
  public var version = 1
  public var reusedFits: Int
  /// In the order of run.json, as all below.
  public var trials: [Trial]
  /// Time × threads of each trial of each search, in seconds.
  public var tuningCoreSeconds: [[Double]]
  public var timings: [TimingRecord]

  public init(_ result: RunResult) {
    reusedFits = result.reusedFits
    trials = result.records.map { Trial(trial: $0.trial, measured: $0.measured) }
    tuningCoreSeconds = result.tuning.map { $0.trials.map(\.coreSeconds) }
    timings = result.timings
  }
}
