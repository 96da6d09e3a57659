import Corpora
import Foundation
import Models
import TestSupport
import Testing
import Training

@testable import Manifests

@Suite struct PretrainingTests {
  private func folder(_ models: String, unlabelled: String = "") throws -> ManifestFolder {
    try ManifestFolder([
      "x.yaml": """
      name: read
      corpora: {messages: {task: category, generated: {rows: 50}}}
      protocols: [{kind: holdout}]
      \(unlabelled)
      text: {maximum_tokens: 20}
      models:
      \(models.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
      """
    ])
  }

  @Test("settings and sources arrive as they are written, defaults filled in, and resolve to themselves")
  func settings() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrain: {texts: corpus, unlabelled: mail, epochs: 3, mask: 0.2, whole_words: false}}
      b: {kind: bert-lstm, pretrain: {clip_norm: none}}
      c: {kind: bert}
      """,
      unlabelled: "unlabelled: {mail: {files: [a.csv], text: [x, y]}, more: {generated: {rows: 7}}, l: {files: b.txt}}")
    let loaded = try manifest.load("x.yaml").get()
    let models = loaded.manifest.models
    var expected = PretrainingSettings()
    (expected.texts, expected.unlabelled, expected.epochs) = (.corpus, ["mail"], 3)
    (expected.maskShare, expected.isWholeWords) = (0.2, false)
    #expect(models[0].pretraining == expected)
    expected = PretrainingSettings()
    expected.clipNorm = nil
    #expect(models[1].pretraining == expected && models[2].pretraining == nil)
    let sources = try #require(loaded.manifest.unlabelled?.domains)
    #expect(sources.map(\.name) == ["mail", "more", "l"])
    guard case .files(let mail) = sources[0].source, case .generated(let more) = sources[1].source,
      case .files(let lines) = sources[2].source
    else {
      Issue.record("\(sources)")
      return
    }
    #expect(mail.format == .csv && mail.text == ["x", "y"] && !mail.isLabelled)
    #expect(lines.format == .lines && !lines.isLabelled && more.rows == 7)
    let again = try ManifestFolder(["y.yaml": loaded.resolved.yaml()]).load("y.yaml").get()
    #expect(again.manifest == loaded.manifest)
  }

  @Test("what cannot be pre-trained is located")
  func mistakes() throws {
    let manifest = try folder(
      """
      a: {kind: bert, pretrain: {texts: none}}
      b: {kind: bert, pretrain: {unlabelled: mial, mask: 0}}
      c: {kind: bert-lstm, text: {tokenizer: words}, pretrain: {epochs: 1}}
      d: {kind: bert, pretrain: {epochs: 1}, space: {hidden: [64, 128], training.epochs: [1, 2]}}
      e: {kind: lstm, pretrain: {epochs: 1, mask: 0.1}, space: {embedding: [8, 16], hidden: [8, 16]}}
      """, unlabelled: "tuning: {trials: 2}")
    #expect(
      manifest.messages("x.yaml").map { String($0.prefix(110)) } == [
        "x.yaml:7:37: models.a.pretrain.texts: got none, and no unlabelled texts, expected domain, corpus, or the key `",
        "x.yaml:8:42: models.b.pretrain.unlabelled: got `mial`, expected the key `unlabelled` at the top, with a source",
        "x.yaml:8:54: models.b.pretrain.mask: got 0, expected a number above 0 and at most 1",
        "x.yaml:9:42: models.c.text.tokenizer: got words for a model with `pretrain`, expected wordpiece, which has a p",
        "x.yaml:10:50: models.d.space.hidden: got a key of what is pre-trained, expected keys of the training, of the p",
        "x.yaml:11:41: models.e.pretrain.mask: got a key unknown to skip-gram settings, expected one of texts, unlabell",
        "x.yaml:11:61: models.e.space.embedding: got a key of what is pre-trained, expected keys of the training, of th",
      ])
    let named = try folder(
      "a: {kind: bert, pretrain: {unlabelled: [mail, mial]}}", unlabelled: "unlabelled: {mail: {files: no.csv}}")
    #expect(
      named.messages("x.yaml", checkFiles: true) == [
        "x.yaml:4:28: unlabelled.mail.files: got no such file: `no.csv`, expected a file that can be read (relative to the working folder)",
        "x.yaml:7:49: models.a.pretrain.unlabelled.1: got `mial`, expected an unlabelled source: mail; did you mean `mail`?",
      ])
  }

  @Test("columns of unlabelled files are looked for; no label is")
  func columns() throws {
    let manifest = try folder(
      "a: {kind: bert, pretrain: {epochs: 1}}",
      unlabelled: "unlabelled: {mail: {files: \"${env:D}a.csv\", text: [title, text]}, l: {files: \"${env:D}l.txt\"}}")
    try manifest.write("a.csv", Data("text,body\nhello,there\n".utf8))
    try manifest.write("l.txt", Data("hello\nthere\n".utf8))
    let found = manifest.messages("x.yaml", environment: ["D": manifest.path], checkFiles: true)
    #expect(
      found.first?.hasPrefix("x.yaml:4:52: unlabelled.mail.text.0: got no such column `title`") == true
        && found.count == 1, "\(found)")
  }

  @Test("a checkpoint without the head of its pre-training is located")
  func head() throws {
    let tiny = try TinyCheckpoint()
    let manifest = try folder("a: {kind: bert, pretrained: \"${env:P}\", pretrain: {epochs: 1}}")
    #expect(
      manifest.messages("x.yaml", environment: ["P": tiny.folder.path], checkFiles: true) == [
        "x.yaml:7:53: models.a.pretrain: got a checkpoint without the tensor cls.predictions.transform.dense.weight, expected a checkpoint with the head of its pre-training (cls.predictions.*) and the piece [MASK], or none here"
      ])
  }
}
