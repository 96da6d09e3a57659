import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Words and hashed n-grams, the mean of their vectors, a linear classifier (Joulin et al. 2017).
package struct FastTextFamily: ModelFamily {
  package var sizes: FastTextConfiguration

  package init(_ sizes: FastTextConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("fasttext")
  package static let role = ModelRole.other
  package static let problems: Set<Problem> = [.classification, .multiLabel]
  package static let isExported = false
  package static let keys = FamilyKeys(
    sizes: binding.section.fields, training: SharedKeys.balance, isSeeded: true,
    withoutEffect: ["text.tokenizer", "text.maximum_tokens"])
  private static let binding = Binding<FastTextConfiguration>(
    "a fastText model", FastTextConfiguration(),
    [
      .integer("embedding", \.embedding, 1...16_384, "Width of a vector."),
      .integer("word_ngrams", \.wordNGrams, 1...20, "Longest n-gram of words; 1 leaves them out."),
      FeatureKeys.member("character_ngrams", \.characterNGrams, "Shortest and longest n-gram of a word's letters."),
      .integer("buckets", \.buckets, 1...100_000_000, "Numbers that n-grams are hashed to."),
      .integer("epochs", \.epochs, 1...100_000, "Passes over the training rows."),
      .number("learning_rate", \.learningRate, .above(0, to: 100), "At the first row; it falls in a line to 0."),
    ])

  package init(_ checked: Checked) { sizes = Self.binding.value(checked) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    FeatureKeys.reversedRange("character_ngrams", in: model, at: path).map { [$0] } ?? []
  }

  // MARK: Its size

  /// Of each feature a product forward and one backward; a text has about as many features as four times its bytes.
  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    let features = sizes.characterNGrams == nil ? 2 * texts.tokens : 4 * texts.bytes
    let answer = 2 * Double(sizes.embedding) * (features + Double(classes)) + 5_000 * texts.bytes
    return ModelWork(training: 3 * Double(sizes.epochs) * answer, answer: answer)
  }

  // MARK: Fitting and storing

  package func fit(_ job: FitJob) throws -> Fitted {
    let rows = job.sampledRows
    let bag = try WordBag(
      fitting: job.training.texts, text: job.model.text, hashes: sizes.hashes, isStopped: job.session.isStopped)
    let features = try bag.features(rows.map { job.training.texts[$0] }, isStopped: job.session.isStopped)
    let random = job.random.stream("fasttext")
    var model = FastText(
      width: sizes.embedding, features: bag.count, outputs: job.shape.outputs,
      isMultiLabel: job.shape.problem == .multiLabel, random: random)
    let losses = try model.train(
      features, targets: job.training.targets.rows(rows), classWeights: job.classWeights(of: rows),
      epochs: sizes.epochs, rate: sizes.learningRate, random: random, isStopped: job.session.isStopped)
    let flops = Double(sizes.epochs) * 3 * model.flops(features)
    guard model.isFinite else {
      throw TrainingFailure(
        epoch: losses.firstIndex { !$0.isFinite }.map { $0 + 1 } ?? sizes.epochs, step: 0,
        reason: "a vector is not finite: a smaller learning_rate keeps it so", flops: flops)
    }
    var fitted = job.fitted(FastTextState(bag: bag, model: model))
    (fitted.epochs, fitted.flops) = (sizes.epochs, flops)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try FastTextState(outline: outline, stored: tensors, sizes: sizes, shape: shape)
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { "fastText" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    var reads = ["words"]
    if sizes.wordNGrams > 1 { reads.append("n-grams of up to \(sizes.wordNGrams) words") }
    if let letters = sizes.characterNGrams { reads.append("n-grams of \(letters.low) to \(letters.high) letters") }
    return ModelAccount(
      reads: "\(model.stepsInWords); the mean of the vectors of its \(reads.joined(separator: ", "))",
      learns: "by gradient descent in \(sizes.epochs) passes over the rows, learning rate "
        + "\(NumberFormat.exact(sizes.learningRate)), falling to 0",
      keeps: "vectors, and the words that stand in training texts at least \(model.text.minimumFrequency) times: "
        + "names too; n-grams by number alone")
  }
}

extension ModelKind { package static let fastText = FastTextFamily.kind }

/// Keys of a fastText model.
package struct FastTextConfiguration: Sendable, Equatable, Codable {
  package var embedding = 100
  /// Longest n-gram of words.
  package var wordNGrams = 2
  /// Shortest and longest n-gram of a word's letters; none where nil.
  package var characterNGrams: NGramRange? = NGramRange(3, 6)
  package var buckets = 2_000_000
  package var epochs = 25
  package var learningRate = 0.5

  package init() {}

  var hashes: HashedWords {
    HashedWords(wordNGrams: wordNGrams, characterNGrams: characterNGrams, buckets: buckets)
  }
}
