import Foundation
import TestSupport
import Testing

@Suite struct ReproduceTests {
  /// Rows from files, and unlabelled texts that the LSTM's word vectors are learned from.
  private static let manifest = Command.manifest.replacingOccurrences(
    of: "    generated: {rows: 90}\n    domain: ecommerce",
    with: "    domain: ecommerce\n    files: data.csv\n    text: text\n    label: label"
  ).replacingOccurrences(of: "  task: sentiment", with: "  task: intent")
    .replacingOccurrences(of: "protocols:", with: "unlabelled: {more: {files: more.txt}}\nprotocols:")
    .replacingOccurrences(of: "hidden: 4,", with: "hidden: 4, pretrain: {epochs: 1},")

  private static let rows = (0..<60).map { "message \($0) about \($0 % 2 == 0 ? "a parcel" : "a bill"),\($0 % 2)" }
  private static let data = "text,label\n" + rows.joined(separator: "\n") + "\n"
  private static let more = (0..<40).map { "where is parcel \($0), and where is its bill\n" }.joined()

  private func withRun(_ body: (URL) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.data, as: "data.csv", in: folder)
      try Command.write(Self.more, as: "more.txt", in: folder)
      let run = try Command.run(["tiny.yaml", "--output", "one", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      try body(folder)
    }
  }

  @Test("a stored run is reproduced from its folder or its number, and every figure can be listed")
  func reproduced() throws {
    try withRun { folder in
      for reference in ["one", "1"] {
        let again = try Command.run(["reproduce", reference, "--jobs", "1"], in: folder)
        #expect(again.code == 0, "\(again.errors)")
        #expect(again.output.contains("equal, 0 within tolerance, 0 different"), "\(again.output)")
        #expect(again.output.contains("tolerance: a mean may move by the manifest's margin"))
      }
      let all = try Command.run(["reproduce", "one", "--all", "--quiet"], in: folder)
      let figures = all.output.split(separator: "\n").count { $0.hasSuffix(" equal") }
      #expect(figures > 10 && all.output.hasPrefix("\(figures) figures: \(figures) equal"), "\(all.output)")
      #expect(try Command.run(["reproduce", "none"], in: folder).code == 2)
    }
  }

  @Test("other data are refused by their hash before they are read, unlabelled texts too")
  func otherData() throws {
    try withRun { folder in
      // No CSV of these columns any more: the hash says so first.
      try Command.write("no such file of messages", as: "data.csv", in: folder)
      try Command.write(Self.more + "one more\n", as: "more.txt", in: folder)
      let other = try Command.run(["reproduce", "one"], in: folder)
      let lines = other.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
      #expect(other.code == 2 && lines.count == 2, "\(other.errors)")
      #expect(lines.allSatisfy { $0.contains("expected the run's ") && $0.hasSuffix(": the data are other ones") })
      #expect(lines.first?.hasPrefix("error: corpora.messages.domains.ecommerce.files.0.sha256: got ") == true)
      #expect(lines.last?.hasPrefix("error: unlabelled.more.files.0.sha256: got ") == true)
      try Command.write(Self.data, as: "data.csv", in: folder)
      #expect(try Command.run(["reproduce", "one"], in: folder).errors.contains("unlabelled.more.files.0.sha256"))
      try FileManager.default.removeItem(at: folder.appendingPathComponent("more.txt"))
      let missing = try Command.run(["reproduce", "one"], in: folder)
      #expect(missing.code == 2 && missing.errors.contains("no such file"), "\(missing.errors)")
      #expect(missing.errors.contains("more.txt"))
    }
  }

  @Test("a run is reproduced from anywhere, by the report's own command and after its folder was moved")
  func elsewhere() throws {
    try withRun { folder in
      let deep = folder.appendingPathComponent("kept, by date/2024 «x»")
      try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
      let moved = deep.appendingPathComponent("run 1")
      try FileManager.default.moveItem(at: folder.appendingPathComponent("one"), to: moved)
      let report = try String(contentsOf: moved.appendingPathComponent("report.md"), encoding: .utf8)
      #expect(report.contains("`bench reproduce .`") && report.contains("`bench report . --output ../AGAIN`"))
      // No link of it leads out of its folder.
      #expect(!report.contains("](../"))
      for name in ["model-card.md", "data-card.md"] {
        let card = try String(contentsOf: moved.appendingPathComponent(name), encoding: .utf8)
        #expect(!card.contains("](../"), "\(name)")
      }
      let own = try Command.run(["reproduce", ".", "--quiet"], in: moved)
      #expect(own.code == 0 && own.output.contains("0 different"), "\(own.errors)")
      let other = try Command.run(["reproduce", moved.path, "--quiet"], in: FileManager.default.temporaryDirectory)
      #expect(other.code == 0 && other.output.contains("0 different"), "\(other.errors)")
      // By its number, whose folder is gone, from the folder that has the history.
      let numbered = try Command.run(["reproduce", "1", "--history", "../../Results/history.sqlite", "-q"], in: deep)
      #expect(numbered.code == 0 && numbered.output.contains("0 different"), "\(numbered.errors)")
    }
  }

  @Test("errors name the run's own manifest, with its lines")
  func ownManifest() throws {
    try withRun { folder in
      try FileManager.default.removeItem(at: folder.appendingPathComponent("data.csv"))
      let lines = try String(contentsOf: folder.appendingPathComponent("one/manifest.resolved.yaml"), encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      let line = try #require(lines.firstIndex { $0.contains("data.csv") }) + 1
      for (arguments, name) in [
        (["reproduce", "one"], "one/manifest.resolved.yaml"),
        (["reproduce", "1"], "one/manifest.resolved.yaml"),
        (["reproduce", folder.path + "/one/"], folder.path + "/one/manifest.resolved.yaml"),
      ] {
        let missing = try Command.run(arguments, in: folder)
        #expect(missing.code == 2 && missing.errors.contains("\(name):\(line):"), "\(missing.errors)")
        #expect(missing.errors.contains("the folder that the run was started in"), "\(missing.errors)")
      }
      try FileManager.default.removeItem(at: folder.appendingPathComponent("one"))
      let gone = try Command.run(["reproduce", "1"], in: folder)
      #expect(gone.errors.contains("manifest.resolved.yaml of run 1:\(line):"), "\(gone.errors)")
      #expect(!gone.errors.contains("/manifest.resolved.yaml"), "\(gone.errors)")
    }
  }
}
