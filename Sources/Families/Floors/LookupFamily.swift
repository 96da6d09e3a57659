import Compute
import Models
import Settings
import Text
import Training

/// The majority label of the same normalised training text, else the majority class.
package struct LookupFamily: ModelFamily {
  package init() {}

  package static let kind = ModelKind("lookup")
  package static let role = ModelRole.floor
  package static let reading = ModelReading.typed
  package static let keys = FamilyKeys(isSearchable: false)

  package init(_ checked: Checked) {}
  package func with(_ changes: Checked) -> Self { self }

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 2_000 * texts.bytes, answer: 2_000 * texts.bytes)
  }

  package func fit(_ job: FitJob) -> Fitted {
    job.fitted(LookupState(texts: job.training.texts, labels: job.training.labels, classes: job.classes))
  }

  package func state(
    outline: String, tensors: Safetensors, classes: Int
  ) throws(CheckpointError) -> any ModelState {
    try LookupState(prior: MajorityState(outline: outline, classes: classes), stored: tensors)
  }

  package func title(of model: ModelDeclaration) -> String { "lookup of the same text" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: "the text in lower case without punctuation, as a whole", learns: "which labels a text had",
      keeps:
        "hashes of training texts: no text can be read from it, but whoever guesses one can tell that it is there")
  }
  package static let floorAnswer: String? = "copies the label of the same text in training"
}

extension LookupState: ModelState {
  package var outline: any Encodable { prior.outline }

  package func classifier(in workspace: Workspace, batchSize: Int) -> any TextClassifier { LookupClassifier(self) }

  package func export(labels: [String]) throws(CheckpointError) -> ModelExport { throw .notExported(LookupFamily.kind) }
}

extension ModelKind { package static let lookup = LookupFamily.kind }

extension ModelConfiguration { package static let lookup = Self(LookupFamily()) }
