import Compute
import Models
import Settings
import Text
import Training

/// The most frequent class of the training part.
package struct MajorityFamily: ModelFamily {
  package init() {}

  package static let kind = ModelKind("majority")
  package static let role = ModelRole.floor
  package static let reading = ModelReading.nothing
  package static let keys = FamilyKeys(isSearchable: false)

  package init(_ checked: Checked) {}
  package func with(_ changes: Checked) -> Self { self }

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 6_000, answer: 300)
  }

  package func fit(_ job: FitJob) -> Fitted {
    job.fitted(MajorityState(labels: job.training.labels, classes: job.classes))
  }

  package func state(
    outline: String, tensors: Safetensors, classes: Int
  ) throws(CheckpointError) -> any ModelState {
    try MajorityState(outline: outline, classes: classes)
  }

  package func title(of model: ModelDeclaration) -> String { "majority class" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: "nothing of a text", learns: "the frequencies of the classes",
      keeps: "names and counts of the classes, no word of a message")
  }
  package static let floorAnswer: String? = "always answers the most frequent class"
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
