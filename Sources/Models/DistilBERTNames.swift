/// What Hugging Face's DistilBERT calls the tensors of its layers, which are BERT's.
enum DistilBERTNames {
  private static let parts = [
    ("attention.self.query", "attention.q_lin"), ("attention.self.key", "attention.k_lin"),
    ("attention.self.value", "attention.v_lin"), ("attention.output.dense", "attention.out_lin"),
    ("attention.output.LayerNorm", "sa_layer_norm"), ("intermediate.dense", "ffn.lin1"), ("output.dense", "ffn.lin2"),
    ("output.LayerNorm", "output_layer_norm"),
  ]
  private static let layers = "distilbert.encoder.layer."

  /// `distilbert.encoder.layer.0.output.dense.bias` → `distilbert.transformer.layer.0.ffn.lin2.bias`; any other name as
  /// it is.
  static func own(_ name: String) -> String {
    guard name.hasPrefix(layers) else { return name }
    let rest = name.dropFirst(layers.count)
    guard let dot = rest.firstIndex(of: ".") else { return name }
    let part = rest[rest.index(after: dot)...]
    for (theirs, own) in parts where part.hasPrefix(theirs + ".") {
      return "distilbert.transformer.layer.\(rest[..<dot]).\(own)\(part.dropFirst(theirs.count))"
    }
    return name
  }
}
