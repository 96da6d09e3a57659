import Foundation
import GRDB
import TestSupport
import Testing

/// Places, names, locales, clocks and histories that are not as one would wish.
@Suite struct HardeningTests {
  private static let manifest = Command.manifest.replacingOccurrences(of: "seeds: 2", with: "seeds: 1")

  /// The same with data of its own, in data.csv.
  private static let reading = manifest.replacingOccurrences(
    of: "    generated: {rows: 90}\n", with: "    files: data.csv\n")
  private static let data =
    "text,label\n" + (0..<60).map { "message \($0),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()

  private static let superuserMay: Comment = "the superuser may write everywhere, and there is no setpriv to be another"
  private static let setpriv = URL(fileURLWithPath: "/usr/bin/setpriv")
  /// Whether a command can be run that the system refuses something.
  private static var canBeRefused: Bool {
    if geteuid() != 0 { return true }
    let others = try? FileManager.default.attributesOfItem(atPath: Command.executable.path)[.posixPermissions] as? Int
    return FileManager.default.isExecutableFile(atPath: setpriv.path) && (others ?? 0) & 1 == 1
  }

  /// Runs bench as a user who is not the superuser.
  private func refusable(_ arguments: [String], in folder: URL) throws -> Command.Ending {
    guard geteuid() == 0 else { return try Command.run(arguments, in: folder) }
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", Command.executable.path]
    return try Command.run(nobody + arguments, in: folder, executable: Self.setpriv)
  }

  private func lock(_ folder: URL, _ permissions: Int = 0o555) throws {
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: folder.path)
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test(
    "results that may not be written where they are to go are refused before any work",
    .enabled(if: canBeRefused, superuserMay))
  func noPermission() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      let locked = folder.appendingPathComponent("locked")
      try FileManager.default.createDirectory(at: locked, withIntermediateDirectories: true)
      try lock(locked)
      defer { try? lock(locked, 0o755) }
      for output in ["locked/out", "locked/deep/er/out"] {
        let ending = try refusable(["tiny.yaml", "--output", output, "--quiet"], in: folder)
        #expect(ending.code == 2, "\(ending.errors)")
        #expect(
          ending.errors == "error: \(output): cannot write results here: no permission to write in \(locked.path)\n")
      }
      let doctor = try refusable(["doctor", "--output", "locked/out"], in: folder)
      #expect(doctor.code == 2 && doctor.output.contains("cannot write in locked/out: Permission denied"))
      #expect(try names(locked).isEmpty)
    }
  }

  @Test(
    "a manifest, data and a history that may not be read or written are named", .enabled(if: canBeRefused, superuserMay)
  )
  func unreadable() throws {
    try Command.inFolder { folder in
      for (name, text) in [("tiny.yaml", Self.manifest), ("own.yaml", Self.reading), ("data.csv", Self.data)] {
        try Command.write(text, as: name, in: folder)
      }
      try lock(folder, 0o777)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      try lock(folder.appendingPathComponent("Results/history.sqlite"), 0o000)
      for (arguments, name) in [
        (["validate", "own.yaml"], "data.csv"), (["own.yaml", "--output", "out"], "data.csv"),
        (["history"], "Results/history.sqlite"), (["doctor"], "Results/history.sqlite"),
      ] {
        if name == "data.csv" { try lock(folder.appendingPathComponent(name), 0o000) }
        let ending = try refusable(arguments, in: folder)
        #expect(ending.code == 2 && (ending.errors + ending.output).contains(name), "\(arguments): \(ending.errors)")
      }
      try lock(folder.appendingPathComponent("own.yaml"), 0o000)
      let manifest = try refusable(["validate", "own.yaml"], in: folder)
      #expect(manifest.code == 2 && manifest.errors.contains("own.yaml"), "\(manifest.errors)")
      let run = try refusable(["tiny.yaml", "--output", "out", "--quiet"], in: folder)
      #expect(run.code == 0 && run.errors.contains("warning: Results/history.sqlite: the history cannot be used"))
    }
  }

  @Test("a file where a folder must be, and a folder where a file must be, end with 2 and stay as they are")
  func inTheWay() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      for name in ["mine", "out.fits", "Results"] { try Command.write("mine", as: name, in: folder) }
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("folder"), withIntermediateDirectories: true)
      for (arguments, name) in [
        (["tiny.yaml", "--output", "mine"], "mine: this is a file"),
        (["tiny.yaml", "--output", "mine/below"], "mine: this is a file"),
        (["tiny.yaml"], "Results: this is a file"),
        (["tiny.yaml", "--output", "out"], "out.fits"),
        (["dashboard", "--history", "folder"], "folder"),
        (["history", "--history", "folder"], "folder"),
        (["folder"], "folder: got a folder"),
        (["predict", "folder"], "folder"),
        (["compare", "folder", "folder"], "folder/machine.json"),
        (["nightly", "tiny.yaml", "--history", "folder"], "folder"),
      ] {
        let ending = try Command.run(arguments, in: folder)
        #expect(ending.code == 2 && ending.errors.contains(name), "\(arguments): \(ending.code) \(ending.errors)")
      }
      for name in ["mine", "out.fits", "Results"] {
        #expect(try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) == "mine")
      }
      #expect(try names(folder) == [".err", ".out", "Results", "folder", "mine", "out.fits", "tiny.yaml"])
    }
  }

  @Test("manifests, data, outputs and histories may have spaces and letters of any script in their names")
  func anyLetters() throws {
    try Command.inFolder { folder in
      let (manifest, output) = ("Мой опыт №1.yaml", "Ergebnisse für 東京/שלום out")
      let file = "données clients (été)'s.csv"
      try Command.write(Self.data, as: "data.csv", in: folder)
      try Command.write(Self.data, as: file, in: folder)
      try Command.write(Self.reading, as: "plain.yaml", in: folder)
      try Command.write(
        Self.reading.replacingOccurrences(of: "data.csv", with: "\"\(file)\""), as: manifest, in: folder)
      let history = ["--history", "история 1.sqlite", "--quiet"]
      #expect(try Command.run(["validate", manifest], in: folder).output.hasPrefix("ok \(manifest)\n  messages, "))
      for (manifest, output) in [("plain.yaml", "plain"), (manifest, output)] {
        let ending = try Command.run([manifest, "--output", output] + history, in: folder)
        #expect(ending.code == 0, "\(ending.errors)")
      }
      for name in ["summary.csv", "probabilities.f32"] {
        #expect(
          try Command.unmeasured(name, of: output, in: folder) == Command.unmeasured(name, of: "plain", in: folder))
      }
      let again = try Command.run(["\(output)/manifest.resolved.yaml", "--output", "again"] + history, in: folder)
      #expect(again.code == 0, "\(again.errors)")
      #expect(try Command.run(["history", "--history", "история 1.sqlite", "--runs"], in: folder).output.contains("3"))
      let compared = try Command.run(["compare", output, "again"], in: folder)
      #expect(compared.code == 0 && compared.output.contains("equal to the last bit"), "\(compared.errors)")
      let kept = try names(folder.appendingPathComponent("\(output).fits")).filter { $0.hasSuffix(".model") }
      try Command.write("message 1\n", as: "тексты.txt", in: folder)
      let model = "\(output).fits/\(try #require(kept.first))"
      #expect(try Command.run(["predict", model, "тексты.txt"], in: folder).output.hasPrefix("{\"label\":\""))
    }
  }

  @Test("an argument that is no text is refused as a file that is not there")
  func noText() throws {
    try Command.inFolder { folder in
      let script = "exec \"$0\" validate $'m\\xff\\xfe.yaml'"
      let ending = try Command.run(
        ["-c", script, Command.executable.path], in: folder, executable: URL(fileURLWithPath: "/bin/bash"))
      #expect(ending.code == 2 && ending.errors.contains("no such file"), "\(ending.errors)")
    }
  }

  @Test("locales with decimal commas or an i without a dot, and time zones, change no byte")
  func locales() throws {
    try Command.inFolder { folder in
      let models = """
          bert: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}}
          tfidf: {kind: tfidf-logistic}
          lookup:
        """
      let manifest = Self.manifest.replacingOccurrences(of: "  lookup:", with: models)
      try Command.write(manifest, as: "tiny.yaml", in: folder)
      let environments = [
        ("C", ["LC_ALL=C", "TZ=UTC"]), ("de", ["LC_ALL=de_DE.UTF-8", "TZ=Pacific/Kiritimati"]),
        ("tr", ["LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8", "LANGUAGE=tr"]), ("fa", ["LC_ALL=fa_IR", "TZ=Asia/Tehran"]),
      ]
      var listings: Set<String> = []
      for (name, variables) in environments {
        func bench(_ arguments: [String]) throws -> Command.Ending {
          try Command.run(
            variables + [Command.executable.path] + arguments, in: folder,
            executable: URL(fileURLWithPath: "/usr/bin/env"))
        }
        let ending = try bench(["tiny.yaml", "--output", name, "--quiet"])
        #expect(ending.code == 0, "\(ending.errors)")
        if name != "C" { try Command.expectSameResults("C", name, in: folder) }
        // What was recorded first reads the same everywhere.
        listings.insert(try bench(["compare", "1", "1"]).output + bench(["schema"]).output)
        let figures = try Command.unmeasured("timing.csv", of: name, in: folder)
        #expect(
          String(decoding: figures, as: UTF8.self).split(separator: "\n").allSatisfy { $0.utf8.allSatisfy { $0 < 128 } }
        )
      }
      #expect(listings.count == 1)
    }
  }

  @Test("after a clock that went back, nights keep their order and are held against those before")
  func clockWentBack() throws {
    try Command.inFolder { folder in
      let manifest = Self.manifest.replacingOccurrences(of: "timing: {", with: "timing: {enabled: false, ")
      try Command.write(manifest, as: "tiny.yaml", in: folder)
      #expect(try Command.run(["nightly", "tiny.yaml"], in: folder).output.contains("baseline created"))
      let history = folder.appendingPathComponent("Results/history.sqlite").path
      try DatabaseQueue(path: history).write {
        try $0.execute(sql: "UPDATE run SET started_at = '2099-01-01T00:00:00Z'")
      }
      let second = try Command.run(["nightly", "tiny.yaml"], in: folder)
      #expect(second.code == 0 && second.output.contains("nothing worse"), "\(second.output)\(second.errors)")
      #expect(!second.output.contains("baseline created"))
      let latest = try Command.run(["history", "--runs", "--limit", "1"], in: folder)
      #expect(latest.code == 0 && !latest.output.contains("2099"), "\(latest.output)")
      #expect(try Command.run(["dashboard", "--output", "page.html"], in: folder).code == 0)
      let doctor = try Command.run(["doctor"], in: folder)
      #expect(doctor.output.contains("before the start of the newest run in the history (2099-01-01T00:00:00Z)"))
    }
  }

  @Test("a history that was cut off is kept as it is under another name, and the run is recorded in a new one")
  func truncatedHistory() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let file = folder.appendingPathComponent("Results/history.sqlite")
      for number in 1...2 {
        let cut = try Data(contentsOf: file).dropLast(5_000 * number + 7)
        try cut.write(to: file)
        let reading = try Command.run(["history"], in: folder)
        #expect(reading.code == 2 && reading.errors.contains("got a damaged history"), "\(reading.errors)")
        #expect(try Data(contentsOf: file) == cut)
        let run = try Command.run(["tiny.yaml", "--quiet"], in: folder)
        let aside = "Results/history.sqlite.damaged-\(number)"
        #expect(
          run.code == 0 && run.errors.contains("it is kept as \(aside), and a new history begins"), "\(run.errors)")
        #expect(try Data(contentsOf: folder.appendingPathComponent(aside)) == cut)
        #expect(try Command.run(["history", "--runs"], in: folder).code == 0)
      }
    }
  }

  @Test("--output through a link writes where the link points, with the fits beside that; the link stays")
  func outputLink() throws {
    try Command.inFolder { folder in
      let manager = FileManager.default
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      func link(_ name: String, _ target: String) throws {
        try manager.createSymbolicLink(atPath: path(name), withDestinationPath: target)
      }
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      for name in ["disk/real", "Results"] {
        try manager.createDirectory(atPath: path(name), withIntermediateDirectories: true)
      }
      try link("out", "disk/real")
      try link("chain", "out")
      // The default place, too.
      try link("Results/tiny", "../disk/real")
      for arguments in [["--output", "out"], ["--output", "chain/"], []] {
        let run = try Command.run(["tiny.yaml", "--quiet"] + arguments, in: folder)
        #expect(run.code == 0, "\(arguments): \(run.errors)")
        #expect(try manager.contentsOfDirectory(atPath: path("disk")).sorted() == ["real", "real.fits"])
        let why = try Command.run(["plan", "tiny.yaml", "--why"] + arguments, in: folder)
        #expect(why.output.hasSuffix("3 of 3 fits would be reused\n"), "\(why.output)")
      }
      #expect(manager.fileExists(atPath: path("disk/real/report.md")))
      for (name, target) in [("out", "disk/real"), ("chain", "out"), ("Results/tiny", "../disk/real")] {
        #expect(try manager.destinationOfSymbolicLink(atPath: path(name)) == target)
      }
      #expect(try manager.contentsOfDirectory(atPath: path("Results")).sorted() == ["history.sqlite", "tiny"])
      let predicted = try Command.run(["predict", "out"], in: folder)
      #expect(predicted.code == 2 && predicted.errors.contains(".model"), "\(predicted.errors)")
      #expect(try Command.run(["reproduce", "chain", "--quiet"], in: folder).code == 0)
      // Through a folder that is a link.
      try link("shelf", "disk")
      #expect(try Command.run(["tiny.yaml", "--quiet", "--output", "shelf/other"], in: folder).code == 0)
      #expect(manager.fileExists(atPath: path("disk/other/report.md")))
      #expect(manager.fileExists(atPath: path("disk/other.fits")))
    }
  }

  @Test("a link that leads nowhere, in a circle or to a file is refused before any work, and stays")
  func brokenOutputLink() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write("mine", as: "file", in: folder)
      for (name, target) in [("nowhere", "gone"), ("circle", "circle"), ("to-file", "file")] {
        let link = folder.appendingPathComponent(name).path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        for (output, place) in [(name, name), (name + "/deeper", name)] {
          let run = try Command.run(["tiny.yaml", "--output", output], in: folder)
          #expect(run.code == 2, "\(output)")
          #expect(run.errors.contains("error: ") && run.errors.contains("\(place): this is a "), "\(run.errors)")
          #expect(!run.errors.contains("fits"), "\(run.errors)")
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 7)
      #expect(try String(contentsOf: folder.appendingPathComponent("file"), encoding: .utf8) == "mine")
    }
  }

  @Test("a dashboard is written through a link")
  func dashboardLink() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write("old", as: "page.html", in: folder)
      let link = folder.appendingPathComponent("link.html")
      try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "page.html")
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      #expect(try Command.run(["dashboard", "--output", "link.html"], in: folder).code == 0)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "page.html")
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.hasPrefix("<!DOCTYPE html>"))
    }
  }

  @Test("a name cannot lead out of Results")
  func names() throws {
    try Command.inFolder { folder in
      for name in ["a/b", "../escape", "..", "/x"] {
        try Command.write(
          Self.manifest.replacingOccurrences(of: "name: tiny", with: "name: \(name)"), as: "tiny.yaml", in: folder)
        let run = try Command.run(["tiny.yaml", "--quiet"], in: folder)
        #expect(run.code == 2 && run.errors.contains("tiny.yaml:2:"), "\(name): \(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("Results").path))
      }
    }
  }
}
