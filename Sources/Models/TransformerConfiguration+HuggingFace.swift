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
    guard odd.isEmpty, let architecture = kind.architecture else {
      throw .unsupported("\(name): \(odd.joined(separator: "; "))")
    }
    let (sizes, vocabulary) = try sizes(of: architecture, url)
    let counts = [
      sizes.hidden, sizes.heads, sizes.layers, sizes.intermediate, sizes.maximumPositions, sizes.typeVocabulary,
      vocabulary,
    ]
    guard counts.allSatisfy({ 1...(1 << 24) ~= $0 }), sizes.hidden % sizes.heads == 0 else {
      let (width, heads) = architecture == .distilBERT ? ("dim", "n_heads") : ("hidden_size", "num_attention_heads")
      throw .malformed("\(name): impossible sizes, or \(width) is not a multiple of \(heads)")
    }
    guard [sizes.dropout, sizes.attentionDropout].allSatisfy({ 0..<1 ~= $0 }), sizes.layerNormEpsilon > 0,
      sizes.layerNormEpsilon.isFinite, sizes.initializerRange.isFinite,
      sizes.initializerRange >= 0
    else { throw .malformed("\(name): a dropout probability outside [0, 1), or an epsilon that is not positive") }
    guard sizes.variant?.isPossible(in: sizes) ?? true else {
      throw .malformed(
        "\(name): impossible sizes of a \(architecture.rawValue): a padding id, a width of embeddings, a window, a base of "
          + "rotations, the kinds of \(sizes.layers) layers, or heads of an odd width")
    }
    return (sizes, vocabulary)
  }

  private static func sizes(
    of architecture: EncoderArchitecture, _ url: URL
  ) throws(CheckpointError) -> (TransformerConfiguration, vocabulary: Int) {
    let what = "the configuration of a \(architecture == .bert ? "BERT" : architecture.rawValue)"
    switch architecture {
    case .distilBERT: return try CheckpointFile.json(url, as: DistilBERTFields.self, what: what).sizes
    case .modernBERT: return try CheckpointFile.json(url, as: ModernBERTFields.self, what: what).sizes
    default: return try CheckpointFile.json(url, as: BERTFields.self, what: what).sizes(architecture)
    }
  }
}

/// Keys of BERT, RoBERTa, XLM-RoBERTa and ELECTRA.
private struct BERTFields: Decodable {
  var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
  var max_position_embeddings, type_vocab_size, embedding_size, pad_token_id: Int?
  var hidden_dropout_prob, attention_probs_dropout_prob, layer_norm_eps, initializer_range, classifier_dropout: Double?

  func sizes(_ architecture: EncoderArchitecture) -> (TransformerConfiguration, vocabulary: Int) {
    var sizes = TransformerConfiguration()
    (sizes.hidden, sizes.heads, sizes.layers) = (hidden_size, num_attention_heads, num_hidden_layers)
    sizes.intermediate = intermediate_size
    sizes.maximumPositions = max_position_embeddings ?? sizes.maximumPositions
    sizes.typeVocabulary = type_vocab_size ?? sizes.typeVocabulary
    sizes.dropout = hidden_dropout_prob ?? sizes.dropout
    sizes.attentionDropout = attention_probs_dropout_prob ?? sizes.attentionDropout
    sizes.layerNormEpsilon = layer_norm_eps ?? sizes.layerNormEpsilon
    sizes.initializerRange = initializer_range ?? sizes.initializerRange
    guard architecture != .bert else { return (sizes, vocab_size) }
    var variant = EncoderVariant(architecture)
    variant.headDropout = classifier_dropout
    if architecture == .electra {
      let width = embedding_size ?? 128
      variant.embedding = width == hidden_size ? nil : width
    } else {
      // Where a number is no size, it is found with the other sizes.
      let padding = pad_token_id ?? 1
      variant.padding = padding
      sizes.maximumPositions = sizes.maximumPositions.subtractingReportingOverflow(padding).partialValue &- 1
    }
    sizes.variant = variant
    return (sizes, vocab_size)
  }
}

private struct DistilBERTFields: Decodable {
  var dim, n_heads, n_layers, hidden_dim, vocab_size: Int
  var max_position_embeddings: Int?
  var dropout, attention_dropout, seq_classif_dropout, initializer_range: Double?

  var sizes: (TransformerConfiguration, vocabulary: Int) {
    var sizes = TransformerConfiguration()
    (sizes.hidden, sizes.heads, sizes.layers, sizes.intermediate) = (dim, n_heads, n_layers, hidden_dim)
    sizes.maximumPositions = max_position_embeddings ?? sizes.maximumPositions
    sizes.typeVocabulary = 1
    sizes.dropout = dropout ?? sizes.dropout
    sizes.attentionDropout = attention_dropout ?? sizes.attentionDropout
    sizes.initializerRange = initializer_range ?? sizes.initializerRange
    var variant = EncoderVariant(.distilBERT)
    variant.headDropout = seq_classif_dropout ?? 0.2
    sizes.variant = variant
    return (sizes, vocab_size)
  }
}

private struct ModernBERTFields: Decodable {
  struct Rotation: Decodable { var rope_theta: Double? }
  var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
  var max_position_embeddings, global_attn_every_n_layers, local_attention: Int?
  var mlp_dropout, attention_dropout, embedding_dropout, classifier_dropout, norm_eps, initializer_range: Double?
  var global_rope_theta, local_rope_theta: Double?
  var layer_types: [String]?
  var rope_parameters: [String: Rotation]?
  var classifier_pooling: String?

  var sizes: (TransformerConfiguration, vocabulary: Int) {
    var sizes = TransformerConfiguration()
    (sizes.hidden, sizes.heads, sizes.layers) = (hidden_size, num_attention_heads, num_hidden_layers)
    sizes.intermediate = intermediate_size
    sizes.maximumPositions = max_position_embeddings ?? 8192
    sizes.typeVocabulary = 1
    sizes.dropout = mlp_dropout ?? 0
    sizes.attentionDropout = attention_dropout ?? 0
    sizes.layerNormEpsilon = norm_eps ?? 1e-5
    sizes.initializerRange = initializer_range ?? sizes.initializerRange
    sizes.pooling = classifier_pooling == "mean" ? .mean : .cls
    var modern = EncoderVariant.ModernSettings(
      layers: 0...128 ~= num_hidden_layers ? num_hidden_layers : 0, globalEvery: max(1, global_attn_every_n_layers ?? 3)
    )
    if let layer_types { modern.isGlobal = layer_types.map { $0 == "full_attention" } }
    modern.globalBase = rope_parameters?["full_attention"]?.rope_theta ?? global_rope_theta ?? modern.globalBase
    modern.localBase = rope_parameters?["sliding_attention"]?.rope_theta ?? local_rope_theta ?? modern.localBase
    // The key has both sides of a token together.
    modern.window = local_attention.map { $0 / 2 } ?? modern.window
    modern.embeddingDropout = embedding_dropout ?? 0
    var variant = EncoderVariant(.modernBERT)
    variant.headDropout = classifier_dropout ?? 0
    variant.modern = modern
    sizes.variant = variant
    return (sizes, vocab_size)
  }
}
