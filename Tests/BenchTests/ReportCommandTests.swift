import Foundation
import TestSupport
import Testing

/// `bench report` on runs of the command: from the folder alone, to the byte.
@Suite struct ReportCommandTests {
  /// Hold-out, k-fold, an official split, other domains, groups, slices, a search, a failing model, one without
  /// probabilities, times.
  private static let manifest = """
    version: 1
    name: whole
    question: Is it all there?
    seed: 5
    corpora:
      messages:
        task: sentiment
        domains:
          ecommerce: {generated: {rows: 90}}
          telecom: {generated: {rows: 90}}
      tickets:
        task: intent
        domain: support
        train: train.csv
        test: test.csv
        text: text
        label: label
        group: customer
        slice: channel
    protocols:
      - {kind: holdout, corpora: [messages], seeds: 2}
      - {kind: cross-domain, corpora: [messages], seeds: 2}
      - {kind: kfold, corpora: [messages], domains: [telecom], folds: 3, models: [lookup, tfidf]}
      - {kind: official, corpora: [tickets], seeds: 2}
    models:
      lstm: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 1}, space: {dropout: [0, 0.25]}}
      tfidf: {kind: tfidf-logistic}
      svm: {kind: linear-svm}
      lookup: {kind: lookup}
      majority: {kind: majority}
    tuning: {search: grid, trials: 3}
    timing: {batch: 4, batches: 8, warmup: 1, threads: [one], works: [query], orders: [arrival]}
    """

