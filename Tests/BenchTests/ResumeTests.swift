import Foundation
import TestSupport
import Testing

/// Ends runs in every way that a machine ends them, and goes on.
@Suite struct ResumeTests {
  /// Three trainings, one after another where there is one job.
  private static func manifest(epochs: Int) -> String {
    Command.manifest.replacingOccurrences(of: "seeds: 2", with: "seeds: 3")
      .replacingOccurrences(of: "training: {epochs: 1}", with: "training: {epochs: \(epochs), early_stopping: none}")
  }

  /// Training that nobody waits for the end of.
  private static let endless = Command.manifest
    .replacingOccurrences(of: "training: {epochs: 1}", with: "training: {epochs: 100000, early_stopping: none}")

  private func start(_ arguments: [String], in folder: URL) throws -> Process {
    let process = Command.process(arguments, in: folder)
    process.standardOutput = FileHandle.nullDevice
    let errors = folder.appendingPathComponent(".err")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    return process
  }

  private func errors(in folder: URL) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(".err"), encoding: .utf8)
  }

  /// The stored files of a kind; one that is written anew is another.
  private func stored(_ kind: String, in folder: URL) -> Set<String> {
    let place = folder.appendingPathComponent("out.fits").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return Set(
      names.filter { $0.hasSuffix(kind) }.compactMap { name in
        let found = try? FileManager.default.attributesOfItem(atPath: "\(place)/\(name)")
        return (found?[.systemFileNumber] as? NSNumber).map { "\(name) \($0)" }
      })
  }

  /// Waits until the run has stored something of a kind that was not there before; false where it ended first.
  private func waitUntilStored(
    _ kind: String, after before: Set<String> = [], of process: Process, in folder: URL
  ) -> Bool {
    while process.isRunning {
      if !stored(kind, in: folder).subtracting(before).isEmpty { return true }
      usleep(1_000)
    }
    return false
  }

  /// Kills a run as soon as it stores something of each kind; false where one came to its end before it was killed.
  private func interrupt(_ kinds: [String], in folder: URL) throws -> Bool {
    for kind in kinds {
      let before = stored(kind, in: folder)
      let process = try start(arguments + ["--jobs", "1"], in: folder)
      let wasStored = waitUntilStored(kind, after: before, of: process, in: folder)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      guard wasStored, process.terminationReason == .uncaughtSignal else {
        let said = try errors(in: folder)
        #expect(process.terminationStatus == 0, "\(said)")
        return false
      }
      #expect(process.terminationStatus == SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
    }
    return true
  }

  private let arguments = ["tiny.yaml", "--output", "out", "--store-every", "0", "--quiet"]

  @Test("killed again and again, a run comes to the bytes of an uninterrupted one")
  func killed() throws {
    // A machine that is quicker than the one who kills gets more to do.
    for epochs in [60, 240, 960, 3_840] {
      var wasInterrupted = false
      try Command.inFolder { folder in
        try Command.write(Self.manifest(epochs: epochs), as: "tiny.yaml", in: folder)
        wasInterrupted = try interrupt([".training", ".training", ".fit", ".model"], in: folder)
        guard wasInterrupted else { return }
        let fits = stored(".fit", in: folder).count
        #expect((1..<9).contains(fits), "\(fits) of 9 fits are stored")
        let why = try Command.run(["plan", "tiny.yaml", "--why", "--output", "out"], in: folder)
        #expect(why.output.contains("\(fits) of 9 fits would be reused"), "\(why.output)\(why.errors)")
        let last = try Command.run(arguments, in: folder)
        #expect(last.code == 0, "\(last.errors)")
        let page = try String(contentsOf: folder.appendingPathComponent("out/report.md"), encoding: .utf8)
        #expect(page.contains("Of 9 fits \(fits) were stored by an earlier run"))
        #expect(try Command.run(["tiny.yaml", "--output", "whole", "--quiet"], in: folder).code == 0)
        try Command.expectSameResults("whole", "out", in: folder)
      }
      if wasInterrupted { return }
    }
    Issue.record("every run came to its end before it was killed")
  }

  @Test("asked to end, a run says how to go on", arguments: [SIGINT, SIGTERM])
  func asked(signal: Int32) throws {
    try Command.inFolder { folder in
      try Command.write(Self.endless, as: "tiny.yaml", in: folder)
      let process = try start(arguments, in: folder)
      #expect(waitUntilStored(".training", of: process, in: folder))
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
      let said = try errors(in: folder)
      #expect(said.contains("warning: ending; again to end at once"), "\(said)")
      #expect(said.contains("fits are stored in out.fits; the same command goes on from there"), "\(said)")
      let why = try Command.run(["plan", "tiny.yaml", "--why", "--output", "out"], in: folder)
      #expect(why.code == 0 && why.output.contains("goes on: "), "\(why.output)\(why.errors)")
    }
  }

  @Test("after a run every fit would be reused, after a change those that it leaves alone")
  func reused() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      #expect(try Command.run(arguments, in: folder).code == 0)
      let after = try Command.run(["plan", "tiny.yaml", "--why", "--output", "out"], in: folder)
      #expect(after.output.contains("6 of 6 fits would be reused"), "\(after.output)")
      let changed = try Command.run(
        ["plan", "tiny.yaml", "--why", "--output", "out", "--set", "models.lstm.training.epochs=2"], in: folder)
      #expect(changed.output.contains("runs: changed: training.epochs"), "\(changed.output)")
      #expect(changed.output.contains("4 of 6 fits would be reused"))
    }
  }

  @Test("a second run into the same folder is refused while the first works; --fresh removes what it had stored")
  func busy() throws {
    try Command.inFolder { folder in
      try Command.write(Self.endless, as: "tiny.yaml", in: folder)
      let process = try start(arguments, in: folder)
      #expect(waitUntilStored(".training", of: process, in: folder))
      kill(process.processIdentifier, SIGSTOP)
      let second = try Command.run(["tiny.yaml", "--output", "out", "--quiet"], in: folder)
      #expect(second.code == 2)
      #expect(
        second.errors.contains("another bench (process \(process.processIdentifier)) is running into this folder"))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      // As an earlier version's fit of the same name; the user's own file beside it.
      let (fit, own) = ("out.fits/old-0123456789abcdef.fit", "out.fits/notes.txt")
      for name in [fit, own] { try Command.write("old", as: name, in: folder) }
      func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
      }
      let fresh = try start(arguments + ["--fresh"], in: folder)
      while fresh.isRunning, exists(fit) { usleep(1_000) }
      #expect(fresh.isRunning && !exists(fit) && exists(own))
      kill(fresh.processIdentifier, SIGKILL)
      fresh.waitUntilExit()
    }
  }

  @Test("files that cannot grow end a run with the reason, and nothing is lost")
  func full() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest(epochs: 60), as: "tiny.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--output", "whole", "--quiet"], in: folder).code == 0)
      // 4 KiB a file, without the signal: writing more fails as on a full disk.
      let limited = try Command.run(
        ["-c", "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"", Command.executable.path] + arguments
          + ["--history", "/dev/null/none"], in: folder, executable: URL(fileURLWithPath: "/bin/bash"))
      #expect(limited.code == 2, "\(limited.errors)")
      #expect(limited.errors.contains("cannot store a finished fit: File too large"), "\(limited.errors)")
      #expect(limited.errors.contains("nothing is lost"))
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
      #expect(try Command.run(arguments, in: folder).code == 0)
      try Command.expectSameResults("whole", "out", in: folder)
    }
  }

  @Test("--fail-fast ends at the first failure without results")
  func failFast() throws {
    try Command.inFolder { folder in
      try Command.write(Command.diverging(Self.manifest(epochs: 60)), as: "tiny.yaml", in: folder)
      let ending = try Command.run(arguments + ["--fail-fast"], in: folder)
      #expect(ending.code == 1, "\(ending.errors)")
      #expect(ending.errors.contains("finite") && ending.errors.contains("--fail-fast"), "\(ending.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out").path))
    }
  }
}
