import Foundation

extension TransformerConfiguration {
  /// Reads the sizes of an encoder, and of its vocabulary, from Hugging Face's config.json.
  ///
  /// - Throws: `CheckpointError` where it is malformed, or naming all that it asks for and this encoder is not.
  public static func huggingFace(
    _ url: URL
  ) throws(CheckpointError) -> (configuration: TransformerConfiguration, vocabulary: Int) {
    let name = url.lastPathComponent
    // What is no BERT may lack a BERT's sizes, so that is asked first.
    let kind = try CheckpointFile.json(url, as: EncoderKind.self, what: "the configuration of a BERT")
    let odd = kind.unsupported
    guard odd.isEmpty else { throw .unsupported("\(name): \(odd.joined(separator: "; "))") }
    let fields = try CheckpointFile.json(url, as: Fields.self, what: "the configuration of a BERT")
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
      sizes.layerNormEpsilon.isFinite, sizes.initializerRange.isFinite,
      sizes.initializerRange >= 0
    else { throw .malformed("\(name): a dropout probability outside [0, 1), or an epsilon that is not positive") }
    return (sizes, fields.vocab_size)
  }
}

private struct Fields: Decodable {
  var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
  var max_position_embeddings, type_vocab_size: Int?
  var hidden_dropout_prob, attention_probs_dropout_prob, layer_norm_eps, initializer_range: Double?
}

/// What a config.json says of the arithmetic: all of it must be that of the encoder here.
private struct EncoderKind: Decodable {
  var model_type, hidden_act, position_embedding_type: String?
  var architectures: [String]?
  var is_decoder, add_cross_attention, is_encoder_decoder: Bool?
  /// Heads that are taken out, by layer.
  var pruned_heads: [String: [Int]]?
  var quantization_config: Present?

  /// Anything but null.
  struct Present: Decodable {
    init(from decoder: any Decoder) throws {}
  }

  /// The keys whose values are not supported, each with what was found and what is.
  var unsupported: [String] {
    var odd = [String]()
    // Names of other kinds' keys mean other things, so nothing more is said of them. Old checkpoints say neither.
    if let model_type, !Self.types.contains(model_type) {
      return ["model_type is \(model_type), supported is bert"]
    }
    if model_type == nil, let name = architectures?.first, !name.hasPrefix("Bert") {
      return ["architectures names \(name), supported is a Bert…"]
    }
    if let hidden_act, hidden_act != "gelu" { odd.append("hidden_act is \(hidden_act), supported is gelu") }
    if let position_embedding_type, position_embedding_type != "absolute" {
      odd.append("position_embedding_type is \(position_embedding_type), supported is absolute")
    }
    let flags = [
      ("is_decoder", is_decoder), ("add_cross_attention", add_cross_attention),
      ("is_encoder_decoder", is_encoder_decoder),
    ]
    for (key, flag) in flags where flag == true {
      odd.append("\(key) is true, supported is false: an encoder whose tokens see all others")
    }
    if pruned_heads?.contains(where: { !$0.value.isEmpty }) == true {
      odd.append("pruned_heads takes heads out, supported are layers with all of them")
    }
    if quantization_config != nil { odd.append("quantization_config is there, supported are weights as they are") }
    return odd
  }

  private static let types = ["bert", BERTCheckpoint.ownType]
}
