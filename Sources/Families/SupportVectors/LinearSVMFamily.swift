import Compute
import Models
import Settings
import Text
import Training

/// Word and character n-grams, weighted by TF-IDF, into linear support vector machines with squared hinge loss, one class
/// against the rest: the largest of x W + b decides.
///
/// Of each class the minimum of ½ ‖(w, b)‖² + C Σ v_i max(0, 1 − y_i (w x_i + b))², y = ±1, v the weight of the row's
/// class: the objective of LIBLINEAR's `-s 1 -B 1` and of scikit-learn's `LinearSVC`.
package struct LinearSVMFamily: MarginFamily {
  package var sizes: LinearSVMConfiguration

  package init(_ sizes: LinearSVMConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("linear-svm")
  package static let binding = Binding<LinearSVMConfiguration>(
    "a linear SVM", LinearSVMConfiguration(), FeatureKeys.withColumns() + LinearSVMConfiguration.margins)

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: (33_000 + 1_000 * Double(classes)) * texts.bytes, answer: 20_000 * texts.bytes)
  }

  // MARK: Fitting

  package func machines(
    _ rows: FeatureRows, classes: Int, classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) -> OneAgainstRest {
    try OneAgainstRest(
      rows, classes: classes, classWeights: classWeights, settings: sizes.descent, random: random, pool: pool,
      isStopped: isStopped
    ) { _ in nil }
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { FeatureKeys.title(model, sizes, and: "linear SVM") }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes), learns: learning, keeps: FeatureKeys.keeping(sizes))
  }
}

extension ModelKind { package static let linearSVM = LinearSVMFamily.kind }

/// Keys of a linear SVM.
package struct LinearSVMConfiguration: MarginSizes, ColumnFeatures, Sendable, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  package var c = 1.0
  package var tolerance = 1e-4
  package var iterations = 1_000
  package var calibration: CalibrationKind?

  package init() {}
}
