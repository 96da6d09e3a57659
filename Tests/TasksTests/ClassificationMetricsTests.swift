import Foundation
import Tasks
import TestSupport
import Testing

@Suite("ClassificationMetrics")
struct ClassificationMetricsTests {
  /// Scores on a coarse grid, so that there are ties, by a fixed congruence.
  static func sample(rows: Int, classes: Int, seed: Int = 1) -> (labels: [Int], probabilities: [Float]) {
    var state = UInt64(seed)
    func draw(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    var (labels, probabilities) = ([Int](), [Float]())
    for _ in 0..<rows {
      let label = draw(classes)
      var scores = (0..<classes).map { _ in Float(draw(6) + 1) }
      scores[label] += Float(draw(5))
      let total = scores.reduce(0, +)
      labels.append(label)
      probabilities += scores.map { $0 / total }
    }
    return (labels, probabilities)
  }

  @Test("the lowest class wins among equal highest probabilities")
  func ties() {
    let metrics = ClassificationMetrics(
      labels: [1, 2, 0], probabilities: [0.2, 0.4, 0.4, 0.3, 0.3, 0.4, 0.5, 0.5, 0] as [Double], classes: 3)
    #expect(metrics.predictions == [1, 2, 0] && metrics.accuracy == 1)
  }

  @Test("AUC is the share of pairs in the right order, equal scores half")
  func aucByPairs() throws {
    let (labels, probabilities) = Self.sample(rows: 80, classes: 3)
    let metrics = ClassificationMetrics(labels: labels, probabilities: probabilities, classes: 3)
    for label in 0..<3 {
      var (wins, pairs) = (0.0, 0.0)
      for i in labels.indices where labels[i] == label {
        for j in labels.indices where labels[j] != label {
          let (a, b) = (probabilities[i * 3 + label], probabilities[j * 3 + label])
          wins += a > b ? 1 : a == b ? 0.5 : 0
          pairs += 1
        }
      }
      expectClose(try #require(metrics.auc[label]), wins / pairs, "class \(label)")
    }
  }

  @Test("a class without rows and answers has no AUC and counts in no average")
  func absentClass() {
    let metrics = ClassificationMetrics(
      labels: [0, 0, 1], probabilities: [0.8, 0.1, 0.1, 0.6, 0.3, 0.1, 0.1, 0.8, 0.1] as [Double], classes: 3)
    #expect(metrics.auc[2] == nil && metrics.averagePrecision[2] == nil)
    #expect(metrics.value(.aucMacro) == 1 && metrics.value(.balancedAccuracy) == 1)
    #expect(metrics.macroF1 == 1)
    #expect(metrics.counts.precision(2) == 0 && metrics.counts.recall(2) == 0)
  }

  @Test("with one class AUC and kappa are undefined, never 0")
  func oneClass() {
    let metrics = ClassificationMetrics(labels: [1, 1], probabilities: [0.1, 0.9, 0.2, 0.8] as [Double], classes: 2)
    #expect(metrics.value(.aucMacro) == nil && metrics.value(.aucWeighted) == nil && metrics.value(.kappa) == nil)
    #expect(metrics.value(.mcc) == 0 && metrics.value(.accuracy) == 1)
  }

  @Test("without rows every metric is undefined")
  func noRows() {
    let metrics = ClassificationMetrics(labels: [], probabilities: [Double](), classes: 3)
    for metric in Problem.classification.metrics { #expect(metrics.value(metric) == nil, "\(metric.rawValue)") }
  }

  @Test("a majority prediction has chance-level MCC, kappa and AUC")
  func majority() {
    let metrics = ClassificationMetrics(
      labels: [0, 1, 0, 2], probabilities: [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0] as [Double], classes: 3)
    #expect(metrics.value(.mcc) == 0 && metrics.value(.kappa) == 0 && metrics.value(.aucMacro) == 0.5)
  }

  @Test("a probability of 0 costs the logarithm of its type's clipping bound")
  func clipping() throws {
    let labels = [0], doubles = [0.0, 1.0], floats: [Float] = [0, 1]
    let wide = ClassificationMetrics(labels: labels, probabilities: doubles, classes: 2)
    let narrow = ClassificationMetrics(labels: labels, probabilities: floats, classes: 2)
    expectClose(wide.logLoss, 52 * log(2), "Double")
    expectClose(narrow.logLoss, 23 * log(2), "Float")
  }

  @Test("a probability that is no number makes undefined what needs it and leaves the rest")
  func notANumber() {
    let metrics = ClassificationMetrics(
      labels: [0, 1], probabilities: [Float.nan, Float.nan, 0.2, 0.8], classes: 2)
    for metric in [MetricName.logLoss, .brier, .ece, .aucMacro] { #expect(metrics.value(metric) == nil) }
    #expect(metrics.value(.accuracy) == 1)
  }

  @Test("calibration bins hold their upper edge, and the largest gap is the maximum error")
  func calibration() throws {
    let confidences = [0.6, 0.61, 0.66, 1, 0.2], correct = [true, false, true, true, false]
    let calibration = Calibration(confidences: confidences, correct: correct, bins: 15)
    #expect(calibration.bins[8].count == 1 && calibration.bins[9].count == 2)
    #expect(calibration.bins[14].count == 1 && calibration.bins[2].count == 1)
    expectClose(calibration.maximumError, 0.4, "maximum")
    expectClose(calibration.expectedError, (0.4 + 2 * abs(0.5 - 0.635) + 0 + 0.2) / 5, "expected")
  }

  @Test("names of metrics are the columns' names")
  func names() {
    #expect(MetricName(rawValue: "f1_macro") == .f1Macro && MetricName(rawValue: "auc_ovr_macro") == .aucMacro)
    #expect(Problem.classification.metrics.filter { !$0.isFraction } == [.logLoss, .brier])
    #expect(Problem.classification.metrics.filter { !$0.higherIsBetter } == [.logLoss, .brier, .ece])
    #expect(Set(Problem.classification.metrics.map(\.title)).count == Problem.classification.metrics.count)
  }
}

@Suite("ResampledMetrics")
struct ResampledMetricsTests {
  @Test("weights give the same as rows that stand there so many times", arguments: Problem.classification.metrics)
  func repeated(metric: MetricName) throws {
    let (labels, probabilities) = ClassificationMetricsTests.sample(rows: 60, classes: 4, seed: 8)
    let weights = labels.indices.map { Int32($0 * 7 % 4) }
    var (copiedLabels, copied) = ([Int](), [Float]())
    for row in labels.indices {
      for _ in 0..<weights[row] {
        copiedLabels.append(labels[row])
        copied += probabilities[row * 4..<row * 4 + 4]
      }
    }
    let resampled = ResampledMetrics(labels: labels, probabilities: probabilities, classes: 4)
    let alone = ResampledMetrics(labels: labels, probabilities: probabilities, classes: 4, for: [metric])
    #expect(alone.value(metric, weights: weights) == resampled.value(metric, weights: weights))
    let expected = ClassificationMetrics(labels: copiedLabels, probabilities: copied, classes: 4).value(metric)
    expectClose(
      try #require(resampled.value(metric, weights: weights)), try #require(expected), metric.rawValue)
  }

  @Test("from predicted classes alone only what needs no probabilities has a value")
  func withoutProbabilities() {
    let resampled = ResampledMetrics(labels: [0, 1, 1], predictions: [0, 1, 0], classes: 2)
    let weights: [Int32] = [1, 2, 0]
    for metric in Problem.classification.metrics {
      #expect((resampled.value(metric, weights: weights) == nil) == metric.needsProbabilities, "\(metric.rawValue)")
    }
    #expect(resampled.value(.accuracy, weights: weights) == 1)
    #expect(resampled.value(.accuracy, weights: [0, 0, 0]) == nil)
  }

  @Test("macro-F1 from labels and predictions is that of the whole set of metrics")
  func confusionOnly() {
    let (labels, probabilities) = ClassificationMetricsTests.sample(rows: 200, classes: 5, seed: 3)
    let whole = ClassificationMetrics(labels: labels, probabilities: probabilities, classes: 5)
    let counts = ConfusionMetrics(labels: labels, predictions: whole.predictions, classes: 5)
    #expect(counts.macroF1 == whole.value(.f1Macro) && counts.accuracy == whole.accuracy)
    #expect(counts.correct == (0..<5).map { whole.confusion[$0][$0] })
    #expect(counts.predicted == (0..<5).map { label in whole.confusion.reduce(0) { $0 + $1[label] } })
  }
}
