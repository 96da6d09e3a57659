/// All that follows from how often each class was predicted for each class.
///
/// Only row sums, column sums and the diagonal of the confusion matrix are kept, so that one value costs
/// O(rows + classes) and a resample thousands of them. Counts may be weights.
///
/// 0/0 is 0 in precision, recall and F1. Macro averages are over the classes that occur among the labels or the
/// predictions, as scikit-learn's, unless told otherwise. Balanced accuracy is the mean recall of the classes present.
public struct ConfusionMetrics: Sendable, Equatable {
  /// Rows of each true class, `[classes]`.
  public let support: [Int]
  /// Rows predicted as each class, `[classes]`.
  public let predicted: [Int]
  /// Rows of each class that were predicted as such, `[classes]`.
  public let correct: [Int]
  /// The classes that macro averages are over.
  public let averaged: [Int]

  /// From true and predicted classes, `[rows]`, each from 0 to classes − 1; row i counts weights[i] times, once
  /// where weights is nil. Macro averages are over the classes `averaged`; where it is nil, over those of `occurring`,
  /// whatever the weights.
  public init(labels: [Int], predictions: [Int], classes: Int, weights: [Int32]? = nil, averaged: [Int]? = nil) {
    precondition(
      labels.count == predictions.count && (weights?.count ?? labels.count) == labels.count,
      "ConfusionMetrics: \(labels.count) labels, \(predictions.count) predictions, \(weights?.count ?? labels.count) weights"
    )
    // Local sums: through self every step would check that it alone holds the array.
    var support = [Int](repeating: 0, count: classes)
    var predicted = support
    var correct = support
    if let weights {
      for row in 0..<labels.count {
        let (label, prediction, weight) = (labels[row], predictions[row], Int(weights[row]))
        support[label] += weight
        predicted[prediction] += weight
        if label == prediction { correct[label] += weight }
      }
    } else {
      for row in 0..<labels.count {
        let (label, prediction) = (labels[row], predictions[row])
        support[label] += 1
        predicted[prediction] += 1
        if label == prediction { correct[label] += 1 }
      }
    }
    (self.support, self.predicted, self.correct) = (support, predicted, correct)
    self.averaged = averaged ?? Self.occurring(in: [labels, predictions], classes: classes)
  }

  /// The classes that stand in any of the lists, ascending.
  public static func occurring(in lists: [[Int]], classes: Int) -> [Int] {
    var occurs = [Bool](repeating: false, count: classes)
    for list in lists {
      for label in list { occurs[label] = true }
    }
    return occurs.indices.filter { occurs[$0] }
  }

  public var classes: Int { support.count }
  public var rows: Int { support.reduce(0, +) }

  /// Share of rows predicted right; 0 without rows.
  public var accuracy: Double { ratio(correct.reduce(0, +), rows) }

  public func precision(_ label: Int) -> Double { ratio(correct[label], predicted[label]) }
  public func recall(_ label: Int) -> Double { ratio(correct[label], support[label]) }
  /// 2·correct / (support + predicted), the harmonic mean of precision and recall.
  public func f1(_ label: Int) -> Double { ratio(2 * correct[label], support[label] + predicted[label]) }

  /// Mean F1 over the classes `averaged`; one of them without rows and predictions counts 0.
  public var macroF1: Double { macro(f1) }

  /// The metric's value; nil without rows, for a metric that needs probabilities, and for kappa where labels and
  /// predictions are all of one and the same class.
  public func value(_ metric: MetricName) -> Double? {
    guard rows > 0 else { return nil }
    switch metric {
    case .accuracy, .precisionMicro, .recallMicro, .f1Micro: return accuracy
    case .balancedAccuracy: return balancedAccuracy
    case .precisionMacro: return macro(precision)
    case .recallMacro: return macro(recall)
    case .f1Macro: return macroF1
    case .precisionWeighted: return weighted(precision)
    case .recallWeighted: return weighted(recall)
    case .f1Weighted: return weighted(f1)
    case .mcc: return mcc
    case .kappa: return kappa
    default: return nil
    }
  }

  /// Mean recall of the classes that have rows; 0 without rows.
  public var balancedAccuracy: Double {
    var (sum, present) = (0.0, 0)
    for label in support.indices where support[label] > 0 {
      sum += recall(label)
      present += 1
    }
    return present > 0 ? sum / Double(present) : 0
  }

  /// Multiclass Matthews correlation R_K (Gorodkin 2004); 0 where labels or predictions are all of one class.
  public var mcc: Double {
    let total = Double(rows)
    var (hits, product, labelSquares, predictedSquares) = (0.0, 0.0, 0.0, 0.0)
    for label in support.indices {
      let (s, p) = (Double(support[label]), Double(predicted[label]))
      hits += Double(correct[label])
      product += s * p
      labelSquares += s * s
      predictedSquares += p * p
    }
    let spread = (total * total - predictedSquares) * (total * total - labelSquares)
    return spread > 0 ? (hits * total - product) / spread.squareRoot() : 0
  }

  /// Cohen's kappa (1960); nil where chance agreement is 1, and without rows.
  public var kappa: Double? {
    let total = Double(rows)
    var (hits, product) = (0.0, 0.0)
    for label in support.indices {
      hits += Double(correct[label])
      product += Double(support[label]) * Double(predicted[label])
    }
    let chance = total * total - product
    return chance > 0 ? (hits * total - product) / chance : nil
  }

  private func macro(_ value: (Int) -> Double) -> Double {
    guard !averaged.isEmpty else { return 0 }
    var sum = 0.0
    for label in averaged { sum += value(label) }
    return sum / Double(averaged.count)
  }

  private func weighted(_ value: (Int) -> Double) -> Double {
    var sum = 0.0
    for label in support.indices { sum += Double(support[label]) * value(label) }
    return rows > 0 ? sum / Double(rows) : 0
  }

  private func ratio(_ numerator: Int, _ denominator: Int) -> Double {
    denominator == 0 ? 0 : Double(numerator) / Double(denominator)
  }
}
