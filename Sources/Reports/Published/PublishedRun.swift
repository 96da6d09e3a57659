import Analysis
import Foundation
import Manifests
import Records
import Tasks

/// A run read back from the folder that it published: what `bench report` makes a report of.
public struct PublishedRun {
  public let result: RunResult
  /// What cannot be made again: carried over byte for byte.
  private(set) var carried: [ResultFiles.File]

  static let runFile = "run.json"
  static let measuredFile = "measured.json"
  static let manifestFile = "manifest.resolved.yaml"
  static let machineFile = "machine.json"
  /// Files of a run from which, with its manifest, everything else follows.
  static func files(of result: RunResult) -> [ResultFiles.File] {
    [
      ResultFiles.File(path: runFile, bytes: PublishedJSON.bytes(RunFile(result))),
      ResultFiles.File(path: measuredFile, bytes: PublishedJSON.bytes(MeasuredFile(result))),
      ResultFiles.File(path: machineFile, bytes: PublishedJSON.indented(MachineFile(result))),
    ] + PredictionTables(result.records).files
  }

  /// Writes everything that follows from the folder into `directory`, in one step; fails where that holds another run: one
  /// with other predictions, or the same measured another time.
  public func write(to directory: URL) throws(OutputFolderError) {
    if OutputFolder.isRun(directory.path) {
      for name in [PredictionTables.predictionsFile, Self.measuredFile] {
        let there = (try? Data(contentsOf: directory.appendingPathComponent(name))).map { [UInt8]($0) }
        guard there == carried.first(where: { $0.path == name })?.bytes else {
          throw .anotherRun(path: directory.relativePath)
        }
      }
    }
    try OutputFolder.write(ResultFiles(result, carrying: carried).all, to: directory)
  }

  /// Reads a folder, and nothing outside it: neither the data nor what was trained.
  ///
  /// `overrides` are `key.path=value`, of comparisons and the question alone; without `isAnalysed` the result has records,
  /// and nothing that follows from them.
  public init(
    folder path: String, overrides: [String] = [], environment: [String: String], isAnalysed: Bool = true
  ) throws(PublishedRunErrors) {
    var reader = PublishedRunReader(folder: path)
    let manifest = PublishedManifest.read(
      reader.bytes(Self.manifestFile), name: path + "/" + Self.manifestFile, overrides: overrides,
      environment: environment)
    let run = reader.json(RunFile.self, Self.runFile)
    let measured = reader.json(MeasuredFile.self, Self.measuredFile)
    let machine = reader.json(MachineFile.self, Self.machineFile)
    let rows = reader.bytes(PredictionTables.rowsFile), predictions = reader.bytes(PredictionTables.predictionsFile)
    if case .failure(let error) = manifest, !error.description.isEmpty {
      reader.errors.insert(error.description, at: 0)
    }
    guard reader.errors.isEmpty, case .success(let loaded) = manifest, var run, let measured, let machine, let rows,
      let predictions
    else { throw PublishedRunErrors(reader.errors) }
    // A folder that was looked at by other comparisons knows those that were declared before the run.
    let declared = run.declaredComparisons ?? loaded.ownComparisons
    let isAsDeclared = declared == loaded.manifest.comparisons
    let isToChange = isAsDeclared ? run.declaredComparisons != nil : run.declaredComparisons != declared
    run.declaredComparisons = isAsDeclared ? nil : declared
    do {
      let tables = try PredictionTablesReader(rows: rows, predictions: predictions)
      result = try Self.result(loaded, run, measured, machine, tables, isAnalysed: isAnalysed)
    } catch { throw PublishedRunErrors(["\(path)/\(error.file): \(error.reason)"]) }
    carried =
      Self.carriedFiles.compactMap { name in
        let bytes = name == Self.runFile && isToChange ? PublishedJSON.bytes(run) : reader.optional(name)
        return bytes.map { ResultFiles.File(path: name, bytes: $0) }
      }
    // By other comparisons it would be another page.
    if overrides.isEmpty { carried += EvidenceFiles.stored(in: URL(fileURLWithPath: path)) }
  }

  private static let carriedFiles = [
    runFile, measuredFile, PredictionTables.rowsFile, PredictionTables.predictionsFile, machineFile, "predictions.csv",
    "probabilities.f32",
  ]

  static func result(
    _ loaded: PublishedManifest, _ run: RunFile, _ measured: MeasuredFile, _ machine: MachineFile,
    _ tables: PredictionTablesReader, isAnalysed: Bool = true
  ) throws(PublishedRunError) -> RunResult {
    try check(run, loaded.manifest)
    try check(measured, run)
    guard (0...1e10).contains(machine.elapsedSeconds) else {
      throw PublishedRunError(
        machineFile, "elapsedSeconds: got \(machine.elapsedSeconds), expected seconds from 0 to 1e10")
    }
    let manifest = loaded.manifest
    let primary = manifest.comparisons.primary
    var tables = tables
    var records: [TrialRecord] = []
    for (trial, times) in zip(run.trials, measured.trials) {
      let classes = run.classLists[trial.classList]
      let taken = trial.status == .ok ? try tables.take(trial, manifest.problem, classes: classes) : nil
      records.append(
        trial.record(
          manifest.problem, classes: classes, rows: taken?.rows, outcome: taken?.outcome, primary: primary,
          measured: times.measured))
    }
    try tables.end()
    var result = RunResult(
      manifest: manifest, resolvedYAML: loaded.text, records: records, models: run.models, timings: measured.timings,
      audits: run.audits,
      analysis: isAnalysed
        ? Analysis(records: records, manifest: manifest, inputs: run.inputs, kept: run.kept)
        : Analysis(records: [], manifest: manifest),
      tuning: zip(run.tuning, measured.tuningCoreSeconds).map { $0.record(coreSeconds: $1) }, inputs: run.inputs,
      timingWarnings: machine.timingWarnings, machine: machine.machine, elapsedSeconds: machine.elapsedSeconds,
      reusedFits: measured.reusedFits)
    result.trainingMetric = run.trainingMetric
    if let declared = run.declaredComparisons { result.declaredComparisons = declared }
    return result
  }

