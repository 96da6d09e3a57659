import Foundation
import TestSupport
import Testing

/// Nights as a user runs them, one after another.
@Suite struct NightlyCommandTests {
  @Test("the first night creates the baseline, the second finds nothing worse, and the page shows both")
  func nightly() throws {
    try Command.inFolder { folder in
      // Times would make the test depend on the machine.
      let manifest = Command.manifest.replacingOccurrences(of: "timing: {", with: "timing: {enabled: false, ")
      try Command.write(manifest, as: "tiny.yaml", in: folder)
      let first = try Command.run(["nightly", "tiny.yaml"], in: folder)
      #expect(first.code == 0, "\(first.errors)")
      #expect(first.output.hasPrefix("## bench nightly: baseline created\n"))
      let second = try Command.run(["nightly", "tiny.yaml", "--report", "night", "--quiet"], in: folder)
      #expect(second.code == 0 && second.output.isEmpty, "\(second.errors)")
      let report = try String(contentsOf: folder.appendingPathComponent("night/report.md"), encoding: .utf8)
      #expect(report.contains("equal to the last bit"))
      for file in ["night/junit.xml", "night/nightly.json", "Results/nightly/report.md"] {
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path))
      }
      #expect(try Command.run(["dashboard", "--output", "page.html"], in: folder).code == 0)
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.contains("2 runs") && page.contains("messages · lstm · f1_macro"))
      let unwritable = try Command.run(["dashboard", "--output", "page.html/page.html"], in: folder)
      #expect(unwritable.code == 2 && unwritable.errors.hasPrefix("error: --output: page.html/page.html: cannot be "))
      #expect(try Command.run(["nightly", "none.yaml"], in: folder).code == 2)
      // Another model under the name: said, not passed, until it is said to be meant.
      let worse = manifest.replacingOccurrences(of: "hidden: 4", with: "hidden: 2")
      #expect(worse != manifest)
      try Command.write(worse, as: "worse.yaml", in: folder)
      let ended = try Command.run(["nightly", "worse.yaml"], in: folder)
      #expect(ended.code == 4 && ended.output.contains("has changed since night 2:** models.lstm.hidden: 4 → 2. "))
      #expect(!ended.output.contains("nothing worse"))
      try Command.write(worse + "\nseries: 2\n", as: "worse.yaml", in: folder)
      let begun = try Command.run(["nightly", "worse.yaml"], in: folder)
      #expect(begun.code == 0 && begun.output.contains("> begun on purpose: series: 2 (night 3 had series: 1)\n"))
      let twice = try Command.run(["nightly", "tiny.yaml", "worse.yaml"], in: folder)
      #expect(twice.code == 2 && twice.errors.contains("worse.yaml: name: got tiny a second time"))
    }
  }

  @Test("a data file under another name is the same data: nights and comparisons hold its trials side by side")
  func renamedData() throws {
    try Command.inFolder { folder in
      let words = ["invoice refund charge", "parcel courier depot", "password login account"]
      let rows = (0..<60).map {
        "the \(words[$0 % 3]) of day \($0 * 37 % 101),\(["billing", "delivery", "login"][$0 % 3])"
      }
      let manifest = """
        name: night
        seed: 1
        corpora: {m: {task: category, domain: s, files: FILE, text: text, label: label}}
        protocols: [{kind: holdout, seeds: 2}]
        models: {tfidf: {kind: tfidf-logistic}, majority: {kind: majority}}
        timing: false
        """
      for name in ["one", "two"] {
        try Command.write("text,label\n" + rows.joined(separator: "\n"), as: "\(name).csv", in: folder)
        let text = manifest.replacingOccurrences(of: "FILE", with: "\(name).csv")
        try Command.write(text, as: "\(name).yaml", in: folder)
        try Command.write(
          text.replacingOccurrences(of: "name: night", with: "name: other"), as: "other.yaml", in: folder)
      }
      #expect(try Command.run(["nightly", "one.yaml"], in: folder).code == 0)
      let night = try Command.run(["nightly", "two.yaml"], in: folder)
      #expect(night.code == 0 && night.output.contains("equal to the last bit"), "\(night.output)")
      let page = try Command.run(["compare", "1", "4"], in: folder)
      #expect(page.code == 0 && page.output.contains("equal to the last bit"), "\(page.output)")
      #expect(!page.output.contains("not compared"), "\(page.output)")
      // The experiment under another name is not passed over in silence.
      let other = try Command.run(["nightly", "other.yaml"], in: folder)
      #expect(other.code == 4 && other.output.contains("name: night → other"), "\(other.output)")
    }
  }

  @Test("a night's report that cannot be written is said before the night, in plain words")
  func unwritableReport() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      try Command.write("", as: "file", in: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("taken/junit.xml"), withIntermediateDirectories: true)
      for (path, says) in [
        ("file", "error: --report: file: this is a file; expected a folder that report.md can be written into\n"),
        ("taken", "error: --report: taken/junit.xml: this is a folder; expected a folder"),
      ] {
        let ending = try Command.run(["nightly", "tiny.yaml", "--report", path], in: folder)
        #expect(ending.code == 2 && ending.errors.contains(says), "\(ending.errors)")
      }
      #expect(try Command.run(["nightly", "tiny.yaml", "--report", "file/deep"], in: folder).code == 2)
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("Results").path), "nothing ran")
    }
  }
}
