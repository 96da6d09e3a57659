import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// The most frequent class of the training part; of several labels their shares, of numbers the mean.
package struct MajorityFamily: ModelFamily {
  package init() {}

  package static let kind = ModelKind("majority")
  package static let role = ModelRole.floor
  package static let problems = Set(Problem.allCases)
  package static let reading = ModelReading.nothing
  package static let keys = FamilyKeys(isSearchable: false)

  package init(_ checked: Checked) {}
  package func with(_ changes: Checked) -> Self { self }

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 6_000, answer: 300)
  }

  package func fit(_ job: FitJob) -> Fitted {
    job.shape.problem == .classification
      ? job.fitted(MajorityState(labels: job.training.labels, classes: job.shape.classes))
      : job.fitted(MeanState(job.training.targets, shape: job.shape))
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    shape.problem == .classification
      ? try MajorityState(outline: outline, classes: shape.classes) : try MeanState(outline: outline, shape: shape)
  }

  package func title(of model: ModelDeclaration) -> String {
    switch model.problem {
    case .classification: "majority class"
    case .multiLabel: "shares of the labels"
    case .regression: "mean number"
    }
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    let names = model.problem == .multiLabel ? "labels" : "classes"
    return ModelAccount(
      reads: "nothing of a text",
      learns: model.problem == .regression ? "the mean of the numbers" : "the frequencies of the \(names)",
      keeps: model.problem == .regression
        ? "one number, no word of a message" : "names and counts of the \(names), no word of a message")
  }
  package static func floorAnswer(_ problem: Problem) -> String? {
    switch problem {
    case .classification: "always answers the most frequent class"
    case .multiLabel: "gives every text the same labels, those that are frequent enough"
    case .regression: "always answers the mean"
    }
  }
}

extension MajorityState: ModelState {
  /// Of lookup too.
  struct Outline: Codable { var prior: MajorityState }

  package var outline: any Encodable { Outline(prior: self) }
  package var tensors: [Safetensors.Tensor] { [] }

  init(outline json: String, classes: Int) throws(CheckpointError) {
    self = try Self.part(Outline.self, of: json).prior
    guard counts.count == classes, counts.allSatisfy({ 0...(1 << 40) ~= $0 }) else {
      throw .malformed("its class counts are not those of \(classes) classes")
    }
  }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { MajorityClassifier(self) }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport {
    throw .notExported(MajorityFamily.kind)
  }
}

extension ModelKind { package static let majority = MajorityFamily.kind }

extension ModelConfiguration { package static let majority = Self(MajorityFamily()) }
