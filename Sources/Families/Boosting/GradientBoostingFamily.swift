import Compute
import Foundation
import Models
import Settings
import Tasks
import Text
import Training

/// Columns, and weights of n-grams as columns, into trees that each mend what those before them got wrong (Friedman 2001;
/// on histograms as LightGBM: Ke et al. 2017).
package struct GradientBoostingFamily: FeatureFamily {
  package var sizes: GradientBoostingConfiguration

  package init(_ sizes: GradientBoostingConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("gradient-boosting")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems: Set<Problem> = [.classification, .regression]
  package static let binding = Binding<GradientBoostingConfiguration>(
    "gradient boosting", GradientBoostingConfiguration(),
    FeatureKeys.withColumns() + [
      .integer("rounds", \.settings.rounds, 1...100_000, "Trees at most, of each class where there are more than two."),
      .number("learning_rate", \.settings.learningRate, .above(0, to: 1), "Share of a tree's answer that is added."),
      .integer("leaves", \.settings.leaves, 2...100_000, "Leaves of a tree at most."),
      .optionalInteger("maximum_depth", \.settings.maximumDepth, 1...10_000, "Splits from the root to a leaf at most."),
      .integer("minimum_leaf", \.settings.minimumLeaf, 1...1_000_000, "Training rows of a leaf at least."),
      .number("lambda", \.settings.lambda, .from(0), "Weight of the squared answers of leaves."),
      .integer("bins", \.settings.bins, 2...255, "Bins of a column at most, one for what is missing included."),
      .optionalInteger(
        "patience", \.settings.patience, 1...100_000,
        "Rounds without a smaller loss on validation rows before training ends, at the best round; `none` grows all."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    let trees = Double(sizes.settings.rounds * (classes > 2 ? classes : 1))
    return ModelWork(training: 33_000 * texts.bytes + 100 * trees * texts.bytes, answer: 20_000 * texts.bytes)
  }

  /// Trees of classes grow side by side, and a single one's histograms are cut by columns.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, rows) }

  // MARK: Fitting and storing

  package static func encoded(_ features: SparseRows) -> EncodedTexts { .table(TableColumns(features)) }

  package func fit(_ job: FitJob) throws -> Fitted {
    if job.model.training.sampling.isSynthetic { return try fitFeatures(job) }
    let sampled = job.sampledRows
    let input = BoostingInput(encoder: try features(job, rows: []).encoder, isEncoded: false)
    return try learn(
      try job.table(job.training.inputs, by: input).rows(sampled), job.training.targets.rows(sampled), input,
      classWeights: job.classWeights(of: sampled), job)
  }

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    try learn(
      TableColumns(rows.features), rows.targets, BoostingInput(encoder: rows.encoder, isEncoded: true),
      classWeights: classWeights, job)
  }

  private func learn(
    _ table: TableColumns, _ targets: Targets, _ input: BoostingInput, classWeights: [Float]?, _ job: FitJob
  ) throws -> Fitted {
    let classes = job.shape.classes
    var settings = sizes.settings, validation: (table: TableColumns, targets: TreeTargets)?
    if settings.patience != nil, let rows = job.validation, !rows.inputs.isEmpty {
      validation = (try job.table(rows.inputs, by: input), TreeTargets(rows.targets, classes: classes))
    } else {
      settings.patience = nil
    }
    let (model, fit) = try GradientBoosting.fit(
      table, targets: TreeTargets(targets, classes: classes), classWeights: classWeights, settings: settings,
      validation: validation, pool: job.pool, isStopped: job.session.isStopped)
    var fitted = job.fitted(BoostingState(input: input, model: model))
    // Two operations for every value on each level of a balanced tree.
    let levels = log2(Double(settings.leaves)).rounded(.up), trees = Double(model.trees(of: fit.rounds))
    fitted.flops = 2 * Double(table.rows) * Double(table.columns.count) * trees * levels
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try BoostingState(outline: outline, stored: tensors, shape: shape)
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "gradient boosting") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "at most \(sizes.settings.rounds) trees of \(sizes.settings.leaves) leaves, one after another"
        + (sizes.settings.patience.map { ", until \($0) in a row do not lower the loss of validation rows" } ?? ""),
      keeps: FeatureKeys.keeping(sizes) + "; and thresholds of columns")
  }
}

extension ModelKind { package static let gradientBoosting = GradientBoostingFamily.kind }

/// Keys of gradient boosting.
package struct GradientBoostingConfiguration: ColumnFeatures, Sendable, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 1)
  package var characterNGrams: NGramRange?
  package var minimumDocuments = 2
  package var maximumFeatures: Int? = 2_000
  package var sublinear = true
  package var settings = BoostingSettings()

  /// With a penalty on leaves, as XGBoost has it: without one trees of many classes diverge.
  package init() { settings.lambda = 1 }
}
