import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

/// Tests/Fixtures/baselines/neighbours.json: scikit-learn's numbers (Scripts/fixtures/neighbours.py).
private struct NeighboursFixture: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var weights: NearestNeighbours.Weights
    var neighbours: Int
    var rows: [[Int32]]
    var distances: [[Double]]
    var probabilities: [[Double]]
    var numbers: [Double]
    var testDescription: String { "\(neighbours), \(weights)" }
    var settings: NearestNeighbours.Settings { .init(neighbours: neighbours, weights: weights) }
  }
  var columns: Int
  var classes: Int
  var train: [FixtureRow]
  var test: [FixtureRow]
  var labels: [Int]
  var numbers: [Double]
  var cases: [Case]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/neighbours.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  func matrix(_ rows: [FixtureRow]) -> SparseRows { SparseRows(rows, columns: columns) }
}

@Suite struct NearestNeighboursTests {
  private let pool = WorkerPool(threads: 1)

  @Test(
    "neighbours, distances, probabilities and numbers equal scikit-learn's",
    arguments: try NeighboursFixture.load().cases)
  private func reference(reference: NeighboursFixture.Case) throws {
    let fixture = try NeighboursFixture.load()
    let train = fixture.matrix(fixture.train), test = fixture.matrix(fixture.test)
    let model = NearestNeighbours(
      rows: train, labels: fixture.labels, classes: fixture.classes, settings: reference.settings)
    let found = model.neighbours(of: test, pool: pool)
    #expect(found.rows == reference.rows.flatMap { $0 })
    expectClose(found.distances, reference.distances.flatMap { $0 }, absolute: 1e-7, "distances")
    expectClose(
      model.predict(test, pool: pool), reference.probabilities.flatMap { $0 }, absolute: 1e-5, "probabilities")
    let numbers = NearestNeighbours(rows: train, numbers: fixture.numbers, settings: reference.settings)
    expectClose(numbers.predict(test, pool: pool), reference.numbers, absolute: 1e-5, "numbers")
  }

  /// Every distance by itself, from dense rows.
  private func bruteForce(_ train: SparseRows, _ row: SparseRows, _ number: Int) -> [(distance: Double, row: Int)] {
    func dense(_ rows: SparseRows, _ row: Int) -> [Double] {
      var out = [Double](repeating: 0, count: rows.columns)
      for place in rows.offsets[row]..<rows.offsets[row + 1] {
        out[Int(rows.indices[place])] = Double(rows.values[place])
      }
      return out
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let query = dense(row, number)
    return (0..<train.count).map { other in
      let candidate = dense(train, other)
      let lengths = (dot(query, query) * dot(candidate, candidate)).squareRoot()
      return (lengths > 0 ? 1 - dot(query, candidate) / lengths : 1, other)
    }.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }
  }

  @Test("a search of every row finds the same, negative values and empty rows included", arguments: [1, 4, 40, 100])
  func naive(neighbours: Int) {
    let train = TreeData.sparse(rows: 40, columns: 13, seed: 3), test = TreeData.sparse(rows: 50, columns: 13, seed: 4)
    let model = NearestNeighbours(
      rows: train, labels: (0..<40).map { $0 % 3 }, classes: 3,
      settings: .init(neighbours: neighbours, weights: .uniform))
    let found = model.neighbours(of: test, pool: pool)
    #expect(found.neighbours == min(neighbours, 40))
    for row in 0..<test.count {
      let expected = bruteForce(train, test, row).prefix(found.neighbours)
      let range = row * found.neighbours..<(row + 1) * found.neighbours
      expectClose(found.distances[range], expected.map(\.distance), absolute: 1e-6, "distances of row \(row)")
    }
  }

  @Test("among equally near rows the first are taken, and repeated rows are at distance 0 together")
  func ties() {
    var train = SparseRows(columns: 3)
    for _ in 0..<2 { for column in 0..<3 { train.append(indices: [Int32(column)], values: [Float(column + 1)]) } }
    let model = NearestNeighbours(
      rows: train, labels: [0, 1, 2, 1, 1, 0], classes: 3, settings: .init(neighbours: 3, weights: .distance))
    var test = SparseRows(columns: 3)
    test.append(indices: [2], values: [5])
    test.append(indices: [], values: [])
    let found = model.neighbours(of: test, pool: pool)
    #expect(found.rows == [2, 5, 0, 0, 1, 2])
    #expect(found.distances == [0, 0, 1, 1, 1, 1])
    expectClose(
      model.predict(test, pool: pool), [0.5, 0, 0.5, 1 / 3.0, 1 / 3.0, 1 / 3.0], absolute: 1e-7, "probabilities")
  }

  @Test("the same bytes for any number of threads, also of no rows and of one class")
  func threads() {
    let train = TreeData.sparse(rows: 300, columns: 40, seed: 5),
      test = TreeData.sparse(rows: 130, columns: 40, seed: 6)
    let model = NearestNeighbours(rows: train, labels: (0..<300).map { $0 % 7 }, classes: 7)
    let answers = [1, 2, 3].map { model.predict(test, pool: WorkerPool(threads: $0)) }
    #expect(answers[0] == answers[1] && answers[0] == answers[2])
    #expect(model.predict(SparseRows(columns: 40), pool: pool).isEmpty)
    let single = NearestNeighbours(rows: train, labels: [Int](repeating: 0, count: 300), classes: 1)
    #expect(single.predict(test, pool: pool) == [Float](repeating: 1, count: 130))
  }

  private static let small = NearestNeighbours(
    rows: TreeData.sparse(rows: 9, columns: 5, seed: 8), labels: [0, 1, 0, 1, 1, 1, 0, 0, 1], classes: 2)

  @Test("a stored model reads back as the same")
  func stored() throws {
    let model = Self.small
    let read = try NearestNeighbours(
      stored: Safetensors(bytes: Safetensors.encoded(model.tensors)), columns: 5, classes: 2, settings: model.settings)
    #expect(read == model)
    let numbers = NearestNeighbours(
      rows: TreeData.sparse(rows: 4, columns: 5, seed: 8), numbers: [1, -2, 3.5, 0])
    #expect(
      try NearestNeighbours(
        stored: Safetensors(bytes: Safetensors.encoded(numbers.tensors)), columns: 5, classes: nil,
        settings: numbers.settings) == numbers)
  }

  @Test("every damaged array is an error or a model that answers")
  func damaged() {
    StoredDamage.check(Self.small.tensors) { file in
      let model = try NearestNeighbours(stored: file, columns: 5, classes: 2, settings: .init())
      _ = model.predict(TreeData.sparse(rows: 3, columns: 5, seed: 1), pool: WorkerPool(threads: 1))
    }
  }
}
