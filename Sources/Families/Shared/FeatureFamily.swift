import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// A kind of model that learns from features of whole rows: counted n-grams of their texts, and columns.
package protocol FeatureFamily: ModelFamily {
  associatedtype Sizes: NGramFeatures
  /// Its keys in a manifest, and the sizes that these fill.
  static var binding: Binding<Sizes> { get }
  var sizes: Sizes { get }
  init(_ sizes: Sizes)
  /// Keys of its training: by default those of uneven classes.
  static var training: Binding<TrainingSettings>? { get }
  /// Whether chance has a part in how it is fitted.
  static var isSeeded: Bool { get }
  /// Features as its classifier reads them.
  static func encoded(_ features: SparseRows) -> EncodedTexts
  /// - Parameters:
  ///   - rows: those that are learned from.
  ///   - classWeights: of each class' rows; all are 1 where nil.
  /// - Throws: `TrainingFailure`, or `FitStopped` where the session was stopped.
  func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted
}

extension FeatureFamily {
  package static var keys: FamilyKeys {
    FamilyKeys(
      start: binding.section.field("inputs") == nil ? [] : EncoderKeys.checkpoint, sizes: binding.section.fields,
      training: training, isSeeded: isSeeded, withoutEffect: FeatureKeys.withoutEffect,
      related: FeatureKeys.related)
  }
  package static var training: Binding<TrainingSettings>? { SharedKeys.featureBalance }
  package static var isSeeded: Bool { false }
  /// What learns on one thread makes its vectors on as many as there are.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { sizes.readsVectors ? max(1, rows) : 1 }

  package init(_ checked: Checked) { self.init(Self.binding.value(checked)) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }
  package func fit(_ job: FitJob) throws -> Fitted { try fitFeatures(job) }

  func fitFeatures(_ job: FitJob) throws -> Fitted {
    let rows = try features(job)
    return try learn(rows, classWeights: job.classWeights(ofLabels: rows.labels), job)
  }

  /// The training rows as features, sampled as the manifest has it.
  ///
  /// - Parameter rows: which of them in place of those that the sampling gives.
  /// - Throws: `CheckpointError` where a checkpoint cannot be read, `FitStopped` where the session was stopped.
  func features(_ job: FitJob, rows: [Int]? = nil) throws -> FeatureRows {
    let inputs = job.training.inputs, rows = rows ?? job.sampledRows
    let vectors = try job.vectors(rows.map { inputs[$0] }, sizes)
    return try FeatureRows(
      inputs, columns: job.columns, vectors: vectors, targets: job.training.targets, configuration: sizes,
      text: job.model.text, rows: rows, isStopped: job.session.isStopped
    ).resampled(job)
  }

  package static func encoded(_ features: SparseRows) -> EncodedTexts { .features(features) }

  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    FeatureKeys.mistakes(in: model, at: path)
  }
}

/// What such a model learns, with what makes features of rows.
package protocol FeatureReader: ModelState {
  var encoder: FeatureEncoder { get }
}

extension FeatureReader {
  package var columns: [InputColumn] { encoder.declaredColumns }
  package var readsText: Bool { encoder.readsText }
  package var pipeline: TextPipeline? { encoder.vectors?.pipeline }
}

/// What such a model learns where it is a linear one over the features.
package protocol LinearFeatureState: FeatureReader {
  static var kind: ModelKind { get }
  var linear: LinearText { get }
}

extension LinearFeatureState {
  package var tensors: [Safetensors.Tensor] { linear.tensors }
  package var encoder: FeatureEncoder { linear.encoder }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    LinearTextClassifier(linear)
  }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    try .numPy(Self.kind, linear, labels: labels)
  }
}
