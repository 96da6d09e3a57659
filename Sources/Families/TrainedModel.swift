import Compute
import Models
import Tasks
import Text

/// What a model has learned, as a value: it can cross threads, be stored, and be rebuilt.
package protocol ModelState: Sendable {
  /// The small part of what is stored: JSON of an object whose keys are its own.
  var outline: any Encodable { get }
  /// The large part.
  var tensors: [Safetensors.Tensor] { get }
  /// From texts to tokens; nil where it reads none.
  var pipeline: TextPipeline? { get }
  /// The columns that a row's cells must be; none where it reads none.
  var columns: [InputColumn] { get }
  /// Whether it reads a row's text.
  var readsText: Bool { get }
  /// Rebuilds the classifier, its buffers in `workspace`; a network computes `batchSize` texts together.
  func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier
  /// The model in a form that other programs read.
  ///
  /// - Throws: `CheckpointError.unsupported` where there is none.
  func export(labels: [String]) throws(CheckpointError) -> ModelExport
}

extension ModelState {
  package var pipeline: TextPipeline? { nil }
  package var columns: [InputColumn] { [] }
  package var readsText: Bool { true }

  /// Its own keys of a stored outline.
  static func part<Part: Decodable>(_ type: Part.Type, of json: String) throws(CheckpointError) -> Part {
    do { return try StoredJSON.decode(type, from: json) } catch {
      throw .malformed("its outline is not that of such a model: \(error)")
    }
  }
}

/// Everything a trained model is.
public struct TrainedModel: Sendable {
  public var configuration: ModelConfiguration
  /// What it answers with.
  public var shape: TaskShape
  /// From which probability a label is given, where there are several.
  public var threshold = LabelThreshold.usual
  /// What is done to its probabilities; nil where nothing is.
  package var adjustment: AnswerAdjustment?
  package var state: any ModelState

  package init(configuration: ModelConfiguration, shape: TaskShape, state: any ModelState) {
    (self.configuration, self.shape, self.state) = (configuration, shape, state)
  }

  /// The columns that a row's cells must be; none where it reads none.
  public var columns: [InputColumn] { state.columns }
  /// Whether it reads a row's text.
  public var readsText: Bool { state.readsText }

  /// What it gives for texts of which this is true, with `outputs` of `[rows, outputs]`.
  public func outcome(_ targets: Targets, _ outputs: [Float], classes: Int) -> Outcome {
    switch targets {
    case .classes(let labels):
      let gives = configuration.family.givesProbabilities
      return .classification(
        ClassOutcome(
          labels: labels, classes: classes, probabilities: gives ? outputs : [],
          answers: gives ? nil : RowAnswers(predictions: mostProbable(outputs, classes: classes))))
    case .labels(let labels):
      return .multiLabel(
        LabelOutcome(targets: labels, probabilities: outputs, labels: classes, threshold: threshold))
    case .numbers(let numbers): return .regression(NumberOutcome(targets: numbers, answers: outputs))
    }
  }

  /// Rebuilds the classifier, its buffers in `workspace`; a network computes `batchSize` texts together.
  public func classifier(in workspace: Workspace, batchSize: Int = 32) -> any TextClassifier {
    var classifier = state.classifier(in: workspace, batchSize: batchSize)
    if let vectors = (state as? any FeatureReader)?.encoder.vectors {
      classifier = SentenceVectorClassifier(
        classifier, SentenceReader(vectors, in: workspace, batchSize: batchSize))
    }
    return adjustment?.classifier(classifier) ?? classifier
  }
}

/// A model in a form that other programs read.
public enum ModelExport: Sendable {
  /// A Hugging Face checkpoint, of a transformer.
  case checkpoint(BERTCheckpoint.Contents)
  /// A folder that NumPy is enough for.
  case numPy(NumPyFolder)
}

extension ModelExport {
  static func numPy(
    _ kind: ModelKind, _ model: LinearText, hasProbabilities: Bool = true, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    guard model.encoder.columns == nil, model.encoder.vectors == nil else {
      throw .unsupported(
        "got a model of kind \(kind) that reads more than n-grams, expected one with inputs: ngrams")
    }
    return .numPy(NumPyFolder(kind: kind.rawValue, model, hasProbabilities: hasProbabilities, labels: labels))
  }

  /// - Throws: `CheckpointError.unsupported` where it reads whole words.
  static func checkpoint(
    of encoder: TransformerConfiguration, head: RecurrentConfiguration?, _ pipeline: TextPipeline,
    _ weights: WeightSnapshot,
    labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    guard let tokenizer = pipeline.checkpointTokenizer else {
      throw .unsupported("got a model that reads whole words (tokenizer: words), expected one that reads word pieces")
    }
    return .checkpoint(
      BERTCheckpoint.Contents(
        weights: weights, configuration: encoder, head: head, tokenizer: tokenizer, steps: pipeline.settings.steps,
        controls: pipeline.settings.controlTokens, maximumTokens: pipeline.settings.maximumTokens, labels: labels))
  }
}

extension CheckpointError {
  /// Of a kind that has no form which other programs read.
  static func notExported(_ kind: ModelKind) -> CheckpointError {
    let others = ModelFamilies.all.filter { $0.isExported }.map { $0.kind.rawValue }
    return .unsupported(
      "got a model of the kind \(kind), expected \(others.dropLast().joined(separator: ", ")) or \(others.last ?? "")")
  }
}
