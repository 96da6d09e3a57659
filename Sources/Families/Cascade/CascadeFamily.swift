import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Two models of the manifest, a cheap one and a good one: what the first is sure of it answers, the second all else
/// (Viola and Jones 2001; Varshney and Baral 2022).
///
/// Sure is a largest probability of at least a threshold: the lowest by which the answers to the validation rows score, by
/// the primary metric, no more than `loss` below those of the second model alone.
package struct CascadeFamily: ModelFamily, Equatable {
  package var stages: [String]
  /// By the primary metric, as a fraction.
  package var loss: Double

  // MARK: In a manifest

  package static let kind = ModelKind("cascade")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let keys = FamilyKeys(
    sizes: [
      Field(
        "stages", .list(.name, count: 2...2, single: false),
        "Two models of this manifest: the one that is asked first, and the one that answers what it is not sure of.",
        .required),
      Field(
        "loss", .number(.from(0, to: 1)),
        "How much lower than the second model's the score on validation rows may be, as a fraction.",
        .value(.number(0.005))),
    ], others: ["stages"], isSearchable: false)
  package static let validationUse: String? = "chooses its threshold"

  package init(_ checked: Checked) {
    stages = checked["stages"]?.texts ?? []
    loss = checked["loss"]?.number ?? 0.005
  }

  package func with(_ changes: Checked) -> Self {
    var copy = self
    if let loss = changes["loss"]?.number { copy.loss = loss }
    return copy
  }

  package var uses: [String] { stages }

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 20_000 * texts.bytes, answer: 100_000 * texts.bytes)
  }

  // MARK: Fitting and storing

  package func fit(_ job: FitJob) throws -> Fitted {
    let models = try stages.map { name in try job.others.fitted(name, "which it asks") }
    guard let validation = job.validation, !validation.inputs.isEmpty, case .classes(let labels) = validation.targets
    else {
      throw TrainingFailure(
        epoch: 0, step: 0, reason: "there are no validation rows, on which a cascade chooses its threshold")
    }
    let answers = models.map { model in
      let classifier = model.classifier(in: Workspace())
      return classifier.answers(classifier.encode(validation.inputs), pool: job.pool)
    }
    let threshold = CascadeThreshold(
      answers[0], answers[1], labels: labels, shape: job.shape, primary: job.primary
    ).lowest(loss: loss)
    return job.fitted(CascadeState(first: models[0], second: models[1], threshold: threshold))
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try CascadeState(outline: outline, stored: tensors, shape: shape)
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String {
    "\(stages.first ?? ""), and \(stages.last ?? "") where it is not sure"
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    let share = NumberFormat.plain(loss * 100)
    return ModelAccount(
      reads: "what `\(stages.first ?? "")` and `\(stages.last ?? "")` read",
      learns:
        "from which probability on the first answers, so that the score on validation rows is at most \(share) points "
        + "below that of the second alone",
      keeps: "both models, with what each keeps")
  }
}

extension ModelKind { package static let cascade = CascadeFamily.kind }

/// Chooses from which probability on the first model answers.
struct CascadeThreshold {
  private let first: [Float]
  private let second: [Float]
  private let targets: Targets
  private let shape: TaskShape
  private let primary: MetricName
  private let sureness: [Float]

  /// - Parameter first: probabilities of validation rows, `[rows, classes]`; `second` likewise.
  init(_ first: [Float], _ second: [Float], labels: [Int], shape: TaskShape, primary: MetricName) {
    (self.first, self.second, self.shape, self.primary) = (first, second, shape, primary)
    targets = .classes(labels)
    sureness = Self.sureness(first, classes: shape.classes)
  }

  /// The largest probability of each row.
  static func sureness(_ answers: [Float], classes: Int) -> [Float] {
    stride(from: 0, to: answers.count, by: classes).map { answers[$0..<$0 + classes].max() ?? 0 }
  }

  /// Above 1 where the first answers nothing.
  ///
  /// Every threshold that a row's probability is, at most 500 of them, spread evenly, from the lowest on.
  func lowest(loss: Double) -> Float {
    guard let bar = score(second) else { return 2 }
    let all = Set(sureness).sorted(), step = max(1, all.count / 500)
    for place in stride(from: 0, to: all.count, by: step) {
      if let found = score(mixed(from: all[place])), found >= bar - loss - 1e-12 { return all[place] }
    }
    return 2
  }

  private func mixed(from threshold: Float) -> [Float] {
    let classes = shape.classes
    return sureness.indices.flatMap { row in
      (sureness[row] >= threshold ? first : second)[row * classes..<(row + 1) * classes]
    }
  }

  private func score(_ answers: [Float]) -> Double? {
    targets.score(answers, of: shape, by: primary).map { primary.higherIsBetter ? $0 : -$0 }
  }
}
