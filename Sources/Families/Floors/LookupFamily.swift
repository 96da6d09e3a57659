import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// The majority label of the same normalised training text, else the majority class; of several labels or numbers the
/// means.
package struct LookupFamily: ModelFamily {
  package init() {}

  package static let kind = ModelKind("lookup")
  package static let role = ModelRole.floor
  package static let problems = Set(Problem.allCases)
  package static let reading = ModelReading.typed
  package static let keys = FamilyKeys(isSearchable: false)

  package init(_ checked: Checked) {}
  package func with(_ changes: Checked) -> Self { self }

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 2_000 * texts.bytes, answer: 2_000 * texts.bytes)
  }

  package func fit(_ job: FitJob) -> Fitted {
    let rows = job.training
    return job.shape.problem == .classification
      ? job.fitted(LookupState(texts: rows.texts, labels: rows.labels, classes: job.shape.classes))
      : job.fitted(LookupMeansState(texts: rows.texts, targets: rows.targets, shape: job.shape))
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    shape.problem == .classification
      ? try LookupState(prior: MajorityState(outline: outline, classes: shape.classes), stored: tensors)
      : try LookupMeansState(outline: outline, shape: shape, stored: tensors)
  }

  package func title(of model: ModelDeclaration) -> String { "lookup of the same text" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: "the text in lower case without punctuation, as a whole",
      learns: model.problem == .regression ? "which numbers a text had" : "which labels a text had",
      keeps:
        "hashes of training texts: no text can be read from it, but whoever guesses one can tell that it is there")
  }
  package static func floorAnswer(_ problem: Problem) -> String? {
    switch problem {
    case .classification: "copies the label of the same text in training"
    case .multiLabel: "copies the labels of the same text in training"
    case .regression: "copies the number of the same text in training"
    }
  }
}

extension LookupState: ModelState {
  package var outline: any Encodable { prior.outline }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { LookupClassifier(self) }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(LookupFamily.kind) }
}

extension ModelKind { package static let lookup = LookupFamily.kind }

extension ModelConfiguration { package static let lookup = Self(LookupFamily()) }
