import Foundation
import Testing

@testable import Reports

@Suite struct OutputFolderTests {
  private let manager = FileManager.default

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let parent = manager.temporaryDirectory.appendingPathComponent("bench-output-\(UUID().uuidString)")
    try manager.createDirectory(at: parent, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: parent) }
    try body(parent)
  }

  private func files(_ word: String) -> [ResultFiles.File] {
    ["report.md", "manifest.resolved.yaml", "machine.json", "figures/a.svg"].map {
      ResultFiles.File(path: $0, bytes: Array(word.utf8))
    }
  }

  private func content(_ folder: URL, _ path: String) -> String? {
    try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  private func names(_ folder: URL) throws -> [String] { try manager.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test("A new folder is made, parents included, and nothing stays beside it")
  func fresh() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("deep/er/run")
      try OutputFolder.write(files("one"), to: folder)
      #expect(content(folder, "figures/a.svg") == "one")
      #expect(try names(folder.deletingLastPathComponent()) == ["run"])
    }
  }

  @Test("A second run takes the first one's place whole; files that bench does not write stay")
  func again() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run")
      try OutputFolder.write(files("one") + [ResultFiles.File(path: "predictions.csv", bytes: [49])], to: folder)
      for (place, name) in [
        ("figures", "old.svg"), ("figures", "notes.txt"), ("tables", "old.tex"), ("tables", "all.pdf"),
      ] {
        let holder = folder.appendingPathComponent(place)
        try FileManager.default.createDirectory(at: holder, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: holder.appendingPathComponent(name))
      }
      try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))
      try OutputFolder.write(files("two"), to: folder)
      #expect(content(folder, "report.md") == "two")
      for name in ["notes.txt", "figures/notes.txt", "tables/all.pdf"] { #expect(content(folder, name) == "mine") }
      // Pictures and tables of an earlier run are bench's.
      for name in ["figures/old.svg", "tables/old.tex"] { #expect(content(folder, name) == nil) }
      // What the new run did not write is not the new run's.
      #expect(content(folder, "predictions.csv") == nil)
      #expect(try names(parent) == ["run"])
    }
  }

  @Test("What is kept of the old folder is on the disk before the old one goes: every file and folder, links left out")
  func keptIsFlushed() throws {
    try withFolder { parent in
      let (old, partial) = (parent.appendingPathComponent("run"), parent.appendingPathComponent("partial"))
      try OutputFolder.write(files("one"), to: old)
      try manager.createDirectory(at: old.appendingPathComponent("mine/deep"), withIntermediateDirectories: true)
      for name in ["notes.txt", "mine/deep/a.txt"] {
        try Data("mine".utf8).write(to: old.appendingPathComponent(name))
      }
      try manager.createSymbolicLink(
        atPath: old.appendingPathComponent("link").path, withDestinationPath: "nowhere")
      var flushed: Set<String> = []
      try OutputFolder.fill(partial, with: files("two"), keeping: old) {
        flushed.insert(String($0.dropFirst(partial.path.count)))
        return nil
      }
      #expect(flushed.isSuperset(of: ["/notes.txt", "/mine/deep/a.txt", "/mine/deep", "/mine", "/report.md", ""]))
      #expect(!flushed.contains("/link"))
    }
  }

  @Test("A folder that holds something else is refused and left alone; an empty one is taken")
  func foreign() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("photos")
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("x".utf8).write(to: folder.appendingPathComponent("cat.jpg"))
      #expect(throws: OutputFolderError.notABenchRun(path: folder.relativePath)) {
        try OutputFolder.write(files("one"), to: folder)
      }
      #expect(throws: OutputFolderError.notABenchRun(path: folder.relativePath)) { try OutputFolder.check(folder) }
      #expect(try names(folder) == ["cat.jpg"])
      #expect(try names(parent) == ["photos"])
      // One marker alone does not make a run.
      try Data("{}".utf8).write(to: folder.appendingPathComponent("machine.json"))
      #expect(throws: OutputFolderError.self) { try OutputFolder.check(folder) }
      let empty = parent.appendingPathComponent("empty")
      try manager.createDirectory(at: empty, withIntermediateDirectories: true)
      try OutputFolder.write(files("one"), to: empty)
      #expect(content(empty, "report.md") == "one")
    }
  }

  @Test("A file in the way is named, also where a parent is the file")
  func fileInTheWay() throws {
    try withFolder { parent in
      let file = parent.appendingPathComponent("run")
      try Data().write(to: file)
      #expect(throws: OutputFolderError.notAFolder(path: file.relativePath)) { try OutputFolder.check(file) }
      #expect(throws: OutputFolderError.notAFolder(path: file.path)) {
        try OutputFolder.check(file.appendingPathComponent("below"))
      }
    }
  }

  @Test("The check changes nothing")
  func checkOnly() throws {
    try withFolder { parent in
      try OutputFolder.check(parent.appendingPathComponent("a/b/c"))
      #expect(try names(parent) == [])
    }
  }

  @Test("Killed while writing: the old run stands, the next one removes what was left")
  func killedWhileWriting() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run")
      try OutputFolder.write(files("one"), to: folder)
      // A process number beyond the largest there can be: it is dead.
      let partial = parent.appendingPathComponent(".run.partial-2000000000-17")
      try manager.createDirectory(at: partial, withIntermediateDirectories: true)
      try Data("ha".utf8).write(to: partial.appendingPathComponent("report.md"))
      #expect(content(folder, "report.md") == "one")
      try OutputFolder.write(files("two"), to: folder)
      #expect(content(folder, "report.md") == "two")
      #expect(try names(parent) == ["run"])
    }
  }

  @Test("Killed between the two steps where one is not to be had: the next run finds the old folder again")
  func killedBetweenSteps() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run")
      try OutputFolder.write(files("one"), to: folder)
      let aside = parent.appendingPathComponent(".run.aside-2000000000-17")
      try manager.moveItem(at: folder, to: aside)
      try OutputFolder.recover(folder)
      #expect(content(folder, "report.md") == "one")
      // With the new folder in place the one set aside is only a leftover.
      try manager.copyItem(at: folder, to: aside)
      try OutputFolder.recover(folder)
      #expect(try names(parent) == ["run"])
    }
  }

  @Test("Another run that is still writing is left alone, and so are other folders' partial ones")
  func others() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run")
      // Process 1 always lives.
      let kept = [".run.partial-1-17", ".runner.partial-2000000000-17", ".run.partial-x", ".run.notes"]
      for name in kept {
        try manager.createDirectory(at: parent.appendingPathComponent(name), withIntermediateDirectories: true)
      }
      try OutputFolder.write(files("one"), to: folder)
      #expect(try names(parent) == (kept + ["run"]).sorted())
    }
  }

  @Test("Both ways of exchanging end in the new content alone")
  func exchange() throws {
    for outcome in [nil, FolderExchange.Outcome.unsupported] {
      try withFolder { parent in
        let folder = parent.appendingPathComponent("run")
        try OutputFolder.write(files("one"), to: folder)
        let partial = OutputFolder.sibling(of: folder, "partial")
        try manager.copyItem(at: folder, to: partial)
        try Data("two".utf8).write(to: partial.appendingPathComponent("report.md"))
        try OutputFolder.exchange(partial, with: folder) { outcome ?? FolderExchange.exchange($0, $1) }
        #expect(content(folder, "report.md") == "two")
        #expect(content(partial, "report.md") ?? "one" == "one")
      }
    }
  }

  @Test("A failed exchange keeps the old run and is reported with its reason")
  func failedExchange() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run")
      try OutputFolder.write(files("one"), to: folder)
      let partial = OutputFolder.sibling(of: folder, "partial")
      #expect(throws: OutputFolderError.notWritable(path: folder.path, reason: "disk on fire")) {
        try OutputFolder.exchange(partial, with: folder) { _, _ in .failed(reason: "disk on fire") }
      }
      #expect(content(folder, "report.md") == "one")
    }
  }

  @Test("`..` behind a symbolic link is where the system says, not where the text does")
  func climbing() throws {
    try withFolder { parent in
      let elsewhere = parent.appendingPathComponent("far/away")
      try manager.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      let link = parent.appendingPathComponent("link")
      try manager.createSymbolicLink(at: link, withDestinationURL: elsewhere)
      func path(_ stated: String) throws -> String { try OutputFolder.url(stated, experiment: "x").path }
      let real = parent.resolvingSymlinksInPath().path
      #expect(try path("\(link.path)/../run") == "\(real)/far/run")
      let plain = try OutputFolder.url("\(parent.path)/far/../run", experiment: "x")
      #expect(plain.standardizedFileURL.path == "\(parent.path)/run")
      try OutputFolder.write(files("one"), to: OutputFolder.url("\(link.path)/../run", experiment: "x"))
      #expect(content(parent.appendingPathComponent("far/run"), "report.md") == "one")
      #expect(try names(parent) == ["far", "link"])
    }
  }

  @Test("What would stop the storing of fits beside the folder is found before any work")
  func storing() throws {
    try withFolder { parent in
      let folder = parent.appendingPathComponent("run"), fits = parent.appendingPathComponent("run.fits")
      func message() -> String {
        do throws(OutputFolderError) {
          try OutputFolder.check(folder)
          return ""
        } catch { return error.description }
      }
      #expect(message() == "")
      try Data().write(to: fits)
      #expect(message().hasSuffix("run.fits beside it, where fits are stored, is a file"))
      try manager.removeItem(at: fits)
      try manager.createSymbolicLink(atPath: fits.path, withDestinationPath: "nowhere")
      #expect(message().contains("is a symbolic link that leads to no folder"))
      try manager.createDirectory(at: parent.appendingPathComponent("nowhere"), withIntermediateDirectories: false)
      #expect(message() == "")
    }
  }

}
