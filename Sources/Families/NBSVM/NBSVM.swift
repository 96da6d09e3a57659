import Compute
import Foundation
import Models
import Text

/// Keys of a support vector machine over naive Bayes' ratios.
package struct NBSVMConfiguration: NGramFeatures, Sendable, Equatable, Codable {
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  /// Added to the number of rows that have an n-gram, in the class and out of it.
  package var alpha = 1.0
  /// How far the machine's own weights count; the rest is their mean magnitude, the same for all.
  package var beta = 0.25
  package var c = 1.0
  package var tolerance = 1e-4
  package var iterations = 1_000
  /// What makes probabilities of scores; nil for `none`.
  package var calibration: CalibrationKind?

  package init() {}

  var descent: OneAgainstRest.Settings { .init(c: c, tolerance: tolerance, passes: iterations) }
}

/// Linear support vector machines, one class against the rest, that see each n-gram by the ratio of naive Bayes (Wang and
/// Manning 2012, section 2.3).
///
/// With p_cj and q_cj the numbers of rows in and out of class c that have n-gram j, α added to each: r_cj = log (p_cj / Σ_j
/// p_cj) − log (q_cj / Σ_j q_cj). Machine c sees r_cj x_j; of its weights w_c the answer takes β w_c + (1 − β) w̄_c, w̄_c
/// the mean of their magnitudes. Departure: x are TF-IDF's weights in place of 1 for an n-gram that is there.
struct NBSVMState: MarginState {
  static let kind = NBSVMFamily.kind
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
    fitting data: NGramRows, classes: Int, configuration: NBSVMConfiguration, text: TextSettings,
    classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) {
    let ratios = Self.ratios(data, classes: classes, classWeights: classWeights, alpha: configuration.alpha)
    var machines = try OneAgainstRest(
      data, classes: classes, classWeights: classWeights, settings: configuration.descent, random: random, pool: pool,
      isStopped: isStopped
    ) { ratios[$0] }
    let features = data.features.columns
    for label in 0..<classes {
      let own = machines.weights[label]
      let mean = own.prefix(features).reduce(0) { $0 + abs($1) } / Double(max(1, features))
      for feature in 0..<features {
        let weight = configuration.beta * own[feature] + (1 - configuration.beta) * mean
        machines.weights[label][feature] = weight * Double(ratios[label][feature])
      }
    }
    linear = machines.linear(text, data.vectorizer)
    fit = machines.fit
  }

  /// r, of each class all features.
  static func ratios(_ data: NGramRows, classes: Int, classWeights: [Float]?, alpha: Double) -> [[Float]] {
    let features = data.features.columns
    var counts = [[Double]](repeating: [Double](repeating: 0, count: features), count: classes)
    for (row, label) in data.labels.enumerated() {
      let weight = Double(classWeights?[label] ?? 1)
      for place in data.features.offsets[row]..<data.features.offsets[row + 1] {
        counts[label][Int(data.features.indices[place])] += weight
      }
    }
    let all = (0..<features).map { feature in counts.reduce(0) { $0 + $1[feature] } }
    let total = all.reduce(0, +), added = alpha * Double(features)
    return counts.map { own in
      let inside = own.reduce(0, +)
      let level = log(inside + added) - log(total - inside + added)
      return (0..<features).map { Float(log(own[$0] + alpha) - log(all[$0] - own[$0] + alpha) - level) }
    }
  }

  struct Outline: Codable {
    var tfidf: LinearText.Outline
    var svm: OneAgainstRest.Fit
    var calibration: ScoreCalibration?
  }

  var outline: any Encodable { Outline(tfidf: linear.outline, svm: fit, calibration: calibration) }
}