  private static func rows(_ count: Int, from start: Int) -> String {
    "text,label,customer,channel\n"
      + (start..<start + count).map {
        "where is order \($0 % 17) of \($0 % 5),\($0 % 3 == 0 ? "\"late, \"\"very\"\"\"" : $0 % 3 == 1 ? "lost" : "other"),"
          + "c\($0 / 3),\($0 % 4 == 0 ? "" : $0 % 2 == 0 ? "app" : "mail")\n"
      }.joined()
  }

  private func withRun(_ manifest: String = manifest, _ body: (URL, Int32) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(manifest, as: "whole.yaml", in: folder)
      try Command.write(Self.rows(60, from: 0), as: "train.csv", in: folder)
      try Command.write(Self.rows(45, from: 60), as: "test.csv", in: folder)
      let run = try Command.run(["whole.yaml", "--output", "one", "--quiet"], in: folder)
      #expect(run.code == 0 || run.code == 1, "\(run.errors)")
      try body(folder, run.code)
    }
  }

  private func files(_ name: String, in folder: URL) throws -> [String: Data] {
    let root = folder.appendingPathComponent(name)
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path)
    where !["figures", "tables"].contains(path) {
      files[path] = try Data(contentsOf: root.appendingPathComponent(path))
    }
    return files
  }

  private func expectEqual(_ a: [String: Data], _ b: [String: Data], but others: Set<String> = []) {
    #expect(a.keys.sorted() == b.keys.sorted())
    for (path, data) in a where !others.contains(path) { #expect(data == b[path], "\(path)") }
  }

  @Test("a moved folder without data and fits gives every file of the run, in place and elsewhere")
  func toTheByte() throws {
    try withRun(Command.diverging(Self.manifest)) { folder, code in
      #expect(code == 1)
      let run = try files("one", in: folder)
      for path in ["slices.csv", "tuning.csv", "predictions.csv.gz", "test-rows.csv.gz", "run.json", "measured.json"] {
        #expect(run[path] != nil, "\(path)")
      }
      let trials = String(decoding: try #require(run["trials.csv"]), as: UTF8.self)
      for word in [",failed,", ",official,", ",kfold,", ",cross-domain,"] { #expect(trials.contains(word), "\(word)") }
      for name in ["one.fits", "train.csv", "test.csv", "whole.yaml"] {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
      }
      let place = folder.appendingPathComponent("kept, 2024")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        at: folder.appendingPathComponent("one"), to: place.appendingPathComponent("run 1"))
      let elsewhere = try Command.run(["report", "kept, 2024/run 1", "--output", "two"], in: folder)
      #expect(elsewhere.code == 0 && elsewhere.output.contains("two/report.md"), "\(elsewhere.errors)")
      expectEqual(try files("two", in: folder), run)
      // What follows from the rest comes back; a reader's notes stay.
      for name in ["report.md", "trials.csv", "summary.csv", "comparisons.csv", "timing.csv", "figures"] {
        try FileManager.default.removeItem(at: place.appendingPathComponent("run 1/\(name)"))
      }
      try Command.write("mine", as: "kept, 2024/run 1/notes.txt", in: folder)
      // Who stands in the folder keeps it.
      let inside = try Command.run(["report", ".", "--quiet"], in: place.appendingPathComponent("run 1"))
      #expect(inside.code == 2 && inside.errors.contains(": the working folder is this or in it"), "\(inside.errors)")
      let beside = try Command.run(
        ["report", ".", "--output", "../beside", "--quiet"], in: place.appendingPathComponent("run 1"))
      #expect(beside.code == 0, "\(beside.errors)")
      expectEqual(try files("kept, 2024/beside", in: folder), run)
      let again = try Command.run(["report", "run 1", "--quiet"], in: place)
      #expect(again.code == 0 && again.output.isEmpty, "\(again.errors)")
      var found = try files("kept, 2024/run 1", in: folder)
      #expect(found.removeValue(forKey: "notes.txt") == Data("mine".utf8))
      for name in [".out", ".err"] { found[name] = nil }
      expectEqual(found, run)
    }
  }

  @Test("other comparisons are those that a run of such a manifest has, and stay when the report is made again")
  func otherwise() throws {
    try withRun { folder, _ in
      let settings = [
        "--set", "comparisons.margin=3", "--set", "comparisons.pairs=[[tfidf, lstm]]", "--set", "question=Why?",
      ]
      let report = try Command.run(["report", "one", "--output", "two", "--quiet"] + settings, in: folder)
      #expect(report.code == 0, "\(report.errors)")
      let run = try Command.run(["whole.yaml", "--output", "three", "--quiet", "--jobs", "1"] + settings, in: folder)
      #expect(run.code == 0, "\(run.errors)")
      for file in [
        "comparisons.csv", "transfer.csv", "summary.csv", "trials.csv", "confusion.csv", "predictions.csv.gz",
      ] {
        #expect(try files("two", in: folder)[file] == files("three", in: folder)[file], "\(file)")
      }
      func value(_ name: String) throws -> [String] {
        let text = String(decoding: try #require(files(name, in: folder)["manifest.resolved.yaml"]), as: UTF8.self)
        return text.split(separator: "\n").map { String($0.split(separator: "#")[0]) }
      }
      #expect(try value("two") == value("three"))
      let two = try files("two", in: folder)
      // What was chosen after the run is said; of a run of such a manifest it was declared.
      func isSaid(_ files: [String: Data]) -> Bool {
        String(decoding: files["report.md"] ?? Data(), as: UTF8.self)
          .contains("**Chosen after the run:** the margin and the pairs.")
      }
      #expect(isSaid(two))
      #expect(try !isSaid(files("three", in: folder)))
      #expect(try Command.run(["report", "two", "--quiet"], in: folder).code == 0)
      expectEqual(try files("two", in: folder), two)
      let back = try Command.run(
        [
          "report", "two", "--set", "comparisons.margin=1", "--set", "comparisons.pairs=[]", "--set",
          "question=Is it all there?",
        ],
        in: folder)
      #expect(back.code == 0, "\(back.errors)")
      let one = try files("one", in: folder)
      // The comments of the manifest tell of --set, and so does its hash.
      expectEqual(try files("two", in: folder), one, but: ["manifest.resolved.yaml", "report.md", "report.html"])
    }
  }

  @Test("what is no published run, or asks for what needs training, is refused with its place, and nothing is written")
  func refused() throws {
    try withRun { folder, _ in
      func fails(_ arguments: [String], _ parts: String...) throws {
        let before = try files("one", in: folder)
        let ending = try Command.run(["report"] + arguments, in: folder)
        #expect(ending.code == 2 && ending.output.isEmpty, "\(arguments)")
        for part in parts { #expect(ending.errors.contains(part), "\(arguments): \(ending.errors)") }
        expectEqual(try files("one", in: folder), before)
      }
      try fails(["none"], "none: got no results of a run, expected a folder with manifest.resolved.yaml")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("Results/bare"), withIntermediateDirectories: true)
      for name in ["manifest.resolved.yaml", "machine.json"] {
        try Command.write("", as: "Results/bare/\(name)", in: folder)
      }
      try fails(["bare"], "did you mean `Results/bare`?")
      try fails(["Results/bare"], "Results/bare/run.json: it cannot be read", "bench reproduce")
      // Another run's results stay.
      try Command.write("of another run", as: "Results/bare/predictions.csv.gz", in: folder)
      let another = try files("Results/bare", in: folder)
      try fails(["one", "--output", "Results/bare"], "Results/bare: this folder holds another run")
      expectEqual(try files("Results/bare", in: folder), another)
      try fails(["one", "--set", "seed=3"], "--set 1: seed: got a key that a run's training or testing depends on")
      try fails(["one", "--set", "comparisons.primary=f2"], "--set 1", "comparisons.primary: got", "f2")
      try fails(["one", "--set", "comparisons.pairs=[[lstm, gru]]"], "comparisons.pairs", "gru")
      try fails(["one", "--output", "whole.yaml"], "whole.yaml: this is a file")
      let run = try files("one", in: folder)
      try Command.write("{\"format\": \"bench-run\"", as: "one/run.json", in: folder)
      try fails(["one"], "one/run.json: it is not the JSON that bench writes")
      try Command.write("no gzip", as: "one/predictions.csv.gz", in: folder)
      try run["run.json"]?.write(to: folder.appendingPathComponent("one/run.json"))
      try fails(["one"], "one/predictions.csv.gz: it is no gzip file")
      // Another run's numbers beside this one's.
      try run["predictions.csv.gz"]?.write(to: folder.appendingPathComponent("one/predictions.csv.gz"))
      try Command.write(
        String(decoding: try #require(run["manifest.resolved.yaml"]), as: UTF8.self)
          .replacingOccurrences(of: "  lookup:", with: "  other:")
          .replacingOccurrences(of: "models: [lookup, tfidf]", with: "models: [other, tfidf]"),
        as: "one/manifest.resolved.yaml", in: folder)
      try fails(["one"], "one/run.json: trials.", "it is another run's")
    }
  }
}
