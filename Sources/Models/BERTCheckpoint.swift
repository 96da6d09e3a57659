import Autograd
import Foundation

/// A Hugging Face BERT folder: config.json and model.safetensors.
public struct BERTCheckpoint: Sendable {
  /// The encoder's sizes.
  public let configuration: TransformerConfiguration
  /// Rows of the word embeddings.
  public let vocabulary: Int
  public let file: Safetensors

  /// What became of the tensors.
  public struct Report: Sendable, Equatable {
    /// Parts of the network that the checkpoint does not have; they keep their first values.
    public var missing: [String]
    /// Tensors of the checkpoint that the network does not have.
    public var unused: [String]
  }

  /// - Throws: `CheckpointError` where a file is unreadable, malformed or asks for another kind of encoder.
  public init(folder: URL) throws(CheckpointError) {
    (configuration, vocabulary) = try TransformerConfiguration.huggingFace(folder.appendingPathComponent("config.json"))
    file = try Safetensors(contentsOf: folder.appendingPathComponent("model.safetensors"))
  }

  /// Takes the values of every parameter named `bert.…`; nothing is changed where a tensor does not fit.
  ///
  /// Checkpoints of a bare encoder have no `bert.` in front, and old ones call a norm's tensors gamma and beta. A
  /// checkpoint without pooler leaves the pooler's first values.
  ///
  /// - Throws: `CheckpointError` naming the first tensor that is missing or has another shape.
  public func load(into network: some Network) throws(CheckpointError) -> Report {
    var used = Set<String>(), missing = [String]()
    let encoder = network.parameters.filter { $0.name.hasPrefix("bert.") }
    let present = encoder.filter { parameter in
      let isAbsent = parameter.name.hasPrefix("bert.pooler.") && entry(for: parameter.name) == nil
      if isAbsent { missing.append(parameter.name) }
      return !isAbsent
    }
    let values = try present.assembled { (part) throws(CheckpointError) in
      guard let entry = entry(for: part.name) else { throw .missing(tensor: part.name) }
      guard entry.shape == part.shape else {
        throw .shape(tensor: entry.name, got: entry.shape, expected: part.shape)
      }
      used.insert(entry.name)
      return try file.floats(entry.name)
    }
    for (parameter, values) in zip(present, values) { parameter.value.copy(from: values) }
    return Report(missing: missing, unused: file.entries.map(\.name).filter { !used.contains($0) })
  }

  private func entry(for name: String) -> Safetensors.Entry? {
    let bare = String(name.dropFirst("bert.".count))
    for spelling in [name, bare] {
      if let entry = file[spelling] { return entry }
      for (new, old) in [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")]
      where spelling.hasSuffix(new) {
        if let entry = file[spelling.dropLast(new.count) + old] { return entry }
      }
    }
    return nil
  }
}

extension TransformerConfiguration {
  /// Reads the sizes of an encoder, and of its vocabulary, from Hugging Face's config.json.
  ///
  /// - Throws: `CheckpointError` where it is malformed, or another activation or position embedding is asked for.
  public static func huggingFace(
    _ url: URL
  ) throws(CheckpointError) -> (configuration: TransformerConfiguration, vocabulary: Int) {
    struct Fields: Decodable {
      var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
      var max_position_embeddings, type_vocab_size: Int?
      var hidden_dropout_prob, attention_probs_dropout_prob, layer_norm_eps, initializer_range: Double?
      var hidden_act, position_embedding_type, model_type: String?
    }
    let name = url.lastPathComponent
    let data: Data, fields: Fields
    do { data = try Data(contentsOf: url) } catch { throw .unreadable("cannot read \(name)") }
    do { fields = try JSONDecoder().decode(Fields.self, from: data) } catch {
      throw .malformed("\(name) is not the configuration of a BERT: \(error)")
    }
    let expected = [
      ("model_type", fields.model_type, "bert"), ("hidden_act", fields.hidden_act, "gelu"),
      ("position_embedding_type", fields.position_embedding_type, "absolute"),
    ]
    for (key, got, want) in expected {
      if let got, got != want { throw .unsupported("\(name): \(key) is \(got), this encoder has \(want)") }
    }
    var sizes = TransformerConfiguration()
    sizes.hidden = fields.hidden_size
    sizes.heads = fields.num_attention_heads
    sizes.layers = fields.num_hidden_layers
    sizes.intermediate = fields.intermediate_size
    sizes.maximumPositions = fields.max_position_embeddings ?? sizes.maximumPositions
    sizes.typeVocabulary = fields.type_vocab_size ?? sizes.typeVocabulary
    sizes.dropout = fields.hidden_dropout_prob ?? sizes.dropout
    sizes.attentionDropout = fields.attention_probs_dropout_prob ?? sizes.attentionDropout
    sizes.layerNormEpsilon = fields.layer_norm_eps ?? sizes.layerNormEpsilon
    sizes.initializerRange = fields.initializer_range ?? sizes.initializerRange
    let counts = [
      sizes.hidden, sizes.heads, sizes.layers, sizes.intermediate, sizes.maximumPositions, sizes.typeVocabulary,
      fields.vocab_size,
    ]
    guard counts.allSatisfy({ 1...(1 << 24) ~= $0 }), sizes.hidden % sizes.heads == 0 else {
      throw .malformed("\(name): impossible sizes, or hidden_size is not a multiple of num_attention_heads")
    }
    guard [sizes.dropout, sizes.attentionDropout].allSatisfy({ 0..<1 ~= $0 }), sizes.layerNormEpsilon > 0,
      sizes.initializerRange >= 0
    else { throw .malformed("\(name): a dropout probability outside [0, 1), or an epsilon that is not positive") }
    return (sizes, fields.vocab_size)
  }
}
