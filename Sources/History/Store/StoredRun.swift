import Analysis
import Foundation
import Records

/// A run as history keeps it: what ran, where, and every raw number that a later comparison needs. No text of the data.
public struct StoredRun: Sendable, Equatable {
  /// Position in the history, from 1; nil before it is recorded.
  public var id: Int64?
  /// The manifest's name.
  public var experiment: String
  /// Runs compare only where it is equal.
  public var manifestVersion: String
  /// The resolved manifest, with comments.
  public var manifest: String
  public var primaryMetric: String
  /// Smallest difference of the primary metric that matters, in points.
  public var margin: Double
  public var machine: MachineFacts
  public var startedAt: Date
  public var elapsedSeconds: Double
  /// The folder of its results, relative where it was given so.
  public var folder: String?
  /// Why the times are unfit for comparison.
  public var warnings: [String]
  public var trials: [StoredTrial]
  public var timings: [StoredTiming]
  /// The night that it was measured in; nil for a run on its own.
  public var night: Int64?
  /// 0 as the manifest says; others have other initialisations on the same splits, where a night measures again.
  public var roll = 0

  public init(_ result: RunResult, startedAt: Date, folder: String?) {
    experiment = result.manifest.name
    manifestVersion = ManifestVersion.of(resolvedYAML: result.resolvedYAML)
    manifest = result.resolvedYAML
    primaryMetric = result.manifest.comparisons.primary.rawValue
    margin = result.manifest.comparisons.margin
    machine = result.machine
    self.startedAt = startedAt
    elapsedSeconds = result.elapsedSeconds
    self.folder = folder
    warnings = result.timingWarnings
    trials = result.records.map(StoredTrial.init)
    timings = result.timings.map(StoredTiming.init)
  }

  init(
    id: Int64?, experiment: String, manifestVersion: String, manifest: String, primaryMetric: String, margin: Double,
    machine: MachineFacts, startedAt: Date, elapsedSeconds: Double, folder: String?, warnings: [String],
    trials: [StoredTrial] = [], timings: [StoredTiming] = []
  ) {
    (self.id, self.experiment, self.manifestVersion, self.manifest) = (id, experiment, manifestVersion, manifest)
    (self.primaryMetric, self.margin, self.machine) = (primaryMetric, margin, machine)
    (self.startedAt, self.elapsedSeconds, self.folder) = (startedAt, elapsedSeconds, folder)
    (self.warnings, self.trials, self.timings) = (warnings, trials, timings)
  }

  public var failures: Int { trials.count { $0.failure != nil } }
}

/// One trial with all its metrics.
public struct StoredTrial: Sendable, Equatable {
  public var name, task, corpus, protocolName, source, target, model, kind: String
  public var seed: UInt64
  public var fold: Int?
  public var repetition: Int
  /// Two trials are paired only where it is equal.
  public var splitHash: String
  /// What earlier versions would have recorded as `splitHash`; empty in a run that was recorded.
  public var formerSplitHash = ""
  public var trainRows, testRows: Int
  public var epochs: Int?
  /// Why it failed; nil where it ended well.
  public var failure: String?
  /// Metric → value: fractions, nats for log loss.
  public var scores: [String: Double]

  init(_ record: TrialRecord) {
    (name, task, corpus, protocolName) = (record.trial, record.task, record.corpus, record.protocolName)
    (source, target, model, kind) = (record.source, record.target, record.model, record.kind.rawValue)
    (seed, fold, repetition, splitHash) = (record.seed, record.fold, record.repetition, record.splitHash)
    formerSplitHash = record.formerSplitHash
    (trainRows, testRows, epochs) = (record.trainRows, record.testRows, record.epochs)
    failure = record.status == .failed ? record.failure ?? "no reason given" : nil
    scores = record.status == .ok ? record.metrics.filter { $0.value.isFinite } : [:]
  }

  init(
    name: String, task: String, corpus: String, protocolName: String, source: String, target: String, model: String,
    kind: String, seed: UInt64, fold: Int?, repetition: Int, splitHash: String, trainRows: Int, testRows: Int,
    epochs: Int?, failure: String?, scores: [String: Double]
  ) {
    (self.name, self.task, self.corpus, self.protocolName) = (name, task, corpus, protocolName)
    (self.source, self.target, self.model, self.kind) = (source, target, model, kind)
    (self.seed, self.fold, self.repetition, self.splitHash) = (seed, fold, repetition, splitHash)
    (self.trainRows, self.testRows, self.epochs) = (trainRows, testRows, epochs)
    (self.failure, self.scores) = (failure, scores)
  }
}

/// The raw samples of one row of timing.csv.
public struct StoredTiming: Sendable, Equatable {
  public var task, corpus, model, kind, work: String
  public var threads, batch: Int
  /// `arrival`, `sorted` or `padded`.
  public var order: String
  public var tokens: Double
  /// In the order measured, in milliseconds.
  public var samples: [Double]
  public var peakBytes: Int
  /// Processor time on one thread, wall time on several, for each sample; and the calibration kernel's time before it.
  public var costs: [Double]
  public var calibrations: [Double]

  init(_ record: TimingRecord) {
    (task, corpus, model, kind) = (record.task, record.corpus, record.model, record.kind.rawValue)
    (work, threads, batch, order) = (record.work.rawValue, record.threads, record.batch, record.order.rawValue)
    (tokens, samples, peakBytes) = (record.tokens, record.samples, record.peakBytes)
    (costs, calibrations) = (record.costs, record.calibrations)
  }

  init(
    task: String, corpus: String, model: String, kind: String, work: String, threads: Int, batch: Int, order: String,
    tokens: Double, samples: [Double], peakBytes: Int, costs: [Double], calibrations: [Double]
  ) {
    (self.task, self.corpus, self.model, self.kind, self.work) = (task, corpus, model, kind, work)
    (self.threads, self.batch, self.order, self.tokens) = (threads, batch, order, tokens)
    (self.samples, self.peakBytes) = (samples, peakBytes)
    (self.costs, self.calibrations) = (costs, calibrations)
  }
}

extension StoredTrial: Grouped {}
