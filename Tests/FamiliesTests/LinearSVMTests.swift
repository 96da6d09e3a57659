import Compute
import Foundation
import Models
import TestSupport
import Testing
import Text

@testable import Families

/// Tests/Fixtures/baselines/linear-svm.json: LIBLINEAR's numbers (Scripts/fixtures/linear_svm.py).
private struct LinearSVMFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var c: Double
    var weighted: Bool
    var objective: Double
    var scores: [[Double]]
    var testDescription: String { "\(name), C = \(c)\(weighted ? ", weighted" : "")" }
  }
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/linear-svm.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct LinearSVMTests {
  private func state(
    _ configuration: LinearSVMConfiguration, weights: [Float]? = nil, threads: Int = 1, seed: UInt64 = 1,
    isStopped: () -> Bool = { false }
  ) throws -> MarginState {
    let fixture = try LinearTextFixture.load()
    let data = try FeatureRows(
      fixture.train, targets: .classes(fixture.labels), configuration: configuration, text: LinearTextFixture.plain)
    let machines = try LinearSVMFamily(configuration).machines(
      data, classes: 3, classWeights: weights, random: Random(seed: seed, stream: "svm"),
      pool: WorkerPool(threads: threads), isStopped: isStopped)
    return MarginState(
      kind: .linearSVM, linear: machines.linear(data.encoder), fit: machines.fit)
  }

  /// x W + b of each text, in Double.
  private func scores(_ linear: LinearText, _ texts: [String]) -> [Double] {
    let rows = linear.encoder.vectorizer.transform(texts)
    return (0..<rows.count).flatMap { row in
      (0..<linear.classes).map { label in
        (rows.offsets[row]..<rows.offsets[row + 1]).reduce(Double(linear.biases[label])) {
          let weight = linear.weights[Int(rows.indices[$1]) * linear.classes + label]
          return $0 + Double(rows.values[$1]) * Double(weight)
        }
      }
    }
  }

  @Test("scores and objective equal LIBLINEAR's", arguments: try LinearSVMFixture.load().cases)
  private func reference(reference: LinearSVMFixture.Case) throws {
    let fixture = try LinearTextFixture.load()
    var configuration = LinearSVMConfiguration()
    try fixture.set(&configuration, to: reference.name)
    (configuration.c, configuration.tolerance, configuration.iterations) = (reference.c, 1e-9, 1_000_000)
    let state = try state(configuration, weights: reference.weighted ? [1, 2, 0.5] : nil)
    #expect(state.fit.hasConverged)
    expectClose(state.fit.objective, reference.objective, relative: 1e-6, reference.testDescription)
    expectClose(
      scores(state.linear, fixture.test), reference.scores.flatMap { $0 }, absolute: 1e-5, reference.testDescription)
  }

  @Test("neither threads nor, at a small tolerance, the order of the rows changes what is learned")
  func order() throws {
    var configuration = LinearSVMConfiguration()
    #expect(try state(configuration, threads: 3).linear == state(configuration).linear)
    configuration.tolerance = 1e-9
    let (one, other) = (try state(configuration), try state(configuration, seed: 2))
    expectClose(one.linear.weights, other.linear.weights.map(Double.init), absolute: 1e-6, "weights")
  }

  @Test("a limit on passes is said, and a stop ends it")
  func limits() throws {
    var configuration = LinearSVMConfiguration()
    configuration.iterations = 1
    #expect(try !state(configuration).fit.hasConverged)
    #expect(throws: FitStopped.self) { try state(configuration, isStopped: { true }) }
  }

  @Test("a kept model reads back as the same, and gives no probabilities")
  func stored() throws {
    let state = try state(LinearSVMConfiguration())
    let file = try Safetensors(bytes: Safetensors.encoded(state.tensors))
    let read = try LinearSVMFamily(LinearSVMConfiguration()).state(
      outline: StoredJSON.encode(state.outline), tensors: file, shape: .classification(3))
    #expect((read as? MarginState)?.linear == state.linear)
    var calibrated = LinearSVMConfiguration()
    #expect(!LinearSVMFamily(calibrated).givesProbabilities)
    calibrated.calibration = .platt
    #expect(LinearSVMFamily(calibrated).givesProbabilities)
  }
}
