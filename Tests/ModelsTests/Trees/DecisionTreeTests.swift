import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

/// Tests/Fixtures/baselines/trees.json: scikit-learn's numbers (Scripts/fixtures/trees.py).
private struct TreesFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var criterion: String
    var density: Double
    var depth: Int?
    var leaf: Int
    var weights: [Float]?
    /// In 64ths.
    var train: [[Int]]
    var test: [[Int]]
    var targets: [Double]
    var answers: Answers
    var nodes: Int
    var testDescription: String { "\(criterion), \(density), \(depth ?? 0), \(leaf), \(weights ?? [])" }
    var settings: TreeSettings {
      TreeSettings(
        criterion: TreeSettings.Criterion(rawValue: criterion) ?? .gini, maximumDepth: depth, minimumLeaf: leaf)
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
  var classes: Int
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/trees.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }
}

@Suite struct DecisionTreeTests {
  private let pool = WorkerPool(threads: 1)
  private let random = Random(seed: 1, stream: "trees")

  @Test("answers of dense and sparse rows equal scikit-learn's", arguments: try TreesFixture.load().cases)
  private func reference(reference: TreesFixture.Case) throws {
    let targets: TreeTargets =
      reference.criterion == "squared_error"
      ? .numbers(reference.targets)
      : .classes(reference.targets.map { Int($0) }, classes: try TreesFixture.load().classes)
    let (train, test) = (reference.train, reference.test)
    for form in [TreeData.dense, TreeData.sparse] {
      let tree = DecisionTree(
        form(train.map { $0.map { Float($0) / 64 } }), targets: targets, classWeights: reference.weights,
        settings: reference.settings, random: random)
      #expect(tree.nodes.count == reference.nodes)
      expectClose(
        tree.predict(form(test.map { $0.map { Float($0) / 64 } }), pool: pool), reference.answers.values,
        absolute: 1e-6, "answers")
    }
  }

  /// Looks at every split of every node: columns and thresholds of the nodes in order, −1 at a leaf.
  private func naive(_ rows: [[Float]], _ targets: TreeTargets, minimumLeaf: Int) -> [(Int, Float)] {
    func score(_ side: [Int]) -> Double {
      switch targets {
      case .classes(let labels, let classes):
        let counts = (0..<classes).map { label in side.count { labels[$0] == label } }
        return Double(counts.reduce(0) { $0 + $1 * $1 }) / Double(side.count)
      case .numbers(let numbers):
        let sum = side.reduce(0) { $0 + numbers[$1] }
        return sum * sum / Double(side.count)
      }
    }
    func isPure(_ node: [Int]) -> Bool {
      switch targets {
      case .classes(let labels, _): Set(node.map { labels[$0] }).count == 1
      case .numbers(let numbers): Set(node.map { numbers[$0] }).count == 1
      }
    }
    func grow(_ node: [Int]) -> [(Int, Float)] {
      var best: (score: Double, column: Int, threshold: Float)?
      if !isPure(node) {
        for column in rows[0].indices {
          let values = Set(node.map { rows[$0][column] }).sorted()
          for (low, high) in zip(values, values.dropFirst()) {
            let threshold = (low + high) / 2
            let sides = [node.filter { rows[$0][column] <= threshold }, node.filter { rows[$0][column] > threshold }]
            guard sides.allSatisfy({ $0.count >= minimumLeaf }) else { continue }
            let found = score(sides[0]) + score(sides[1])
            if found > best?.score ?? -.infinity { best = (found, column, threshold) }
          }
        }
      }
      guard let best else { return [(-1, 0)] }
      return [(best.column, best.threshold)] + grow(node.filter { rows[$0][best.column] <= best.threshold })
        + grow(node.filter { rows[$0][best.column] > best.threshold })
    }
    return grow(Array(rows.indices))
  }

