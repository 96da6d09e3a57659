/// What a config.json says of the arithmetic: all of it must be that of an encoder here.
struct EncoderKind: Decodable {
  private var model_type, hidden_act, position_embedding_type: String?
  private var architectures: [String]?
  private var is_decoder, add_cross_attention, is_encoder_decoder: Bool?
  /// Heads that are taken out, by layer.
  private var pruned_heads: [String: [Int]]?
  private var quantization_config: Present?
  // DistilBERT's and ModernBERT's.
  private var activation, hidden_activation, classifier_activation, classifier_pooling: String?
  private var norm_bias, attention_bias, mlp_bias, classifier_bias: Bool?
  private var layer_types: [String]?
  private var rope_parameters: [String: Rotation]?

  private struct Rotation: Decodable { var rope_type: String? }

  /// Anything but null.
  private struct Present: Decodable {
    init(from decoder: any Decoder) throws {}
  }

  /// nil for a name that is not known.
  var architecture: EncoderArchitecture? {
    guard var name = model_type else { return .bert }
    if name.hasPrefix(BERTCheckpoint.ownPrefix) { name.removeFirst(BERTCheckpoint.ownPrefix.count) }
    return EncoderArchitecture(rawValue: name)
  }

  /// The keys whose values are not supported, each with what was found and what is.
  var unsupported: [String] {
    // Names of other kinds' keys mean other things, so nothing more is said of them. Old checkpoints say neither.
    guard let architecture else {
      let known = EncoderArchitecture.allCases.map(\.rawValue)
      return [
        "model_type is \(model_type ?? ""), supported are \(known.dropLast().joined(separator: ", ")) and \(known.last ?? "")"
      ]
    }
    if model_type == nil, let name = architectures?.first, !name.hasPrefix("Bert") {
      return ["architectures names \(name), supported is a Bert…"]
    }
    var odd = [String]()
    func expect(_ key: String, _ value: String?, _ supported: String...) {
      guard let value, !supported.contains(value) else { return }
      odd.append("\(key) is \(value), supported is \(supported.joined(separator: " or "))")
    }
    switch architecture {
    case .distilBERT: expect("activation", activation, "gelu")
    case .modernBERT:
      expect("hidden_activation", hidden_activation, "gelu")
      expect("classifier_activation", classifier_activation, "gelu")
      expect("classifier_pooling", classifier_pooling, "cls", "mean")
    default: expect("hidden_act", hidden_act, "gelu")
    }
    expect("position_embedding_type", position_embedding_type, "absolute")
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
    return architecture == .modernBERT ? odd + unsupportedOfModern : odd
  }

  private var unsupportedOfModern: [String] {
    var odd = [String]()
    let flags = [
      ("norm_bias", norm_bias), ("attention_bias", attention_bias), ("mlp_bias", mlp_bias),
      ("classifier_bias", classifier_bias),
    ]
    for (key, flag) in flags where flag == true { odd.append("\(key) is true, supported is false") }
    let kinds = ["full_attention", "sliding_attention"]
    if let kind = layer_types?.first(where: { !kinds.contains($0) }) {
      odd.append("layer_types has \(kind), supported are \(kinds.joined(separator: " and "))")
    }
    for (key, rotation) in (rope_parameters ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let type = rotation.rope_type, type != "default" else { continue }
      odd.append("rope_parameters.\(key).rope_type is \(type), supported is default")
    }
    return odd
  }
}
