import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Keys of TF-IDF and ridge regression.
package struct TFIDFRidgeConfiguration: ColumnFeatures, Sendable, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  /// Weight of ‖w‖², as scikit-learn's `alpha`.
  package var alpha = 1.0
  /// Limit on iterations of conjugate gradients.
  package var iterations = 1_000

  package init() {}
}

/// Word and character n-grams, weighted by TF-IDF, into ridge regression: a number for each text.
package struct TFIDFRidgeFamily: FeatureFamily {
  package var sizes: TFIDFRidgeConfiguration

  package init(_ sizes: TFIDFRidgeConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("tfidf-ridge")
  package static let role = ModelRole.other
  package static let problems: Set<Problem> = [.regression]
  package static let training: Binding<TrainingSettings>? = nil

  package static let binding = Binding<TFIDFRidgeConfiguration>(
    "TF-IDF and ridge regression", TFIDFRidgeConfiguration(),
    FeatureKeys.withColumns() + [
      .number("alpha", \.alpha, .above(0), "Weight of the squared length of the weights."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on iterations of conjugate gradients."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 33_000 * texts.bytes, answer: 20_000 * texts.bytes)
  }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    guard case .numbers(let numbers) = rows.targets else {
      preconditionFailure("TFIDFRidgeFamily.fit: got \(rows.targets.problem.rawValue), expected numbers")
    }
    let solver = RidgeRegression(alpha: sizes.alpha, maximumIterations: sizes.iterations)
    let outcome = try solver.minimise(rows: rows.features, targets: numbers, isStopped: job.session.isStopped)
    let linear = LinearText(
      encoder: rows.encoder, problem: .regression, classes: 1,
      weights: outcome.weights.map { Float($0) }, biases: [Float(outcome.bias)])
    let fit = TFIDFRidgeState.Fit(
      iterations: outcome.iterations, hasConverged: outcome.hasConverged, objective: outcome.objective)
    var fitted = job.fitted(TFIDFRidgeState(linear: linear, fit: fit))
    (fitted.flops, fitted.mayBeUndertrained) = (outcome.flops, !outcome.hasConverged)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    let outline = try TFIDFRidgeState.part(TFIDFRidgeState.Outline.self, of: outline)
    return TFIDFRidgeState(
      linear: try LinearText(outline: outline.tfidf, shape: shape, stored: tensors), fit: outline.ridge)
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "ridge regression") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "weights by conjugate gradients in at most \(sizes.iterations) iterations, "
        + "alpha = \(NumberFormat.exact(sizes.alpha))",
      keeps: FeatureKeys.keeping(sizes))
  }

  package static let undertrainedEnd =
    "ended at the last allowed iteration of conjugate gradients, before it had converged"
}

/// What ridge regression over n-grams learns: the number of a text is x w + b.
struct TFIDFRidgeState: LinearFeatureState {
  static let kind = TFIDFRidgeFamily.kind
  let linear: LinearText
  let fit: Fit

  struct Fit: Sendable, Codable, Equatable {
    var iterations: Int
    var hasConverged: Bool
    /// Σ (y − x w − b)² + alpha · ‖w‖² at the end.
    var objective: Double
  }

  struct Outline: Codable {
    var tfidf: LinearText.Outline
    var ridge: Fit
  }

  var outline: any Encodable { Outline(tfidf: linear.outline, ridge: fit) }
}

extension ModelKind { package static let tfidfRidge = TFIDFRidgeFamily.kind }