  @Test("a search of every split finds the same tree, ties included", arguments: 0..<12)
  func exhaustive(seed: Int) {
    let rows = TreeData.matrix(rows: 40, columns: 5, seed: UInt64(seed), steps: seed % 2 == 0 ? 4 : 40)
    var random = Random(seed: UInt64(seed), stream: "targets")
    let labels = rows.map { _ in random.below(3) }
    // Their mean is 0, so that every sum of them is exact.
    var numbers = rows.map { _ in Double(random.below(9)) }
    numbers[0] -= numbers.reduce(0, +)
    for targets in [TreeTargets.classes(labels, classes: 3), .numbers(numbers)] {
      for minimumLeaf in [1, 3] {
        let expected = naive(rows, targets, minimumLeaf: minimumLeaf)
        for form in [TreeData.dense, TreeData.sparse] {
          let tree = DecisionTree(
            form(rows), targets: targets, settings: TreeSettings(minimumLeaf: minimumLeaf), random: self.random)
          #expect(tree.nodes.columns.map { Int($0) } == expected.map(\.0))
          #expect(tree.nodes.thresholds == expected.map(\.1))
        }
      }
    }
  }

  @Test("wide rows, of which most columns hold little, give the same tree as dense ones", arguments: 0..<4)
  func sparsity(seed: Int) {
    let sparse = TreeData.sparse(rows: 400, columns: 60, seed: UInt64(seed))
    let rows = TreeData.rows(of: sparse)
    var random = Random(seed: UInt64(seed), stream: "targets")
    let targets = TreeTargets.classes(rows.map { _ in random.below(5) }, classes: 5)
    let trees = [TreeRows.sparse(sparse), TreeData.dense(rows)].map {
      DecisionTree($0, targets: targets, random: self.random)
    }
    #expect(trees[0] == trees[1])
    // Nothing stops it before its leaves are pure, and equal rows alone are not told apart: those of zeros.
    let answers = trees[0].predict(.sparse(sparse), pool: pool)
    let wrong = zip(mostProbable(answers, classes: 5), targets.classes).enumerated().filter { $0.1.0 != $0.1.1 }
    let areZeros = wrong.allSatisfy { rows[$0.offset].allSatisfy { $0 == 0 } }
    #expect(areZeros)
  }

  @Test("a column that grows with another gives the same tree, and a row that counts twice is two rows")
  func invariants() {
    let rows = TreeData.matrix(rows: 60, columns: 4, seed: 5, steps: 12)
    let targets = TreeTargets.classes(rows.map { abs(Int($0[0] * 8) + Int($0[2] * 8)) % 3 }, classes: 3)
    let tree = DecisionTree(TreeData.dense(rows), targets: targets, random: random)
    let cubed = DecisionTree(TreeData.dense(rows.map { $0.map { $0 * $0 * $0 } }), targets: targets, random: random)
    #expect(tree.nodes.columns == cubed.nodes.columns && tree.nodes.links == cubed.nodes.links)
    #expect(tree.nodes.leafValues == cubed.nodes.leafValues && tree.nodes.thresholds != cubed.nodes.thresholds)

    let weights = rows.indices.map { Int32($0 % 3) }
    let repeated = rows.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
    for criterion in TreeSettings.Criterion.allCases {
      let settings = TreeSettings(criterion: criterion, minimumLeaf: 2)
      var weighted = TreeGrower(
        TreeColumns(TreeData.sparse(rows)), targets, draws: weights, settings: settings, random: random)
      let plain = DecisionTree(
        TreeData.sparse(repeated.map { rows[$0] }),
        targets: .classes(repeated.map { targets.classes[$0] }, classes: 3), settings: settings, random: random)
      #expect(weighted.grow() == plain.nodes)
    }
  }

  @Test("a class that weighs twice as much is as good as two of each of its rows")
  func classWeights() {
    let rows = TreeData.matrix(rows: 70, columns: 4, seed: 8, steps: 10), labels = rows.indices.map { $0 * $0 % 3 }
    let repeated = rows.indices.flatMap { [Int](repeating: $0, count: labels[$0] == 1 ? 2 : 1) }
    for criterion in TreeSettings.Criterion.allCases {
      let settings = TreeSettings(criterion: criterion, maximumDepth: 5)
      func tree(_ chosen: [Int], _ weights: [Float]?) -> DecisionTree {
        DecisionTree(
          TreeData.dense(chosen.map { rows[$0] }), targets: .classes(chosen.map { labels[$0] }, classes: 3),
          classWeights: weights, settings: settings, random: random)
      }
      #expect(tree(Array(rows.indices), [0.25, 0.5, 0.25]) == tree(repeated, nil))
      #expect(tree(Array(rows.indices), [3, 3, 3]) == tree(Array(rows.indices), nil))
    }
  }

