import Compute
import Foundation
import Models
import TestSupport
import Testing

@testable import Families

/// Tests/Fixtures/baselines/nb-svm.json: the paper's formulas with LIBLINEAR (Scripts/fixtures/linear_svm.py).
private struct NBSVMFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var alpha, beta: Double
    var weighted: Bool
    var scores: [[Double]]
    var testDescription: String { "\(name), beta = \(beta)\(weighted ? ", weighted" : "")" }
  }
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/nb-svm.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct NBSVMTests {
  private func linear(
    _ configuration: NBSVMConfiguration, weights: [Float]? = nil, threads: Int = 1
  ) throws -> LinearText {
    let fixture = try LinearTextFixture.load()
    let data = try FeatureRows(
      fixture.train, targets: .classes(fixture.labels), configuration: configuration, text: LinearTextFixture.plain)
    let machines = try NBSVMFamily(configuration).machines(
      data, classes: 3, classWeights: weights, random: Random(seed: 1, stream: "svm"),
      pool: WorkerPool(threads: threads), isStopped: { false })
    #expect(machines.fit.hasConverged)
    return machines.linear(data.encoder)
  }

  @Test("scores equal the paper's formulas with LIBLINEAR's machines", arguments: try NBSVMFixture.load().cases)
  private func reference(reference: NBSVMFixture.Case) throws {
    let fixture = try LinearTextFixture.load()
    var configuration = NBSVMConfiguration()
    try fixture.set(&configuration, to: reference.name)
    (configuration.alpha, configuration.beta) = (reference.alpha, reference.beta)
    (configuration.tolerance, configuration.iterations) = (1e-9, 1_000_000)
    let classifier = LinearTextClassifier(
      try linear(configuration, weights: reference.weighted ? [1, 2, 0.5] : nil))
    let scores = classifier.scores(classifier.encode(fixture.test), pool: WorkerPool(threads: 1))
    expectClose(scores, reference.scores.flatMap { $0 }, absolute: 1e-5, reference.testDescription)
  }

  @Test("threads change nothing")
  func threads() throws {
    #expect(try linear(NBSVMConfiguration(), threads: 3) == linear(NBSVMConfiguration()))
  }
}
