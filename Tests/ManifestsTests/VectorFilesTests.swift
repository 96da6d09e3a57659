import Foundation
import Models
import Testing

@testable import Manifests

@Suite struct VectorFilesTests {
  private func folder(_ models: String) throws -> ManifestFolder {
    let folder = try ManifestFolder([
      "x.yaml": """
      name: vectors
      corpora: {messages: {task: category, generated: {rows: 50}}}
      protocols: [{kind: holdout}]
      models:
      \(models.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      """,
      "v.txt": "good 1 2 3\nbad 4 5 6\n", "odd.txt": "good 1 2 3\nbad 4 5\n",
    ])
    return folder
  }

  @Test("the width comes from the file, and the resolved manifest names the file with its hash")
  func width() throws {
    let folder = try folder(
      """
      a: {kind: lstm, vectors: "${env:D}v.txt"}
      b: {kind: lstm, vectors: "${env:D}v.txt", embedding: 3}
      c: {kind: lstm, vectors: none}
      """)
    let loaded = try folder.load("x.yaml", environment: ["D": folder.path], checkFiles: true).get()
    let widths = loaded.manifest.models.prefix(3).map { model -> Int? in
      model.configuration.wordVectorWidth
    }
    #expect(widths == [3, 3, RecurrentConfiguration().embedding])
    #expect(
      loaded.manifest.models.prefix(3).map { $0.vectors?.path } == [folder.path + "v.txt", folder.path + "v.txt", nil])
    let yaml = loaded.resolved.yaml(fileHashes: ["${env:D}v.txt": "abc"])
    #expect(yaml.contains("vectors: \"${env:D}v.txt\"  # x.yaml:5, sha256 abc"))
    #expect(yaml.contains("embedding: 3  # the vectors' width"))
    let again = try ManifestFolder(["y.yaml": yaml]).load("y.yaml", environment: ["D": folder.path], checkFiles: true)
    #expect(try again.get().manifest == loaded.manifest)
  }

  @Test("a file that is missing or no file of vectors, another width, and two ways to start are located")
  func mistakes() throws {
    let folder = try folder(
      """
      a: {kind: lstm, vectors: none.txt}
      b: {kind: lstm, vectors: "${env:D}odd.txt"}
      c: {kind: lstm, vectors: "${env:D}v.txt", embedding: 4}
      d: {kind: lstm, vectors: "${env:D}v.txt", pretrain: {epochs: 1}}
      e: {kind: bert, vectors: "${env:D}v.txt"}
      """)
    let found = folder.messages("x.yaml", environment: ["D": folder.path], checkFiles: true)
    #expect(
      found.map { String($0.prefix(100)) } == [
        "x.yaml:5:28: models.a.vectors: got no such file: `none.txt`, expected a file that can be read (relat",
        "x.yaml:6:28: models.b.vectors: got odd.txt:2: got 2 numbers, expected 3, expected word vectors of Gl",
        "x.yaml:7:56: models.c.embedding: got 4, expected 3, the width of the vectors, or nothing",
        "x.yaml:8:55: models.d.pretrain: got `pretrain` beside `vectors`, expected one of them: both set the ",
        "x.yaml:9:19: models.e.vectors: got a key unknown to a model of kind bert, expected one of kind, pret",
      ])
  }

  @Test("a file of vectors is read to its end: what is no number there is found, whether the word is wanted or not")
  func whole() throws {
    let folder = try folder("a: {kind: lstm, vectors: \"${env:D}long.txt\"}")
    let lines = (0..<3_000).map { "word\($0) 0.25 -1e-3 +.5" }
    try folder.write("long.txt", Data(lines.joined(separator: "\n").utf8))
    #expect(folder.messages("x.yaml", environment: ["D": folder.path], checkFiles: true).isEmpty)
    for (wrong, what) in [("last 1 2 x", "got `x`"), ("last 1 2", "got 2 numbers"), ("last 1 2 1e99", "got `1e99`")] {
      try folder.write("long.txt", Data((lines + [wrong]).joined(separator: "\n").utf8))
      let found = folder.messages("x.yaml", environment: ["D": folder.path], checkFiles: true)
      #expect(found.count == 1 && found[0].contains("models.a.vectors: got long.txt:3001: \(what)"), "\(found)")
    }
  }
}
