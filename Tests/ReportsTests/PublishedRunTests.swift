import Deflate
import Foundation
import Manifests
import Tasks
import TestSupport
import Testing

@testable import Analysis
@testable import Reports

/// The synthetic run, read back from what it publishes.
@Suite struct PublishedRunTests {
  private static let run = SyntheticRun.result
  private static let files = ResultFiles(run).all

  private static func bytes(_ path: String) throws -> [UInt8] {
    try #require(files.first { $0.path == path }).bytes
  }

  /// From the files' bytes, with the run's manifest after `change`.
  private static func read(
    replacing other: [String: [UInt8]] = [:], _ change: (inout Manifest) -> Void = { _ in }
  ) throws -> RunResult {
    func bytes(_ path: String) throws -> [UInt8] { try other[path] ?? self.bytes(path) }
    var manifest = run.manifest
    change(&manifest)
    return try PublishedRun.result(
      PublishedManifest(
        manifest: manifest, text: run.resolvedYAML, ownComparisons: manifest.comparisons),
      PublishedJSON.decode(RunFile.self, bytes(PublishedRun.runFile)),
      PublishedJSON.decode(MeasuredFile.self, bytes(PublishedRun.measuredFile)),
      PublishedJSON.decode(MachineFile.self, bytes(PublishedRun.machineFile)),
      PredictionTablesReader(
        rows: bytes(PredictionTables.rowsFile), predictions: bytes(PredictionTables.predictionsFile)))
  }

  private static func carried() -> [ResultFiles.File] {
    let made = Set(ResultFiles(run, carrying: []).all.map(\.path))
    return files.filter { !made.contains($0.path) }
  }

  @Test("a run read back gives every file to the byte, and publishes itself the same")
  func same() throws {
    let back = try Self.read()
    let again = ResultFiles(back, carrying: Self.carried()).all
    #expect(again.map(\.path) == Self.files.map(\.path))
    for (a, b) in zip(again, Self.files) where a != b { Issue.record("\(a.path) is another") }
    for (a, b) in zip(PublishedRun.files(of: back), PublishedRun.files(of: Self.run)) where a != b {
      Issue.record("\(a.path), published again, is another")
    }
  }

  @Test("records have the run's metrics, and no whole vectors")
  func records() throws {
    let back = try Self.read()
    for (a, b) in zip(back.records, Self.run.records) {
      #expect(a.metrics == b.metrics && a.confusion == b.confusion && a.majority == b.majority, "\(a.trial)")
      #expect(a.probabilities.isEmpty && (a.answers == nil) == (a.status == .failed))
    }
    var record = try #require(back.records.first)
    record.metrics = [:]
    record.score()
    // Not computed from what is not there.
    #expect(record.metrics["auc_ovr_macro"] == nil && record.metrics["brier"] == nil)
    #expect(record.metrics["log_loss"] == Self.run.records[0].metrics["log_loss"])
    #expect(record.metrics["ece"] == Self.run.records[0].metrics["ece"])
  }

  /// A run by another metric or margin, against the analysis of the whole records by the same.
  @Test(
    "another metric, margin or pair gives what the run would have given",
    arguments: [MetricName.accuracy, .mcc, .logLoss, .balancedAccuracy, .kappa])
  func otherwise(primary: MetricName) throws {
    func change(_ manifest: inout Manifest) {
      manifest.comparisons.primary = primary
      manifest.comparisons.margin = 2.5
      manifest.comparisons.pairs = [.init(a: "bert", b: "tfidf"), .init(a: "majority", b: "lstm")]
    }
    let back = try Self.read(change)
    var manifest = Self.run.manifest
    change(&manifest)
    var records = Self.run.records
    for index in records.indices where records[index].status == .ok {
      records[index].score(novelty: records[index].novelty, primary: primary)
    }
    let whole = Analysis(records: records, manifest: manifest)
    // A metric that the run did not score on parts of the test rows keeps what it did score there.
    #expect(back.analysis.comparisons.map(\.verdict) == whole.comparisons.map(\.verdict))
    #expect(back.analysis.comparisons.map(\.p) == whole.comparisons.map(\.p))
    #expect(back.analysis.comparisons.map(\.words?.p) == whole.comparisons.map(\.words?.p))
    #expect(back.analysis.transfers.map(\.verdict) == whole.transfers.map(\.verdict))
    #expect(back.analysis.slices.map(\.mean) == whole.slices.map(\.mean))
    #expect(back.trainingMetric == .f1Macro)
    let files = ResultFiles(back, carrying: []).all
    func text(_ path: String) -> String {
      String(decoding: files.first { $0.path == path }?.bytes ?? [], as: UTF8.self)
    }
    #expect(text("report.md").contains("The run was made with `comparisons.primary: f1_macro`"))
    // What chose settings is still the run's.
    #expect(try text("tuning.csv") == String(decoding: Self.bytes("tuning.csv"), as: UTF8.self))
  }

