import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// A kind of model, with the sizes of one: its keys in a manifest, how it is fitted, stored, sized and described.
///
/// Nothing outside a family's folder and the list in `ModelFamilies` names it.
package protocol ModelFamily: Sendable, Equatable, Codable {
  // MARK: In a manifest

  static var kind: ModelKind { get }
  static var role: ModelRole { get }
  /// The name under which kept models have it.
  static var storedName: String { get }
  static var keys: FamilyKeys { get }
  static var reading: ModelReading { get }
  /// What it needs validation rows for, after its name; nil where it can be fitted without any.
  static var validationUse: String? { get }
  /// The kinds of task that it can be fitted to.
  static var problems: Set<Problem> { get }
  /// False where what its classifier gives tells classes apart and no more.
  var givesProbabilities: Bool { get }
  /// Other models of the manifest that it asks, by name.
  var uses: [String] { get }
  /// Whether what it learns has a form that other programs read.
  static var isExported: Bool { get }

  /// The model that a checked manifest declares, or its family's default sizes where keys are missing.
  init(_ checked: Checked)
  /// The same with the keys that `changes` has.
  func with(_ changes: Checked) -> Self
  /// Fills in the defaults that depend on other keys.
  static func derive(_ model: inout Checked)
  /// Mistakes that no single key shows: ratios, limits that depend on each other.
  static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError]

  // MARK: Its size

  /// What it costs to train it and to answer, as an estimate before anything is done.
  func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork
  /// Share of the speed of matrix products that its trainings reach with as many side by side as there are processors,
  /// by the published runs.
  static var shareOfPeak: Double { get }
  /// Threads that training on so many rows can use at most.
  func mostThreads(rows: Int, training: TrainingSettings) -> Int

  // MARK: Fitting and storing

  /// - Throws: `TrainingFailure`, or an error of the text or checkpoint where a file cannot be read.
  func fit(_ job: FitJob) throws -> Fitted
  /// What a stored model learned.
  ///
  /// - Parameter outline: JSON with the keys of the state's own outline, and others.
  /// - Throws: `CheckpointError` where it does not fit this family's sizes, or itself.
  func state(outline: String, tensors: Safetensors, shape: TaskShape) throws(CheckpointError) -> any ModelState

  // MARK: In words

  /// For a table: `TF-IDF and logistic regression`.
  func title(of model: ModelDeclaration) -> String
  /// What it reads of a text, what it learns, and what can be read from its file; each the end of a sentence.
  func account(of model: ModelDeclaration) -> ModelAccount
  /// What a floor answers, after `which`; nil for all else.
  static func floorAnswer(_ problem: Problem) -> String?
  /// How a fit ended that may be undertrained.
  static var undertrainedEnd: String { get }
}

extension ModelFamily {
  package static var storedName: String { kind.rawValue }
  package static var reading: ModelReading { .prepared }
  package var givesProbabilities: Bool { true }
  package var uses: [String] { [] }
  package static var isExported: Bool { role != .floor }
  package static var problems: Set<Problem> { [.classification] }
  package static var validationUse: String? { nil }
  package static func derive(_ model: inout Checked) {}
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] { [] }
  package static var shareOfPeak: Double { 0.5 }
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { 1 }
  package static func floorAnswer(_ problem: Problem) -> String? { nil }
  package static var undertrainedEnd: String { "ended at their last allowed iteration, before they had converged" }

  /// Whether another value is the same model.
  func isEqual(to other: any ModelFamily) -> Bool { (other as? Self) == self }
}

/// What of a text a kind of model reads.
package enum ModelReading: Sendable {
  case nothing
  /// The text as it was typed.
  case typed
  /// What `text` in the manifest makes of it.
  case prepared
}

/// Operations of a model, or as many as a network would do in the time that it takes.
package struct ModelWork: Sendable {
  /// For each training text, of all epochs.
  package var training: Double
  /// For the answer to one text.
  package var answer: Double

  package init(training: Double, answer: Double) { (self.training, self.answer) = (training, answer) }
}

/// How long the texts are in the mean.
package struct TextLengths: Sendable {
  package var bytes: Double
  /// With the marks of begin and end; what is longer than the model reads is cut.
  package var tokens: Double

  package init(bytes: Double, tokens: Double) { (self.bytes, self.tokens) = (bytes, tokens) }
}

/// What a model card says of a kind of model.
package struct ModelAccount: Sendable {
  package var reads: String
  package var learns: String
  /// What somebody can read in the model's file.
  package var keeps: String

  package init(reads: String, learns: String, keeps: String) {
    (self.reads, self.learns, self.keeps) = (reads, learns, keeps)
  }
}
