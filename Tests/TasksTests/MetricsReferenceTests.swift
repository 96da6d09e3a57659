import Foundation
import Tasks
import TestSupport
import Testing

/// One case of metrics.json.
private struct MetricsCase: Decodable {
  struct Averages: Decodable {
    var precision, recall, f1: Double
  }
  struct PerClass: Decodable {
    var precision, recall, f1: [Double]
    var support: [Int]
  }
  var labels: [Int]
  var probabilities: [[Double]]
  var classes: Int
  var macro, micro, weighted: Averages
  var perClass: PerClass
  var accuracy, balancedAccuracy, mcc, kappa, logLoss: Double
  var confusion: [[Int]]
  var aucOvrPerClass: [String: Double]
  var aucOvrMacroOverPresent, aucOvrWeightedOverPresent: Double?
  var averagePrecisionMacroOverPresent: Double
  var brierMulticlass: Double
  var ece15EqualWidth: Double

  enum CodingKeys: String, CodingKey {
    case labels, probabilities, classes, macro, micro, weighted, accuracy, mcc, kappa, confusion
    case perClass = "per_class"
    case balancedAccuracy = "balanced_accuracy"
    case logLoss = "log_loss"
    case aucOvrPerClass = "auc_ovr_per_class"
    case aucOvrMacroOverPresent = "auc_ovr_macro_over_present"
    case aucOvrWeightedOverPresent = "auc_ovr_weighted_over_present"
    case averagePrecisionMacroOverPresent = "average_precision_macro_over_present"
    case brierMulticlass = "brier_multiclass"
    case ece15EqualWidth = "ece_15_equal_width"
  }

  static func all() throws -> [(name: String, item: MetricsCase)] {
    let data = try Data(contentsOf: Fixtures.golden.appendingPathComponent("metrics.json"))
    return try JSONDecoder().decode([MetricsCase].self, from: data).enumerated().map {
      ("metrics.json [\($0.offset)]", $0.element)
    }
  }
}

@Suite("ClassificationMetrics against metrics.json")
struct MetricsReferenceTests {
  private func close(_ actual: Double?, _ expected: Double?, _ what: String) {
    guard let expected else {
      #expect(actual == nil, "\(what)")
      return
    }
    expectClose(actual ?? .nan, expected, absolute: 1e-12, relative: 1e-9, what)
  }

  @Test("every metric gives the reference value")
  func scalars() throws {
    let cases = try MetricsCase.all()
    #expect(!cases.isEmpty)
    for (name, item) in cases {
      let metrics = ClassificationMetrics(
        labels: item.labels, probabilities: item.probabilities.flatMap(\.self), classes: item.classes)
      let expected: [(MetricName, Double?)] = [
        (.accuracy, item.accuracy), (.balancedAccuracy, item.balancedAccuracy), (.precisionMacro, item.macro.precision),
        (.recallMacro, item.macro.recall), (.f1Macro, item.macro.f1), (.precisionMicro, item.micro.precision),
        (.recallMicro, item.micro.recall), (.f1Micro, item.micro.f1), (.precisionWeighted, item.weighted.precision),
        (.recallWeighted, item.weighted.recall), (.f1Weighted, item.weighted.f1),
        (.aucMacro, item.aucOvrMacroOverPresent), (.aucWeighted, item.aucOvrWeightedOverPresent), (.mcc, item.mcc),
        (.kappa, item.kappa), (.logLoss, item.logLoss), (.brier, item.brierMulticlass), (.ece, item.ece15EqualWidth),
      ]
      #expect(expected.count == Problem.classification.metrics.count)
      for (metric, value) in expected { close(metrics.value(metric), value, "\(name) \(metric.rawValue)") }
      close(metrics.averagePrecisionMacro, item.averagePrecisionMacroOverPresent, "\(name) average_precision")
    }
  }

  @Test("precision, recall, F1 and AUC of each class and the confusion give the reference values")
  func perClass() throws {
    for (name, item) in try MetricsCase.all() {
      let metrics = ClassificationMetrics(
        labels: item.labels, probabilities: item.probabilities.flatMap(\.self), classes: item.classes)
      #expect(metrics.confusion == item.confusion, "\(name) confusion")
      #expect(metrics.counts.support == item.perClass.support, "\(name) support")
      for label in 0..<item.classes {
        close(metrics.counts.precision(label), item.perClass.precision[label], "\(name) precision of class \(label)")
        close(metrics.counts.recall(label), item.perClass.recall[label], "\(name) recall of class \(label)")
        close(metrics.counts.f1(label), item.perClass.f1[label], "\(name) f1 of class \(label)")
        close(metrics.auc[label], item.aucOvrPerClass["\(label)"], "\(name) AUC of class \(label)")
      }
    }
  }
}