  @Test("areas under the curve are the run's own, and where it has none the verdict says so")
  func areas() throws {
    var run = Self.run
    run.manifest.comparisons.primary = .aucMacro
    run.analysis = Analysis(records: run.records, manifest: run.manifest)
    let file = [PublishedRun.runFile: PublishedJSON.bytes(RunFile(run))]
    let same = try Self.read(replacing: file) { $0.comparisons.primary = .aucMacro }
    #expect(same.analysis.comparisons.map(\.verdict) == run.analysis.comparisons.map(\.verdict))
    for (own, expected) in zip(same.analysis.comparisons, run.analysis.comparisons) {
      #expect(
        own.low == expected.low,
        "\(own.role) \(own.metric) \(own.test) \(own.source) \(own.target) \(own.modelA) \(own.modelB)")
    }
    #expect(same.analysis.slices.map(\.mean) == run.analysis.slices.map(\.mean))
    #expect(same.analysis.slices.contains { $0.metric == "auc_ovr_macro" })
    let resampled = run.analysis.comparisons.filter { $0.metric == "auc_ovr_macro" && $0.test == .bootstrap }
    #expect(resampled.count == 6 && resampled.allSatisfy { $0.low != nil })

    // A pair that the run had the other way round keeps its contrast.
    let pair = try #require(DeclaredContrasts(run.manifest).pairs.first)
    let turned = try Self.read(replacing: file) {
      $0.comparisons.primary = .aucMacro
      $0.comparisons.pairs = [.init(a: pair.b, b: pair.a)]
    }
    func headline(_ result: RunResult, _ a: String) throws -> ComparisonRow {
      try #require(result.analysis.comparisons.first { $0.role == .headline && $0.modelA == a })
    }
    let (low, high) = (try #require(headline(turned, pair.b).low), try #require(headline(same, pair.a).high))
    #expect(low == -high)

    let other = try Self.read { $0.comparisons.primary = .aucMacro }
    let rows = other.analysis.comparisons.filter { $0.test == .bootstrap && $0.metric == "auc_ovr_macro" }
    #expect(rows.count == 6 && rows.allSatisfy { $0.low == nil && $0.reason.contains("probabilities of all") })
    let words = other.analysis.comparisons.filter { $0.role == .headline && $0.task == "sentiment" }
    #expect(!words.isEmpty && words.allSatisfy { $0.verdict?.text.contains("probabilities of all") == true })
    // Means and their tests over trials need no vectors.
    #expect(
      other.analysis.comparisons.contains { $0.test == .correctedT && $0.metric == "auc_ovr_macro" && $0.p != nil })
  }

  @Test("the files are the same on every run, and hold no time")
  func equalBytes() throws {
    var later = Self.run
    for index in later.records.indices { later.records[index].measured.trainSeconds += 1 }
    for index in later.tuning.indices { later.tuning[index].trials[0].coreSeconds += 1 }
    later.timings = []
    later.reusedFits = 3
    for path in [PublishedRun.runFile, PredictionTables.rowsFile, PredictionTables.predictionsFile] {
      #expect(try PublishedRun.files(of: later).first { $0.path == path }?.bytes == Self.bytes(path), "\(path)")
    }
    #expect(
      try PublishedRun.files(of: later).first { $0.path == PublishedRun.measuredFile }?.bytes
        != Self.bytes("measured.json"))
  }

  @Test("the columns are the documented ones")
  func documented() throws {
    let page = Fixtures.root.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Documentation/Results.md")
    let sections = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n## ")
    for (file, columns) in [
      (PredictionTables.rowsFile, PredictionTables.rowColumns),
      (PredictionTables.predictionsFile, PredictionTables.predictionColumns),
    ] {
      let section = try #require(sections.first { $0.hasPrefix(file) })
      for column in columns { #expect(section.contains("| `\(column)` |"), "\(file): \(column)") }
    }
    for (file, encoded) in [
      ("run.json", try Self.bytes("run.json")), ("measured.json", try Self.bytes("measured.json")),
    ] {
      let section = try #require(sections.first { $0.hasPrefix(file) })
      let object = try #require(JSONSerialization.jsonObject(with: Data(encoded)) as? [String: Any])
      for key in object.keys { #expect(section.contains("`\(key)`"), "\(file): \(key)") }
    }
  }

  @Test("every damage is an error that names its file and place")
  func damage() throws {
    let table = String(decoding: try Gzip.decompress(Self.bytes(PredictionTables.predictionsFile)), as: UTF8.self)
    let rows = String(decoding: try Gzip.decompress(Self.bytes(PredictionTables.rowsFile)), as: UTF8.self)
    func failure(_ path: String, _ content: String) -> PublishedRunError? {
      #expect(throws: PublishedRunError.self) {
        try Self.read(replacing: [path: Gzip.compress(Array(content.utf8))])
      }
    }
    let lines = table.components(separatedBy: "\r\n")
    func changed(_ line: Int, _ column: Int, _ value: String, _ lines: [String]) -> String {
      var lines = lines
      var fields = lines[line].components(separatedBy: ",")
      fields[column] = value
      lines[line] = fields.joined(separator: ",")
      return lines.joined(separator: "\r\n")
    }
    let path = PredictionTables.predictionsFile
    /// The first value of the first trial's list is another one.
    func first(_ column: Int, _ value: String) -> String {
      let list = lines[1].components(separatedBy: ",")[column].components(separatedBy: " ")
      return changed(1, column, ([value] + list.dropFirst()).joined(separator: " "), lines)
    }
    let isRight = lines[1].components(separatedBy: ",")[4].hasPrefix("=")
    for (content, name) in [
      (changed(1, 0, "nobody", lines), "trial"), (changed(1, 1, "9999", lines), "part"),
      (changed(1, 1, "x", lines), "part"), (changed(1, 1, "0", lines), "part"),
      (changed(1, 2, "0 1", lines), "predicted"),
      (changed(1, 3, "", lines), "probability"), (first(2, "3"), "predicted"), (first(2, "-1"), "predicted"),
      (first(3, "1.5"), "probability"), (first(3, "nan"), "probability"), (first(3, "-0.5"), "probability"),
      (first(4, isRight ? "0.1" : "="), "label_probability"), (first(4, "2"), "label_probability"),
    ] {
      let error = failure(path, content)
      #expect(
        error?.file == path && error?.reason.hasPrefix("record 1, \(name): got ") == true,
        "\(String(describing: error))")
    }
    #expect(failure(path, lines.dropLast(2).joined(separator: "\r\n"))?.reason.hasPrefix("it ends before") == true)
    #expect(failure(path, table + lines[1] + "\r\n")?.reason.contains("run.json has no such trial") == true)
    #expect(failure(path, "a,b\r\n")?.reason == "it has no column `trial`")
    let rowLines = rows.components(separatedBy: "\r\n")
    for (column, value) in [(0, "3"), (1, "5"), (4, "old"), (4, ""), (5, "x"), (5, "3")] {
      let error = failure(PredictionTables.rowsFile, changed(1, column, value, rowLines))
      #expect(error?.file == PredictionTables.rowsFile, "\(column) \(value)")
    }
    #expect(failure(PredictionTables.rowsFile, changed(1, 3, "none", rowLines))?.reason.contains("row 1") == true)
    for rows in ["4611686018427387904", "-1"] {
      let text = String(decoding: try Self.bytes(PublishedRun.runFile), as: UTF8.self)
      let damaged = text.replacing(/"trainRows":[0-9]+/, with: "\"trainRows\":\(rows)")
      #expect(damaged != text)
      let error = #expect(throws: PublishedRunError.self) {
        try Self.read(replacing: [PublishedRun.runFile: Array(damaged.utf8)])
      }
      #expect(error?.file == PublishedRun.runFile && error?.reason.hasPrefix("trials.0: got \(rows) rows") == true)
    }
    let machine = String(decoding: try Self.bytes(PublishedRun.machineFile), as: UTF8.self)
    let longRun = machine.replacing(/"elapsedSeconds" ?: [0-9.]+/, with: "\"elapsedSeconds\": 1e300")
    #expect(longRun != machine)
    let error = #expect(throws: PublishedRunError.self) {
      try Self.read(replacing: [PublishedRun.machineFile: Array(longRun.utf8)])
    }
    #expect(error?.file == PublishedRun.machineFile && error?.reason.contains("elapsedSeconds: got") == true)
    for key in ["\"classList\":0", "\"trainingMetric\":\"f1_macro\"", "\"version\":1", "\"model\":\"lstm\""] {
      let text = String(decoding: try Self.bytes(PublishedRun.runFile), as: UTF8.self)
      #expect(text.contains(key))
      let name = key.split(separator: ":")[0]
      for value in ["7", "-1", "\"another\"", "null", "[]"] {
        let other = text.replacingOccurrences(of: key, with: "\(name):\(value)")
        #expect(throws: (any Error).self, "\(key) \(value)") {
          try Self.read(replacing: [PublishedRun.runFile: Array(other.utf8)])
        }
      }
    }
  }
}
