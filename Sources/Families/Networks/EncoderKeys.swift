import Models
import Settings
import Training

/// Where a network's transformer stands among the keys of its model, and which keys that are.
package struct EncoderKeys: Sendable {
  /// Keys from the model in: none where the model's own keys are the encoder's.
  package let path: [String]
  package let binding: Binding<TransformerConfiguration>

  /// - Parameter hasPooling: the classifier reads the encoder itself.
  init(path: [String], hasPooling: Bool) {
    self.path = path
    binding = Binding("a transformer", TransformerConfiguration(), Self.members(hasPooling: hasPooling))
  }

  /// The classifier reads the encoder itself, through its pooler or by the mean.
  package var hasPooling: Bool { binding.section.field("pooling") != nil }

  /// Keys of the encoder itself, as a search space names them: not of what reads it.
  package var ofEncoder: [String] { binding.section.fields.map(\.key).filter { $0 != "pooling" }.map(name) }

  /// Of a transformer's tables only the rows that texts reach are read.
  var withoutEffect: [String] { ["maximum_positions", "type_vocabulary"].map(name) }

  /// The width is divided by the number of heads, and no more layers are frozen than there are.
  var related: [[String]] { [divided, ["training.frozen_layers", name("layers")]] }
  package var divided: [String] { ["hidden", "heads"].map(name) }

  /// Its long products come nearer to the peak than the steps of an LSTM.
  static let shareOfPeak = 0.62

  /// `encoder.layers`, as a search space names it.
  package func name(_ key: String) -> String { (path + [key]).joined(separator: ".") }

  /// The map of the encoder's keys.
  package func sizes(in model: Checked) -> Checked? { path.reduce(model as Checked?) { $0?[$1] } }

  package func place(below model: KeyPathText) -> KeyPathText { path.reduce(model) { $0[$1] } }

  package func update(_ model: inout Checked, _ change: (inout Checked) -> Void) {
    guard let first = path.first else { return change(&model) }
    model.update(first, change)
  }

  func value(_ model: Checked) -> TransformerConfiguration { binding.value(sizes(in: model) ?? Checked(.map([]))) }

  /// The encoder with the keys that `changes` has. A feed-forward layer of 4 × hidden, which is the default, stays 4 × hidden.
  func changed(_ encoder: TransformerConfiguration, by changes: Checked) -> TransformerConfiguration {
    let own = sizes(in: changes) ?? Checked(.map([]))
    var result = binding.value(own, from: encoder)
    if own["intermediate"] == nil, encoder.intermediate == 4 * encoder.hidden {
      result.intermediate = 4 * result.hidden
    }
    return result
  }

  /// Fills in the width of the feed-forward layer.
  func derive(_ model: inout Checked) {
    let order = ["kind"] + Self.startKeys + binding.section.fields.map(\.key)
    update(&model) { sizes in
      guard let hidden = sizes["hidden"]?.integer else { return }
      sizes.insert("intermediate", Checked(.integer(4 * hidden)), order: order)
    }
  }

  // MARK: Mistakes

  func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    guard let sizes = sizes(in: model.value) else { return [] }
    // The sizes of a checkpoint that was not read are not known.
    if model.value["pretrained"]?.text != nil, sizes["hidden"]?.isDefault == true, sizes["hidden"]?.origin == nil {
      return []
    }
    let place = place(below: path)
    return [
      width(sizes, model, place), frozenLayers(sizes, model, path, place), length(sizes, model, path, place),
      lora(model, path),
    ].compactMap(\.self)
  }

  private func width(_ sizes: Checked, _ model: Checked.Entry, _ place: KeyPathText) -> ManifestError? {
    guard let hidden = sizes["hidden"]?.integer, let heads = sizes["heads"]?.integer, hidden % heads != 0 else {
      return nil
    }
    let written = sizes["hidden"]?.position == nil ? "heads" : "hidden"
    return (sizes[written]?.position ?? model.keyPosition).map {
      ManifestError(
        at: $0, keyPath: place[written].text, got: "hidden: \(hidden) with heads: \(heads)",
        expected: "a hidden size divisible by the number of heads")
    }
  }

  private func frozenLayers(
    _ sizes: Checked, _ model: Checked.Entry, _ path: KeyPathText, _ place: KeyPathText
  ) -> ManifestError? {
    guard let frozen = model.value["training"]?["frozen_layers"], let count = frozen.integer,
      let layers = sizes["layers"]?.integer, count > layers
    else { return nil }
    return frozen.position.map {
      ManifestError(
        at: $0, keyPath: path["training"]["frozen_layers"].text, got: "\(count)",
        expected: "at most the \(layers) of \(place["layers"].text)")
    }
  }

  /// Low-rank changes of weights that mean nothing yet, and keys that change nothing beside them.
  private func lora(_ model: Checked.Entry, _ path: KeyPathText) -> ManifestError? {
    guard model.value.hasLowRankChanges, let training = model.value["training"], let lora = training["lora"] else {
      return nil
    }
    let key = path["training"]
    if model.value["pretrained"]?.text == nil, model.value["pretrain"]?.entries.isEmpty ?? true {
      return (lora.position ?? model.keyPosition).map {
        ManifestError(
          at: $0, keyPath: key["lora"].text, got: "low-rank changes of an encoder that starts from random weights",
          expected: "`pretrained` or `pretrain` beside it, or no `lora`")
      }
    }
    guard let frozen = training["frozen_embeddings"], frozen.flag == true, let position = frozen.position else {
      return nil
    }
    return ManifestError(
      at: position, keyPath: key["frozen_embeddings"].text, got: "true, beside `lora`",
      expected: "no such key: with `lora` the encoder's own weights stay as they are")
  }

  private func length(
    _ sizes: Checked, _ model: Checked.Entry, _ path: KeyPathText, _ place: KeyPathText
  ) -> ManifestError? {
    guard let tokens = model.value["text"]?["maximum_tokens"], let most = sizes["maximum_positions"],
      let length = tokens.integer, let positions = most.integer, length > positions
    else { return nil }
    return (tokens.position ?? most.position ?? model.keyPosition).map {
      ManifestError(
        at: $0, keyPath: path["text"]["maximum_tokens"].text, got: "\(length)",
        expected: "at most the \(positions) of \(place["maximum_positions"].text)")
    }
  }

  // MARK: Keys

  /// What an encoder may start from.
  static let start = checkpoint + [PretrainingMethod.maskedTokens.field]

  /// The same of one that is not pre-trained here.
  static let checkpoint: [Field] = [
    Field(
      "pretrained", .optional(.path),
      "Folder of a Hugging Face checkpoint that the encoder starts from; it brings sizes and tokenizer.",
      .value(.none)),
    Field(
      "display", .optional(.text), "What reports call the checkpoint; by default its folder's name.",
      .value(.none)),
  ]
  private static var startKeys: [String] { start.map(\.key) }

  /// Transformers can be trained layer by layer.
  static let training = Binding<TrainingSettings>(
    "training settings of a transformer", TrainingSettings(),
    SharedKeys.trainingMembers + SharedKeys.balanceMembers + SharedKeys.lossMembers + SharedKeys.textMembers + [
      .number(
        "layer_decay", \.fineTuning.layerDecay, .above(0, to: 1),
        "Learning rate of a layer as a factor of that of the layer above."),
      .number(
        "head_factor", \.fineTuning.headFactor, .above(0, to: 10_000),
        "Learning rate of what stands above the encoder as a factor of the encoder's; by default 100 for a checkpoint where `learning_rate` is not stated."
      ),
      .integer(
        "frozen_layers", \.fineTuning.frozenLayers, 0...128,
        "The lowest layers, and the embeddings, keep their weights; 0 trains all."),
      .flag("frozen_embeddings", \.fineTuning.freezesEmbeddings, "The embeddings keep their weights."),
      .optional(
        "lora", \.fineTuning.lora, lora,
        "Low-rank changes of some weights are all that is trained of the encoder; `none` trains the weights themselves."
      ),
    ])

  private static let lora = Binding<LoRASettings>(
    "low-rank changes", LoRASettings(),
    [
      .integer("rank", \.rank, 1...4_096, "Numbers of a row and of a column that a change is made of."),
      .number("alpha", \.alpha, .above(0, to: 100_000), "A change counts by alpha / rank."),
      .choices(
        "targets", \.targets,
        "Weights that change: attention's queries, keys, values and output, and the feed-forward layer."),
    ])

  private static func members(hasPooling: Bool) -> [Member<TransformerConfiguration>] {
    let sizes: [Member<TransformerConfiguration>] = [
      .integer("layers", \.layers, 1...128, "Transformer layers."),
      .integer("hidden", \.hidden, 1...16_384, "Width of a token vector; a multiple of `heads`."),
      .integer("heads", \.heads, 1...1_024, "Attention heads."),
      Member(
        field: { _ in
          Field(
            "intermediate", .integer(Bounds(1...262_144)), "Width of the feed-forward layer.", .derived("4 × hidden"))
        },
        assign: { root, value in if let integer = value["intermediate"]?.integer { root.intermediate = integer } }),
      .integer("maximum_positions", \.maximumPositions, 4...65_536, "Longest sequence in tokens."),
      .integer("type_vocabulary", \.typeVocabulary, 1...1_024, "Kinds of token, as first and second text."),
      .number("dropout", \.dropout, .from(0, below: 1), "Dropout on embeddings and layer outputs, a probability."),
      .number(
        "attention_dropout", \.attentionDropout, .from(0, below: 1), "Dropout on attention weights, a probability."),
      .number("initializer_range", \.initializerRange, .above(0, to: 10), "Standard deviation of the initial weights."),
      .number("layer_norm_epsilon", \.layerNormEpsilon, .above(0, to: 1), "Added to the variance in layer norm."),
    ]
    guard hasPooling else { return sizes }
    return sizes + [.choice("pooling", \.pooling, "What the classifier reads: [CLS] through the pooler, or the mean.")]
  }
}

extension Checked {
  /// Whether of a model's encoder low-rank changes alone are trained.
  package var hasLowRankChanges: Bool { if case .map? = self["training"]?["lora"]?.content { true } else { false } }
}
