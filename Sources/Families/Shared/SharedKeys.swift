import Settings
import Text
import Training

/// Keys that models of several families have.
package enum SharedKeys {
  /// The defaults of all models.
  package static let text = textBinding(
    tokenizer: .words,
    derived:
      "wordpiece for \(ModelFamilies.names { $0.kind.encoderKeys != nil }.joined(separator: " and ")), words for all else"
  )
  package static let wordText = textBinding(tokenizer: .words, derived: nil)
  package static let wordPieceText = textBinding(tokenizer: .wordpiece, derived: nil)

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

  /// Of every network, and the defaults of all models.
  package static let training = Binding<TrainingSettings>(
    "training settings", TrainingSettings(), trainingMembers + balanceMembers + lossMembers + textMembers)

  /// Of what has no epochs and steps: what classes of unequal size come to.
  package static let balance = Binding<TrainingSettings>(
    "training settings of a model without epochs", TrainingSettings(), balanceMembers + textMembers)

  /// Of models over features, which can have rows that no customer wrote.
  package static let featureBalance = Binding<TrainingSettings>(
    "training settings of a model over features", TrainingSettings(), featureMembers + answerMembers + textMembers)

  /// The same of those whose scores are no probabilities.
  package static let marginBalance = Binding<TrainingSettings>(
    "training settings of a support vector machine", TrainingSettings(), featureMembers + textMembers)

  static let trainingMembers: [Member<TrainingSettings>] = [
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

  static let balanceMembers: [Member<TrainingSettings>] =
    [
      classWeights,
      .choice(
        "sampling", \.sampling, among: [.none, .over, .under],
        "`over` repeats rows of small classes, `under` leaves rows of large ones out."), shots,
    ] + answerMembers

  private static let featureMembers: [Member<TrainingSettings>] = [
    classWeights,
    .choice(
      "sampling", \.sampling,
      "`over` repeats rows of small classes, `under` leaves rows of large ones out, `smote` makes rows between neighbours of "
        + "small ones, `smote-enn` then leaves out rows among others of another class."), shots,
    .flag(
      "leak_meter", \.measuresLeak,
      "Also measures the mistake: what the model would seem to score if `sampling` came before the split."),
  ]

  private static let classWeights: Member<TrainingSettings> = .choice(
    "class_weights", \.classWeights, "`balanced`: classes weigh the same, however many rows they have.")

  private static let shots: Member<TrainingSettings> = .optionalInteger(
    "shots", \.shots, 1...1_000_000,
    "Rows of each class that are learned from, drawn by the seed, the same for all models; `none` takes all.")

  /// Of what reads texts alone.
  static let textMembers: [Member<TrainingSettings>] = [
    .optional(
      "augmentation", \.augmentation, augmentation,
      "Variants of the training texts, with some words changed, beside them; `none` learns from the texts alone.")
  ]

  private static let augmentation = Binding<AugmentationSettings>(
    "augmentation settings", AugmentationSettings(),
    [
      .integer("copies", \.copies, 1...1_000, "Variants of each training text."),
      .number("swap", \.swap, .share, "Swaps of two words, as a share of a text's words."),
      .number("delete", \.delete, .share, "Probability that a word is left out."),
      .number("insert", \.insert, .share, "Words of the training texts put in, as a share of a text's words."),
      .number("mask", \.mask, .share, "Probability that a word is hidden."),
      .number("replace", \.replace, .share, "Probability that a word becomes another one of the training texts."),
      .number("ngram", \.ngram, .share, "Probability that a variant is one to five words in a row of the text."),
    ])

  private static let answerMembers: [Member<TrainingSettings>] = [
    .optionalChoice(
      "calibration", \.calibration,
      "What makes better probabilities of the model's on validation rows: a sigmoid (`platt`), a rising curve (`isotonic`) or one `temperature` for all classes."
    ),
    .flag(
      "thresholds", \.choosesThresholds,
      "Weighs the classes' probabilities so that the answers score best on validation rows."),
  ]

  static let lossMembers: [Member<TrainingSettings>] = [
    .number(
      "focal_gamma", \.focalGamma, .from(0, to: 20),
      "Focal loss: a row counts by (1 − p)^γ, p the probability of its class; 0 is cross-entropy."),
    .number(
      "logit_adjustment", \.logitAdjustment, .from(0, to: 20),
      "Times ln of each class' share, added to its output in training; 1 makes classes equal, 0 leaves them."),
    .optionalNumber(
      "teacher_temperature", \.teacherTemperature, .above(0, to: 100),
      "With `teacher`: cross-entropy with its probabilities at this temperature; `none`: squared error of its scores."),
  ]

  private static let earlyStopping = Binding<EarlyStoppingSettings>(
    "early-stopping settings", EarlyStoppingSettings(),
    [
      .choice("metric", \.metric, "Validation loss, or the primary metric of the comparisons."),
      .integer("patience", \.patience, 1...100_000, "Evaluations without an improvement before training ends."),
      .integer("evaluations_per_epoch", \.evaluationsPerEpoch, 1...1_000, "Evaluations in an epoch."),
    ])
}
