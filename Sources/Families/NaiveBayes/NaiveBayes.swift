import Compute
import Foundation
import Models
import Text

/// Keys of a naive Bayes model.
package struct NaiveBayesConfiguration: NGramFeatures, Sendable, Equatable, Codable {
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  package var form = Form.multinomial
  /// Added to the count of every n-gram in every class: Laplace's rule at 1, Lidstone's below.
  package var alpha = 1.0

  package enum Form: String, Sendable, CaseIterable, Codable { case multinomial, complement }

  package init() {}
}

/// Naive Bayes over weights of n-grams, taken as counts (McCallum and Nigam 1998; complement: Rennie et al. 2003, section
/// 3.1). Equal to scikit-learn's `MultinomialNB` and `ComplementNB` on the same features.
///
/// With N_cj the sum of n-gram j over the rows of class c, each row times its weight:
/// - multinomial: w_cj = log (N_cj + α) − log Σ_j (N_cj + α), b_c = log (rows of c / rows);
/// - complement: w_cj = −log (N_j − N_cj + α) + log Σ_j (N_j − N_cj + α), b_c = 0.
struct NaiveBayesState: LinearFeatureState {
  static let kind = NaiveBayesFamily.kind
  let linear: LinearText

  init(linear: LinearText) { self.linear = linear }

  /// - Parameter classWeights: of each class' rows; all are 1 where nil.
  init(
    fitting data: FeatureRows, classes: Int, configuration: NaiveBayesConfiguration, classWeights: [Float]?
  ) {
    let features = data.features.columns
    // `[features, classes]`, added row by row in Double.
    var sums = [Double](repeating: configuration.alpha, count: features * classes)
    var rows = [Double](repeating: 0, count: classes)
    for (row, label) in data.labels.enumerated() {
      let weight = Double(classWeights?[label] ?? 1)
      rows[label] += weight
      for place in data.features.offsets[row]..<data.features.offsets[row + 1] {
        sums[Int(data.features.indices[place]) * classes + label] += weight * Double(data.features.values[place])
      }
    }
    if configuration.form == .complement { Self.complement(&sums, classes, alpha: configuration.alpha) }
    var totals = [Double](repeating: 0, count: classes)
    for feature in 0..<features { for label in 0..<classes { totals[label] += sums[feature * classes + label] } }
    let logarithms = totals.map { log($0) }, sign: Double = configuration.form == .complement ? -1 : 1
    let all = rows.reduce(0, +)
    linear = LinearText(
      encoder: data.encoder, classes: classes,
      weights: sums.indices.map { Float(sign * (log(sums[$0]) - logarithms[$0 % classes])) },
      // A class without rows has no chance, and a number all the same.
      biases: rows.map { configuration.form == .complement ? 0 : Float(log(max($0, .leastNormalMagnitude) / all)) })
  }

  /// Σ over the other classes in place of the class' own.
  private static func complement(_ sums: inout [Double], _ classes: Int, alpha: Double) {
    for start in stride(from: 0, to: sums.count, by: classes) {
      let all = sums[start..<start + classes].reduce(0) { $0 + $1 - alpha }
      for place in start..<start + classes { sums[place] = all - (sums[place] - alpha) + alpha }
    }
  }

  struct Outline: Codable { var tfidf: LinearText.Outline }

  var outline: any Encodable { Outline(tfidf: linear.outline) }
}
