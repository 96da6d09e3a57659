import Compute
import Models
import Text

/// Keys of a linear SVM.
package struct LinearSVMConfiguration: NGramFeatures, Sendable, Equatable, Codable {
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  /// Weight of the losses, as scikit-learn's C.
  package var c = 1.0
  /// As LIBLINEAR's -e and scikit-learn's tol.
  package var tolerance = 1e-4
  /// Limit on passes over the rows.
  package var iterations = 1_000
  /// What makes probabilities of scores; nil for `none`.
  package var calibration: CalibrationKind?

  package init() {}

  var descent: OneAgainstRest.Settings { .init(c: c, tolerance: tolerance, passes: iterations) }
}

/// Linear support vector machines with squared hinge loss, one class against the rest: the largest of x W + b decides.
///
/// Of each class the minimum of ½ ‖(w, b)‖² + C Σ v_i max(0, 1 − y_i (w x_i + b))², y = ±1, v the weight of the row's
/// class: the objective of LIBLINEAR's `-s 1 -B 1` and of scikit-learn's `LinearSVC`. Scores are no probabilities.
struct LinearSVMState: MarginState {
  static let kind = LinearSVMFamily.kind
  let linear: LinearText
  let fit: OneAgainstRest.Fit
  var calibration: ScoreCalibration?

  init(linear: LinearText, fit: OneAgainstRest.Fit, calibration: ScoreCalibration?) {
    (self.linear, self.fit, self.calibration) = (linear, fit, calibration)
  }

  /// The result does not depend on the number of threads.
  ///
  /// - Parameter isStopped: asked before each class; true ends the fit.
  /// - Throws: `FitStopped` where it was ended so.
  init(
    fitting data: NGramRows, classes: Int, configuration: LinearSVMConfiguration, text: TextSettings,
    classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) {
    let machines = try OneAgainstRest(
      data, classes: classes, classWeights: classWeights, settings: configuration.descent, random: random, pool: pool,
      isStopped: isStopped
    ) { _ in nil }
    linear = machines.linear(text, data.vectorizer)
    fit = machines.fit
  }

  struct Outline: Codable {
    var tfidf: LinearText.Outline
    var svm: OneAgainstRest.Fit
    var calibration: ScoreCalibration?
  }

  var outline: any Encodable { Outline(tfidf: linear.outline, svm: fit, calibration: calibration) }
}
