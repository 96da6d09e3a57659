import Families
import Foundation
import Models
import Tasks
import TestSupport
import Testing

@testable import Execution
@testable import Records

@Suite struct DivergenceTests {
  /// A network's trial after training rows of these classes.
  private func record(
    _ predicted: [Int], labels: [Int] = [0, 0, 1, 2], trained: [Int] = [0, 0, 0, 1, 2], failed: Bool = false,
    target: String? = nil
  ) -> TrialRecord {
    var record = SampleTrials.trial("a", target: target, labels: labels, predicted: predicted, failed: failed)
    record.kind = .bert
    record.majority = MajorityState(labels: trained, classes: 3)
    return record
  }

  @Test("no better than the training majority on the deciding metric, or not finite: nothing else has diverged")
  func cases() {
    #expect(record([0, 0, 0, 0]).divergence(on: .accuracy) == .noBetterThanMajority)
    #expect(record([0, 1, 1, 0]).divergence(on: .accuracy) == .noBetterThanMajority)
    #expect(record([0, 0, 1, 0]).divergence(on: .accuracy) == nil)
    #expect(record([0, 0, 1, 2], failed: true).divergence(on: .accuracy) == .notFinite)
    #expect(record([0, 0, 0, 0], target: "elsewhere").divergence(on: .accuracy) == nil)
    #expect(SampleTrials.trial("a", labels: [0, 0, 1, 2], predicted: [0, 0, 0, 0]).divergence(on: .accuracy) == nil)
  }

  @Test("accuracy given up for the rare classes is no divergence where macro-F1 decides")
  func decidingMetric() {
    let labels = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2]
    let balanced = record([0, 0, 1, 1, 2, 2, 1, 1, 2, 2], labels: labels)
    #expect(balanced.metrics["accuracy"] == 0.6)
    #expect(balanced.divergence(on: .accuracy) == .noBetterThanMajority)
    #expect(balanced.divergence(on: .f1Macro) == nil)
  }

  @Test("the bar is the training majority, not that of the test part, whose labels training may lack")
  func trainingMajority() {
    // Six of ten rows have a label that training does not know; the network answers the other four.
    let labels = [2, 2, 2, 2, 2, 2, 0, 0, 1, 1]
    let network = record([0, 1, 0, 1, 0, 1, 0, 0, 1, 1], labels: labels, trained: [0, 0, 1])
    #expect(network.metrics["accuracy"] == 0.4)
    #expect(network.divergence(on: .accuracy) == nil && network.divergence(on: .f1Macro) == nil)
    // Always the majority of training, with its accuracy of two rows in ten.
    let level = record([Int](repeating: 0, count: 10), labels: labels, trained: [0, 0, 1])
    for metric in [MetricName.accuracy, .f1Macro, .balancedAccuracy, .mcc] {
      #expect(level.divergence(on: metric) == .noBetterThanMajority, "\(metric.rawValue)")
    }
  }

  @Test("an answer that no label is does not lower the bar: both are scored over one list")
  func oneList() {
    // Over its own list {0, 1, 2} the network has (2/3 + 0 + 0)/3, the majority over {0, 1} alone 0.4.
    let labels = [0, 0, 1], trained = [0, 0, 1]
    #expect(record([0, 2, 2], labels: labels, trained: trained).divergence(on: .f1Macro) == .noBetterThanMajority)
    // Over one list, as the fixtures of the metrics have it: 1/3·(2/3 + 2/3) against 1/3·0.8.
    #expect(record([0, 2, 1], labels: labels, trained: trained).divergence(on: .f1Macro) == nil)
  }

  @Test("of a loss less is better, and the bar is the class prior of training")
  func losses() throws {
    let labels = [0, 0, 1, 2]
    // The prior of 3, 1 and 1 rows by Laplace's rule is 4/8, 2/8, 2/8: a log loss of 1.040 nats.
    let bar = -(2 * log(0.5) + 2 * log(0.25)) / 4
    let sure = record([0, 0, 1, 2]), wrong = record([1, 1, 0, 0])
    #expect((sure.metrics["log_loss"] ?? .nan) < bar && (wrong.metrics["log_loss"] ?? .nan) > bar)
    #expect(sure.divergence(on: .logLoss) == nil && wrong.divergence(on: .logLoss) == .noBetterThanMajority)
    #expect(sure.divergence(on: .aucMacro) == nil)
    // Every text alike: an area of one half, as the majority's.
    #expect(record([0, 0, 0, 0]).divergence(on: .aucMacro) == .noBetterThanMajority)
    // One class alone has no area under the curve, and nothing can be said.
    #expect(record([0, 0], labels: [0, 0]).divergence(on: .aucMacro) == nil)
    #expect(labels == sure.labels)
  }

  @Test("a run counts its training rows")
  func run() throws {
    var manifest = Small.manifest()
    manifest.models.removeAll { !["lstm", "majority"].contains($0.name) }
    let runner = try Small.runner(manifest, jobs: 2)
    let records = runner.run(progress: Progress(style: .quiet)).records
    for record in records where record.model == "majority" && record.source == record.target {
      let majority = try #require(record.majority)
      #expect(majority.counts.reduce(0, +) == record.trainRows)
      #expect(Set(record.predictions) == [majority.majority])
      // The baseline is exactly at the bar, by every metric that has a value.
      var twin = record
      twin.kind = .lstm
      for metric in Problem.classification.metrics where record.metrics[metric.rawValue] != nil {
        #expect(twin.divergence(on: metric) == .noBetterThanMajority, "\(record.trial), \(metric.rawValue)")
      }
    }
  }

  @Test("a part on which right answers score no better than the majority says nothing of a model")
  func nothingToTell() {
    let trained = [0, 0, 0, 1, 2]
    // The majority's class alone: right on every row, or wrong on some, is told apart from nothing.
    for metric in Problem.classification.metrics {
      #expect(
        record([0, 0, 0], labels: [0, 0, 0], trained: trained).divergence(on: metric) == nil, "\(metric.rawValue)")
    }
    #expect(record([0, 1, 0], labels: [0, 0, 0], trained: trained).divergence(on: .accuracy) == nil)
    // Of another class alone: Matthews' coefficient and kappa are 0 for every model, accuracy is not.
    for metric in [MetricName.mcc, .kappa] {
      #expect(
        record([1, 1, 1], labels: [1, 1, 1], trained: trained).divergence(on: metric) == nil, "\(metric.rawValue)")
    }
    #expect(record([1, 1, 1], labels: [1, 1, 1], trained: trained).divergence(on: .accuracy) == nil)
    #expect(record([0, 0, 0], labels: [1, 1, 1], trained: trained).divergence(on: .accuracy) == .noBetterThanMajority)
  }

}
