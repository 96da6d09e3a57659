extension TransformerConfiguration {
  /// The name of the word vectors.
  var tableName: String {
    architecture == .modernBERT
      ? "model.embeddings.tok_embeddings.weight" : "\(architecture.prefix).embeddings.word_embeddings.weight"
  }

  /// Calls `body` with the name and shape of every tensor of the encoder and BERT's pooler, in the network's order.
  func eachTensor(
    vocabulary: Int, _ body: (_ name: String, _ shape: [Int]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    if let modern = variant?.modern { return try eachModernTensor(modern, vocabulary: vocabulary, body) }
    func tensor(_ name: String, _ shape: [Int]) throws(CheckpointError) { try body(DistilBERTNames.own(name), shape) }
    func pair(_ name: String, _ outputs: Int, _ inputs: Int) throws(CheckpointError) {
      try tensor("\(name).weight", [outputs, inputs])
      try tensor("\(name).bias", [outputs])
    }
    func norm(_ name: String, _ width: Int) throws(CheckpointError) {
      try tensor("\(name).LayerNorm.weight", [width])
      try tensor("\(name).LayerNorm.bias", [width])
    }
    let prefix = architecture.prefix, width = embeddingWidth
    try tensor(tableName, [vocabulary, width])
    try tensor("\(prefix).embeddings.position_embeddings.weight", [positionRows, width])
    if architecture != .distilBERT {
      try tensor("\(prefix).embeddings.token_type_embeddings.weight", [typeVocabulary, width])
    }
    try norm("\(prefix).embeddings", width)
    if width != hidden { try pair("\(prefix).embeddings_project", hidden, width) }
    for layer in 0..<layers {
      let name = "\(prefix).encoder.layer.\(layer)"
      for part in ["query", "key", "value"] { try pair("\(name).attention.self.\(part)", hidden, hidden) }
      try pair("\(name).attention.output.dense", hidden, hidden)
      try norm("\(name).attention.output", hidden)
      try pair("\(name).intermediate.dense", intermediate, hidden)
      try pair("\(name).output.dense", hidden, intermediate)
      try norm("\(name).output", hidden)
    }
    if architecture == .bert { try pair("bert.pooler.dense", hidden, hidden) }
  }

  private func eachModernTensor(
    _ modern: EncoderVariant.ModernSettings, vocabulary: Int,
    _ body: (_ name: String, _ shape: [Int]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let prefix = architecture.prefix
    try body(tableName, [vocabulary, hidden])
    try body("\(prefix).embeddings.norm.weight", [hidden])
    for layer in 0..<layers {
      let name = "\(prefix).layers.\(layer)"
      if layer > 0 { try body("\(name).attn_norm.weight", [hidden]) }
      try body("\(name).attn.Wqkv.weight", [3 * hidden, hidden])
      try body("\(name).attn.Wo.weight", [hidden, hidden])
      try body("\(name).mlp_norm.weight", [hidden])
      try body("\(name).mlp.Wi.weight", [2 * intermediate, hidden])
      try body("\(name).mlp.Wo.weight", [hidden, intermediate])
    }
    try body("\(prefix).final_norm.weight", [hidden])
  }
}
