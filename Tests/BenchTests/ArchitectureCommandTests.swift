import Foundation
import Models
import TestSupport
import Testing
import Text

/// Checkpoints of each architecture (Tests/Fixtures/architectures) from a manifest to a folder that is read again.
@Suite struct ArchitectureCommandTests {
  private static let names = ["distilbert", "roberta", "xlm-roberta", "electra", "modernbert-mean"]

  private static func fixture(_ name: String) -> String {
    Fixtures.root.appendingPathComponent("architectures/\(name)").path
  }

  private static var manifest: String {
    let models = names.map {
      "  \($0): {kind: bert, pretrained: \"\(fixture($0))\", training: {epochs: 1}}\n"
    }
    let more = """
        hybrid: {kind: bert-lstm, pretrained: "\(fixture("roberta"))", lstm: {hidden: 4}, training: {epochs: 1}}
        mean: {kind: bert, pretrained: "\(fixture("electra"))", pooling: mean, training: {epochs: 1, frozen_layers: 1}}

      """
    return Command.manifest.replacingOccurrences(of: "protocols:", with: "text: {maximum_tokens: 60}\nprotocols:")
      .replacingOccurrences(
        of: "  lstm: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 1}}\n", with: models.joined() + more)
  }

  private struct Configuration: Decodable {
    var architectures: [String]
    var model_type: String
  }

