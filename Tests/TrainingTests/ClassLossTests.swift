import Autograd
import Compute
import Foundation
import TestSupport
import Testing

@testable import Training

/// Tests/Fixtures/training/class-losses.json, by Scripts/fixtures/class_losses.py with PyTorch.
@Suite struct ClassLossTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      var gamma, tau: Double
      var weights: [Float]?
      var loss: Double
      var gradient: [Double]
    }
    var labels: [Int]
    var classes: Int
    var cases: [Case]
    struct Taught: Decodable {
      var temperature, loss: Double
      var gradient: [Double]
    }
    var taught: [Taught]
  }

  private static func parameter(_ logits: [Float], _ classes: Int) -> (Parameter, Tape) {
    let workspace = Workspace()
    let parameter = Parameter(
      name: "logits", shape: [logits.count / classes, classes], values: logits, in: workspace)
    Parameter.number([parameter])
    return (parameter, Tape(workspace: workspace, mode: .training(Random(seed: 1, stream: "masks"))))
  }

  @Test("the focal loss, adjusted outputs and class weights give PyTorch's loss and gradient")
  func reference() throws {
    let file = Fixtures.root.appendingPathComponent("training/class-losses.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let (labels, classes) = (reference.labels, reference.classes)
    func logit(_ row: Double, _ label: Double) -> Float { Float(3 * sin(1.3 * row + 0.7 * label) + 0.2 * label) }
    let logits = labels.indices.flatMap { row in (0..<classes).map { logit(Double(row), Double($0)) } }
    #expect(reference.cases.count == 12)
    for one in reference.cases {
      var settings = TrainingSettings()
      (settings.focalGamma, settings.logitAdjustment) = (one.gamma, one.tau)
      let loss = ClassLoss(settings, .classes(labels), rows: Array(labels.indices), classes: classes)
      #expect((loss.offsets == nil) == (one.tau == 0))
      let head = Head(.classes(labels), outputs: classes, classWeights: one.weights, classLoss: loss)
      let rows = Array(labels.indices)
      let (parameter, tape) = Self.parameter(logits, classes)
      let (value, tensor) = head.loss(tape[parameter], rows: rows, normaliser: head.weight(of: rows), on: tape)
      tape.backward(tensor)
      let name = "gamma \(one.gamma), tau \(one.tau)"
      #expect(abs(value - one.loss) < 1e-6, "\(name)")
      expectClose(try #require(tape.gradient(of: parameter)).array, one.gradient, absolute: 1e-6, name)
    }
  }

  @Test("a teacher's probabilities at a temperature give PyTorch's loss and gradient")
  func taught() throws {
    let file = Fixtures.root.appendingPathComponent("training/class-losses.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let rows = Array(reference.labels.indices), classes = reference.classes
    func values(_ value: (Double, Double) -> Double) -> [Float] {
      rows.flatMap { row in (0..<classes).map { Float(value(Double(row), Double($0))) } }
    }
    let scores = values { 2 * cos(0.9 * $0 + 1.1 * $1) }
    #expect(reference.taught.count == 4)
    for one in reference.taught {
      let head = Head(
        .classes(reference.labels), outputs: classes, classWeights: [9, 9, 9, 9], scores: scores,
        temperature: one.temperature)
      let (parameter, tape) = Self.parameter(values { 3 * sin(1.3 * $0 + 0.7 * $1) + 0.2 * $1 }, classes)
      let (value, tensor) = head.loss(tape[parameter], rows: rows, normaliser: head.weight(of: rows), on: tape)
      tape.backward(tensor)
      let name = "temperature \(one.temperature)"
      expectClose(value, one.loss, absolute: 0, relative: 1e-5, name)
      let largest = one.gradient.map(abs).max() ?? 0
      expectClose(
        try #require(tape.gradient(of: parameter)).array, one.gradient, absolute: 1e-5 * largest, name)
    }
  }

  @Test("a class without rows counts as one")
  func absent() {
    var settings = TrainingSettings()
    settings.logitAdjustment = 1
    let loss = ClassLoss(settings, .classes([0, 0, 1]), rows: [0, 1, 2], classes: 3)
    expectClose(loss.offsets ?? [], [log(2 / 3.0), log(1 / 3.0), log(1 / 3.0)], absolute: 1e-6, "offsets")
  }

  @Test("a row that is certain weighs nothing, and gives no number that is none")
  func certain() throws {
    for gamma in [0.5, 1, 2] {
      let (parameter, tape) = Self.parameter([90, -90, -90, 90], 2)
      let (loss, tensor) = tape.crossEntropy(tape[parameter], labels: [0, 0], gamma: gamma, normaliser: 2)
      tape.backward(tensor)
      let gradient = try #require(tape.gradient(of: parameter)).array
      #expect(loss.isFinite && loss > 80 && gradient.allSatisfy(\.isFinite))
      #expect(gradient[0] == 0 && gradient[1] == 0 && gradient[2] < 0)
    }
  }
}