  private static let mostRows = 1 << 32

  /// What would trap, or be of another run.
  private static func check(_ run: RunFile, _ manifest: Manifest) throws(PublishedRunError) {
    func wrong(_ place: String, _ reason: String) -> PublishedRunError {
      PublishedRunError(runFile, "\(place): \(reason)")
    }
    guard run.format == RunFile.format, run.version == 1 else {
      throw wrong("version", "got \(run.format) \(run.version), expected \(RunFile.format) 1")
    }
    for (index, list) in run.classLists.enumerated()
    where list.isEmpty != (manifest.problem == .regression) || Set(list).count < list.count {
      throw wrong("classLists.\(index)", "expected different names of classes")
    }
    let corpora = Set(manifest.corpora.map(\.name)), models = Set(manifest.models.map(\.name))
    var names: Set<String> = []
    for (index, trial) in run.trials.enumerated() {
      let place = "trials.\(index)"
      guard run.classLists.indices.contains(trial.classList) else {
        throw wrong("\(place).classList", "got \(trial.classList), expected the place of a list")
      }
      let classes = run.classLists[trial.classList].count
      if let counts = trial.trainingCounts, counts.count != classes || counts.contains(where: { $0 < 0 }) {
        throw wrong("\(place).trainingCounts", "expected \(classes) counts, one a class")
      }
      for rows in [trial.testRows, trial.trainRows, trial.validationRows] where !(0...mostRows ~= rows) {
        throw wrong(place, "got \(rows) rows, expected a number from 0 to \(mostRows)")
      }
      guard corpora.contains(trial.corpus), models.contains(trial.model) else {
        throw wrong(
          place,
          "got the corpus \(shown(trial.corpus)) and the model \(shown(trial.model)), expected those of "
            + "\(manifestFile): it is another run's")
      }
      guard names.insert(trial.trial).inserted else { throw wrong("\(place).trial", "it stands twice") }
    }
  }

  private static func check(_ measured: MeasuredFile, _ run: RunFile) throws(PublishedRunError) {
    guard measured.format == MeasuredFile.format, measured.version == 1 else {
      throw PublishedRunError(
        measuredFile, "version: got \(measured.format) \(measured.version), expected \(MeasuredFile.format) 1")
    }
    guard measured.trials.map(\.trial) == run.trials.map(\.trial),
      measured.tuningCoreSeconds.map(\.count) == run.tuning.map(\.trials.count)
    else {
      throw PublishedRunError(measuredFile, "expected the trials and searches of \(runFile): it is another run's")
    }
  }

  static func shown(_ text: String) -> String { String(reflecting: text.count > 60 ? text.prefix(60) + "…" : text) }
}

/// Reads files of one folder and collects what is wrong.
private struct PublishedRunReader {
  let folder: String
  var errors: [String] = []

  mutating func bytes(_ name: String) -> [UInt8]? {
    do { return Array(try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name))) } catch {
      let advice =
        name == PublishedRun.runFile
        ? ": a folder of an earlier version has none, but `bench reproduce` runs it again" : ""
      errors.append("\(folder)/\(name): it cannot be read; expected a folder that a run published\(advice)")
      return nil
    }
  }

  mutating func json<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
    guard let bytes = bytes(name) else { return nil }
    do { return try PublishedJSON.decode(type, bytes) } catch {
      errors.append("\(folder)/\(name): \(error.reason)")
      return nil
    }
  }

  func optional(_ name: String) -> [UInt8]? {
    (try? Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent(name))).map { Array($0) }
  }
}

/// What is wrong with one file of a folder.
struct PublishedRunError: Error, Equatable {
  let file: String
  let reason: String

  init(_ file: String, _ reason: String) { (self.file, self.reason) = (file, reason) }

  /// `record` counts from 0, the header not among them.
  static func field(
    _ file: String, _ record: Int, _ column: String, _ found: String, _ expected: String
  ) -> PublishedRunError {
    PublishedRunError(
      file, "record \(record + 1), \(column): got \(PublishedRun.shown(found)), expected \(expected)")
  }
}

/// All that was found wrong, an error a line.
public struct PublishedRunErrors: Error, Equatable, CustomStringConvertible {
  let errors: [String]
  init(_ errors: [String]) { self.errors = errors }
  public var description: String { errors.joined(separator: "\n") }
}
