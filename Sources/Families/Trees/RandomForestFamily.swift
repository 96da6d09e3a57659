import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Weights of n-grams by TF-IDF into many trees, each grown on other rows and asked about few n-grams at a time.
package struct RandomForestFamily: FeatureFamily {
  package var sizes: RandomForestConfiguration

  package init(_ sizes: RandomForestConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("random-forest")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems: Set<Problem> = [.classification, .regression]
  package static let isSeeded = true
  package static let binding = Binding<RandomForestConfiguration>(
    "a random forest", RandomForestConfiguration(),
    TreeKeys.members() + [
      .integer("trees", \.trees, 1...100_000, "Trees, whose answers' mean is the forest's."),
      .unfilled(
        .optionalInteger("split_features", \.splitFeatures, 1...100_000_000, "n-grams looked at for a split."),
        "the square root of their number"),
      .flag("bootstrap", \.bootstrap, "Each tree learns from rows drawn with replacement."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: (33_000 + 1_500 * Double(sizes.trees)) * texts.bytes, answer: 20_000 * texts.bytes)
  }

  /// Each tree is grown on its own, whatever the rows.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, sizes.trees) }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    let features = sizes.splitFeatures.map { TreeSettings.Features.count($0) } ?? .squareRoot
    let settings = RandomForest.Settings(
      trees: sizes.trees, tree: TreeSettings(sizes, features: features), bootstrap: sizes.bootstrap)
    let (forest, _, operations) = try RandomForest.fit(
      .sparse(rows.features), targets: TreeTargets(rows.targets, classes: job.shape.classes),
      classWeights: classWeights,
      settings: settings, random: job.random.stream("forest"), pool: job.pool, isStopped: job.session.isStopped)
    var fitted = job.fitted(FeatureState(Self.kind, rows.encoder, forest))
    fitted.flops = operations
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try FeatureState(Self.kind, outline: outline, shape: shape, stored: tensors) {
      file, features throws(CheckpointError) in
      try RandomForest(stored: file, columns: features, outputs: shape.outputs)
    }
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "a random forest") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "\(sizes.trees) trees of thresholds on those weights, \(TreeKeys.depth(sizes)), "
        + TreeKeys.criterion(sizes),
      keeps: TreeKeys.keeping(sizes))
  }
}

extension RandomForest: AttributingFeatureModel {
  static var attributionMethod: AttributionMethod { .shapley }
  var parameterCount: Int { nodes.parameterCount }
  var byteCount: Int { nodes.byteCount }
  func answers(_ rows: SparseRows, pool: WorkerPool) -> [Float] { predict(.sparse(rows), pool: pool) }
  func flops(_ rows: SparseRows) -> Double { nodes.comparisons(rows) }
}

extension ModelKind { package static let randomForest = RandomForestFamily.kind }
