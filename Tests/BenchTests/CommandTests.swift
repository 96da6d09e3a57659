import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
  @Test(
    "--version and every subcommand's help end with 0",
    arguments: [
      ["--version"], ["--help"], ["run", "--help"], ["validate", "--help"], ["plan", "--help"], ["schema", "--help"],
      ["history", "--help"], ["compare", "--help"], ["reproduce", "--help"], ["nightly", "--help"],
      ["dashboard", "--help"],
      ["selftest", "nightly", "--help"], ["predict", "--help"], ["fetch", "--help"], ["fetch", "list", "--help"],
      ["speed", "--help"], ["doctor", "--help"], ["init", "--help"], ["errors", "--help"],
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
