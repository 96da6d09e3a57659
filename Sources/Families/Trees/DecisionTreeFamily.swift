import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Weights of n-grams by TF-IDF into one tree of questions whether a weight is above a threshold.
package struct DecisionTreeFamily: FeatureFamily {
  package var sizes: DecisionTreeConfiguration

  package init(_ sizes: DecisionTreeConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("decision-tree")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems: Set<Problem> = [.classification, .regression]
  package static let binding = Binding<DecisionTreeConfiguration>(
    "a decision tree", DecisionTreeConfiguration(), TreeKeys.members())

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 60_000 * texts.bytes, answer: 20_000 * texts.bytes)
  }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    // All n-grams are looked at for every split, so nothing is drawn.
    let (tree, operations) = DecisionTree.fit(
      .sparse(rows.features), targets: TreeTargets(rows.targets, classes: job.shape.classes),
      classWeights: classWeights,
      settings: TreeSettings(sizes), random: Random(seed: 0, stream: "tree"))
    var fitted = job.fitted(FeatureState(Self.kind, rows.encoder, tree))
    fitted.flops = operations
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try FeatureState(Self.kind, outline: outline, shape: shape, stored: tensors) {
      file, features throws(CheckpointError) in
      try DecisionTree(stored: file, columns: features, outputs: shape.outputs)
    }
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "a decision tree") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "a tree of thresholds on those weights, \(TreeKeys.depth(sizes)), \(TreeKeys.criterion(sizes))",
      keeps: TreeKeys.keeping(sizes))
  }
}

extension DecisionTree: AttributingFeatureModel {
  static var attributionMethod: AttributionMethod { .shapley }
  var parameterCount: Int { nodes.parameterCount }
  var byteCount: Int { nodes.byteCount }
  func answers(_ rows: SparseRows, pool: WorkerPool) -> [Float] { predict(.sparse(rows), pool: pool) }
  func flops(_ rows: SparseRows) -> Double { nodes.comparisons(rows) }
}

extension ModelKind { package static let decisionTree = DecisionTreeFamily.kind }
