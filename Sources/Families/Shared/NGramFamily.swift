import Compute
import Models
import Settings
import Text
import Training

/// A kind of model that learns from counted n-grams of whole texts.
package protocol NGramFamily: ModelFamily {
  associatedtype Sizes: NGramFeatures
  /// Its keys in a manifest, and the sizes that these fill.
  static var binding: Binding<Sizes> { get }
  var sizes: Sizes { get }
  init(_ sizes: Sizes)
  /// Keys of its training: by default those of uneven classes.
  static var training: Binding<TrainingSettings>? { get }
  /// Whether chance has a part in how it is fitted.
  static var isSeeded: Bool { get }
}

extension NGramFamily {
  package static var keys: FamilyKeys {
    FamilyKeys(
      sizes: binding.section.fields, training: training, isSeeded: isSeeded, withoutEffect: NGramKeys.withoutEffect,
      related: NGramKeys.related)
  }
  package static var training: Binding<TrainingSettings>? { SharedKeys.balance }
  package static var isSeeded: Bool { false }

  package init(_ checked: Checked) { self.init(Self.binding.value(checked)) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    NGramKeys.mistakes(in: model, at: path)
  }
}

/// What such a model learns where it is a linear one over the n-grams' weights.
package protocol LinearNGramState: ModelState {
  static var kind: ModelKind { get }
  var linear: LinearText { get }
}

extension LinearNGramState {
  package var tensors: [Safetensors.Tensor] { linear.tensors }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier {
    LinearTextClassifier(linear)
  }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    .numPy(Self.kind, linear, labels: labels)
  }
}

extension FitJob {
  /// The rows that are learned from, and a weight for each class over these; nil where all weigh the same.
  ///
  /// - Throws: `FitStopped` where the session was stopped.
  func nGrams(_ sizes: some NGramFeatures) throws(FitStopped) -> (rows: NGramRows, classWeights: [Float]?) {
    let sampled = sampledRows
    let rows = try NGramRows(
      training.texts, targets: training.targets, configuration: sizes, text: model.text, rows: sampled,
      isStopped: session.isStopped)
    return (rows, classWeights(of: sampled))
  }
}
