import Compute
import Foundation
import Tasks
import TestSupport
import Testing

@testable import Models

/// Tests/Fixtures/baselines/mlp.json: PyTorch's numbers (Scripts/fixtures/mlp.py).
private struct MLPFixture: Decodable {
  struct Weights: Decodable, Sendable {
    /// Of each layer, `[outputs, inputs]` and `[outputs]`.
    var weights, biases: [[Float]]
  }
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var problem: Problem
    var outputs: Int
    var start, end: Weights
    var answers, losses: [Double]
    var testDescription: String { problem.rawValue }
  }
  var columns: Int
  var hidden: [Int]
  var rows: [FixtureRow]
  var labels: [Int]
  var sets: [[Int]]
  var numbers: [Double]
  var class_weights: [Float]
  var batches: [[Int]]
  var rate, beta1, beta2, decay: Double
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/mlp.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  var features: SparseRows { SparseRows(rows, columns: columns) }

  func targets(_ problem: Problem) -> Targets {
    switch problem {
    case .classification: .classes(labels)
    case .multiLabel: .labels(sets)
    case .regression: .numbers(numbers)
    }
  }
}

@Suite struct MLPReferenceTests {
  private let pool = WorkerPool(threads: 1)
  private let random = Random(seed: 3, stream: "mlp")

  @Test(
    "answers, the losses of three steps and the weights after them are PyTorch's",
    arguments: try MLPFixture.load().cases)
  private func reference(reference: MLPFixture.Case) throws {
    let fixture = try MLPFixture.load(), features = fixture.features, targets = fixture.targets(reference.problem)
    func model(_ weights: MLPFixture.Weights) -> MLP {
      MLP(
        problem: reference.problem, inputs: fixture.columns, hidden: fixture.hidden, outputs: reference.outputs,
        weights: weights.weights, biases: weights.biases)
    }
    let start = model(reference.start), end = model(reference.end)
    expectClose(start.answers(features, pool: pool), reference.answers, absolute: 1e-6, "answers")
    var settings = MLP.Settings()
    (settings.beta1, settings.beta2, settings.weightDecay) = (fixture.beta1, fixture.beta2, fixture.decay)
    let weights = MLPWeights(
      start, settings: settings, classWeights: reference.problem == .classification ? fixture.class_weights : nil)
    let losses = fixture.batches.map {
      weights.step(features.rows($0), targets.rows($0), rate: fixture.rate, random: random, pool: pool)
    }
    expectClose(losses, reference.losses, absolute: 0, relative: 1e-5, "losses")
    expectClose(weights.model.first, end.first, absolute: 1e-6, relative: 1e-4, "the first layer")
    for (layer, expected) in zip(weights.model.rest, end.rest) {
      expectClose(layer.weights, expected.weights, absolute: 1e-6, relative: 1e-4, "weights")
      expectClose(layer.bias, expected.bias, absolute: 1e-6, relative: 1e-4, "a bias")
    }
  }

  @Test("gradients are those of finite differences, dropout included", arguments: Problem.allCases)
  func gradients(problem: Problem) {
    let rows = TreeData.sparse(rows: 12, columns: 5, seed: 2), outputs = problem == .regression ? 1 : 3
    let targets: Targets =
      switch problem {
      case .classification: .classes((0..<12).map { $0 % 3 })
      case .multiLabel: .labels((0..<12).map { $0 % 4 == 0 ? [] : $0 % 2 == 0 ? [0, 2] : [1] })
      case .regression: .numbers((0..<12).map { Double($0) / 6 - 1 })
      }
    var settings = MLP.Settings()
    settings.dropout = 0.3
    func weights(_ model: MLP) -> MLPWeights {
      MLPWeights(model, settings: settings, classWeights: problem == .classification ? [1, 0.5, 3] : nil)
    }
    let model = MLP(problem: problem, inputs: 5, hidden: [9, 7], outputs: outputs, random: random)
    func loss(_ model: MLP) -> Double { weights(model).gradient(rows, targets, random: random, pool: pool).loss }
    let gradient = weights(model).gradient(rows, targets, random: random, pool: pool)
    #expect(gradient.columns == [0, 1, 2, 3, 4])
    // Columns from the first layer's width on are no weights.
    let places = model.first.indices.filter { $0 % model.stride < 9 }, first = gradient.table + gradient.firstBias.array
    #expect(model.stride == 16 && first.indices.allSatisfy { $0 % 16 < 9 || first[$0] == 0 })
    expectGradient(
      of: { values in
        var moved = model
        for (place, value) in zip(places, values) { moved.first[place] = value }
        return loss(moved)
      }, at: places.map { model.first[$0] }, analytic: places.map { first[$0] }, step: 1e-3, "the first layer")
    for layer in model.rest.indices {
      expectGradient(
        of: { values in
          var moved = model
          moved.rest[layer].weights = values
          return loss(moved)
        }, at: model.rest[layer].weights, analytic: gradient.layers[layer].weights.array, step: 1e-3,
        "weights \(layer)")
      expectGradient(
        of: { values in
          var moved = model
          moved.rest[layer].bias = values
          return loss(moved)
        }, at: model.rest[layer].bias, analytic: gradient.layers[layer].bias.array, step: 1e-3, "bias \(layer)")
    }
  }
}
