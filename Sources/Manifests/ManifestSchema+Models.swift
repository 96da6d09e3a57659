import Models
import Text
import Training

extension ManifestSchema {
  static let models: [Shape.Variant] = ModelKind.allCases.map { kind in
    Shape.Variant(kind: kind.rawValue, section: modelSection(kind))
  }

  private static func modelSection(_ kind: ModelKind) -> Section {
    let head = [Field("kind", .choice(ModelKind.allCases.map(\.rawValue)), "What the model is.", .required)]
    let sizes: [Field] =
      switch kind {
      case .bert: bert.section.fields
      case .lstm: lstm.section.fields
      case .bertLSTM:
        [
          Field("encoder", .section(encoder.section), "The transformer that makes token vectors.", .value(.map([]))),
          Field("lstm", .section(hybridLSTM.section), "The LSTM that reads them.", .value(.map([]))),
        ]
      case .tfidfLogistic: tfidf.section.fields
      case .majority, .lookup: []
      }
    let start: [Field] =
      switch kind {
      case .lstm:
        [
          Field(
            "vectors", .optional(.path), "Word vectors to start from, as GloVe's and word2vec's text files have them.",
            .value(.none)),
          Field(
            "pretrain", .optional(.section(skipGram.section)),
            "The word vectors are learned from texts before the task (skip-gram); `none` leaves that out.",
            .value(.none)),
        ]
      case .bert, .bertLSTM:
        [
          Field(
            "pretrained", .optional(.path),
            "Folder of a Hugging Face BERT checkpoint that the encoder starts from; it brings sizes and tokenizer.",
            .value(.none)),
          Field(
            "display", .optional(.text), "What reports call the checkpoint; by default its folder's name.",
            .value(.none)),
          Field(
            "pretrain", .optional(.section(pretraining.section)),
            "The encoder learns to name hidden tokens of texts before its task; `none` leaves that out.", .value(.none)),
        ]
      case .majority, .lookup, .tfidfLogistic: []
      }
    let text = Field(
      "text", .section(textBinding(kind).section), "Text preparation of this model.", .value(.map([])))
    let network = [
      Field("training", .section(trainingBinding(kind).section), "Training of this model.", .value(.map([]))),
      Field(
        "seed_offset", .integer(.from(0)),
        "Added to the seed of initialisation and shuffling, never to that of the split.",
        .value(.integer(0))),
    ]
    let fitting: [Field] =
      switch kind {
      case .bert, .lstm, .bertLSTM: network
      case .tfidfLogistic: [network[0]]
      case .majority, .lookup: []
      }
    let settings = sizes + [text] + fitting
    return Section("a model of kind \(kind.rawValue)", head + start + settings + space(kind, of: settings))
  }

  /// WordPiece for the transformers, words for all else, where nothing is said.
  static func textBinding(_ kind: ModelKind) -> Binding<TextSettings> {
    kind == .bert || kind == .bertLSTM ? wordPieceText : wordText
  }

  private static let wordText = textBinding(tokenizer: .words, derived: nil)
  private static let wordPieceText = textBinding(tokenizer: .wordpiece, derived: nil)
  /// The defaults of all models.
  static let text = textBinding(tokenizer: .words, derived: "wordpiece for bert and bert-lstm, words for all else")

  private static func textBinding(tokenizer: TextSettings.Tokenizer, derived: String?) -> Binding<TextSettings> {
    var prototype = TextSettings()
    prototype.tokenizer = tokenizer
    return Binding(
      "text settings", prototype,
      [
        .flag("clean", \.clean, "Removes HTML, control characters and repeated white space; composes Unicode (NFC)."),
        .flag(
          "anonymise", \.anonymise,
          "Replaces e-mail addresses, phone numbers, cards, IBANs, links, handles and identifiers."),
        .flag("lowercase", \.lowercase, "Lower-cases."),
        .flag("remove_punctuation", \.removePunctuation, "Removes punctuation."),
        .flag("remove_non_alphanumeric", \.removeNonAlphanumeric, "Removes all but letters, digits and spaces."),
        .flag("remove_stop_words", \.removeStopWords, "Removes English stop words, \"not\" among them."),
        .flag("stem", \.stem, "Porter's stemmer."),
        .choice("tokenizer", \.tokenizer, derived: derived, "What splits text into tokens."),
        .integer("vocabulary_size", \.vocabularySize, 10...10_000_000, "Largest vocabulary, special tokens included."),
        .integer(
          "minimum_frequency", \.minimumFrequency, 1...1_000_000, "Rarer tokens of the training part are left out."),
        .integer(
          "maximum_tokens", \.maximumTokens, 4...65_536,
          "Longest sequence in tokens, special tokens included; the rest is cut."),
        .choice(
          "control_tokens", \.controlTokens,
          "`escape`: [SEP], [MASK] and the like in a text are letters and signs; `keep`: the tokenizer's own tokens."),
        .optionalText(
          "vocabulary_file", \.vocabularyFile, as: .path, "A vocab.txt to use instead of training one (WordPiece only)."
        ),
      ])
  }

