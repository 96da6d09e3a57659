import Foundation
import TestSupport
import Testing

@testable import Models

/// Folders of every architecture with something wrong in them; the whole ones are in `ArchitectureTests`.
@Suite struct ArchitectureFolderTests {
  private static let prefixes = [
    "bert": "bert.", "distilbert": "distilbert.", "roberta": "roberta.", "xlm-roberta": "roberta.",
    "electra": "electra.", "modernbert-cls": "model.",
  ]
  private static let kinds = prefixes.keys.sorted()

  private static func tensors(_ name: String) throws -> [NamedTensor] {
    let folder = Fixtures.root.appendingPathComponent("architectures/\(name)")
    let file = try Safetensors(contentsOf: folder.appendingPathComponent("model.safetensors"))
    return try file.entries.map { NamedTensor(name: $0.name, shape: $0.shape, values: try file.floats($0.name)) }
  }

  /// The message of a folder whose tensors and config.json are changed so.
  private func message(
    _ name: String, config: (String, String) = ("", ""), _ change: (inout [NamedTensor]) -> Void = { _ in }
  ) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: Fixtures.root.appendingPathComponent("architectures/\(name)"), to: folder)
    let url = folder.appendingPathComponent("config.json")
    let text = try String(contentsOf: url, encoding: .utf8)
    if !config.0.isEmpty {
      try #require(text.contains(config.0), "\(name): \(config.0)")
      try Data(text.replacingOccurrences(of: config.0, with: config.1).utf8).write(to: url)
    }
    var tensors = try Self.tensors(name)
    change(&tensors)
    let file = folder.appendingPathComponent("model.safetensors")
    try FileManager.default.removeItem(at: file)
    try Safetensors.write(tensors, to: file)
    do { _ = try BERTCheckpoint(folder: folder) } catch { return "\(error)" }
    return "read"
  }

  @Test(
    "a tensor that is missing, too many or of another shape is named; bare encoders and heads are read",
    arguments: kinds)
  func tensors(name: String) throws {
    let prefix = try #require(Self.prefixes[name])
    let all = try Self.tensors(name)
    #expect(try message(name) == "read")
    #expect(
      try message(name) { tensors in
        tensors = tensors.filter { $0.name.hasPrefix(prefix) }.map {
          NamedTensor(name: String($0.name.dropFirst(prefix.count)), shape: $0.shape, values: $0.values)
        }
      } == "read")
    for tensor in all where tensor.name.hasPrefix(prefix) && !tensor.name.contains("pooler") {
      #expect(
        try message(name) { $0.removeAll { $0.name == tensor.name } } == "tensor \(tensor.name) is missing")
    }
    let first = try #require(all.first { $0.name.hasPrefix(prefix) && $0.name.contains(".0.") && $0.shape.count == 2 })
    let turned = [first.shape[0] * first.shape[1], 1]
    #expect(
      try message(name) { tensors in
        for index in tensors.indices where tensors[index].name == first.name { tensors[index].shape = turned }
      } == "tensor \(first.name) has the shape \(turned), expected \(first.shape)")
    let surplus = "\(prefix)encoder.layer.7.more.weight"
    #expect(
      try message(name) { $0.append(NamedTensor(name: surplus, shape: [1], values: [0])) }
        == "tensor \(surplus) is not a part of this model")
  }

  @Test(
    "what a configuration asks for and no encoder here is, is named",
    arguments: [
      ("distilbert", #""activation": "gelu""#, #""activation": "relu""#, "activation is relu, supported is gelu"),
      ("distilbert", #""dim": 16"#, #""dim": 15"#, "impossible sizes, or dim is not a multiple of n_heads"),
      ("distilbert", #""n_heads": 2,"#, "", "the key n_heads is missing"),
      ("roberta", #""hidden_act": "gelu""#, #""hidden_act": "gelu_new""#, "hidden_act is gelu_new, supported is gelu"),
      ("roberta", #""pad_token_id": 1"#, #""pad_token_id": 70"#, "impossible sizes"),
      ("roberta", #""pad_token_id": 1"#, #""pad_token_id": -9223372036854775808"#, "impossible sizes"),
      ("xlm-roberta", #""is_decoder": false"#, #""is_decoder": true"#, "is_decoder is true"),
      ("electra", #""embedding_size": 8"#, #""embedding_size": 0"#, "a width of embeddings"),
      (
        "electra", #""model_type""#, #""position_embedding_type": "relative_key", "model_type""#,
        "position_embedding_type is relative_key, supported is absolute"
      ),
      ("modernbert-cls", #""norm_bias": false"#, #""norm_bias": true"#, "norm_bias is true, supported is false"),
      ("modernbert-cls", #""mlp_bias": false"#, #""mlp_bias": true"#, "mlp_bias is true, supported is false"),
      (
        "modernbert-cls", #""hidden_activation": "gelu""#, #""hidden_activation": "silu""#,
        "hidden_activation is silu, supported is gelu"
      ),
      (
        "modernbert-cls", #""classifier_pooling": "cls""#, #""classifier_pooling": "max""#,
        "classifier_pooling is max, supported is cls or mean"
      ),
      (
        "modernbert-cls", #""rope_type": "default""#, #""rope_type": "yarn""#,
        "rope_parameters.full_attention.rope_type is yarn, supported is default"
      ),
      ("modernbert-cls", #""sliding_attention","#, #""chunked_attention","#, "layer_types has chunked_attention"),
      ("modernbert-cls", #""sliding_attention","#, "", "the kinds of 3 layers"),
      ("modernbert-cls", #""local_attention": 8"#, #""local_attention": -8"#, "a window"),
      ("modernbert-cls", #""rope_theta": 10.0"#, #""rope_theta": 0"#, "a base of rotations"),
    ])
  func configurations(name: String, from: String, to: String, says: String) throws {
    let message = try message(name, config: (from, to))
    #expect(message.contains(says), "\(message)")
  }

  @Test("ModernBERT's older keys say the same as the newer ones")
  func olderKeys() throws {
    let folder = Fixtures.root.appendingPathComponent("architectures/modernbert-cls")
    let newer = try TransformerConfiguration.huggingFace(folder.appendingPathComponent("config.json"))
    let text = try String(contentsOf: folder.appendingPathComponent("config.json"), encoding: .utf8)
    let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    var older = object.filter { !["layer_types", "rope_parameters"].contains($0.key) }
    (older["global_rope_theta"], older["local_rope_theta"]) = (160, 10)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: url) }
    try JSONSerialization.data(withJSONObject: older).write(to: url)
    #expect(try TransformerConfiguration.huggingFace(url).configuration == newer.configuration)
    #expect(newer.configuration.variant?.modern?.isGlobal == [true, false, true])
  }

  @Test("what is stored of a BERT has no key for what other architectures have, and is read without")
  func storedForm() throws {
    let stored = try JSONEncoder().encode(TransformerConfiguration())
    #expect(!String(decoding: stored, as: UTF8.self).contains("variant"))
    #expect(try JSONDecoder().decode(TransformerConfiguration.self, from: stored) == TransformerConfiguration())
  }
}
