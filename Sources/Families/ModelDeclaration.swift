import Foundation
import Models
import Settings
import Tasks
import Text
import Training

/// One model under its own name, with its text preparation and training settings resolved.
public struct ModelDeclaration: Sendable, Equatable {
  public var name: String
  public var configuration: ModelConfiguration
  /// What is asked of each text.
  public var problem = Problem.classification
  public var text: TextSettings
  /// `text.vocabularyFile` as written, `${env:…}` unexpanded.
  public var declaredVocabularyFile: String?
  public var training: TrainingSettings
  /// What the encoder starts from, random weights where nil; or what makes the vectors that other models read.
  public var pretrained: PretrainedSource?
  /// The checkpoint's own classifier answers, as it is: nothing is trained.
  public var keepsHead = false
  /// The word vectors that an LSTM starts from; random ones where nil.
  public var vectors: VectorSource?
  /// The model of the manifest whose answers it learns in place of the labels (Tang et al. 2019).
  public var teacher: String?
  /// How the encoder, or the word vectors of an LSTM, are learned from text alone before the task; not at all where nil.
  public var pretraining: PretrainingSettings?
  /// Added to the seed of initialisation and shuffling, never to that of the split.
  public var seedOffset: UInt64 = 0
  /// From which probability a label is given, where the fit is not to choose it on validation rows.
  public var threshold: Float?
  /// What is done to its probabilities, where the fit is not to learn it on validation rows.
  package var adjustment: AnswerAdjustment?
  /// What tuning may change; empty where the model is fitted as it is declared.
  public var space = SearchSpace()

  public init(
    name: String, configuration: ModelConfiguration, text: TextSettings = TextSettings(),
    training: TrainingSettings = TrainingSettings()
  ) {
    (self.name, self.configuration, self.text, self.training) = (name, configuration, text, training)
  }
}

/// The checkpoint that a transformer starts from, or that makes vectors of texts.
public struct PretrainedSource: Sendable, Equatable {
  /// The checkpoint's folder.
  public var path: String
  /// As written, `${env:…}` unexpanded.
  public var declaredPath: String
  /// What reports call the checkpoint: as stated, or the folder's name.
  public var display: String

  public init(path: String, declaredPath: String, display: String) {
    (self.path, self.declaredPath, self.display) = (path, declaredPath, display)
  }

  package func checkpoint() throws(CheckpointError) -> BERTCheckpoint {
    try BERTCheckpoint(folder: URL(fileURLWithPath: path))
  }
}

/// A file of word vectors.
public struct VectorSource: Sendable, Equatable {
  public var path: String
  /// As written, `${env:…}` unexpanded.
  public var declaredPath: String

  public init(path: String, declaredPath: String) { (self.path, self.declaredPath) = (path, declaredPath) }
}

// MARK: From a checked manifest

extension ModelDeclaration {
  /// The typed model of a checked one; nil where its kind has no meaning.
  package init?(_ name: String, _ checked: Checked) {
    guard let family = checked.family else { return nil }
    let none = Checked(.map([]))
    self.init(
      name: name, configuration: ModelConfiguration(family.init(checked)),
      text: family.keys.text.value(checked["text"] ?? none),
      training: family.keys.training?.value(checked["training"] ?? none) ?? TrainingSettings())
    declaredVocabularyFile = checked["text"]?["vocabulary_file"]?.declared
    if let path = checked["pretrained"], let folder = path.text {
      pretrained = PretrainedSource(
        path: folder, declaredPath: path.declared ?? folder,
        display: checked["display"]?.text ?? URL(fileURLWithPath: folder).lastPathComponent)
    }
    if checked["keep_head"]?.flag == true { (keepsHead, self.training.epochs) = (true, 0) }
    if let pretrain = checked["pretrain"], case .map = pretrain.content {
      pretraining = configuration.kind.pretraining?.keys.value(pretrain)
    }
    if let file = checked["vectors"], let path = file.text {
      vectors = VectorSource(path: path, declaredPath: file.declared ?? path)
    }
    teacher = checked["teacher"]?.text
    seedOffset = UInt64(clamping: checked["seed_offset"]?.integer ?? 0)
    space = SearchSpace(of: checked)
  }