  @Test("models of every architecture are trained, kept, asked, exported, and their folders read again")
  func run() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      let arguments = ["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"]
      let run = try Command.run(arguments, in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let resolved = try String(
        contentsOf: folder.appendingPathComponent("Results/tiny/manifest.resolved.yaml"), encoding: .utf8)
      #expect(
        resolved.contains("pooling: mean  # config.json") && resolved.contains("maximum_positions: 64  # config.json"))
      let kept = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path
      ).filter { $0.hasSuffix(".model") }
      for (name, architecture, type) in [
        ("distilbert", "DistilBertForSequenceClassification", "distilbert"),
        ("roberta", "RobertaForSequenceClassification", "roberta"),
        ("xlm-roberta", "XLMRobertaForSequenceClassification", "xlm-roberta"),
        ("electra", "ElectraForSequenceClassification", "electra"),
        ("modernbert-mean", "ModernBertForSequenceClassification", "modernbert"),
        ("hybrid", "BenchForSequenceClassification", "bench-roberta"),
        ("mean", "BenchForSequenceClassification", "bench-electra"),
      ] {
        let model = "Results/tiny.fits/" + (try #require(kept.first { $0.contains(".\(name)-") }))
        let answer = try Command.run(["predict", model, "-"], in: folder)
        #expect(answer.code == 0, "\(answer.errors)")
        let ending = try Command.run(["export", model, "out-\(name)"], in: folder)
        #expect(ending.code == 0 && ending.output.hasPrefix("out-\(name): \(architecture), 3 classes"), "\(ending)")
        let written = folder.appendingPathComponent("out-\(name)")
        let read = try JSONDecoder().decode(
          Configuration.self, from: Data(contentsOf: written.appendingPathComponent("config.json")))
        #expect(read.architectures == [architecture] && read.model_type == type)
        try expectSame(written, name == "hybrid" ? "roberta" : name == "mean" ? "electra" : name)
        let tensors = try Safetensors(contentsOf: folder.appendingPathComponent(model))
        let checkpoint = try BERTCheckpoint(folder: written)
        #expect(checkpoint.tensors.names == tensors.entries.map(\.name))
      }
    }
  }

  /// The encoder and the tokenizer of a written folder are those of the one that it came from.
  private func expectSame(_ written: URL, _ name: String) throws {
    let original = try BERTCheckpoint(folder: URL(fileURLWithPath: Self.fixture(name)))
    let copy = try BERTCheckpoint(folder: written)
    var (sizes, expected) = (copy.configuration, original.configuration)
    // What a classifier reads is the model's own.
    (sizes.pooling, expected.pooling) = (.cls, .cls)
    #expect(sizes == expected && copy.vocabulary == original.vocabulary, "\(name)")
    let texts = ["my card was declined", "<s> a<mask>", "[SEP] zebra", "", "THE app"]
    for controls in [ControlTokens.keep, .escape] {
      var settings = TextSettings()
      settings.controlTokens = controls
      let (ours, theirs) = (try copy.pipeline(settings), try original.pipeline(settings))
      for text in texts { #expect(ours.encode(text).ids == theirs.encode(text).ids, "\(name): \(text)") }
    }
  }

  @Test("what a checkpoint of another architecture cannot do is said at its place, before any work")
  func refused() throws {
    try Command.inFolder { folder in
      for (name, keys, says) in [
        (
          "roberta", "pretrain: {epochs: 1}",
          "models.a.pretrain: got a checkpoint of a roberta, expected one of a bert, whose pre-training alone is gone on"
        ),
        (
          "roberta", "maximum_positions: 66",
          "models.a.maximum_positions: got 66, expected 64, which the checkpoint has"
        ),
        (
          "modernbert-cls", "text: {maximum_tokens: 65}",
          "models.a.text.maximum_tokens: got 65, expected at most the 64"
        ),
      ] {
        let model = "{kind: bert, pretrained: \"\(Self.fixture(name))\", \(keys)}"
        try Command.write(
          Command.manifest.replacingOccurrences(of: "protocols:", with: "text: {maximum_tokens: 60}\nprotocols:")
            .replacingOccurrences(of: "models:\n", with: "models:\n  a: \(model)\n"),
          as: "tiny.yaml", in: folder)
        let ending = try Command.run(["validate", "tiny.yaml"], in: folder)
        #expect(ending.code == 2 && ending.errors.contains(says), "\(ending.errors)")
      }
    }
  }

  // MARK: A head that is kept

  /// 48 rows of the classes that the fixtures' classifiers have, in other letters.
  private static let rows: String = {
    let classes = ["Card", "App", "Other"]
    return "text,label\n"
      + (0..<48).map { row in
        "my card was late \(String(repeating: "a ", count: row / 3))\(row % 3),\(classes[row % 3])\n"
      }.joined()
  }()

  private static func keeping(_ name: String, _ keys: String = "") -> String {
    """
    name: kept
    seed: 3
    corpora: {messages: {task: topic, domain: d, files: rows.csv, text: text, label: label}}
    text: {maximum_tokens: 60}
    protocols: [{kind: holdout, seeds: 1}]
    models:
      a: {kind: bert, pretrained: "\(fixture(name))", keep_head: true\(keys)}
    timing: {batch: 4, batches: 2, warmup: 1, threads: [one]}
    """
  }

  @Test(
    "a classifier that is kept answers as PyTorch does, its classes in the corpus' order and spelling",
    arguments: ["bert", "distilbert", "roberta", "xlm-roberta", "electra", "modernbert-cls", "modernbert-mean"])
  func keptHead(name: String) throws {
    try Command.inFolder { folder in
      try Command.write(Self.keeping(name), as: "kept.yaml", in: folder)
      try Command.write(Self.rows, as: "rows.csv", in: folder)
      let run = try Command.run(["kept.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let model = try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("Results/kept.fits").path)
          .first { $0.contains(".a-") && $0.hasSuffix(".model") })
      let texts = try JSONDecoder().decode(
        [String].self, from: Data(contentsOf: Fixtures.root.appendingPathComponent("architectures/texts.json")))
      try Command.write(texts.joined(separator: "\n") + "\n", as: "texts.txt", in: folder)
      let answers = try Command.run(["predict", "Results/kept.fits/\(model)", "texts.txt"], in: folder)
      let values = try Safetensors(
        contentsOf: URL(fileURLWithPath: Self.fixture(name)).appendingPathComponent("values.safetensors"))
      let logits = try values.floats("output.logits").map(Double.init)
      let lines = answers.output.split(separator: "\n")
      #expect(lines.count == texts.count && 3 * texts.count == logits.count, "\(answers.errors)")
      for (row, line) in lines.enumerated() {
        let read = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let given = try #require(read["probabilities"] as? [String: Double])
        let odds = logits[3 * row..<3 * row + 3].map { exp($0) }
        for (place, label) in ["Card", "App", "Other"].enumerated() {
          expectClose(
            [try #require(given[label])], [odds[place] / odds.reduce(0, +)], absolute: 1e-5,
            "\(name), row \(row), \(label)")
        }
      }
    }
  }

  @Test("a head that cannot be kept is said at its place, before any work")
  func headsRefused() throws {
    try Command.inFolder { folder in
      try Command.write(Self.rows, as: "rows.csv", in: folder)
      for (keys, says) in [
        (", pretrain: {epochs: 1}", "models.a.keep_head: got true, and pre-training, expected one of the two"),
        (", space: {dropout: [0, 0.1]}", "models.a.keep_head: got true, and a search space, expected one of the"),
        (
          ", pooling: mean",
          "models.a.keep_head: got true, and a checkpoint where tensor classifier.weight is missing, expected a fine-tuned"
        ),
      ] {
        try Command.write(Self.keeping("roberta", keys), as: "kept.yaml", in: folder)
        let ending = try Command.run(["validate", "kept.yaml"], in: folder)
        #expect(ending.code == 2 && ending.errors.contains(says), "\(ending.errors)")
      }
      try Command.write(Self.keeping("roberta"), as: "kept.yaml", in: folder)
      try Command.write(Self.rows.replacingOccurrences(of: ",App", with: ",Site"), as: "rows.csv", in: folder)
      let ending = try Command.run(["validate", "kept.yaml"], in: folder)
      let says =
        "models.a.keep_head: got a classifier of card, app, other, and a corpus of Card, Other, Site (messages), expected "
        + "the same classes in id2label of config.json and in the corpus"
      #expect(ending.code == 2 && ending.errors.contains(says), "\(ending.errors)")
    }
  }
}
