import Autograd
import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct BERTCheckpointTests {
  private let workspace = Workspace()

  private func small(_ pooling: TransformerConfiguration.Pooling = .cls) -> BERTClassifier {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 8, 2, 16, 20)
    sizes.pooling = pooling
    return BERTClassifier(
      sizes, vocabulary: 11, classes: 3, random: Random(seed: 1, stream: "n"), workspace: workspace)
  }

  private static let config = """
    {"model_type": "bert", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
     "intermediate_size": 16, "vocab_size": 11, "max_position_embeddings": 20, "type_vocab_size": 2,
     "hidden_act": "gelu"}
    """

  /// A folder of these tensors and this config.json, for as long as `body` runs.
  private func withFolder<T>(
    _ tensors: [NamedTensor], config: String = Self.config, _ body: (URL) throws -> T
  ) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(config.utf8).write(to: folder.appendingPathComponent("config.json"))
    try Safetensors.write(tensors, to: folder.appendingPathComponent("model.safetensors"))
    return try body(folder)
  }

  private var tensors: [NamedTensor] {
    small().snapshot().tensors.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: $0.values.indices.map { Float($0) })
    }
  }

  @Test("a bare encoder's names and the old names of norms load; the classifier keeps its first values")
  func names() throws {
    let renamed = tensors.filter { $0.name.hasPrefix("bert.") }.map {
      NamedTensor(
        name: String($0.name.dropFirst(5)).replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
          .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta"),
        shape: $0.shape, values: $0.values)
    }
    try withFolder(renamed + [NamedTensor(name: "cls.more", shape: [1], values: [0])]) { folder in
      let checkpoint = try BERTCheckpoint(folder: folder), network = small(), before = small().snapshot()
      #expect(checkpoint.configuration.hidden == 8 && checkpoint.vocabulary == 11)
      let unused = try checkpoint.load(into: network)
      #expect(unused == ["cls.more"])
      for (index, tensor) in network.snapshot().tensors.enumerated() {
        #expect(tensor == (tensor.name.hasPrefix("bert.") ? tensors : before.tensors)[index])
      }
    }
  }

  @Test("a missing tensor is an error, that of the pooler where [CLS] is read through it; nothing is changed")
  func missing() throws {
    for part in ["weight", "bias"] {
      let name = "bert.pooler.dense.\(part)"
      try withFolder(tensors.filter { $0.name != name }) { folder in
        let checkpoint = try BERTCheckpoint(folder: folder), network = small()
        #expect(checkpoint.missingPoolerTensor == name)
        #expect(throws: CheckpointError.missing(tensor: name)) { try checkpoint.load(into: network) }
        #expect(network.snapshot() == small().snapshot())
        _ = try checkpoint.load(into: small(.mean))
      }
    }
    let name = "bert.encoder.layer.0.attention.self.key.bias"
    try withFolder(tensors.filter { $0.name != name }) { folder in
      let network = small()
      #expect(throws: CheckpointError.missing(tensor: name)) {
        try BERTCheckpoint(folder: folder).load(into: network)
      }
      #expect(network.snapshot() == small().snapshot())
    }
  }

  @Test(
    "a configuration that this encoder is not is an error",
    arguments: [
      (#""gelu""#, #""relu""#, "hidden_act is relu"),
      (
        #""bert""#, #""deberta-v2""#,
        "model_type is deberta-v2, supported are bert, distilbert, roberta, xlm-roberta, electra and modernbert"
      ),
      (#""model_type": "bert""#, #""architectures": ["RobertaModel"]"#, "architectures names RobertaModel"),
      (#""bert", "hidden_size": 8,"#, #""albert", "embedding_size": 8,"#, "model_type is albert"),
      (#""bert","#, #""bert", "is_decoder": true,"#, "is_decoder is true"),
      (#""bert","#, #""bert", "is_encoder_decoder": true,"#, "is_encoder_decoder is true"),
      (#""bert","#, #""bert", "pruned_heads": {"0": [1]},"#, "pruned_heads"),
      (#""bert","#, #""bert", "quantization_config": {"bits": 8},"#, "quantization_config"),
      (
        #""bert","#, #""bert", "add_cross_attention": true, "position_embedding_type": "relative_key_query","#,
        "position_embedding_type is relative_key_query, supported is absolute; add_cross_attention is true"
      ),
      (#""num_attention_heads": 2"#, #""num_attention_heads": 3"#, "num_attention_heads"),
      (#""hidden_size": 8"#, #""hidden_size": 0"#, "sizes"),
      (#""hidden_size": 8"#, #""hidden_size": 1e99"#, "config.json"),
      (#""vocab_size": 11,"#, "", "config.json"), ("{", "[", "config.json"),
      ("{", String(repeating: "[", count: 100_000), "config.json"),
    ])
  func configurations(from: String, to: String, says: String) throws {
    try withFolder(tensors, config: Self.config.replacingOccurrences(of: from, with: to)) { folder in
      do {
        _ = try BERTCheckpoint(folder: folder)
        Issue.record("read without an error: \(to.prefix(40))")
      } catch { #expect("\(error)".contains(says), "\(error)") }
    }
  }

  @Test("what stands for nothing in a configuration is read: no kind, as old checkpoints; null; no heads taken out")
  func oldConfigurations() throws {
    for change in [#""architectures": ["BertForMaskedLM"]"#, #""is_decoder": false, "pruned_heads": {}"#, #""x": 1"#] {
      let config = Self.config.replacingOccurrences(of: #""model_type": "bert""#, with: change)
      let nothing = config.replacingOccurrences(of: "{\"", with: #"{"quantization_config": null, ""#)
      let checkpoint = try withFolder(tensors, config: nothing) { try BERTCheckpoint(folder: $0) }
      #expect(checkpoint.vocabulary == 11)
    }
  }

  @Test(
    "all-MiniLM-L6-v2 gives the reference's token vectors, pooled and averaged outputs",
    .enabled(if: Fixtures.checkpoint != nil, Fixtures.checkpointIsMissing))
  func miniLM() throws {
    let published = try #require(Fixtures.checkpoint)
    let name = "outputs.safetensors"
    let checkpoint = try BERTCheckpoint(folder: published.model)
    let network = BERTClassifier(
      checkpoint.configuration, vocabulary: checkpoint.vocabulary, classes: 2, random: Random(seed: 1, stream: "n"),
      workspace: workspace)
    let unused = try checkpoint.load(into: network)
    #expect(unused == ["embeddings.position_ids"])

    let file = try Safetensors(contentsOf: published.golden.appendingPathComponent(name))
    let ids = try file.integers("ids"), mask = try file.integers("mask")
    let width = try #require(file["ids"]?.shape.last, "\(name): ids"), count = ids.count / width
    let lengths = (0..<count).map { row in mask[row * width..<(row + 1) * width].reduce(0, +) }
    let batch = TokenBatch(
      lengths.enumerated().map { row, length in ids[row * width..<row * width + length].map { Int32($0) } })
    let tape = Tape(workspace: workspace, mode: .evaluation)
    let states = network.encoder(batch, on: tape), hidden = checkpoint.configuration.hidden
    let reference = try file.floats("last_hidden_state")
    let packed = lengths.enumerated().flatMap { row, length in
      reference[row * width * hidden..<(row * width + length) * hidden]
    }
    expectClose(states.value.array, packed, absolute: 2e-5, "\(name): last_hidden_state")
    expectClose(
      network.pool(states, offsets: batch.offsets, on: tape).value.array, try file.floats("pooler_output"),
      absolute: 2e-5, "\(name): pooler_output")
    expectClose(
      tape.pool(states, offsets: batch.offsets, .mean).value.array, try file.floats("mean_pooled"), absolute: 2e-5,
      "\(name): mean_pooled")
  }
}
