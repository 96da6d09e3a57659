import Compute
import Foundation
import Models
import Settings
import Tasks
import Text
import Training

/// A kind of model that gradient descent trains on token sequences.
package protocol NetworkFamily: ModelFamily {
  /// Where its transformer's keys stand; nil where it has none.
  static var encoderKeys: EncoderKeys? { get }
  /// How it can learn from texts alone before its task.
  static var pretraining: PretrainingMethod? { get }

  /// The transformer in it; nil where there is none.
  var encoder: TransformerConfiguration? { get }
  /// The same with what a checkpoint's encoder has that no key says.
  func adopting(_ variant: EncoderVariant) -> Self
  /// Width of the word vectors that it can start from; nil where it has none of its own.
  var wordVectorWidth: Int? { get }
  /// In tokens.
  var longestSequence: Int { get }

  /// Trained numbers; nil where it has impossible sizes. In Double, so that sizes from a hostile file cannot overflow.
  func parameterCount(vocabulary: Int, classes: Int) -> Double?
  /// Numbers that a training step holds for its backward pass at least, for each token: the outputs of the layers' parts.
  var leastActivations: Double { get }
  /// As `Network.forwardFLOPs` for one text, without making the network.
  func forwardOperations(tokens: Double, classes: Int) -> Double

  /// Calls `body` with a freshly initialised network of the concrete type, so that nothing above it is dynamic.
  func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result
  /// What of a text the network is given: numbers of its tokens, or more.
  func sequence(_ text: String, _ pipeline: TextPipeline) -> [Int32]
  /// The network in a form that other programs read.
  ///
  /// - Throws: `CheckpointError.unsupported` where it has a tokenizer that its folder cannot hold.
  func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport
}

extension NetworkFamily {
  package static var problems: Set<Problem> { Set(Problem.allCases) }
  package static var encoderKeys: EncoderKeys? { nil }
  package static var pretraining: PretrainingMethod? { nil }
  package var encoder: TransformerConfiguration? { nil }
  package func adopting(_ variant: EncoderVariant) -> Self { self }
  package var wordVectorWidth: Int? { nil }
  package var longestSequence: Int { encoder?.maximumPositions ?? .max }

  package func sequence(_ text: String, _ pipeline: TextPipeline) -> [Int32] { pipeline.encode(text).ids }

  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { training.mostThreads(rows: rows) }

  /// Three times the forward pass for each text and epoch.
  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    let answer = forwardOperations(tokens: texts.tokens, classes: classes)
    return ModelWork(training: 3 * Double(training.epochs) * answer, answer: answer)
  }

  package static var undertrainedEnd: String {
    "ended at the last allowed epoch, before early stopping would have ended them"
  }

  // MARK: In words

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(reads: Self.reading(model), learns: Self.learning(model), keeps: Self.keeping(model))
  }

  private static func reading(_ model: ModelDeclaration) -> String {
    let tokens = "\(model.stepsInWords); at most \(NumberFormat.grouped(model.text.maximumTokens)) tokens of a text"
    if model.pretrained != nil { return tokens + ", cut by the checkpoint's tokenizer" }
    if model.text.vocabularyFile != nil { return tokens + ", of a vocabulary from a file" }
    let unit = model.text.tokenizer == .words ? "words" : "pieces of words"
    let size = NumberFormat.grouped(model.text.vocabularySize)
    return tokens
      + ", of a vocabulary of at most \(size) \(unit) from \(vocabularyTexts(model)), where a word stands "
      + "at least \(model.text.minimumFrequency) times"
  }

  private static func learning(_ model: ModelDeclaration) -> String {
    if model.keepsHead { return "nothing here: the checkpoint's own classifier answers as it is" }
    let training = model.training
    let epochs = "\(training.epochs) epoch\(training.epochs == 1 ? "" : "s")"
    var rate = NumberFormat.exact(training.optimizer.learningRate)
    if training.fineTuning.headFactor != 1 {
      rate += " (\(NumberFormat.exact(training.fineTuning.headFactor)) times that above the encoder)"
    }
    let changes =
      training.fineTuning.lora.map { lora in
        "of the encoder low-rank changes alone, rank \(lora.rank), of "
          + lora.targets.map(\.rawValue).joined(separator: ", ") + "; "
      } ?? ""
    let ending =
      training.earlyStopping.map { "stops after \($0.patience) looks at validation rows without a gain" }
      ?? "nothing stops it early"
    return changes
      + "by AdamW in at most \(epochs) of batches of \(training.batchSize), learning rate \(rate); \(ending)"
  }

  private static func keeping(_ model: ModelDeclaration) -> String {
    model.pretrained != nil || model.text.vocabularyFile != nil
      ? "weights, and a vocabulary that is not made of training texts"
      : "weights, and that vocabulary: names too that stand in \(vocabularyTexts(model)) at least "
        + "\(model.text.minimumFrequency) times"
  }

  /// What a vocabulary is made of: with pre-training of all that was read there.
  private static func vocabularyTexts(_ model: ModelDeclaration) -> String {
    model.pretraining == nil ? "training texts" : "the texts of its pre-training"
  }
}
