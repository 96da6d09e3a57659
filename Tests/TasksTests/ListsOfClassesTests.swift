import Foundation
import Tasks
import TestSupport
import Testing

/// One case of lists-of-classes.json, which scikit-learn wrote.
private struct ListCase: Decodable {
  var name: String
  var classes: Int
  var labels: [Int]
  var probabilities: [[Double]]
  /// Column → value; nil where scikit-learn has none.
  var expected: [String: Double?]
  var weights: [Int32]
  var weighted: [String: Double]
  /// What a second model answers.
  var other: [Int]
  var pair: [[String: Double]]

  static func all() throws -> [ListCase] {
    struct File: Decodable { var cases: [ListCase] }
    let url = Fixtures.root.appendingPathComponent("metrics/lists-of-classes.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }
}

@Suite("Macro averages are over the classes that occur")
struct ListsOfClassesTests {
  @Test("absent classes, one class alone, answers that no label is: as scikit-learn")
  func whole() throws {
    let cases = try ListCase.all()
    #expect(cases.count == 8)
    for item in cases {
      let metrics = ClassificationMetrics(
        labels: item.labels, probabilities: item.probabilities.flatMap(\.self), classes: item.classes)
      for (column, value) in item.expected {
        let name = try #require(MetricName(rawValue: column))
        guard let value else {
          #expect(metrics.value(name) == nil, "\(item.name), \(column)")
          continue
        }
        expectClose(metrics.value(name) ?? .nan, value, "\(item.name), \(column)")
      }
    }
  }

  @Test("a resample without some class keeps the list of the whole")
  func resampled() throws {
    for item in try ListCase.all() {
      let resampled = ResampledMetrics(
        labels: item.labels, probabilities: item.probabilities.joined().map(Float.init), classes: item.classes)
      for (column, value) in item.weighted {
        let name = try #require(MetricName(rawValue: column))
        expectClose(resampled.value(name, weights: item.weights) ?? .nan, value, "\(item.name), \(column)")
      }
    }
  }

  @Test("two models are scored over the classes of both")
  func pairs() throws {
    for item in try ListCase.all() {
      let own = ClassificationMetrics(
        labels: item.labels, probabilities: item.probabilities.flatMap(\.self), classes: item.classes
      ).predictions
      let list = ConfusionMetrics.occurring(in: [item.labels, own, item.other], classes: item.classes)
      for (predictions, expected) in zip([own, item.other], item.pair) {
        let counts = ConfusionMetrics(
          labels: item.labels, predictions: predictions, classes: item.classes, averaged: list)
        for (column, value) in expected {
          let name = try #require(MetricName(rawValue: column))
          expectClose(counts.value(name) ?? .nan, value, "\(item.name), \(column)")
        }
      }
    }
  }
}
