import Text

extension BERTCheckpoint {
  /// The config.json of a written folder.
  static func settings(_ contents: Contents) -> JSONValue {
    let sizes = contents.configuration
    var entries: [(String, JSONValue)] = [("architectures", .list([.text(contents.architecture)]))]
    if contents.isTransformers {
      entries.append(("model_type", .text(sizes.architecture.rawValue)))
    } else {
      let place = loaderName.dropLast(".py".count)
      entries += [
        ("model_type", .text(ownPrefix + sizes.architecture.rawValue)),
        (
          "auto_map",
          .object([
            ("AutoConfig", .text("\(place).BenchConfig")),
            ("AutoModelForSequenceClassification", .text("\(place).\(contents.architecture)")),
          ])
        ),
      ]
    }
    let table = contents.weights.tensors.first { $0.name == sizes.tableName }
    entries += sizes.huggingFace(
      vocabulary: table?.shape.first ?? contents.tokenizer.count, padding: contents.tokenizer.paddingID.map(Int.init))
    entries += [
      // In the order of the numbers, which is that of the classes.
      ("id2label", .object(contents.labels.enumerated().map { ("\($0)", .text($1)) })),
      ("label2id", .object(contents.labels.enumerated().map { ($1, .integer($0)) })),
    ]
    if let head = contents.head {
      entries.append(
        (
          "bench_head",
          .object([
            ("embedding", .integer(head.embedding)), ("hidden", .integer(head.hidden)),
            ("layers", .integer(head.layers)),
            ("bidirectional", .flag(head.bidirectional)), ("dropout", .number(head.dropout)),
            ("pooling", .text(head.pooling.rawValue)),
          ])
        ))
    } else {
      entries.append(("bench_pooling", .text(sizes.pooling.rawValue)))
    }
    entries.append(("bench_text", .list(contents.steps.map { .text($0) })))
    return .object(entries)
  }
}

extension TransformerConfiguration {
  /// What config.json says of the encoder and of its head's dropout, in Hugging Face's keys.
  fileprivate func huggingFace(vocabulary: Int, padding: Int?) -> [(String, JSONValue)] {
    var entries: [(String, JSONValue)]
    switch architecture {
    case .distilBERT: entries = distilled(vocabulary)
    case .modernBERT: entries = modern(vocabulary)
    default: entries = plain(vocabulary)
    }
    // RoBERTa counts positions from behind it.
    if let padding = variant?.padding ?? padding { entries.append(("pad_token_id", .integer(padding))) }
    return entries
  }

  private func plain(_ vocabulary: Int) -> [(String, JSONValue)] {
    var entries: [(String, JSONValue)] = [
      ("hidden_act", .text("gelu")), ("position_embedding_type", .text("absolute")), ("torch_dtype", .text("float32")),
      ("hidden_size", .integer(hidden)), ("num_attention_heads", .integer(heads)),
      ("num_hidden_layers", .integer(layers)), ("intermediate_size", .integer(intermediate)),
      ("vocab_size", .integer(vocabulary)), ("max_position_embeddings", .integer(positionRows)),
      ("type_vocab_size", .integer(typeVocabulary)), ("hidden_dropout_prob", .number(dropout)),
      ("attention_probs_dropout_prob", .number(attentionDropout)),
      ("layer_norm_eps", .number(layerNormEpsilon)), ("initializer_range", .number(initializerRange)),
    ]
    if architecture == .electra { entries.append(("embedding_size", .integer(embeddingWidth))) }
    if let share = variant?.headDropout { entries.append(("classifier_dropout", .number(share))) }
    return entries
  }

  private func distilled(_ vocabulary: Int) -> [(String, JSONValue)] {
    [
      ("activation", .text("gelu")), ("torch_dtype", .text("float32")), ("dim", .integer(hidden)),
      ("n_heads", .integer(heads)), ("n_layers", .integer(layers)), ("hidden_dim", .integer(intermediate)),
      ("vocab_size", .integer(vocabulary)), ("max_position_embeddings", .integer(positionRows)),
      ("sinusoidal_pos_embds", .flag(false)), ("dropout", .number(dropout)),
      ("attention_dropout", .number(attentionDropout)),
      ("seq_classif_dropout", .number(variant?.headDropout ?? dropout)),
      ("initializer_range", .number(initializerRange)),
    ]
  }

  private func modern(_ vocabulary: Int) -> [(String, JSONValue)] {
    let settings = variant?.modern ?? EncoderVariant.ModernSettings(layers: layers)
    func rotation(_ base: Double) -> JSONValue {
      .object([("rope_type", .text("default")), ("rope_theta", .number(base))])
    }
    let kinds = settings.isGlobal.map { $0 ? "full_attention" : "sliding_attention" }
    return [
      ("hidden_activation", .text("gelu")), ("torch_dtype", .text("float32")), ("hidden_size", .integer(hidden)),
      ("num_attention_heads", .integer(heads)), ("num_hidden_layers", .integer(layers)),
      ("intermediate_size", .integer(intermediate)), ("vocab_size", .integer(vocabulary)),
      ("max_position_embeddings", .integer(maximumPositions)), ("mlp_dropout", .number(dropout)),
      ("attention_dropout", .number(attentionDropout)), ("embedding_dropout", .number(settings.embeddingDropout)),
      ("classifier_dropout", .number(variant?.headDropout ?? dropout)), ("norm_eps", .number(layerNormEpsilon)),
      ("initializer_range", .number(initializerRange)), ("norm_bias", .flag(false)), ("attention_bias", .flag(false)),
      ("mlp_bias", .flag(false)), ("classifier_bias", .flag(false)), ("classifier_activation", .text("gelu")),
      ("classifier_pooling", .text(pooling.rawValue)), ("local_attention", .integer(2 * settings.window)),
      ("layer_types", .list(kinds.map { .text($0) })),
      (
        "rope_parameters",
        .object([
          ("full_attention", rotation(settings.globalBase)), ("sliding_attention", rotation(settings.localBase)),
        ])
      ),
      // For Transformers of before those two keys, where every so many layers see all of a text.
      ("global_rope_theta", .number(settings.globalBase)), ("local_rope_theta", .number(settings.localBase)),
      ("global_attn_every_n_layers", .integer(settings.isGlobal.dropFirst().firstIndex(of: true) ?? max(1, layers))),
    ]
  }
}
