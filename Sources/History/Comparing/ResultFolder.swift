import Corpora
import Foundation
import Manifests
import Reports
import Tasks

/// Reads a results folder as a run, for comparison with others.
///
/// A folder keeps fewer numbers than the history: medians instead of samples, and the metrics of trials.csv.
public enum ResultFolder {
  public static func read(_ path: String) throws(ResultFolderError) -> StoredRun {
    let folder = URL(fileURLWithPath: path)
    let content = try bytes("machine.json", in: folder)
    let machine: MachineFile
    do { machine = try PublishedJSON.decode(MachineFile.self, content) } catch {
      throw ResultFolderError(path: path, file: "machine.json", reason: error.reason)
    }
    let resolved = String(decoding: try bytes("manifest.resolved.yaml", in: folder), as: UTF8.self)
    guard let values = ResolvedManifest.values(of: resolved) else {
      throw ResultFolderError(path: path, file: "manifest.resolved.yaml", reason: "it is not a YAML map")
    }
    func value(_ key: String) -> String? { values.first { $0.path == key }?.value }
    var run = StoredRun(
      id: nil, experiment: value("name") ?? "", manifestVersion: ManifestVersion.of(resolvedYAML: resolved),
      manifest: resolved, primaryMetric: value("comparisons.primary") ?? Problem.classification.primary.rawValue,
      margin: value("comparisons.margin").flatMap { Double($0) } ?? 1, machine: machine.machine,
      startedAt: .distantPast, elapsedSeconds: machine.elapsedSeconds, folder: path, warnings: machine.timingWarnings)
    let problem = value("problem").flatMap { Problem(rawValue: $0) } ?? .classification
    run.trials = try trials(folder, problem)
    run.timings = try timings(folder)
    return run
  }

  private static func bytes(_ file: String, in folder: URL) throws(ResultFolderError) -> [UInt8] {
    do { return Array(try Data(contentsOf: folder.appendingPathComponent(file))) } catch {
      throw ResultFolderError(path: folder.relativePath, file: file, reason: "it cannot be read")
    }
  }

  private static func records(
    _ file: String, _ columns: [String], in folder: URL
  ) throws(ResultFolderError) -> [[String]] {
    let content = try bytes(file, in: folder)
    do { return try CSVTable.records(content, columns: columns) } catch {
      throw ResultFolderError(path: folder.relativePath, file: file, reason: error.reason)
    }
  }

  private static func trials(_ folder: URL, _ problem: Problem) throws(ResultFolderError) -> [StoredTrial] {
    let metrics = problem.compared.map(\.rawValue)
    let columns = [
      "trial", "task", "corpus", "protocol", "source", "target", "model", "kind", "seed", "fold", "train_rows",
      "test_rows", "epochs", "status",
    ]
    let rows = try records("trials.csv", columns + metrics, in: folder)
    // Folders of earlier versions lack some: without the hash their trials have no pairs.
    func optional(_ column: String) -> [String]? { try? records("trials.csv", [column], in: folder).map { $0[0] } }
    let hashes = optional("split_hash") ?? rows.map { _ in "" }
    let later = ResultTables.partedColumns(problem).compactMap { name in
      optional(name).map { (name, $0) }
    }
    return rows.indices.map { place in
      let row = rows[place]
      var scores: [String: Double] = [:]
      for (metric, text) in zip(metrics, row[columns.count...]) { scores[metric] = Double(text) }
      for (metric, texts) in later { scores[metric] = Double(texts[place]) }
      return StoredTrial(
        name: row[0], task: row[1], corpus: row[2], protocolName: row[3], source: row[4], target: row[5],
        model: row[6], kind: row[7], seed: UInt64(row[8]) ?? 0, fold: Int(row[9]), repetition: 0,
        splitHash: hashes[place],
        trainRows: Int(row[10]) ?? 0, testRows: Int(row[11]) ?? 0, epochs: Int(row[12]),
        failure: row[13] == "ok" ? nil : "failed", scores: scores)
    }
  }

  /// The median is all that a folder has of the samples.
  private static func timings(_ folder: URL) throws(ResultFolderError) -> [StoredTiming] {
    let columns = [
      "task", "corpus", "model", "kind", "work", "threads", "batch", "order", "tokens", "median_ms", "peak_bytes",
    ]
    return try records("timing.csv", columns, in: folder).map { row in
      StoredTiming(
        task: row[0], corpus: row[1], model: row[2], kind: row[3], work: row[4], threads: Int(row[5]) ?? 0,
        batch: Int(row[6]) ?? 0, order: row[7], tokens: Double(row[8]) ?? 0,
        samples: Double(row[9]).map { [$0] } ?? [], peakBytes: Int(row[10]) ?? 0, costs: [], calibrations: [])
    }
  }
}

/// Why a folder cannot be read as a run: the file of it that is missing or wrong.
public struct ResultFolderError: Error, Equatable, CustomStringConvertible {
  public var path: String
  public var file: String
  public var reason: String
  public var description: String { "\(path)/\(file): \(reason); expected the results of a bench run" }
}
