import Foundation

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
    let fields = try CheckpointFile.json(url, as: Fields.self, what: "the configuration of a BERT")
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
      sizes.layerNormEpsilon.isFinite, sizes.initializerRange.isFinite,
      sizes.initializerRange >= 0
    else { throw .malformed("\(name): a dropout probability outside [0, 1), or an epsilon that is not positive") }
    return (sizes, fields.vocab_size)
  }
}
