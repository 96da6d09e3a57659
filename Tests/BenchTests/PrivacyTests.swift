import Deflate
import Foundation
import TestSupport
import Testing

/// What a run leaves behind and prints, held against texts that would be known anywhere.
@Suite struct PrivacyTests {
  private static let phone = "02079460958"

  /// Each text has a word and an address of its own; all have one phone number.
  private static func text(_ row: Int) -> String {
    "zqmarker\(row)x cannot find the \(row % 2 == 0 ? "parcel" : "bill"), call \(phone) or write to p\(row)@mail.example"
  }

  private static let data =
    "text,label\n"
    + (0..<60).map { "\"\(text($0))\",\($0 % 2 == 0 ? "parcel" : "bill")\n" }.joined()

  private static let manifest = Command.manifest.replacingOccurrences(
    of: "    generated: {rows: 90}\n    domain: ecommerce",
    with: "    domain: ecommerce\n    files: data.csv"
  ).replacingOccurrences(of: "  task: sentiment", with: "  task: intent")
    .replacingOccurrences(of: "seeds: 2", with: "seeds: 1")
    .replacingOccurrences(
      of: "  lookup:",
      with: """
          bert: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}}
          hybrid: {kind: bert-lstm, encoder: {layers: 1, hidden: 8, heads: 2}, lstm: {hidden: 4}, training: {epochs: 1}}
          tfidf: {kind: tfidf-logistic}
          lookup:
        """)

  /// Files below the folder with any of these bytes, but for the data themselves.
  private func files(in folder: URL, with needles: [String]) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter { path in
      var isFolder: ObjCBool = false
      let file = folder.appendingPathComponent(path)
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
        return false
      }
      var bytes = try Data(contentsOf: file)
      if path.hasSuffix(".gz") { bytes = Data(try Gzip.decompress(Array(bytes))) }
      return path != "data.csv" && needles.contains { bytes.range(of: Data($0.utf8)) != nil }
    }
  }

  @Test("results, kept fits, history and messages hold no text; words that repeat stand in kept models alone")
  func run() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.data, as: "data.csv", in: folder)
      let run = try Command.run(["tiny.yaml"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let written = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      for file in [
        "Results/tiny/predictions.csv", "Results/tiny/predictions.csv.gz", "Results/tiny/data-card.md",
        "Results/history.sqlite",
      ] {
        #expect(written.contains(file))
      }
      #expect(written.count(where: { $0.hasSuffix(".model") }) == 6)
      #expect(try files(in: folder, with: ["zqmarker", "@mail.example"]) == [])
      // The phone number is a word that repeats: vocabularies and n-grams have it, nothing else.
      let models = try files(in: folder, with: [Self.phone])
      #expect(models.count >= 2 && models.allSatisfy { $0.hasSuffix(".model") }, "\(models)")
      let card = try String(contentsOf: folder.appendingPathComponent("Results/tiny/data-card.md"), encoding: .utf8)
      #expect(card.contains("| ecommerce | e-mail addresses | 60 | 60 |"))
      #expect(card.contains("| ecommerce | phone numbers | 60 | 60 |"))
    }
  }

  @Test("with text.anonymise on no kept model has a word that a pattern knows")
  func anonymised() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest + "\ntext: {anonymise: true}\n", as: "tiny.yaml", in: folder)
      try Command.write(Self.data, as: "data.csv", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      #expect(try files(in: folder, with: ["zqmarker", "@mail.example", Self.phone]) == [])
      #expect(try files(in: folder, with: ["<phone>"]).contains { $0.hasSuffix(".model") })
    }
  }

  @Test("plan, validate and predict print no text; predict does on demand, anonymised unless told otherwise")
  func printed() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.data, as: "data.csv", in: folder)
      for arguments in [
        ["plan", "tiny.yaml"], ["plan", "tiny.yaml", "--json"], ["plan", "tiny.yaml", "--why"],
        ["validate", "tiny.yaml"],
      ] {
        let ending = try Command.run(arguments, in: folder)
        #expect(ending.code == 0 && !(ending.output + ending.errors).contains("zqmarker"), "\(arguments)")
      }
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      let model = "Results/tiny.fits/" + (try #require(names.first { $0.contains("lookup") && $0.hasSuffix(".model") }))
      try Command.write(Self.text(3) + "\n", as: "one.txt", in: folder)
      func predicted(_ flags: [String]) throws -> String {
        try Command.run(["predict", model, "one.txt"] + flags, in: folder).output
      }
      #expect(try !predicted([]).contains("zqmarker"))
      let shown = try predicted(["--with-text"])
      #expect(shown.contains("zqmarker3x") && shown.contains("call <phone> or write to <email>"), "\(shown)")
      #expect(!shown.contains(Self.phone) && !shown.contains("p3@"))
      #expect(
        try predicted(["--with-text", "--no-anonymise"]).contains("call \(Self.phone) or write to p3@mail.example"))
      #expect(try Command.run(["predict", model, "one.txt", "--no-anonymise"], in: folder).code == 2)
    }
  }

  @Test("a file whose header is missing is refused without its first message")
  func noHeader() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(
        Self.data.split(separator: "\n").dropFirst().joined(separator: "\n"), as: "data.csv", in: folder)
      let ending = try Command.run(["tiny.yaml"], in: folder)
      #expect(ending.code == 2 && ending.errors.contains("got no such column `text`"), "\(ending.errors)")
      #expect(!ending.errors.contains("cannot find") && !ending.errors.contains(Self.phone), "\(ending.errors)")
    }
  }
}
