import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Word and character n-grams, weighted by TF-IDF, into linear support vector machines, one class against the rest.
package struct LinearSVMFamily: NGramFamily {
  package var sizes: LinearSVMConfiguration

  package init(_ sizes: LinearSVMConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("linear-svm")
  package static let role = ModelRole.other
  package static let binding = Binding<LinearSVMConfiguration>(
    "a linear SVM", LinearSVMConfiguration(),
    NGramKeys.members() + [
      .number("c", \.c, .above(0), "Weight of the losses against the squared length of the weights."),
      .number("tolerance", \.tolerance, .above(0), "Largest difference of projected gradients at which the fit ends."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on passes over the rows."),
      MarginKeys.calibration(\.calibration),
    ])

  package var givesProbabilities: Bool { sizes.calibration != nil }

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: (33_000 + 1_000 * Double(classes)) * texts.bytes, answer: 20_000 * texts.bytes)
  }

  /// Each class is a machine of its own, whatever the rows.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, rows) }

  // MARK: Fitting and storing

  package func fit(_ job: FitJob) throws -> Fitted {
    let (rows, classWeights) = try job.nGrams(sizes)
    func fit(_ rows: NGramRows) throws(FitStopped) -> LinearSVMState {
      // The optimum is unique: another order would change rounding alone.
      try LinearSVMState(
        fitting: rows, classes: job.shape.classes, configuration: sizes, text: job.model.text,
        classWeights: classWeights, random: Random(seed: 0, stream: "order of the rows"), pool: job.pool,
        isStopped: job.session.isStopped)
    }
    var state = try fit(rows)
    state.calibration = try job.calibration(sizes.calibration ?? CalibrationKind.none, rows, state.linear) {
      rows throws(FitStopped) in try fit(rows).linear
    }
    var fitted = job.fitted(state)
    (fitted.flops, fitted.mayBeUndertrained) = (state.fit.flops, !state.fit.hasConverged)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    let outline = try LinearSVMState.part(LinearSVMState.Outline.self, of: outline)
    return LinearSVMState(
      linear: try LinearText(outline: outline.tfidf, shape: shape, stored: tensors), fit: outline.svm,
      calibration: try MarginKeys.sound(outline.calibration, classes: shape.outputs))
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { "TF-IDF and linear SVM" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: NGramKeys.reading(model, sizes),
      learns:
        "weights by dual coordinate descent in at most \(sizes.iterations) passes, C = \(NumberFormat.exact(sizes.c))",
      keeps: NGramKeys.keeping(sizes))
  }

  package static let undertrainedEnd = "ended at the last allowed pass of coordinate descent, before it had converged"
}

extension ModelKind { package static let linearSVM = LinearSVMFamily.kind }