  @Test("one class, equal rows, constant columns and a depth of 0 are one leaf")
  func leaves() {
    let rows = TreeData.matrix(rows: 20, columns: 3, seed: 6, steps: 9), labels = rows.indices.map { $0 % 2 }
    let constant = rows.map { _ in [Float(1), 0, -2] }
    for (rows, labels, settings) in [
      (rows, labels.map { _ in 1 }, TreeSettings()), (constant, labels, TreeSettings()),
      (constant, labels, TreeSettings(features: .count(1))), (rows, labels, TreeSettings(maximumDepth: 0)),
      (rows, labels, TreeSettings(minimumLeaf: 11)),
    ] {
      for form in [TreeData.dense, TreeData.sparse] {
        let tree = DecisionTree(
          form(rows), targets: .classes(labels, classes: 2), settings: settings, random: random)
        #expect(tree.nodes.count == 1)
        let share = Float(labels.count { $0 == 1 }) / 20
        #expect(tree.predict(form([rows[0]]), pool: pool) == [1 - share, share])
      }
    }
    // Columns of one value are passed over until one is found that differs.
    let mixed = rows.map { [Float](repeating: 3, count: 30) + $0 }
    for form in [TreeData.dense, TreeData.sparse] {
      let tree = DecisionTree(
        form(mixed), targets: .classes(labels, classes: 2), settings: TreeSettings(features: .count(1)), random: random)
      let differ = tree.nodes.columns.allSatisfy { $0 < 0 || $0 >= 30 }
      #expect(tree.nodes.count > 1 && differ)
    }
  }

  @Test("what is not a number, infinite or a negative zero is put in order")
  func oddValues() throws {
    let rows: [[Float]] = [[-.infinity], [-1], [-0.0], [0], [2], [.infinity], [.nan], [.nan]]
    let labels = [0, 1, 2, 2, 3, 4, 5, 5]
    for form in [TreeData.dense, TreeData.sparse] {
      let tree = DecisionTree(form(rows), targets: .classes(labels, classes: 6), random: random)
      #expect(mostProbable(tree.predict(form(rows), pool: pool), classes: 6) == labels)
      let read = try DecisionTree(
        stored: Safetensors(bytes: Safetensors.encoded(tree.tensors)), columns: 1, outputs: 6)
      #expect(read == tree)
    }
  }

  @Test("a stored tree reads back as the same, and every damaged array is an error or a tree that answers")
  func stored() throws {
    let rows = TreeData.matrix(rows: 12, columns: 3, seed: 7, steps: 9)
    let tree = DecisionTree(
      TreeData.dense(rows), targets: .classes(rows.indices.map { $0 % 3 }, classes: 3), random: random)
    let file = try Safetensors(bytes: Safetensors.encoded(tree.tensors))
    #expect(try DecisionTree(stored: file, columns: 3, outputs: 3) == tree)
    #expect(throws: CheckpointError.self) { try DecisionTree(stored: file, columns: 1, outputs: 3) }
    #expect(throws: CheckpointError.self) { try DecisionTree(stored: file, columns: 3, outputs: 2) }
    StoredDamage.check(tree.tensors) { file in
      _ = try DecisionTree(stored: file, columns: 3, outputs: 3).predict(TreeData.dense(rows), pool: pool)
    }
  }

  @Test("no rows are answered with nothing")
  func noRows() {
    let tree = DecisionTree(.dense([1, 2], columns: 1), targets: .numbers([3, 4]), random: random)
    #expect(tree.predict(.dense([], columns: 1), pool: pool).isEmpty)
    #expect(tree.predict(.sparse(SparseRows(columns: 1)), pool: pool).isEmpty)
    #expect(tree.predict(.dense([1.5, 1.6], columns: 1), pool: pool) == [3, 4])
  }
}

extension TreeTargets {
  fileprivate var classes: [Int] { if case .classes(let all, _) = self { all } else { [] } }
}

extension TreeNodes {
  fileprivate var columns: [Int32] { nodes.map(\.column) }
  fileprivate var thresholds: [Float] { nodes.map(\.threshold) }
  fileprivate var links: [Int32] { nodes.map(\.link) }
}