  /// The same model with some of its keys changed, as if the manifest had said so.
  ///
  /// A feed-forward layer of 4 × hidden, which is the default, stays 4 × hidden.
  public func with(_ settings: [Setting]) -> ModelDeclaration {
    var changes = Checked(.map([]))
    for setting in settings { changes.set(setting.key.split(separator: ".").map(String.init)[...], setting.value) }
    var model = self
    model.configuration = ModelConfiguration(configuration.family.with(changes))
    let keys = configuration.kind.family.keys
    if let text = changes["text"] { model.text = keys.text.value(text, from: model.text) }
    if let training = changes["training"], let binding = keys.training {
      model.training = binding.value(training, from: model.training)
    }
    for index in model.space.dimensions.indices {
      if let own = settings.first(where: { $0.key == model.space.dimensions[index].key }) {
        model.space.dimensions[index].declared = own.value
      }
    }
    return model
  }
}

extension Checked {
  /// The family that `kind` names; nil where it is missing or wrong.
  package var family: (any ModelFamily.Type)? { self["kind"]?.text.flatMap { ModelKind(rawValue: $0) }?.family }
}

extension ModelKind {
  /// Where its transformer's keys stand; nil where it has none.
  package var encoderKeys: EncoderKeys? { (family as? any NetworkFamily.Type)?.encoderKeys }

  package var pretraining: PretrainingMethod? { (family as? any NetworkFamily.Type)?.pretraining }
}

extension ModelDeclaration {
  /// Other models of the manifest without which it cannot be fitted, by name.
  package var uses: [String] { (teacher.map { [$0] } ?? []) + configuration.family.uses }
}

// MARK: Size and words

extension ModelDeclaration {
  /// Bytes that each trained number takes at least: weight, gradient and AdamW's two moments, four each.
  public static let bytesPerParameter = 16.0

  /// Trained numbers that the network has at least, whatever it is trained on: with a vocabulary of one token and one
  /// class. Of a search space, with the largest size of every key; nil for a model that is no network.
  public var leastParameters: Double? { leastParameters(vocabulary: 1) }

  /// The same with a vocabulary that is known.
  public func leastParameters(vocabulary: Int) -> Double? {
    var largest = space.largestSizes
    // Attention heads change no size, and one divides every width.
    if let keys = configuration.kind.encoderKeys { largest.append(Setting(keys.name("heads"), .integer(1))) }
    return with(largest).configuration.parameterCount(vocabulary: vocabulary, classes: 1)
  }

  /// Threads that its training on so many rows can use at most; of a search, that of any one trial.
  package func mostTrainingThreads(rows: Int) -> Int {
    configuration.family.mostThreads(rows: rows, training: training)
  }

  /// What is done to a text before it is cut.
  package var stepsInWords: String {
    text.steps.isEmpty ? "the text as it is" : text.steps.joined(separator: ", ")
  }

  /// For a table: `LSTM`, or `LSTM, taught by minilm`.
  package var title: String {
    configuration.family.title(of: self) + (teacher.map { ", taught by \($0)" } ?? "")
  }

  /// `transformer, not pretrained`
  var encoderTitle: String {
    let isPretrained = pretraining != nil
    if keepsHead, let pretrained { return "\(pretrained.display), as it is" }
    let tuned = training.fineTuning.lora.map { "tuned by changes of rank \($0.rank)" } ?? "fine-tuned"
    return pretrained.map { "\($0.display), \(isPretrained ? "pre-trained further here, " : "")\(tuned)" }
      ?? (isPretrained ? "transformer, pre-trained here" : "transformer, not pretrained")
  }
}

extension SearchSpace {
  /// The largest whole number of every key that may have one.
  fileprivate var largestSizes: [Setting] {
    dimensions.compactMap { dimension in
      switch dimension.values {
      case .list(let values):
        let numbers = values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        return numbers.max().map { Setting(dimension.key, .integer($0)) }
      case .uniform(_, let high, isInteger: true), .logUniform(_, let high, isInteger: true):
        return Setting(dimension.key, .integer(Int(high)))
      default: return nil
      }
    }
  }
}
