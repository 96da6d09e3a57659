import Corpora
import Hashing
import Files
import Foundation
import Manifests
import Records
import Tasks

/// Everything one run gave: what the report and the result files are made of.
public struct RunResult: Sendable {
  public var manifest: Manifest
  /// `manifest.resolved.yaml`, byte for byte.
  public var resolvedYAML: String
  /// In the plan's order, whatever the order in which they ended.
  public var records: [TrialRecord]
  public var models: [ModelRecord]
  public var timings: [TimingRecord]
  public var audits: [AuditRecord]
  /// The searches of fits that are tuned, in the plan's order.
  public var tuning: [TuningRecord]
  public var analysis: Analysis
  /// The metric by which the fits stopped early and their settings were chosen: the manifest's primary one, unless a
  /// stored run is looked at by another.
  public var trainingMetric: MetricName
  /// What the run's manifest declared: the manifest's own comparisons, unless a stored run is looked at by others.
  public var declaredComparisons: ComparisonSettings
  /// The files that were read, in the manifest's order.
  public var inputs: [Input]
  /// Lines that say why the timing is unfit for comparison; none where it is fit.
  public var timingWarnings: [String]
  public var machine: MachineFacts
  /// From start to the end of the last measurement, in seconds.
  public var elapsedSeconds: Double
  /// Fits that were not trained in that time: an earlier run had stored them.
  public var reusedFits: Int

  /// A file that was read.
  public struct Input: Sendable, Equatable, Codable {
    /// As written in the manifest, `${env:…}` unexpanded.
    public var declaredPath: String
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    public var sha256: String
    public var bytes: Int
    /// Where such bytes were published; nil where that is not known.
    public var origin: Origin?
    public init(declaredPath: String, sha256: String, bytes: Int) {
      (self.declaredPath, self.sha256, self.bytes) = (declaredPath, sha256, bytes)
    }
  }

  /// A publication that holds a file, known by the file's hash.
  public struct Origin: Sendable, Equatable, Codable {
    /// What it is, in a line.
    public var title: String
    /// As its publisher states it, or that none is stated.
    public var licence: String
    /// The language or languages of a corpus; nil of a model.
    public var language: String?
    public var repository: String
    /// The repository's commit.
    public var revision: String?
    public init(title: String, licence: String, language: String?, repository: String, revision: String?) {
      (self.title, self.licence, self.language) = (title, licence, language)
      (self.repository, self.revision) = (repository, revision)
    }
  }

  public init(
    manifest: Manifest, resolvedYAML: String, records: [TrialRecord], models: [ModelRecord], timings: [TimingRecord],
    audits: [AuditRecord], analysis: Analysis, tuning: [TuningRecord] = [], inputs: [Input] = [],
    timingWarnings: [String] = [], machine: MachineFacts, elapsedSeconds: Double, reusedFits: Int = 0
  ) {
    (self.manifest, self.resolvedYAML, self.records) = (manifest, resolvedYAML, records)
    (self.models, self.timings, self.audits, self.analysis) = (models, timings, audits, analysis)
    (trainingMetric, declaredComparisons) = (manifest.comparisons.primary, manifest.comparisons)
    self.tuning = tuning
    (self.inputs, self.timingWarnings) = (inputs, timingWarnings)
    (self.machine, self.elapsedSeconds, self.reusedFits) = (machine, elapsedSeconds, reusedFits)
  }

  /// SHA-256 of the resolved manifest, in hexadecimal digits.
  public var manifestHash: String { FileHash.sha256(of: resolvedYAML) }
}
