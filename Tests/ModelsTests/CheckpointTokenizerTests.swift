import Autograd
import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models

/// Folders as Transformers reads them (`Scripts/fixtures/checkpoints.py`).
@Suite struct CheckpointTokenizerTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      var name: String
      var files: [String: String]
      var count: Int
      var keep, escape: [[Int32]]
      var logits: [[Float]]
    }
    var config: String
    var texts: [String]
    var cases: [Case]
  }

  private static let place = Fixtures.root.appendingPathComponent("checkpoints")

  static func read() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(contentsOf: place.appendingPathComponent("tokenizers.json")))
  }

  /// The folder of a case, for as long as `body` runs.
  static func withFolder<T>(_ item: Reference.Case, config: String, _ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in item.files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    try Data(config.utf8).write(to: folder.appendingPathComponent("config.json"))
    try FileManager.default.copyItem(
      at: place.appendingPathComponent("model.safetensors"), to: folder.appendingPathComponent("model.safetensors"))
    return try body(folder)
  }

  @Test("ids are those of Transformers, with control tokens kept and escaped, and so are the logits")
  func reference() throws {
    let reference = try Self.read()
    #expect(reference.cases.count > 10)
    for item in reference.cases {
      try Self.withFolder(item, config: reference.config) { folder in
        let checkpoint = try BERTCheckpoint(folder: folder), tokenizer = try checkpoint.wordPiece()
        #expect(tokenizer.count == item.count, "\(item.name)")
        for (index, text) in reference.texts.enumerated() {
          let what = "\(item.name): \(text.debugDescription)"
          #expect(tokenizer.encode(text) == item.keep[index], "\(what)")
          #expect(tokenizer.encode(text, controls: .escape) == item.escape[index], "\(what), escaped")
          let encoding = tokenizer.encoding(text)
          #expect(encoding.ids == item.keep[index] && encoding.offsets.count == encoding.ids.count, "\(what), offsets")
        }
        try expectLogits(checkpoint, item, reference.texts.map { tokenizer.encode($0) })
      }
    }
  }

  /// Of the checkpoint's own classifier; word vectors beyond the tokens stay.
  private func expectLogits(_ checkpoint: BERTCheckpoint, _ item: Reference.Case, _ ids: [[Int32]]) throws {
    let workspace = Workspace()
    let network = BERTClassifier(
      checkpoint.configuration, vocabulary: checkpoint.vocabulary, classes: 3, random: Random(seed: 1, stream: "n"),
      workspace: workspace)
    let head = try checkpoint.load(into: network).map {
      NamedTensor(
        name: $0, shape: try #require(checkpoint.tensors[$0]).shape, values: try checkpoint.tensors.floats($0))
    }
    try network.loadPretrained(WeightSnapshot(head))
    let logits = network.logits(TokenBatch(ids), on: Tape(workspace: workspace, mode: .evaluation))
    expectClose(logits.value.array, item.logits.flatMap { $0 }, absolute: 2e-6, item.name)
  }

  @Test("a stored pipeline reads a text as the checkpoint's tokenizer does, and keeps its spare rows")
  func stored() throws {
    let reference = try Self.read()
    for item in reference.cases {
      try Self.withFolder(item, config: reference.config) { folder in
        let checkpoint = try BERTCheckpoint(folder: folder)
        var settings = TextSettings()
        (settings.clean, settings.lowercase, settings.tokenizer) = (false, false, .wordpiece)
        let pipeline = TextPipeline(settings, wordPiece: try checkpoint.wordPiece(), rows: checkpoint.vocabulary)
        let copy = try JSONDecoder().decode(TextPipeline.self, from: JSONEncoder().encode(pipeline))
        #expect(copy.embeddingRows == 96 && copy.vocabularyCount == item.count)
        for (text, ids) in zip(reference.texts, item.escape) { #expect(copy.encode(text).ids == ids, "\(item.name)") }
      }
    }
  }

  @Test("two files that disagree are an error that names both")
  func disagreement() throws {
    let reference = try Self.read()
    let whole = try #require(reference.cases.first { $0.name == "cased with added tokens" })
    let config = #"{"added_tokens_decoder": {"@": {"content": "<x>", "special": true, "normalized": %}}}"#
    for (file, text, says) in [
      (
        "tokenizer_config.json",
        config.replacingOccurrences(of: "@", with: "77").replacingOccurrences(of: "%", with: "false"),
        "tokenizer.json and tokenizer_config.json: \"<x>\" has two ids"
      ),
      (
        "tokenizer_config.json",
        config.replacingOccurrences(of: "@", with: "73").replacingOccurrences(of: "%", with: "true"),
        "tokenizer.json and tokenizer_config.json: \"<x>\" has other flags in each"
      ),
      ("vocab.txt", "[PAD]\n[UNK]\n", "vocab.txt and tokenizer.json: other pieces in each, from the id 2 on"),
    ] {
      var item = whole
      item.files[file] = text
      try Self.withFolder(item, config: reference.config) { folder in
        do {
          _ = try BERTCheckpoint(folder: folder).wordPiece()
          Issue.record("read without an error: \(says)")
        } catch { #expect("\(error)".contains(says), "\(error)") }
      }
    }
  }

  @Test(
    "tokens under names of the model's own are special tokens with the ids that a file gives them; no map is nothing")
  func namedTokens() throws {
    let reference = try Self.read()
    let whole = try #require(reference.cases.first { $0.name == "cased with added tokens" })
    func read(_ file: String, _ text: String) throws -> [AddedToken] {
      var item = whole
      item.files[file] = text
      return try Self.withFolder(item, config: reference.config) { folder in
        try BERTCheckpoint(folder: folder).wordPiece().added
      }
    }
    let file = "tokenizer_config.json", plain = try read(file, #"{"do_lower_case": false}"#)
    for extra in ["{}", "[]", "null"] {
      #expect(try read(file, #"{"do_lower_case": false, "extra_special_tokens": \#(extra)}"#) == plain, "\(extra)")
      #expect(try read("special_tokens_map.json", #"{"extra_special_tokens": \#(extra)}"#).count == plain.count)
    }
    let named = #"{"do_lower_case": false, "extra_special_tokens": {"customer_token": "<c>"}, "#
    // Behind the others.
    let id = (plain.map(\.id).max() ?? 0) + 1
    let ids = #""added_tokens_decoder": {"\#(id)": {"content": "<c>", "special": true, "normalized": false}}}"#
    let token = try #require(try read(file, named + ids).first { $0.content == "<c>" })
    #expect(token.id == id && token.isControl)
    for (text, says) in [
      (
        named + #""x": 1}"#,
        "tokenizer_config.json: extra_special_tokens has \"<c>\", of which no file gives the id; expected it in"
      ),
      (#"{"extra_special_tokens": {"a": 3}}"#, "tokenizer_config.json is not the settings of a BERT tokenizer"),
    ] {
      do {
        _ = try read(file, text)
        Issue.record("read without an error: \(says)")
      } catch { #expect("\(error)".contains(says), "\(error)") }
    }
  }
}