  /// Transformers can be trained layer by layer; TF-IDF has no epochs and steps.
  static func trainingBinding(_ kind: ModelKind) -> Binding<TrainingSettings> {
    switch kind {
    case .bert, .bertLSTM: transformerTraining
    case .lstm, .majority, .lookup: training
    case .tfidfLogistic: regressionTraining
    }
  }

  private static let regressionTraining = Binding<TrainingSettings>(
    "training settings of a regression", TrainingSettings(), balanceMembers)

  static let training = Binding<TrainingSettings>(
    "training settings", TrainingSettings(), trainingMembers + balanceMembers)
  private static let transformerTraining = Binding<TrainingSettings>(
    "training settings of a transformer", TrainingSettings(),
    trainingMembers + balanceMembers + [
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
    ])

  private static let pretrainingTexts: [Member<PretrainingSettings>] = [
    .choice(
      "texts", \.texts,
      "Training texts of the fit's own domain, of all domains of its corpus, or none beside the unlabelled ones."),
    .texts("unlabelled", \.unlabelled, single: true, of: .name, "Names of unlabelled sources; all where empty."),
    .integer("epochs", \.epochs, 1...100_000, "Passes over the texts."),
  ]

  static let skipGram = Binding<PretrainingSettings>(
    "skip-gram settings", PretrainingSettings(),
    pretrainingTexts + [
      .integer("window", \.skipGram.window, 1...1_000, "Words on each side that are predicted at most."),
      .integer("negatives", \.skipGram.negatives, 1...1_000, "Random words that each predicted one is told from."),
      .number(
        "subsample", \.skipGram.subsample, .share,
        "Words more frequent than this share of the text are left out at times; 0 keeps all."),
      .number("learning_rate", \.skipGram.learningRate, .above(0, to: 10), "Largest learning rate."),
    ])

  static let pretraining = Binding<PretrainingSettings>(
    "pre-training settings", PretrainingSettings(),
    pretrainingTexts + [
      .integer("batch_size", \.batchSize, 1...65_536, "Sequences in a step."),
      .number("learning_rate", \.optimizer.learningRate, .above(0, to: 10), "Largest learning rate of AdamW."),
      .number("weight_decay", \.optimizer.weightDecay, .share, "Decoupled weight decay; biases and norms have none."),
      .choice("schedule", \.schedule.kind, "The learning rate's course after the warm-up."),
      .number("warmup", \.schedule.warmup, .share, "Share of all steps in which the rate rises from 0."),
      .optionalNumber("clip_norm", \.clipNorm, .above(0), "Largest global gradient norm."),
      .number("mask", \.maskShare, .above(0, to: 1), "Share of tokens that are hidden."),
      .flag("whole_words", \.isWholeWords, "A word is hidden with all its pieces or not at all."),
    ])

  private static let trainingMembers: [Member<TrainingSettings>] = [
    .integer("epochs", \.epochs, 1...100_000, "Passes over the training rows at most."),
    .integer("batch_size", \.batchSize, 1...65_536, "Sequences in a step."),
    .integer(
      "accumulation", \.accumulation, 1...65_536,
      "Parts of a step computed one after another, to save memory; the step is the same."),
    .number(
      "learning_rate", \.optimizer.learningRate, .above(0, to: 10),
      "Largest learning rate of AdamW; by default a tenth for an encoder from a checkpoint."),
    .number("weight_decay", \.optimizer.weightDecay, .share, "Decoupled weight decay; biases and norms have none."),
    .number("beta1", \.optimizer.beta1, .from(0, below: 1), "Decay of the first moment."),
    .number("beta2", \.optimizer.beta2, .from(0, below: 1), "Decay of the second moment."),
    .number("epsilon", \.optimizer.epsilon, .above(0, to: 1), "Added to the root of the second moment."),
    .choice("schedule", \.schedule.kind, "The learning rate's course after the warm-up."),
    .number("warmup", \.schedule.warmup, .share, "Share of all steps in which the rate rises from 0."),
    .optionalNumber("clip_norm", \.clipNorm, .above(0), "Largest global gradient norm."),
    .optional(
      "early_stopping", \.earlyStopping, earlyStopping,
      "Stops on validation and restores the best weights; `none` trains all epochs."),
  ]

