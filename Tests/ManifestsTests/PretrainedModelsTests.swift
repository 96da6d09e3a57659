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

  @Test("sizes come from config.json, dropout may differ, the text is left to the tokenizer unless asked otherwise")
  func sizes() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrained: "\(tiny.folder.path)", display: Tiny, pooling: mean, dropout: 0.2, layers: 1}
      b: {kind: bert-lstm, pretrained: "${env:PLACE}", encoder: {attention_dropout: 0}, text: {lowercase: true, control_tokens: keep}}
      c: {kind: bert, layers: 1}
      """)
    let loaded = try manifest.load("x.yaml", environment: ["PLACE": tiny.folder.path], checkFiles: true).get()
    var sizes = TinyCheckpoint.configuration
    (sizes.pooling, sizes.dropout) = (.mean, 0.2)
    let models = loaded.manifest.models
    #expect(models[0].configuration == .bert(sizes))
    (sizes.pooling, sizes.dropout, sizes.attentionDropout) = (.cls, 0.1, 0)
    #expect(models[1].configuration == .bertLSTM(sizes, RecurrentConfiguration()))
    #expect(models.prefix(3).map(\.text.lowercase) == [false, true, true])
    #expect(models.prefix(3).map(\.text.clean) == [false, false, true])
    #expect(models.prefix(3).map(\.text.controlTokens) == [.escape, .keep, .escape])
    #expect(models[0].text.steps.isEmpty)
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

  @Test("[CLS] is not read through a pooler that a checkpoint does not have; a search of the pooling counts")
  func pooler() throws {
    let file = try Safetensors(contentsOf: tiny.url("model.safetensors"))
    let left = try file.entries.filter { !$0.name.contains("pooler") }.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: try file.floats($0.name))
    }
    try FileManager.default.removeItem(at: tiny.url("model.safetensors"))
    try Safetensors.write(left, to: tiny.url("model.safetensors"))
    let manifest = try folder(
      """
      a: {kind: bert, pretrained: "@"}
      b: {kind: bert, pretrained: "@", pooling: cls}
      c: {kind: bert, pretrained: "@", pooling: mean}
      d: {kind: bert-lstm, pretrained: "@"}
      e: {kind: bert, pretrained: "@", space: {pooling: [mean, cls]}}
      f: {kind: bert, pretrained: "@", space: {pooling: [mean]}}
      """.replacingOccurrences(of: "@", with: "${env:P}"))
    func found(_ tuning: String) throws -> [String] {
      try manifest.write("y.yaml", Data("extends: x.yaml\ntuning: \(tuning)\n".utf8))
      return manifest.messages("y.yaml", environment: ["P": tiny.folder.path], checkFiles: true)
    }
    let says =
      "got cls, and a checkpoint without the tensor bert.pooler.dense.weight, expected pooling: mean, or a checkpoint with a pooler"
    let declared = ["x.yaml:6:31: models.a.pooling: \(says)", "x.yaml:7:52: models.b.pooling: \(says)"]
    #expect(
      try found("{trials: 2}") == declared + ["x.yaml:10:67: models.e.space.pooling: \(says)"])
    #expect(
      try found("none")
        == declared + ["x.yaml:10:31: models.e.pooling: \(says)", "x.yaml:11:31: models.f.pooling: \(says)"])
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
        == "x.yaml:6:31: models.a.pretrained: got no such folder (`no/such`), expected the folder of a Hugging Face checkpoint (relative to the working folder)"
    )
    for name in ["vocab.txt", "model.safetensors", "config.json"] {
      try FileManager.default.removeItem(at: tiny.url(name))
      #expect(messages().last?.contains("models.b.pretrained: got \(name) is missing") == true, "\(messages())")
    }
    #expect(manifest.messages("x.yaml", environment: ["P": "nowhere"]).isEmpty)
  }

  @Test("without a stated rate a checkpoint gets its own defaults; a stated or searched rate is left as it is")
  func rates() throws {
    let place = "kind: bert, pretrained: \"\(tiny.folder.path)\""
    let manifest = try folder(
      """
      a: {\(place)}
      b: {\(place), training: {learning_rate: 0.0002}}
      c: {\(place), training: {head_factor: 5}}
      d: {\(place), space: {training.learning_rate: [0.0001, 0.0003]}}
      e: {kind: bert-lstm, pretrained: "\(tiny.folder.path)"}
      f: {kind: bert}
      g: {\(place), pretrain: none, space: {training.head_factor: [1, 100]}}
      """)
    let loaded = try manifest.load("x.yaml", set: ["tuning.trials=2"], checkFiles: true).get()
    func rates(_ manifest: Manifest) -> [[Double]] {
      manifest.models.filter(\.configuration.kind.isNeural).map {
        [$0.training.optimizer.learningRate, $0.training.fineTuning.headFactor]
      }
    }
    #expect(
      rates(loaded.manifest) == [
        [1e-4, 100], [2e-4, 1], [1e-4, 5], [1e-3, 1], [1e-4, 100], [1e-3, 1], [1e-4, 1],
      ])
    let yaml = loaded.resolved.yaml()
    #expect(yaml.contains("learning_rate: 0.0001  # default for a pretrained encoder"))
    #expect(yaml.contains("head_factor: 100.0  # default for a pretrained encoder"))
    #expect(yaml.contains("learning_rate: 0.0002  # x.yaml:7") && yaml.contains("head_factor: 1.0  # default"))
    #expect(
      rates(try ManifestFolder(["y.yaml": yaml]).load("y.yaml", checkFiles: true).get().manifest)
        == rates(loaded.manifest))
    // Stated for all models counts as stated.
    let shared = try manifest.load(
      "x.yaml", set: ["tuning.trials=2", "training.learning_rate=0.0005"], checkFiles: true
    )
    .get()
    #expect(rates(shared.manifest)[0] == [5e-4, 1] && rates(shared.manifest)[4] == [5e-4, 1])
    #expect(loaded.warnings.isEmpty && shared.warnings.isEmpty)
  }

  @Test("a rate for several models is one warning that names them in the manifest's order; heads and skip-gram count")
  func farOffTogether() throws {
    let place = "kind: bert, pretrained: \"\(tiny.folder.path)\""
    func warnings(_ models: String, _ settings: [String] = []) throws -> [String] {
      let tuning = models.contains("space:") ? ["tuning.trials=2"] : []
      let loaded = try folder(models).load("x.yaml", set: tuning + settings, checkFiles: true).get()
      return loaded.warnings.map {
        ($0.warning.split(separator: "\n").first.map(String.init) ?? "").replacing(#/^.*warning: models\./#, with: "")
      }
    }
    #expect(
      try warnings(
        "z: {\(place)}\na: {kind: lstm}\nm: {\(place)}\nb: {\(place)}", ["training.learning_rate=0.001"]) == [
          "z.training.learning_rate, models.m.training.learning_rate, models.b.training.learning_rate: got a learning "
            + "rate of 0.001, expected from 1e-06 to 0.0005 for a pretrained encoder"
        ])
    let head = "for what stands above the encoder, expected from 1e-06 to 0.1 for AdamW"
    let found = try warnings(
      """
      a: {\(place), training: {learning_rate: 0.0005, head_factor: 1000}}
      b: {\(place), training: {head_factor: 2000}}
      c: {\(place), training: {head_factor: 900}}
      d: {kind: bert, training: {learning_rate: 0.01, head_factor: 20}}
      e: {\(place), space: {training.head_factor: [1, 5000]}}
      f: {kind: lstm, pretrain: {learning_rate: 9}}
      g: {kind: lstm, pretrain: {learning_rate: 0.00001}}
      """)
    #expect(
      found == [
        "a.training.head_factor: got a learning rate of 0.0005 × 1000.0 \(head)",
        "b.training.head_factor: got a learning rate of 0.0001 × 2000.0 \(head)",
        "d.training.head_factor: got a learning rate of 0.01 × 20.0 \(head)",
        "e.space.training.head_factor: got a learning rate of 0.0001 × 5000.0 \(head)",
        "f.pretrain.learning_rate: got a learning rate of 9.0, expected from 0.0001 to 1.0 for skip-gram",
        "g.pretrain.learning_rate: got a learning rate of 1e-05, expected from 0.0001 to 1.0 for skip-gram",
      ])
  }

  @Test("a rate far off is a warning with its place, and no error")
  func farOff() throws {
    let place = "kind: bert, pretrained: \"\(tiny.folder.path)\""
    let manifest = try folder(
      """
      a: {\(place), training: {learning_rate: 0.001}}
      b: {\(place), training: {learning_rate: 0.001, frozen_layers: 1}}
      c: {\(place), space: {training.learning_rate: {log_uniform: [0.0001, 0.002]}}}
      d: {kind: lstm, training: {learning_rate: 0.5}}
      e: {kind: bert, training: {learning_rate: 0.0000001}}
      f: {kind: bert, pretrain: {learning_rate: 0.2}}
      g: {kind: lstm, pretrain: {learning_rate: 0.2}, training: {learning_rate: 0.01}}
      h: {kind: tfidf-logistic}
      """)
    let loaded = try manifest.load("x.yaml", set: ["tuning.trials=2"], checkFiles: true).get()
    let lines = loaded.warnings.map { warning in
      (warning.warning.split(separator: "\n").first.map(String.init) ?? "")
        .replacingOccurrences(of: manifest.path, with: "")
        .replacing(#/^(x.yaml:\d+):\d+/#) { "\($0.output.1)" }
    }
    #expect(
      lines == [
        "x.yaml:6: warning: models.a.training.learning_rate: got a learning rate of 0.001, expected from 1e-06 to 0.0005 for a pretrained encoder",
        "x.yaml:8: warning: models.c.space.training.learning_rate: got a learning rate of 0.002, expected from 1e-06 to 0.0005 for a pretrained encoder",
        "x.yaml:9: warning: models.d.training.learning_rate: got a learning rate of 0.5, expected from 1e-06 to 0.1 for AdamW",
        "x.yaml:10: warning: models.e.training.learning_rate: got a learning rate of 1e-07, expected from 1e-06 to 0.1 for AdamW",
        "x.yaml:11: warning: models.f.pretrain.learning_rate: got a learning rate of 0.2, expected from 1e-06 to 0.1 for AdamW",
      ])
    #expect(loaded.warnings.allSatisfy { $0.column > 1 })
    let overridden = try manifest.load(
      "x.yaml", set: ["tuning.trials=2", "models.a.training.learning_rate=0.002"], checkFiles: true
    ).get()
    #expect(
      overridden.warnings.last?.warning.hasPrefix("--set 2: warning: models.a.training.learning_rate: got ") == true)
  }
}
