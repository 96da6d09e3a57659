import Compute
import Foundation
import Models
import Settings
import Text
import Training

/// Linear support vector machines, one class against the rest, that see each n-gram by the ratio of naive Bayes (Wang and
/// Manning 2012, section 2.3).
///
/// With p_cj and q_cj the numbers of rows in and out of class c that have n-gram j, α added to each: r_cj = log (p_cj / Σ_j
/// p_cj) − log (q_cj / Σ_j q_cj). Machine c sees r_cj x_j; of its weights w_c the answer takes β w_c + (1 − β) w̄_c, w̄_c
/// the mean of their magnitudes. Departure: x are TF-IDF's weights in place of 1 for an n-gram that is there.
package struct NBSVMFamily: MarginFamily {
  package var sizes: NBSVMConfiguration

  package init(_ sizes: NBSVMConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("nb-svm")
  package static let binding = Binding<NBSVMConfiguration>(
    "a support vector machine over naive Bayes' ratios", NBSVMConfiguration(),
    FeatureKeys.members() + [
      .number(
        "alpha", \.alpha, .above(0), "Added to the number of rows that have an n-gram, in a class and out of it."),
      .number("beta", \.beta, .share, "Share of the machine's own weights; the rest is their mean magnitude."),
    ] + NBSVMConfiguration.margins)

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: (33_000 + 1_500 * Double(classes)) * texts.bytes, answer: 20_000 * texts.bytes)
  }

  // MARK: Fitting

  package func machines(
    _ rows: FeatureRows, classes: Int, classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) -> OneAgainstRest {
    let ratios = Self.ratios(rows, classes: classes, classWeights: classWeights, alpha: sizes.alpha)
    var machines = try OneAgainstRest(
      rows, classes: classes, classWeights: classWeights, settings: sizes.descent, random: random, pool: pool,
      isStopped: isStopped
    ) { ratios[$0] }
    let features = rows.features.columns
    for label in 0..<classes {
      let own = machines.weights[label]
      let mean = own.prefix(features).reduce(0) { $0 + abs($1) } / Double(max(1, features))
      for feature in 0..<features {
        let weight = sizes.beta * own[feature] + (1 - sizes.beta) * mean
        machines.weights[label][feature] = weight * Double(ratios[label][feature])
      }
    }
    return machines
  }

  /// r, of each class all features.
  static func ratios(_ data: FeatureRows, classes: Int, classWeights: [Float]?, alpha: Double) -> [[Float]] {
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

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String { "TF-IDF, naive Bayes' ratios and linear SVM" }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "ratios of the rows in and out of a class that have them, and \(learning)",
      keeps: FeatureKeys.keeping(sizes))
  }
}

/// Keys of a support vector machine over naive Bayes' ratios.
package struct NBSVMConfiguration: MarginSizes, Sendable, Equatable, Codable {
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
  package var calibration: CalibrationKind?

  package init() {}
}
