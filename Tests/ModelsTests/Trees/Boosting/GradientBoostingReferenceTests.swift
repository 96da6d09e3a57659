import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

/// Tests/Fixtures/baselines/boosting.json: LightGBM's numbers (Scripts/fixtures/boosting.py).
private struct BoostingFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var objective: String
    var rounds: Int
    var leaves: Int
    var rate: Double
    var lambda: Double
    var depth: Int?
    var targets: [Int]
    var answers: Answers
    var testDescription: String { "\(objective), \(rounds), \(leaves)" }

    var settings: BoostingSettings {
      var settings = BoostingSettings()
      (settings.rounds, settings.leaves, settings.learningRate) = (rounds, leaves, rate)
      (settings.lambda, settings.maximumDepth, settings.minimumLeaf, settings.minimumBin) = (lambda, depth, 5, 1)
      (settings.categories.smoothing, settings.categories.lambda, settings.categories.minimumGroup) = (3, 2, 8)
      return settings
    }
  }
  /// Numbers, or lists of them, one after another.
  struct Answers: Decodable {
    var values: [Double]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let numbers = try? container.decode([Double].self) {
        values = numbers
      } else {
        values = try container.decode([[Double]].self).flatMap { $0 }
      }
    }
  }
  /// Numbers in 64ths and codes.
  var columns: [[Int?]]
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/boosting.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  var table: TableColumns {
    TableColumns(
      columns.enumerated().map { place, values in
        place < 2
          ? .numbers(values.map { $0.map { Float($0) / 64 } ?? .nan }) : .categories(values.map { Int32($0 ?? -1) })
      }, rows: columns[0].count)
  }
}

@Suite struct GradientBoostingReferenceTests {
  @Test(
    "answers equal LightGBM's, with missing values and categories of both kinds",
    arguments: try BoostingFixture.load().cases)
  private func reference(reference: BoostingFixture.Case) throws {
    let table = try BoostingFixture.load().table
    let targets: TreeTargets =
      switch reference.objective {
      case "regression": .numbers(reference.targets.map { Double($0) / 64 })
      case "binary": .classes(reference.targets, classes: 2)
      default: .classes(reference.targets, classes: 3)
      }
    let pool = WorkerPool(threads: 1)
    let model = try GradientBoosting.fit(table, targets: targets, settings: reference.settings, pool: pool).model
    var answers = model.predict(table, pool: pool)
    // LightGBM gives the probability of class 1.
    if reference.objective == "binary" { answers = (0..<table.rows).map { answers[2 * $0 + 1] } }
    expectClose(answers, reference.answers.values, absolute: 2e-5, "answers")
  }
}
