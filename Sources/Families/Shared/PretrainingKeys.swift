import Settings
import Training

/// How a network learns from texts alone before its task.
package enum PretrainingMethod: Sendable {
  /// The encoder learns to name hidden tokens (Devlin et al. 2019, section 3.1).
  case maskedTokens
  /// Word vectors by skip-gram (Mikolov et al. 2013).
  case wordVectors

  package var keys: Binding<PretrainingSettings> {
    switch self {
    case .maskedTokens: Self.maskedTokenKeys
    case .wordVectors: Self.wordVectorKeys
    }
  }

  var field: Field {
    let doc =
      switch self {
      case .maskedTokens:
        "The encoder learns to name hidden tokens of texts before its task; `none` leaves that out."
      case .wordVectors:
        "The word vectors are learned from texts before the task (skip-gram); `none` leaves that out."
      }
    return Field("pretrain", .optional(.section(keys.section)), doc, .value(.none))
  }

  /// What is pre-trained, in words.
  package var product: String {
    switch self {
    case .maskedTokens: "an encoder"
    case .wordVectors: "word vectors"
    }
  }

  /// Tokens that a text needs for anything to be learned from it.
  package var leastTokens: Int { self == .wordVectors ? 2 : 1 }

  /// Whether a key of the model, inner ones after a dot, changes what is pre-trained.
  ///
  /// - Parameter encoder: the model's; nil where it has none.
  package func isChanged(by key: String, encoder: EncoderKeys?) -> Bool {
    switch self {
    case .maskedTokens: key.hasPrefix("text.") || encoder?.ofEncoder.contains(key) == true
    case .wordVectors: key == "embedding" || key.hasPrefix("text.")
    }
  }

  /// Rates that are known to work, and of what: skip-gram steps by another rule (gradient descent; Mikolov et al. start
  /// at 0.025).
  package var rates: (limits: ClosedRange<Double>, what: String) {
    switch self {
    case .maskedTokens: (1e-6...0.1, "AdamW")
    case .wordVectors: (1e-4...1.0, "skip-gram")
    }
  }

  private static let texts: [Member<PretrainingSettings>] = [
    .choice(
      "texts", \.texts,
      "Training texts of the fit's own domain, of all domains of its corpus, or none beside the unlabelled ones."),
    .texts("unlabelled", \.unlabelled, single: true, of: .name, "Names of unlabelled sources; all where empty."),
    .integer("epochs", \.epochs, 1...100_000, "Passes over the texts."),
  ]

  private static let wordVectorKeys = Binding<PretrainingSettings>(
    "skip-gram settings", PretrainingSettings(),
    texts + [
      .integer("window", \.skipGram.window, 1...1_000, "Words on each side that are predicted at most."),
      .integer("negatives", \.skipGram.negatives, 1...1_000, "Random words that each predicted one is told from."),
      .number(
        "subsample", \.skipGram.subsample, .share,
        "Words more frequent than this share of the text are left out at times; 0 keeps all."),
      .number("learning_rate", \.skipGram.learningRate, .above(0, to: 10), "Largest learning rate."),
    ])

  private static let maskedTokenKeys = Binding<PretrainingSettings>(
    "pre-training settings", PretrainingSettings(),
    texts + [
      .integer("batch_size", \.batchSize, 1...65_536, "Sequences in a step."),
      .number("learning_rate", \.optimizer.learningRate, .above(0, to: 10), "Largest learning rate of AdamW."),
      .number("weight_decay", \.optimizer.weightDecay, .share, "Decoupled weight decay; biases and norms have none."),
      .choice("schedule", \.schedule.kind, "The learning rate's course after the warm-up."),
      .number("warmup", \.schedule.warmup, .share, "Share of all steps in which the rate rises from 0."),
      .optionalNumber("clip_norm", \.clipNorm, .above(0), "Largest global gradient norm."),
      .number("mask", \.maskShare, .above(0, to: 1), "Share of tokens that are hidden."),
      .flag("whole_words", \.isWholeWords, "A word is hidden with all its pieces or not at all."),
    ])
}
