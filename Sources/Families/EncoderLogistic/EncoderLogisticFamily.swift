import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// A checkpoint's sentence vectors into logistic regression; with `contrastive` the encoder is tuned on pairs of training
/// texts before (Tunstall et al. 2022).
package struct EncoderLogisticFamily: NetworkFamily {
  package var sizes: EncoderLogisticConfiguration

  package init(_ sizes: EncoderLogisticConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("encoder-logistic")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems: Set<Problem> = [.classification]
  private static let encoder = EncoderKeys(path: [], hasPooling: true)
  package static let encoderKeys: EncoderKeys? = encoder
  package static let keys = FamilyKeys(
    start: EncoderKeys.checkpoint,
    sizes: encoder.binding.section.fields + binding.section.fields, text: SharedKeys.wordPieceText,
    training: SharedKeys.balance, isSeeded: true,
    withoutEffect: encoder.withoutEffect + ["dropout", "attention_dropout", "initializer_range"],
    related: encoder.related)
  private static let binding = Binding<EncoderLogisticConfiguration>(
    "logistic regression over sentence vectors", EncoderLogisticConfiguration(),
    [
      .flag("unit_length", \.hasUnitLength, "Divides each sentence vector by its length."),
      .number("c", \.c, .above(0), "Inverse of the penalty's weight."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on steps of the regression."),
      .optional(
        "contrastive", \.contrastive, contrastive,
        "Tunes the encoder on pairs of training texts first: texts of one class come together, of two apart."),
    ])
  private static let contrastive = Binding<ContrastiveSettings>(
    "contrastive tuning", ContrastiveSettings(),
    [
      .integer("pairs", \.pairs, 1...10_000, "Pairs of one class, and as many of two, for each text and epoch."),
      .integer("epochs", \.epochs, 1...1_000, "Passes over the texts."),
      .integer("batch_size", \.batchSize, 1...65_536, "Pairs in a step."),
      .number("learning_rate", \.optimizer.learningRate, .above(0, to: 10), "Largest learning rate of AdamW."),
      .number("weight_decay", \.optimizer.weightDecay, .share, "Decoupled weight decay; biases and norms have none."),
      .choice("schedule", \.schedule.kind, "The learning rate's course after the warm-up."),
      .number("warmup", \.schedule.warmup, .share, "Share of all steps in which the rate rises from 0."),
      .optionalNumber("clip_norm", \.clipNorm, .above(0), "Largest global gradient norm."),
    ])

  package init(_ checked: Checked) {
    sizes = Self.binding.value(checked)
    sizes.encoder = Self.encoder.value(checked)
  }
  package func with(_ changes: Checked) -> Self {
    var changed = Self.binding.value(changes, from: sizes)
    changed.encoder = Self.encoder.changed(sizes.encoder, by: changes)
    return Self(changed)
  }
  package func adopting(_ variant: EncoderVariant) -> Self {
    var copy = self
    copy.sizes.encoder.variant = variant
    return copy
  }
  package static func derive(_ model: inout Checked) { encoder.derive(&model) }
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    var errors = encoder.mistakes(in: model, at: path)
    if model.value["pretrained"]?.text == nil, let position = model.value["pretrained"]?.position ?? model.keyPosition {
      errors.append(
        ManifestError(
          at: position, keyPath: path["pretrained"].text, got: "no checkpoint",
          expected: "`pretrained:` with the folder of one: nothing else trains the encoder"))
    }
    return errors
  }

  // MARK: Its size

  package var encoder: TransformerConfiguration? { sizes.encoder }
  package var leastActivations: Double { sizes.encoder.leastActivations }
  package static let shareOfPeak = EncoderKeys.shareOfPeak

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes]),
      let encoder = sizes.encoder.parameterCount(vocabulary: Double(vocabulary))
    else { return nil }
    return encoder + Double(sizes.encoder.hidden) * Double(classes) + Double(classes)
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    sizes.encoder.operations(tokens: tokens) + 2 * Double(sizes.encoder.hidden) * Double(classes)
  }

  /// Each text once, and of the tuning three passes for both texts of each pair.
  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    let answer = forwardOperations(tokens: texts.tokens, classes: classes)
    let tuning = sizes.contrastive.map { 3 * Double($0.epochs) * 4 * Double($0.pairs) } ?? 0
    return ModelWork(training: (1 + tuning) * answer, answer: answer)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(network(vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  private func network(vocabulary: Int, classes: Int, random: Random, workspace: Workspace) -> SentenceClassifier {
    SentenceClassifier(
      sizes.encoder, hasUnitLength: sizes.hasUnitLength, vocabulary: vocabulary, classes: classes, random: random,
      workspace: workspace)
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport { throw .notExported(Self.kind) }

  // MARK: Fitting

  package func fit(_ job: FitJob) throws -> Fitted {
    // Without a checkpoint, which no manifest declares, the encoder has random weights.
    let checkpoint = try job.model.pretrained?.checkpoint()
    let pipeline =
      try checkpoint?.pipeline(job.model.text) ?? TextPipeline.fit(job.model.text, texts: job.training.texts)
    let network = network(
      vocabulary: pipeline.embeddingRows, classes: job.shape.outputs, random: job.random.stream("weights"),
      workspace: Workspace())
    try checkpoint?.load(into: network)
    let rows = job.sampledRows
    let sequences = rows.map { sequence(job.training.texts[$0], pipeline) }
    let labels = rows.map { job.training.labels[$0] }
    var tuning: TrainingOutcome?
    if let settings = sizes.contrastive {
      tuning = try ContrastiveTrainer.train(
        network, sequences: sequences, labels: labels, settings: settings, random: job.random.stream("contrastive"),
        pool: job.pool, isStopped: job.session.isStopped, progress: job.progress)
    }
    let session = InferenceSession(network, pool: job.pool)
    let vectors = session.outputs(sequences, width: sizes.encoder.hidden) { network.vectors($0, on: $1) }
    let regression = try self.regression(vectors, labels, classWeights: job.classWeights(of: rows), job)
    let width = sizes.encoder.hidden
    network.classifier.weight.value.copy(
      from: (0..<job.shape.outputs).flatMap { label in (0..<width).map { regression.weights[$0][label] } })
    network.classifier.bias?.value.copy(from: regression.weights[width])
    var fitted = job.fitted(
      NetworkState(family: self, shape: job.shape, pipeline: pipeline, weights: network.snapshot()))
    fitted.flops = (tuning?.flops ?? 0) + network.forwardFLOPs(lengths: sequences.map(\.count)) + regression.flops
    fitted.peakBytes = max(tuning?.peakBytes ?? 0, network.workspace.peakBytes + session.peakBytes)
    fitted.mayBeUndertrained = regression.ending == .iterationLimit
    fitted.epochs = tuning?.epochs
    return fitted
  }

  /// - Parameter vectors: `[rows, hidden]`.
  /// - Returns: the weights of each number of a vector, the biases last, each `[classes]`.
  /// - Throws: `FitStopped` where it was stopped.
  private func regression(
    _ vectors: [Float], _ labels: [Int], classWeights: [Float]?, _ job: FitJob
  ) throws(FitStopped) -> (weights: [[Float]], flops: Double, ending: LBFGS.Ending) {
    let width = sizes.encoder.hidden, classes = job.shape.outputs
    var rows = SparseRows(columns: width)
    let columns = (0..<Int32(width)).map(\.self)
    for row in labels.indices { rows.append(indices: columns, values: Array(vectors[row * width..<(row + 1) * width])) }
    var objective = LogisticObjective(
      rows: rows, labels: labels, classes: classes, c: sizes.c, classWeights: classWeights)
    var optimizer = LBFGS()
    optimizer.gradientTolerance = 1e-5
    optimizer.maximumIterations = sizes.iterations
    let outcome = optimizer.minimise(
      from: [Float](repeating: 0, count: objective.count), pool: job.pool, isStopped: job.session.isStopped
    ) { point, gradient in objective.evaluate(point, &gradient, pool: job.pool) }
    guard outcome.ending != .stopped else { throw FitStopped() }
    let stride = objective.stride
    return (
      (0...width).map { Array(outcome.point[$0 * stride..<$0 * stride + classes]) },
      Double(outcome.evaluations) * objective.flops + outcome.flops, outcome.ending
    )
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String {
    let name = model.pretrained?.display ?? "an encoder"
    return sizes.contrastive == nil
      ? "\(name), frozen, and logistic regression" : "\(name), tuned on pairs, and logistic regression"
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    let vector = sizes.encoder.pooling == .mean ? "the mean of its token vectors" : "its first token's vector"
    let tuning =
      sizes.contrastive.map {
        "the encoder, on \($0.pairs) pairs of texts of one class and as many of two for each text, by AdamW at "
          + "\(NumberFormat.exact($0.optimizer.learningRate)); then "
      } ?? ""
    return ModelAccount(
      reads:
        "\(model.stepsInWords); at most \(NumberFormat.grouped(model.text.maximumTokens)) tokens of a text, cut by "
        + "the checkpoint's tokenizer; \(vector)\(sizes.hasUnitLength ? ", of length 1" : "")",
      learns: tuning + "the weights of a logistic regression, C = \(NumberFormat.exact(sizes.c))",
      keeps: "weights, and a vocabulary that is not made of training texts")
  }

  package static let undertrainedEnd = "ended at the last allowed step of the regression, before it had converged"
}

/// Keys of logistic regression over sentence vectors.
package struct EncoderLogisticConfiguration: Sendable, Equatable, Codable {
  package var encoder = TransformerConfiguration()
  /// Each sentence vector is divided by its length.
  package var hasUnitLength = true
  /// As scikit-learn's C.
  package var c = 1.0
  package var iterations = 1_000
  /// None where nil: the encoder stays as it is.
  package var contrastive: ContrastiveSettings?

  package init() {}
}
