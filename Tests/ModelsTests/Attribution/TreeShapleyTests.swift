import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models

/// Tests/Fixtures/attribution/shap.json: SHAP's values (Scripts/fixtures/attribution.py).
private struct ShapFixture: Decodable {
  struct Node: Decodable, Sendable {
    var column: Int32?
    var threshold: Float?
    var right: Int?
    var output: Int32?
    var value: Float?
  }
  struct Row: Decodable, Sendable {
    var values: [Float]
    var shapley: [[Double]]
  }
  struct Case: Decodable, Sendable {
    var columns: Int
    var outputs: Int
    var trees: [[Node]]
    var rows: [Row]

    var nodes: TreeNodes {
      var all = TreeNodes()
      for tree in trees {
        var own = TreeNodes()
        for (place, node) in tree.enumerated() {
          if let column = node.column {
            own.nodes.append(
              .init(column: column, threshold: node.threshold ?? 0, link: Int32(place + (node.right ?? 0))))
          } else {
            own.nodes.append(.init(column: -1, threshold: 0, link: Int32(own.leaves)))
            own.leafOutputs.append(node.output ?? 0)
            own.leafValues.append(node.value ?? 0)
            own.leafStarts.append(own.leafValues.count)
          }
        }
        own.starts = [0, own.nodes.count]
        all.append(own)
      }
      return all
    }
  }
  struct Linear: Decodable {
    var weights: [Float]
    var row: [Float]
    var values: [Double]
  }
  var cases: [Case]
  var linear: Linear

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("attribution/shap.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct TreeShapleyTests {
  @Test("of forests they are SHAP's, and add up to what the row changes", arguments: 0..<4)
  func forests(number: Int) throws {
    let one = try ShapFixture.load().cases[number], nodes = one.nodes
    for row in one.rows {
      for output in 0..<one.outputs {
        let found = nodes.shapley(row.values, output: output)
        // SHAP adds trees up, and a forest is their mean.
        let expected = row.shapley[output].map { $0 / Double(one.trees.count) }
        expectClose((0..<one.columns).map { found[$0] ?? 0 }, expected, absolute: 1e-6, "output \(output)")
        func answer(_ row: [Float]) -> Double {
          Double(
            nodes.answers(
              .dense(row, columns: one.columns), outputs: one.outputs, pool: WorkerPool(threads: 1))[output])
        }
        expectClose(
          found.values.reduce(0, +), answer(row.values) - answer(row.values.map { _ in 0 }), absolute: 1e-6, "sum")
      }
    }
  }

  @Test(
    "of boosted trees they are averages over all orders of the columns, of each class and of both of two",
    arguments: [2, 3])
  func boosting(classes: Int) throws {
    var random = Random(seed: 9, stream: "rows")
    let labels = (0..<120).map { $0 % classes }
    // Columns that tell the classes apart together, and one that is missing now and then.
    let columns: [TableColumns.Column] = [
      .numbers(labels.map { Float($0) + Float(random.normal()) }),
      .numbers(labels.map { $0 == 1 ? .nan : Float(random.normal()) }),
      .categories(labels.map { Int32(($0 + random.below(2)) % 3) }),
      .numbers(labels.map { _ in Float(random.normal()) }),
    ]
    let table = TableColumns(columns, rows: labels.count)
    var settings = BoostingSettings()
    (settings.rounds, settings.minimumLeaf) = (6, 5)
    let model = try GradientBoosting.fit(
      table, targets: .classes(labels, classes: classes), settings: settings, pool: WorkerPool(threads: 1)
    ).model
    for row in [0, 1, 2, 37] {
      let values = model.values(table, row..<row + 1)
      let none: [Float] = [0, 0, -1, 0]
      for output in 0..<classes {
        let found = model.shapley(values, output: output)
        // All 24 orders.
        var expected = [Double](repeating: 0, count: 4)
        for order in orders([0, 1, 2, 3]) {
          var now = none, before = model.score(none, output: output)
          for column in order {
            now[column] = values[column]
            let after = model.score(now, output: output)
            expected[column] += (after - before) / 24
            before = after
          }
        }
        expectClose((0..<4).map { found[$0] ?? 0 }, expected, absolute: 1e-9, "row \(row), output \(output)")
      }
    }
  }

  private func orders(_ all: [Int]) -> [[Int]] {
    guard all.count > 1 else { return [all] }
    return all.indices.flatMap { place -> [[Int]] in
      var rest = all
      let first = rest.remove(at: place)
      return orders(rest).map { [first] + $0 }
    }
  }
}
