import Foundation
import Models
import TestSupport
import Testing
import Text

@testable import Manifests

@Suite struct PretrainedModelsTests {
  private let tiny: TinyCheckpoint
  init() throws { tiny = try TinyCheckpoint() }

  private func folder(_ models: String) throws -> ManifestFolder {
    try ManifestFolder([
      "x.yaml": """
      name: pretrained
      corpora: {messages: {task: category, generated: {rows: 50}}}
      protocols: [{kind: holdout}]
      text: {maximum_tokens: 20}
      models:
      \(models.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      """
    ])
  }

  @Test("sizes come from config.json, dropout may differ, capitals are left to the tokenizer")
  func sizes() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrained: "\(tiny.folder.path)", display: Tiny, pooling: mean, dropout: 0.2, layers: 1}
      b: {kind: bert-lstm, pretrained: "${env:PLACE}", encoder: {attention_dropout: 0}, text: {lowercase: true}}
      """)
    let loaded = try manifest.load("x.yaml", environment: ["PLACE": tiny.folder.path], checkFiles: true).get()
    var sizes = TinyCheckpoint.configuration
    (sizes.pooling, sizes.dropout) = (.mean, 0.2)
    let models = loaded.manifest.models
    #expect(models[0].configuration == .bert(sizes))
    (sizes.pooling, sizes.dropout, sizes.attentionDropout) = (.cls, 0.1, 0)
    #expect(models[1].configuration == .bertLSTM(sizes, LSTMConfiguration()))
    #expect(models.prefix(2).map(\.text.lowercase) == [false, true])
    #expect(models[0].pretrained?.display == "Tiny")
    #expect(models[1].pretrained?.display == tiny.folder.lastPathComponent)
    #expect(models[1].pretrained?.declaredPath == "${env:PLACE}")

    let yaml = loaded.resolved.yaml(fileHashes: ["${env:PLACE}": "abc"])
    #expect(yaml.contains("pretrained: \"${env:PLACE}\"  # x.yaml:7, sha256 abc"))
    #expect(yaml.contains("heads: 2  # config.json"))
    let again = try ManifestFolder(["y.yaml": yaml])
      .load("y.yaml", environment: ["PLACE": tiny.folder.path], checkFiles: true).get()
    #expect(again.manifest == loaded.manifest)
  }

  @Test("a size that the checkpoint does not have, its own tokenizer's settings and a stray name are located")
  func conflicts() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrained: "@", heads: 4, layers: 2}
      b: {kind: bert-lstm, pretrained: "@", encoder: {hidden: 16}, text: {tokenizer: words}}
      c: {kind: bert, pretrained: "@", text: {vocabulary_file: x.txt, maximum_tokens: 50}}
      d: {kind: bert, display: Big}
      """.replacingOccurrences(of: "@", with: "${env:P}"))
    let found = manifest.messages("x.yaml", environment: ["P": tiny.folder.path], checkFiles: true)
    #expect(
      found
        == [
          "x.yaml:6:50: models.a.heads: got 4, expected 2, which the checkpoint has, or nothing",
          "x.yaml:6:61: models.a.layers: got 2, expected 1, which the checkpoint has, or nothing",
          "x.yaml:7:66: models.b.encoder.hidden: got 16, expected 8, which the checkpoint has, or nothing",
          "x.yaml:7:89: models.b.text.tokenizer: got words for a checkpoint, expected wordpiece, or nothing: a checkpoint brings its tokenizer",
          "x.yaml:8:67: models.c.text.vocabulary_file: got a vocabulary for a checkpoint, expected nothing: a checkpoint brings its vocabulary",
          "x.yaml:8:67: models.c.text.vocabulary_file: got no such file: `x.txt`, expected a file that can be read (relative to the working folder)",
          "x.yaml:8:90: models.c.text.maximum_tokens: got 50, expected at most the 40 of models.c.maximum_positions",
          "x.yaml:9:28: models.d.display: got a name for a checkpoint, and no checkpoint, expected `pretrained` beside it, or nothing",
        ].map { $0 })
  }

  @Test("a folder or file that is missing or broken is located, and left alone without data")
  func folders() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrained: no/such, heads: 3, hidden: 9}
      b: {kind: bert, pretrained: "${env:P}"}
      """)
    func messages() -> [String] {
      manifest.messages("x.yaml", environment: ["P": tiny.folder.path], checkFiles: true)
    }
    #expect(messages().count == 1)
    #expect(
      messages().first
        == "x.yaml:6:31: models.a.pretrained: got no such folder (`no/such`), expected the folder of a Hugging Face BERT checkpoint (relative to the working folder)"
    )
    for name in ["vocab.txt", "model.safetensors", "config.json"] {
      try FileManager.default.removeItem(at: tiny.url(name))
      #expect(messages().last?.contains("models.b.pretrained: got \(name) is missing") == true, "\(messages())")
    }
    #expect(manifest.messages("x.yaml", environment: ["P": "nowhere"]).isEmpty)
  }
}
