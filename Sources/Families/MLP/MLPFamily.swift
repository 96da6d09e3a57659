import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Features into a perceptron with hidden layers.
package struct MLPFamily: FeatureFamily {
  package var sizes: MLPConfiguration

  package init(_ sizes: MLPConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("mlp")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems = Set(Problem.allCases)
  package static let isSeeded = true
  package static let binding = Binding<MLPConfiguration>(
    "a perceptron", MLPConfiguration(),
    FeatureKeys.withColumns() + [
      .integers("hidden", \.hidden, 1...16_384, count: 1...16, "Width of each hidden layer."),
      .number("dropout", \.settings.dropout, .from(0, below: 1), "Share of hidden units left out of a step."),
      .integer("epochs", \.settings.epochs, 1...100_000, "Passes over the training rows at most."),
      .integer("batch_size", \.settings.batchSize, 1...65_536, "Rows of a step."),
      .number("learning_rate", \.settings.learningRate, .above(0, to: 10), "Of AdamW."),
      .choice("schedule", \.settings.schedule, "The learning rate's course: the same, or in a line to 0."),
      .number("weight_decay", \.settings.weightDecay, .share, "Decoupled weight decay; biases have none."),
      .integer(
        "patience", \.settings.patience, 1...100_000,
        "Passes without a smaller loss on validation rows before training ends, at the best one."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    let widths = sizes.hidden + [classes]
    let dense = zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let answer = 2 * (texts.bytes * Double(sizes.hidden[0]) + Double(dense)) + 20_000 * texts.bytes
    return ModelWork(training: 3 * Double(sizes.settings.epochs) * answer, answer: answer)
  }

  /// A step is cut into as many pieces as are wanted.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, rows) }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    let random = job.random.stream("mlp"), outputs = job.shape.outputs
    var model = MLP(
      problem: job.shape.problem, inputs: rows.features.columns, hidden: sizes.hidden, outputs: outputs,
      random: random)
    let validation = try job.validation.map {
      (rows: try job.features($0.inputs, by: rows.encoder), targets: $0.targets)
    }
    let course = try model.train(
      rows.features, targets: rows.targets, validation: validation, classWeights: classWeights,
      settings: sizes.settings, random: random, pool: job.pool, isStopped: job.session.isStopped)
    let looks = validation.map { Double(course.epochs) * model.flops($0.rows) } ?? 0
    let flops = 3 * Double(course.epochs) * model.flops(rows.features) + looks
    guard model.isFinite, course.losses.last?.isFinite ?? true else {
      throw TrainingFailure(
        epoch: course.epochs, step: 0,
        reason: "a weight or the loss is not finite: a smaller learning_rate keeps it so", flops: flops)
    }
    var fitted = job.fitted(FeatureState(Self.kind, rows.encoder, model))
    (fitted.epochs, fitted.flops) = (course.epochs, flops)
    fitted.mayBeUndertrained = validation != nil && course.kept == sizes.settings.epochs
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    let hidden = sizes.hidden
    return try FeatureState(Self.kind, outline: outline, shape: shape, stored: tensors) {
      file, features throws(CheckpointError) in
      try MLP(
        stored: file, problem: shape.problem, inputs: features, hidden: hidden, outputs: shape.outputs)
    }
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "perceptron") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    let widths = sizes.hidden.map(String.init).joined(separator: ", ")
    return ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "hidden layers of \(widths) units by AdamW in at most \(sizes.settings.epochs) passes, learning rate "
        + "\(NumberFormat.exact(sizes.settings.learningRate)); stops after \(sizes.settings.patience) looks at validation "
        + "rows without a gain",
      keeps: FeatureKeys.keeping(sizes) + "; and weights")
  }

  package static let undertrainedEnd = "ended at the last allowed pass, before validation rows would have ended them"
}

extension MLP: AttributingFeatureModel {
  var byteCount: Int { parameterCount * MemoryLayout<Float>.size }
  static var attributionMethod: AttributionMethod { .integratedGradients }
}

extension ModelKind { package static let mlp = MLPFamily.kind }

/// Keys of a perceptron.
package struct MLPConfiguration: ColumnFeatures, Sendable, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int? = 50_000
  package var sublinear = true
  package var hidden = [128]
  package var settings = MLP.Settings()

  package init() {}
}
