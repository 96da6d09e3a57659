import Compute
import Foundation
import Models
import TestSupport
import Testing
import Text

@testable import Families

/// Tests/Fixtures/baselines/naive-bayes.json: scikit-learn's numbers (Scripts/fixtures/naive_bayes.py).
private struct NaiveBayesFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var form: NaiveBayesConfiguration.Form
    var alpha: Double
    var balanced: Bool
    var probabilities: [[Double]]
    var testDescription: String { "\(name), \(form), \(alpha)\(balanced ? ", balanced" : "")" }
  }
  var rows: [Int]
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/naive-bayes.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct NaiveBayesTests {
  private func state(
    _ texts: [String], _ labels: [Int], _ configuration: NaiveBayesConfiguration, weights: [Float]? = nil
  ) throws -> NaiveBayesState {
    let data = try FeatureRows(
      texts, targets: .classes(labels), configuration: configuration, text: LinearTextFixture.plain)
    return NaiveBayesState(
      fitting: data, classes: 3, configuration: configuration, classWeights: weights)
  }

  @Test("probabilities equal scikit-learn's", arguments: try NaiveBayesFixture.load().cases)
  private func reference(reference: NaiveBayesFixture.Case) throws {
    let fixture = try LinearTextFixture.load(), rows = try NaiveBayesFixture.load().rows
    var configuration = NaiveBayesConfiguration()
    try fixture.set(&configuration, to: reference.name)
    (configuration.form, configuration.alpha) = (reference.form, reference.alpha)
    let labels = rows.map { fixture.labels[$0] }
    let weights = (0..<3).map { label in Float(labels.count) / Float(3 * labels.count { $0 == label }) }
    let state = try state(
      rows.map { fixture.train[$0] }, labels, configuration, weights: reference.balanced ? weights : nil)
    let classifier = state.classifier(in: Workspace(), batchSize: 1)
    let probabilities = classifier.answers(classifier.encode(fixture.test), pool: WorkerPool(threads: 1))
    // Scores of some tens are Floats: their last places are some millionths.
    expectClose(probabilities, reference.probabilities.flatMap { $0 }, absolute: 1e-5, reference.testDescription)
  }

  @Test("a class without rows is never the answer, and every number is finite")
  func emptyClass() throws {
    var configuration = NaiveBayesConfiguration()
    configuration.minimumDocuments = 1
    let state = try state(["a card", "a fee"], [0, 2], configuration)
    let isFinite = (state.linear.weights + state.linear.biases).allSatisfy(\.isFinite)
    #expect(isFinite)
    let classifier = state.classifier(in: Workspace(), batchSize: 1)
    let probabilities = classifier.answers(classifier.encode(["a card", ""]), pool: WorkerPool(threads: 1))
    #expect(probabilities[1] == 0 && probabilities[4] == 0)
  }

  @Test("a kept model reads back as the same")
  func stored() throws {
    let fixture = try LinearTextFixture.load()
    let state = try state(fixture.train, fixture.labels, NaiveBayesConfiguration())
    let file = try Safetensors(bytes: Safetensors.encoded(state.tensors))
    let read = try NaiveBayesFamily(NaiveBayesConfiguration()).state(
      outline: StoredJSON.encode(state.outline), tensors: file, shape: .classification(3))
    #expect((read as? NaiveBayesState)?.linear == state.linear)
  }
}