  /// What classes of unequal size come to.
  private static let balanceMembers: [Member<TrainingSettings>] = [
    .choice("class_weights", \.classWeights, "`balanced`: classes weigh the same, however many rows they have."),
    .choice("sampling", \.sampling, "`over` repeats rows of small classes, `under` leaves rows of large ones out."),
  ]

  private static let earlyStopping = Binding<EarlyStoppingSettings>(
    "early-stopping settings", EarlyStoppingSettings(),
    [
      .choice("metric", \.metric, "Validation loss, or the primary metric of the comparisons."),
      .integer("patience", \.patience, 1...100_000, "Evaluations without an improvement before training ends."),
      .integer("evaluations_per_epoch", \.evaluationsPerEpoch, 1...1_000, "Evaluations in an epoch."),
    ])

  static let bert = Binding<TransformerConfiguration>(
    "a transformer", TransformerConfiguration(), transformer(pooling: true))
  static let encoder = Binding<TransformerConfiguration>(
    "a transformer", TransformerConfiguration(), transformer(pooling: false))

  private static func transformer(pooling: Bool) -> [Member<TransformerConfiguration>] {
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
    guard pooling else { return sizes }
    return sizes + [.choice("pooling", \.pooling, "What the classifier reads: [CLS] through the pooler, or the mean.")]
  }

  static let lstm = Binding<LSTMConfiguration>("an LSTM", LSTMConfiguration(), lstmMembers(embedding: true))
  static let hybridLSTM = Binding<LSTMConfiguration>("an LSTM", LSTMConfiguration(), lstmMembers(embedding: false))

  private static func lstmMembers(embedding: Bool) -> [Member<LSTMConfiguration>] {
    let first: [Member<LSTMConfiguration>] =
      embedding ? [.integer("embedding", \.embedding, 1...16_384, "Width of a word vector.")] : []
    return first + [
      .integer("hidden", \.hidden, 1...16_384, "Width of a hidden state, per direction."),
      .integer("layers", \.layers, 1...64, "LSTM layers."),
      .flag("bidirectional", \.bidirectional, "Reads in both directions."),
      .number(
        "dropout", \.dropout, .from(0, below: 1), "Dropout on embeddings, between layers and before the classifier."),
      .choice("pooling", \.pooling, "How the hidden states become one vector."),
    ]
  }

  static let tfidf = Binding<TFIDFLogisticConfiguration>(
    "a TF-IDF model", TFIDFLogisticConfiguration(),
    [
      ngrams("word_ngrams", \.wordNGrams, "Smallest and largest word n-gram."),
      ngrams("character_ngrams", \.characterNGrams, "Smallest and largest character n-gram."),
      .integer("minimum_documents", \.minimumDocuments, 1...1_000_000, "n-grams in fewer training texts are left out."),
      .optionalInteger("maximum_features", \.maximumFeatures, 1...100_000_000, "Largest number of features."),
      .flag("sublinear", \.sublinear, "1 + log(tf) in place of tf."),
      .number("c", \.c, .above(0), "Inverse of the L2 penalty's weight."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on L-BFGS iterations."),
    ])

  private static func ngrams(
    _ key: String, _ path: WritableKeyPath<TFIDFLogisticConfiguration, NGramRange?> & Sendable, _ doc: String
  ) -> Member<TFIDFLogisticConfiguration> {
    Member(
      field: { prototype in
        let fallback: Checked.Content =
          prototype[keyPath: path].map { .list([Checked(.integer($0.low)), Checked(.integer($0.high))]) } ?? .none
        return Field(
          key, .optional(.list(.integer(Bounds(NGramRange.allowed)), count: 2...2, single: false)), doc,
          .value(fallback))
      },
      assign: { root, value in
        guard let found = value[key] else { return }
        let range = found.list.compactMap(\.integer)
        root[keyPath: path] = range.count == 2 ? NGramRange(range[0], range[1]) : nil
      })
  }
}
