import Foundation
import TestSupport
import Testing

/// Runs the built `bench` as a user would.
enum Command {
  struct Ending {
    var code: Int32
    var output: String
    var errors: String
  }

  /// Beside the test program, wherever the build folder is.
  static var executable: URL {
    let program = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return program.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("bench")
  }

  /// What every command sees, whatever the tests' own environment: that and what the system needs to start programs.
  static let environment: [String: String] = {
    let inherited = ["LD_LIBRARY_PATH", "TMPDIR"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { (name, $0) }
    }
    return Dictionary(inherited + [("PATH", "/usr/bin:/bin")], uniquingKeysWith: { $1 })
  }()

  static func process(_ arguments: [String], in folder: URL, executable: URL = executable) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    return process
  }

  static func run(_ arguments: [String], in folder: URL, executable: URL = executable) throws -> Ending {
    let process = process(arguments, in: folder, executable: executable)
    let (output, errors) = (folder.appendingPathComponent(".out"), folder.appendingPathComponent(".err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    try #require(
      process.terminationReason == .exit, "bench \(arguments) was ended by signal \(process.terminationStatus)")
    return Ending(
      code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// A fresh folder, removed afterwards.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static let manifest = """
    version: 1
    name: tiny
    question: Does the command work?
    seed: 3
    corpora:
      messages:
        task: sentiment
        generated: {rows: 90}
        domain: ecommerce
    protocols:
      - {kind: holdout, seeds: 2}
    models:
      lstm: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 1}}
      lookup: {kind: lookup}
      majority: {kind: majority}
    timing: {batch: 4, batches: 2, warmup: 1, threads: [one]}
    """

  /// A manifest with one more model, whose loss soon is not finite.
  static func diverging(_ manifest: String) -> String {
    manifest.replacingOccurrences(
      of: "  lookup:",
      with: """
          wild:
            kind: bert
            layers: 1
            hidden: 8
            heads: 2
            initializer_range: 1
            training: {learning_rate: 10, epochs: 400, clip_norm: none, schedule: constant, weight_decay: 1, early_stopping: none}
          lookup:
        """)
  }

  /// A result file without what stands between the marks of what was measured.
  static func unmeasured(_ file: String, of run: String, in folder: URL) throws -> Data {
    let data = try Data(contentsOf: folder.appendingPathComponent(run).appendingPathComponent(file))
    guard file == "report.md" || file == "report.html" else { return data }
    let parts = String(decoding: data, as: UTF8.self).components(separatedBy: "<!-- measured -->\n")
    let kept = parts.enumerated().map { index, part in
      index == 0 ? part : part.components(separatedBy: "<!-- /measured -->\n").dropFirst().joined()
    }
    return Data(kept.joined().utf8)
  }

  /// Two folders hold the same but for what was measured.
  static func expectSameResults(_ a: String, _ b: String, in folder: URL) throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent(a).path).sorted()
    #expect(files.contains("trials.csv") && files.contains("probabilities.f32"))
    for file in files where !["timing.csv", "machine.json", "measured.json", "figures", "tables"].contains(file) {
      if file.split(separator: "/").last?.hasPrefix("measured-") == true { continue }
      #expect(try unmeasured(file, of: a, in: folder) == unmeasured(file, of: b, in: folder), "\(file)")
    }
  }

  static func write(_ text: String, as name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }
}

@Suite struct CommandTests {
  @Test(
    "--version and every subcommand's help end with 0",
    arguments: [
      ["--version"], ["--help"], ["run", "--help"], ["validate", "--help"], ["plan", "--help"], ["schema", "--help"],
      ["history", "--help"], ["compare", "--help"], ["reproduce", "--help"], ["nightly", "--help"],
      ["dashboard", "--help"],
      ["selftest", "nightly", "--help"], ["predict", "--help"], ["fetch", "--help"], ["fetch", "list", "--help"],
      ["speed", "--help"], ["doctor", "--help"], ["init", "--help"],
    ])
  func help(arguments: [String]) throws {
    try Command.inFolder { folder in
      let ending = try Command.run(arguments, in: folder)
      #expect(ending.code == 0)
      #expect(!ending.output.isEmpty)
    }
  }

  @Test(
    "mistakes in the usage end with 2",
    arguments: [
      ["--no-such-option"], [], ["plan"], ["tiny.yaml", "--jobs", "many"], ["tiny.yaml", "--jobs", "0"],
      ["tiny.yaml", "--jobs", "1025"], ["history", "--limit", "0"], ["plan", "tiny.yaml", "--why", "--json"],
    ])
  func usage(arguments: [String]) throws {
    try Command.inFolder { folder in
      let ending = try Command.run(arguments, in: folder)
      #expect(ending.code == 2 && ending.errors.lowercased().contains("usage: bench"), "\(ending.errors)")
    }
  }

  @Test(
    "a full disk behind the output, or a reader that went away, ends no run",
    arguments: ["exec \"$0\" \"$@\" >/dev/full 2>&1", "set -o pipefail; \"$0\" \"$@\" 2>&1 >/dev/null | true"])
  func lostOutput(script: String) throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let ending = try Command.run(
        ["-c", script, Command.executable.path, "tiny.yaml", "--output", "out"], in: folder,
        executable: URL(fileURLWithPath: "/bin/bash"))
      #expect(ending.code == 0)
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/report.md").path))
    }
  }

  @Test("a run writes its folder whole; a second run with other jobs differs in what was measured alone")
  func run() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let one = try Command.run(["tiny.yaml", "--jobs", "1", "--output", "one"], in: folder)
      let two = try Command.run(["tiny.yaml", "--jobs", "2", "--output", "two", "--quiet"], in: folder)
      #expect(one.code == 0, "\(one.errors)")
      #expect(two.code == 0, "\(two.errors)")
      #expect(one.output.contains("report: one/report.md"))
      // A busy machine is said even so.
      let lines = two.errors.split(separator: "\n")
      #expect(two.output.isEmpty && lines.allSatisfy { $0.hasPrefix("warning: timing is unfit for comparison: ") })
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("one").path)
        .sorted()
      #expect(files.contains("report.md") && files.contains("trials.csv") && files.contains("predictions.csv"))
      try Command.expectSameResults("one", "two", in: folder)
    }
  }

  @Test("the resolved manifest of a run gives the same run")
  func resolved() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let first = try Command.run(["tiny.yaml", "--output", "one", "--quiet"], in: folder)
      let again = try Command.run(["one/manifest.resolved.yaml", "--output", "two", "--quiet"], in: folder)
      #expect(first.code == 0 && again.code == 0, "\(first.errors)\(again.errors)")
      #expect(
        try Command.unmeasured("trials.csv", of: "one", in: folder)
          == Command.unmeasured("trials.csv", of: "two", in: folder))
    }
  }

  @Test("runs are recorded side by side; a history that cannot be written loses no run")
  func history() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      for _ in 0..<2 { #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0) }
      let listing = try Command.run(["history"], in: folder)
      #expect(listing.code == 0)
      #expect(listing.output.contains("2 runs") && listing.output.contains("messages · lstm · f1_macro"))
      for other in ["2", "Results/tiny"] {
        let page = try Command.run(["compare", "1", other], in: folder)
        #expect(page.code == 0)
        #expect(page.output.contains("configuration and machine: the same"))
        #expect(page.output.contains("equal to the last bit") && !page.output.contains("not compared"))
      }
      #expect(try Command.run(["compare", "1", "none"], in: folder).code == 2)
      try Command.write("", as: "file", in: folder)
      let lost = try Command.run(["tiny.yaml", "--output", "kept", "--history", "file/h.sqlite"], in: folder)
      #expect(lost.code == 0)
      #expect(lost.errors.contains("warning: file/h.sqlite: the history cannot be used"))
      #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("kept/report.md").path))
      let none = try Command.run(["history", "--history", "none.sqlite"], in: folder)
      #expect(none.code == 2 && none.errors.contains("none.sqlite: no such history"))
    }
  }

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

  @Test("the working folder, or one above it, takes no results, which is said before any work")
  func workingFolder() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let inside = folder.appendingPathComponent("out/deep")
      try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
      for output in [".", "..", inside.path] {
        let ending = try Command.run(["../../tiny.yaml", "--output", output], in: inside)
        #expect(ending.code == 2 && !ending.errors.contains("fits are stored"), "\(output): \(ending.errors)")
      }
      for name in ["manifest.resolved.yaml", "machine.json"] {
        try Command.write("", as: "out/deep/\(name)", in: folder)
      }
      let own = try Command.run(["../../tiny.yaml", "--output", "."], in: inside)
      #expect(own.errors.contains(": the working folder is this or in it"), "\(own.errors)")
      #expect(FileManager.default.fileExists(atPath: inside.path))
    }
  }

  @Test("a mistyped command is no manifest")
  func mistypedCommand() throws {
    try Command.inFolder { folder in
      for arguments in [["validat", "a.yaml"], ["Validate"], ["reprot", "Results/a", "--quiet"]] {
        let ending = try Command.run(arguments, in: folder)
        let near = arguments[0].first == "r" ? "report" : "validate"
        #expect(ending.code == 2)
        #expect(
          ending.errors
            == "error: \(arguments[0]): got neither a command nor a manifest; did you mean `\(near)`?\n")
      }
      // A manifest of such a name is one.
      try Command.write(Command.manifest, as: "validat", in: folder)
      #expect(try Command.run(["validat", "--quiet"], in: folder).code == 0)
    }
  }

  @Test("mistakes in a manifest end with 2, located, and leave no folder")
  func mistakes() throws {
    try Command.inFolder { folder in
      let broken = Command.manifest.replacingOccurrences(of: "seed: 3", with: "sed: 3")
        .replacingOccurrences(of: "kind: lookup", with: "kind: look")
      try Command.write(broken, as: "broken.yaml", in: folder)
      let ending = try Command.run(["broken.yaml"], in: folder)
      #expect(ending.code == 2)
      #expect(ending.errors.contains("broken.yaml:4:1: sed: got") && ending.errors.contains("did you mean `seed`?"))
      #expect(ending.errors.contains("broken.yaml:14:18: models.lookup.kind: got"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("Results").path))
    }
  }

  @Test("a folder that is no run is refused before any work")
  func foreignFolder() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("mine"), withIntermediateDirectories: true)
      try Command.write("mine", as: "mine/notes.txt", in: folder)
      let ending = try Command.run(["tiny.yaml", "--output", "mine", "--quiet"], in: folder)
      #expect(ending.code == 2)
      #expect(ending.errors.contains("mine"))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("mine").path) == ["notes.txt"]
      )
    }
  }

  @Test("a trial that fails ends with 1, and the report is written")
  func failedTrial() throws {
    try Command.inFolder { folder in
      try Command.write(Command.diverging(Command.manifest), as: "wild.yaml", in: folder)
      let ending = try Command.run(["wild.yaml", "--output", "out", "--quiet"], in: folder)
      #expect(ending.code == 1, "\(ending.errors)")
      let report = try String(contentsOf: folder.appendingPathComponent("out/report.md"), encoding: .utf8)
      #expect(report.contains("finite"))
      // The reason is said even so, whole, and kept whole: once for both fits where they say the same.
      let errors = ending.errors.split(separator: "\n").filter { $0.hasPrefix("error: messages.ecommerce.holdout.s") }
      #expect((1...2).contains(errors.count), "\(ending.errors)")
      let trials = try String(contentsOf: folder.appendingPathComponent("out/trials.csv"), encoding: .utf8)
      for error in errors {
        let reason = try #require(error.split(separator: ": ", maxSplits: 2).last)
        #expect(reason.contains("is not finite (") && reason.hasSuffix(")"), "\(error)")
        #expect(trials.contains(reason) && report.contains(reason), "\(reason)")
      }
      let loud = try Command.run(["wild.yaml", "--output", "out"], in: folder)
      for error in errors {
        #expect(loud.errors.contains(error))
        let reason = try #require(error.split(separator: ": ", maxSplits: 2).last)
        #expect(loud.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(reason))
      }
    }
  }

  @Test("plan lists every trial and, with --json, the rows of every division")
  func plan() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let table = try Command.run(["plan", "tiny.yaml"], in: folder)
      #expect(table.output.contains("6 fits, 6 trials\n"))
      let refitted = try Command.run(["plan", "tiny.yaml", "--set", "outputs.refit=[lstm]"], in: folder)
      #expect(
        refitted.output.contains("\nmessages.ecommerce.refit.lstm")
          && refitted.output.contains("6 fits, 6 trials, 1 refit\n"), "\(refitted.output)\(refitted.errors)")
      let cores = ProcessInfo.processInfo.activeProcessorCount, beside = min(6, cores)
      #expect(
        table.output.contains("on \(cores) processor")
          && table.output.contains(beside > 1 ? "\(beside) fits side by side" : "one fit at a time")
          && table.output.contains("a run from nothing takes less than a minute: an estimate"))
      let json = try Command.run(["plan", "tiny.yaml", "--json"], in: folder)
      let fits = try #require(
        (JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])?["fits"] as? [[String: Any]])
      #expect(fits.count == 6)
      let rows = ["train", "validation", "test"].flatMap { fits[0][$0] as? [String] ?? [] }
      #expect(rows.count == 90 && Set(rows).count == 90)
    }
  }
}
