import Foundation
import TestSupport
import Testing

/// `problem: multi-label` and `problem: regression`, as a user meets them.
@Suite struct OtherTasksCommandTests {
  private static func manifest(_ problem: String, _ label: String, _ linear: String) -> String {
    """
    version: 1
    name: other
    question: Is it all there?
    problem: \(problem)
    seed: 5
    corpora:
      tickets:
        task: topic
        domain: support
        train: train.csv
        test: test.csv
        text: text
        label: \(label)
        \(problem == "multi-label" ? "label_separator: '|'" : "label_map: {}")
        group: customer
        slice: channel
        missing: {label: \(problem == "multi-label" ? "keep" : "drop")}
    protocols:
      - {kind: official, seeds: 2}
    models:
      bert: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}}
      lstm: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 2}, space: {dropout: [0, 0.25]}}
      linear: {kind: \(linear)}
      lookup: {kind: lookup}
      majority: {kind: majority}
    tuning: {search: grid, trials: 3}
    timing: {batch: 4, batches: 8, warmup: 1, threads: [one], works: [query], orders: [arrival]}
    outputs: {refit: [linear]}
    """
  }

  /// Topics of which a row has none, one or two, names with marks in them; and a number.
  private static func rows(_ count: Int, from start: Int) -> String {
    "text,topics,stars,customer,channel\n"
      + (start..<start + count).map { row in
        let late = row % 3 == 0, lost = row % 4 == 0
        let topics = (late ? ["\"\"late\"\", \\very\\"] : []) + (lost ? ["lost"] : [])
        return "order \(row % 17) is \(late ? "late" : "here") and \(lost ? "lost" : "found") \(row % 5),"
          + "\"\(topics.joined(separator: "|"))\",\(late ? 1 : 4).\(row % 2)5,"
          + "c\(row / 3),\(row % 4 == 0 ? "" : row % 2 == 0 ? "app" : "mail")\n"
      }.joined()
  }

  private static let tasks = [("multi-label", "topics", "tfidf-logistic"), ("regression", "stars", "tfidf-ridge")]

  private func withRun(_ task: (String, String, String), _ body: (URL) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest(task.0, task.1, task.2), as: "other.yaml", in: folder)
      try Command.write(Self.rows(60, from: 0), as: "train.csv", in: folder)
      try Command.write(Self.rows(45, from: 60), as: "test.csv", in: folder)
      let run = try Command.run(["other.yaml", "--output", "one", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      try body(folder)
    }
  }

  private func bytes(_ path: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(path))
  }

  @Test("a run's folder alone gives all its files again, and a run is reproduced", arguments: tasks.indices)
  func again(task: Int) throws {
    try withRun(Self.tasks[task]) { folder in
      let report = try Command.run(["report", "one", "--output", "two"], in: folder)
      #expect(report.code == 0, "\(report.errors)")
      let root = folder.appendingPathComponent("one")
      let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.contains(".") }
      #expect(files.contains("report.md") && files.contains("predictions.csv.gz"))
      for file in files { #expect(try bytes("one/\(file)", in: folder) == bytes("two/\(file)", in: folder), "\(file)") }
      let same = try Command.run(["reproduce", "one"], in: folder)
      #expect(same.code == 0 && same.output.contains("equal"), "\(same.output) \(same.errors)")
      let history = try Command.run(["compare", "one", "one"], in: folder)
      #expect(history.code == 0, "\(history.errors)")
    }
  }

  @Test("a report names the task's scores and nothing of classes that are not there", arguments: tasks.indices)
  func report(task: Int) throws {
    try withRun(Self.tasks[task]) { folder in
      let text = String(decoding: try bytes("one/report.md", in: folder), as: UTF8.self)
      let trials = String(decoding: try bytes("one/trials.csv", in: folder), as: UTF8.self)
      let isLabels = Self.tasks[task].0 == "multi-label"
      #expect(
        text.contains(isLabels ? "Micro-F1" : "R²") && !text.contains("Macro AUC") && !text.contains("## Confusions"))
      #expect(
        trials.contains(isLabels ? "f1_micro,f1_macro,f1_samples,subset_accuracy,ranking_ap" : "r2,spearman,mae,mse"))
      #expect(!text.contains("nan") && !text.contains("inf "))
      let slices = String(decoding: try bytes("one/slices.csv", in: folder), as: UTF8.self)
      #expect(slices.contains(isLabels ? ",f1_micro," : ",r2,"))
    }
  }

  @Test("a kept model answers with its labels or its number, line by line and in a column", arguments: tasks.indices)
  func predict(task: Int) throws {
    try withRun(Self.tasks[task]) { folder in
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("one.fits").path)
          .first { $0.contains("refit.linear") && $0.hasSuffix(".model") })
      try Command.write("order 3 is late and lost 1\n\norder 4 is here and found 2\n", as: "texts.txt", in: folder)
      let lines = try Command.run(["predict", "one.fits/\(name)", "texts.txt"], in: folder)
      #expect(lines.code == 0, "\(lines.errors)")
      let read = try lines.output.split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      try #require(read.count == 3)
      let columns = try Command.run(["predict", "one.fits/\(name)", "test.csv", "--column", "text"], in: folder)
      let head = columns.output.split(separator: "\n").first
      if Self.tasks[task].0 == "multi-label" {
        #expect(Set(try #require(read[0]["labels"] as? [String])) == ["lost", "\"late\", \\very\\"])
        #expect(read[1]["labels"] is NSNull && (read[2]["labels"] as? [String]) == [])
        #expect((read[0]["probabilities"] as? [String: Double])?.count == 2)
        #expect(head == "text,topics,stars,customer,channel,labels")
      } else {
        let (late, here) = (read[0]["value"] as? Double, read[2]["value"] as? Double)
        #expect(try #require(late) < 3 && #require(here) > 3 && read[1]["value"] is NSNull)
        #expect(head == "text,topics,stars,customer,channel,value")
      }
      let export = try Command.run(["export", "one.fits/\(name)", "exported"], in: folder)
      #expect(export.code == 2 && export.errors.contains(Self.tasks[task].0), "\(export.errors)")
    }
  }
}
