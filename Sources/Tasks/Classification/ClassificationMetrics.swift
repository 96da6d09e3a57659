import Foundation

/// Every metric of one set of predictions, from labels and class probabilities.
public struct ClassificationMetrics: Sendable {
  public let classes: Int
  public let rows: Int
  /// The class of highest probability; the lowest index among equals.
  public let predictions: [Int]
  /// Precision, recall, F1 and what else follows from the predicted classes.
  public let counts: ConfusionMetrics
  /// Rows by `[true class][predicted class]`.
  public let confusion: [[Int]]
  /// Area under the ROC curve of each class against the rest; nil for a class without rows or with all of them.
  public let auc: [Double?]
  /// Average precision of each class against the rest, Σ (recall step)·precision; nil for a class without rows.
  public let averagePrecision: [Double?]
  /// Mean of −log(probability of the true class) in nats, probabilities clipped to [ε, 1 − ε] with ε the distance
  /// from 1 to the next number of the type given (1.19e-7 for Float, 2.22e-16 for Double), as scikit-learn does.
  public let logLoss: Double
  /// Multiclass Brier score, mean over rows of Σ_c (p_c − y_c)², from 0 to 2 (Brier 1950).
  public let brier: Double
  /// Reliability of the highest probability in 15 bins of equal width.
  public let calibration: Calibration

  /// `labels` is `[rows]`, each from 0 to classes − 1; `probabilities` is `[rows, classes]`, row by row. Macro averages
  /// are over the classes `averaged`; where it is nil, over those that occur among labels or predictions.
  public init(labels: [Int], probabilities: [Float], classes: Int, averaged: [Int]? = nil) {
    self.init(
      labels, probabilities.map(Double.init), classes, averaged: averaged, epsilon: Double(Float.ulpOfOne))
  }

  /// The same from Doubles.
  public init(labels: [Int], probabilities: [Double], classes: Int) {
    self.init(labels, probabilities, classes, averaged: nil, epsilon: Double.ulpOfOne)
  }

  /// What follows from answers alone: no area under the curve, no average precision, and a Brier score that is no number.
  /// The rest is the same to the last bit.
  public init(labels: [Int], answers: RowAnswers, classes: Int) {
    precondition(
      classes > 0 && answers.predictions.count == labels.count,
      "ClassificationMetrics: \(labels.count) labels, \(classes) classes, \(answers.predictions.count) answers")
    let none = [Double?](repeating: nil, count: classes)
    let blank = answers.hasProbabilities ? nil : [Double](repeating: .nan, count: labels.count)
    self.init(
      Rows(
        labels: labels, predictions: answers.predictions, tops: blank ?? answers.probabilities.map(Double.init),
        ofLabels: blank ?? answers.ofLabels.map(Double.init)), classes, averaged: nil,
      epsilon: Double(Float.ulpOfOne), brier: .nan, auc: none, averagePrecision: none)
  }

  private init(_ labels: [Int], _ probabilities: [Double], _ classes: Int, averaged: [Int]?, epsilon: Double) {
    precondition(
      classes > 0 && probabilities.count == labels.count * classes,
      "ClassificationMetrics: \(labels.count) labels, \(classes) classes, \(probabilities.count) probabilities")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classes }, "ClassificationMetrics: a label outside 0..<\(classes)")
    var rows = Rows(labels: labels)
    var squares = 0.0
    for (row, label) in labels.enumerated() {
      let start = row * classes
      var best = 0
      for k in 1..<max(classes, 1) where probabilities[start + k] > probabilities[start + best] { best = k }
      rows.predictions.append(best)
      rows.tops.append(probabilities[start + best])
      rows.ofLabels.append(probabilities[start + label])
      squares += RowScores.brier(probabilities, start: start, classes: classes, label: label)
    }
    let ranked = (0..<classes).map {
      OneVersusRest(labels: labels, probabilities: probabilities, classes: classes, label: $0)
    }
    self.init(
      rows, classes, averaged: averaged, epsilon: epsilon,
      brier: labels.isEmpty ? .nan : squares / Double(labels.count), auc: ranked.map { $0.auc() },
      averagePrecision: ranked.map { $0.averagePrecision() })
  }

  /// True and predicted classes, with the probability of each.
  private struct Rows {
    var labels: [Int]
    var predictions: [Int] = []
    var tops: [Double] = []
    var ofLabels: [Double] = []
  }

  private init(
    _ rows: Rows, _ classes: Int, averaged: [Int]?, epsilon: Double, brier: Double, auc: [Double?],
    averagePrecision: [Double?]
  ) {
    let (labels, predictions) = (rows.labels, rows.predictions)
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    var loss = 0.0
    for row in labels.indices {
      confusion[labels[row]][predictions[row]] += 1
      loss += RowScores.logLoss(rows.ofLabels[row], epsilon: epsilon)
    }
    self.classes = classes
    self.rows = labels.count
    self.predictions = predictions
    self.confusion = confusion
    counts = ConfusionMetrics(labels: labels, predictions: predictions, classes: classes, averaged: averaged)
    logLoss = labels.isEmpty ? .nan : loss / Double(labels.count)
    self.brier = brier
    calibration = Calibration(confidences: rows.tops, correct: zip(predictions, labels).map { $0 == $1 }, bins: 15)
    (self.auc, self.averagePrecision) = (auc, averagePrecision)
  }

  public var accuracy: Double { counts.accuracy }
  public var macroF1: Double { counts.macroF1 }

  /// Mean AUC over the classes that have one; nil where none has.
  public var aucMacro: Double? { OneVersusRest.average(auc, weights: nil) }
  /// Mean AUC weighted by the classes' rows; nil where none has one.
  public var aucWeighted: Double? { OneVersusRest.average(auc, weights: counts.support) }
  /// Mean average precision over the classes present; nil without rows.
  public var averagePrecisionMacro: Double? { OneVersusRest.average(averagePrecision, weights: nil) }

  /// The metric's value, a fraction, log loss in nats; nil where it is undefined: without rows, AUC with one class,
  /// kappa where all is one class, what a probability that is no number spoils, and what answers alone do not tell.
  public func value(_ metric: MetricName) -> Double? {
    let value: Double? =
      switch metric {
      case .aucMacro: aucMacro
      case .aucWeighted: aucWeighted
      case .logLoss: logLoss
      case .brier: brier
      case .ece: calibration.expectedError
      default: counts.value(metric)
      }
    guard let value, value.isFinite else { return nil }
    return value
  }
}

/// What one row adds to log loss and Brier score.
enum RowScores {
  static func logLoss(_ probability: Double, epsilon: Double) -> Double {
    probability.isNaN ? .nan : -log(min(max(probability, epsilon), 1 - epsilon))
  }

  static func brier(_ probabilities: [Double], start: Int, classes: Int, label: Int) -> Double {
    var sum = 0.0
    for k in 0..<classes {
      let error = probabilities[start + k] - (k == label ? 1 : 0)
      sum += error * error
    }
    return sum
  }
}
