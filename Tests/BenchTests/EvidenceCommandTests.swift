import Foundation
import TestSupport
import Testing

@Suite struct EvidenceCommandTests {
  private static let manifest = """
    name: tiny
    corpora:
      messages:
        task: sentiment
        format: csv
        files: messages.csv
        text: text
        label: label
    protocols: [{kind: kfold, folds: 3}]
    models:
      logistic: {kind: tfidf-logistic}
      svm: {kind: linear-svm}
      majority: {kind: majority}
    timing: false
    """

  /// Rows of three classes; what must stay on the machine stands in one of them.
  private static var csv: String {
    var lines = ["text,label"]
    for row in 0..<150 {
      let label = ["good", "bad", "mixed"][row % 3]
      let word = row % 7 == 0 ? "broken" : ["lovely", "awful", "so so"][row % 3]
      let end = row == 4 ? "order QX-7719-ZZ for Ottoline" : "parcel number \(row)"
      lines.append("It was \(word) and \(row % 2 == 0 ? "not late" : "late"). This is \(end),\(label)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func inRun(_ body: (URL) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.csv, as: "messages.csv", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      try body(folder)
    }
  }

  private func files(_ folder: URL) throws -> [String: Data] {
    let manager = FileManager.default
    var files: [String: Data] = [:]
    for case let path as String in manager.enumerator(atPath: folder.path) ?? .init() {
      files[path] = manager.contents(atPath: folder.appendingPathComponent(path).path)
    }
    return files
  }

  @Test("page, pictures and tables go into the folder, the same bytes again, and no text of a row")
  func written() throws {
    try inRun { folder in
      let run = folder.appendingPathComponent("Results/tiny")
      let before = try files(run)
      let shown = try Command.run(["evidence", "Results/tiny"], in: folder)
      #expect(shown.code == 0, "\(shown.errors)")
      #expect(shown.output.contains("logistic") && shown.output.contains("evidence.html"))
      let first = try files(run)
      for (name, data) in before { #expect(first[name] == data, "\(name)") }
      let page = String(decoding: try #require(first["evidence.html"]), as: UTF8.self)
      for part in ["Where they err", "Whether they know it", "On which rows", "<svg", "evidence/slices.csv"] {
        #expect(page.contains(part), "\(part)")
      }
      #expect(page.utf8.count < 1_000_000)
      for name in ["rows", "agreement", "confusions", "calibration", "reliability", "slices"] {
        #expect(first["evidence/\(name).csv"] != nil, "\(name)")
      }
      for (name, data) in first {
        let text = String(decoding: data, as: UTF8.self)
        for secret in ["QX-7719", "Ottoline", "parcel number", "It was"] {
          #expect(!text.contains(secret), "\(secret) in \(name)")
        }
      }
      #expect(try Command.run(["evidence", "Results/tiny", "--quiet"], in: folder).output.isEmpty)
      #expect(try files(run) == first)
      // The report made again keeps what stands beside it; another run does not.
      #expect(try Command.run(["report", "Results/tiny", "--quiet"], in: folder).code == 0)
      #expect(try files(run) == first)
      #expect(try Command.run(["tiny.yaml", "--quiet", "--set", "seed=2"], in: folder).code == 0)
      #expect(!(try files(run)).keys.contains { $0.hasPrefix("evidence") })
    }
  }

  @Test("models that no trial of the deciding protocol has are left out, and the pair is of those that are there")
  func someModels() throws {
    try Command.inFolder { folder in
      let few = Self.manifest.replacing("{kind: kfold, folds: 3}", with: "{kind: kfold, folds: 3, models: [svm, tree]}")
        .replacing("  majority:", with: "  tree: {kind: decision-tree}\n  majority:")
      try Command.write(few + "\ncomparisons: {pairs: [[logistic, svm]]}\n", as: "tiny.yaml", in: folder)
      try Command.write(Self.csv, as: "messages.csv", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let shown = try Command.run(["evidence", "Results/tiny"], in: folder)
      #expect(shown.code == 0, "\(shown.errors)")
      #expect(shown.output.contains("tree") && !shown.output.contains("logistic"))
      let page = try String(contentsOf: folder.appendingPathComponent("Results/tiny/evidence.html"), encoding: .utf8)
      #expect(page.contains("<code>svm</code> and <code>tree</code> differ otherwise"))
    }
  }

  @Test("texts stand in a file outside alone, anonymised unless asked otherwise")
  func texts() throws {
    try inRun { folder in
      let refused = try Command.run(["evidence", "Results/tiny", "--with-text", "Results/tiny/page.html"], in: folder)
      #expect(refused.code == 2 && refused.errors.contains("a file in a folder of results"))
      #expect(
        try Command.run(["evidence", "Results/tiny", "--with-text", "page.html", "--quiet"], in: folder).code == 0)
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.contains("It was ") && page.contains("not for publishing"))
      let own = try String(contentsOf: folder.appendingPathComponent("Results/tiny/evidence.html"), encoding: .utf8)
      #expect(!own.contains("It was "))
    }
  }

  @Test("other data, no data and other tasks are said; without data there are no slices by text")
  func data() throws {
    try inRun { folder in
      try Command.write(Self.csv + "one more,good\n", as: "messages.csv", in: folder)
      let other = try Command.run(["evidence", "Results/tiny"], in: folder)
      #expect(other.code == 2 && other.errors.contains("messages.csv: got data with the hash"), "\(other.errors)")
      try FileManager.default.removeItem(at: folder.appendingPathComponent("messages.csv"))
      let missing = try Command.run(["evidence", "Results/tiny"], in: folder)
      #expect(missing.code == 2 && missing.errors.contains("--without-data"))
      #expect(try Command.run(["evidence", "Results/tiny", "--without-data"], in: folder).code == 0)
      let page = try String(contentsOf: folder.appendingPathComponent("Results/tiny/evidence.html"), encoding: .utf8)
      #expect(page.contains("The data of the run were not there") && !page.contains("with “"))
      for arguments in [
        ["nowhere"], ["Results/tiny", "--as-written"], ["Results/tiny", "--without-data", "--with-text", "a"],
      ] {
        #expect(try Command.run(["evidence"] + arguments, in: folder).code == 2, "\(arguments)")
      }
    }
  }
}
