import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

/// Tests/Fixtures/baselines/resampling.json: imbalanced-learn's and scikit-learn's numbers
/// (Scripts/fixtures/resampling.py).
private struct ResamplingFixture: Decodable {
  struct Edited: Decodable {
    var neighbours: Int
    var kept: [Int]
  }
  var columns: Int
  var classes: Int
  var rows: [FixtureRow]
  var labels: [Int]
  var edited: [Edited]
  /// Of each class the nearest rows of each of its rows, by their numbers within the class.
  var nearest: [[[Int32]]]

  static func load() throws -> Self {
    let file = Fixtures.root.appendingPathComponent("baselines/resampling.json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
  }

  var features: SparseRows { SparseRows(rows, columns: columns) }

  func rows(of label: Int) -> [Int] { labels.indices.filter { labels[$0] == label } }
}

@Suite struct ResamplingTests {
  private let pool = WorkerPool(threads: 1)
  private let random = Random(seed: 4, stream: "resampling")

  private func nearest(_ rows: SparseRows, _ neighbours: Int, pool: WorkerPool? = nil) throws -> [Int32] {
    try EuclideanNeighbours(rows.ascending(), neighbours: neighbours)
      .find(Array(0..<rows.count), pool: pool ?? self.pool) { false }
  }

  private func dense(_ rows: SparseRows) -> [[Double]] { TreeData.rows(of: rows).map { $0.map(Double.init) } }

  private func square(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Every distance by itself. The values of `TreeData` are multiples of 1/8, so that these are exact.
  private func bruteForce(_ rows: SparseRows, _ neighbours: Int) -> [Int32] {
    let dense = dense(rows)
    return dense.indices.flatMap { row in
      dense.indices.filter { $0 != row }.map { (square(dense[row], dense[$0]), $0) }.sorted { $0 < $1 }
        .prefix(neighbours).map { Int32($0.1) }
    }
  }

  // MARK: References

  @Test("the rows that stay are imbalanced-learn's")
  func edited() throws {
    let fixture = try ResamplingFixture.load()
    #expect(fixture.edited.map(\.neighbours) == [1, 3, 5])
    for edited in fixture.edited {
      let kept = try EditedNeighbours.kept(
        fixture.features, labels: fixture.labels, neighbours: edited.neighbours, pool: pool)
      #expect(kept == edited.kept, "\(edited.neighbours) neighbours")
    }
    #expect(
      try EditedNeighbours.kept(fixture.features, labels: fixture.labels, pool: pool) == fixture.edited[1].kept)
  }

  @Test("the nearest rows of each class are scikit-learn's")
  func neighbours() throws {
    let fixture = try ResamplingFixture.load()
    for label in 0..<fixture.classes {
      let found = try nearest(fixture.features.rows(fixture.rows(of: label)), 5)
      #expect(found == fixture.nearest[label].flatMap { $0 }, "class \(label)")
    }
  }

  // MARK: Neighbours

  @Test(
    "a search of every row finds the same, copies and ties by number included",
    arguments: [(40, 3, 1), (40, 3, 4), (170, 5, 3), (90, 13, 5), (30, 4, 100)])
  func naive(rows: Int, columns: Int, neighbours: Int) throws {
    let matrix = TreeData.sparse(rows: rows, columns: columns, seed: 3, steps: 5)
    #expect(try nearest(matrix, neighbours) == bruteForce(matrix, neighbours))
  }

  @Test("values of any size are compared exactly", arguments: [0x1p-74, 0x1p-40, 0x1p30, 0x1p61, 0x1p100] as [Float])
  func sizes(scale: Float) throws {
    let matrix = TreeData.sparse(rows: 100, columns: 6, seed: 9, steps: 5)
    #expect(
      try nearest(matrix.scaled(columns: [Float](repeating: scale, count: 6)), 5) == bruteForce(matrix, 5))
  }

  @Test("what a Float cannot tell apart is told apart, and the order of the columns changes nothing")
  func rounding() throws {
    // Far from 0: distances of 2⁻¹⁰ beside norms of 2²⁴.
    var far = SparseRows(columns: 2)
    for step in [3, 0, 7, 1, 12] { far.append(indices: [0, 1], values: [4096, 1 + Float(step) * 0x1p-10]) }
    #expect(try nearest(far, 2) == bruteForce(far, 2))
    // Many rows are as far in other columns, and no Double has the sums: added up in two orders they round apart.
    var random = Random(seed: 2, stream: "columns")
    let numbers = (0..<60).map { _ in [1, 3, 1 / 64].map { $0 * Float(random.normal()) } }
    let values = (0..<200).map { _ in numbers[random.below(60)] + (0..<7).map { _ in random.below(2) == 1 ? 0.3 : 0 } }
    func matrix(_ order: [Int]) -> SparseRows {
      var rows = SparseRows(columns: 10)
      for row in values { rows.append(indices: (0..<10).map { Int32($0) }, values: order.map { row[$0] }) }
      return rows
    }
    #expect(try nearest(matrix(Array(0..<10)), 9) == nearest(matrix([4, 8, 0, 2, 7, 1, 3, 9, 6, 5]), 9))
  }

  // MARK: Synthetic rows

  @Test("every class becomes as large as the largest; the rows come first, as they are")
  func sizes() throws {
    let fixture = try ResamplingFixture.load()
    let features = fixture.features, count = fixture.labels.count
    // Two classes more, of which one has no rows.
    let made = try SMOTE.rows(
      features, labels: fixture.labels, classes: fixture.classes + 2, random: random, pool: pool)
    #expect(made.features[0..<count] == features && Array(made.labels.prefix(count)) == fixture.labels)
    #expect(made.origins == (0..<made.labels.count).map { $0 < count ? $0 : nil })
    #expect(made.features.count == made.labels.count && made.features.columns == features.columns)
    for label in 0..<fixture.classes { #expect(made.labels.count { $0 == label } == 110) }
    #expect(made.labels.count == 110 * fixture.classes)
    let synthetic = made.labels[count...]
    #expect(zip(synthetic, synthetic.dropFirst()).allSatisfy { $0 <= $1 })
    for row in 0..<made.features.count {
      let columns = made.features.indices[made.features.offsets[row]..<made.features.offsets[row + 1]]
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(made.features.values.allSatisfy { $0 != 0 })
  }

  @Test("every synthetic row lies between a row of its class and one of that row's five nearest")
  func segments() throws {
    let fixture = try ResamplingFixture.load()
    let made = try SMOTE.rows(
      fixture.features, labels: fixture.labels, classes: fixture.classes, random: random, pool: pool)
    let rows = dense(made.features)
    var shares = [Double](), bases = Set<Int>()
    for row in fixture.labels.count..<rows.count {
      let own = fixture.rows(of: made.labels[row])
      // The pair whose segment is closest, and where on it.
      var best = (distance: Double.infinity, share: 0.0, base: 0)
      for (place, base) in own.enumerated() {
        for neighbour in fixture.nearest[made.labels[row]][place].map({ rows[own[Int($0)]] }) {
          let length = square(rows[base], neighbour)
          let along = zip(rows[row], zip(rows[base], neighbour)).reduce(0) { $0 + ($1.0 - $1.1.0) * ($1.1.1 - $1.1.0) }
          let share = along / length
          let point = zip(rows[base], neighbour).map { $0 + share * ($1 - $0) }
          if square(point, rows[row]) < best.distance { best = (square(point, rows[row]), share, base) }
        }
      }
      #expect(best.distance < 1e-10 && best.share >= -1e-6 && best.share < 1 + 1e-6, "row \(row)")
      shares.append(best.share)
      bases.insert(best.base)
    }
    #expect(abs(shares.reduce(0, +) / Double(shares.count) - 0.5) < 0.05 && bases.count > 55)
  }

  @Test("a class of one row repeats it, one of two lies between them, and no rows stay none")
  func small() throws {
    var features = SparseRows(columns: 3)
    for (column, value) in [(0, 1), (0, 2), (0, 3), (0, 4), (2, 7), (1, 5), (1, 6)] as [(Int32, Float)] {
      features.append(indices: [column], values: [value])
    }
    let made = try SMOTE.rows(
      features, labels: [0, 0, 0, 0, 3, 1, 1], classes: 4, random: random, pool: pool)
    #expect(made.labels == [0, 0, 0, 0, 3, 1, 1, 1, 1, 3, 3, 3])
    #expect(made.features.indices[7...] == [1, 1, 2, 2, 2] && made.features.values[9...] == [7, 7, 7])
    #expect(made.features.values[7..<9].allSatisfy { $0 >= 5 && $0 <= 6 })
    let none = try SMOTE.rows(SparseRows(columns: 3), labels: [], classes: 2, random: random, pool: pool)
    #expect(none.features == SparseRows(columns: 3) && none.labels.isEmpty && none.origins.isEmpty)
    #expect(try EditedNeighbours.kept(SparseRows(columns: 3), labels: [], pool: pool).isEmpty)
    #expect(try EditedNeighbours.kept(features[0..<1], labels: [0], pool: pool) == [0])
    #expect(try EditedNeighbours.kept(features[0..<3], labels: [0, 0, 0], neighbours: 9, pool: pool) == [0, 1, 2])
    #expect(try EditedNeighbours.kept(features[0..<3], labels: [0, 0, 1], neighbours: 1, pool: pool) == [0, 1])
  }

  @Test("the columns of a row may stand in any order; empty rows are rows as others")
  func order() throws {
    let ascending = TreeData.sparse(rows: 60, columns: 7, seed: 5)
    var turned = SparseRows(columns: 7)
    for row in 0..<60 {
      let range = ascending.offsets[row]..<ascending.offsets[row + 1]
      turned.append(indices: ascending.indices[range].reversed(), values: ascending.values[range].reversed())
    }
    let labels = (0..<60).map { $0 % 5 == 0 ? 1 : 0 }
    let one = try SMOTE.rows(ascending, labels: labels, classes: 2, random: random, pool: pool)
    let other = try SMOTE.rows(turned, labels: labels, classes: 2, random: random, pool: pool)
    #expect(one.features == other.features)
    #expect(
      try EditedNeighbours.kept(ascending, labels: labels, pool: pool)
        == EditedNeighbours.kept(turned, labels: labels, pool: pool))
  }

  // MARK: Threads, seeds, stopping

  @Test("the same bytes for any number of threads; other rows for another seed")
  func threads() throws {
    let features = TreeData.sparse(rows: 300, columns: 40, seed: 6), labels = (0..<300).map { $0 * $0 % 7 % 3 }
    func made(_ threads: Int, _ random: Random) throws -> SparseRows {
      try SMOTE.rows(
        features, labels: labels, classes: 3, random: random, pool: WorkerPool(threads: threads)
      ).features
    }
    let first = try made(1, random)
    #expect(try made(2, random) == first && made(3, random) == first)
    #expect(try made(1, Random(seed: 5, stream: "resampling")) != first)
    let kept = try [1, 2, 3].map {
      try EditedNeighbours.kept(features, labels: labels, pool: WorkerPool(threads: $0))
    }
    #expect(kept[0] == kept[1] && kept[0] == kept[2])
  }

  @Test("what another class draws does not change a class' rows")
  func streams() throws {
    let features = TreeData.sparse(rows: 40, columns: 6, seed: 7)
    // 20, 12 and 8 rows; then all but one of the 12.
    let labels = (0..<40).map { $0 < 20 ? 0 : $0 < 32 ? 1 : 2 }, fewer = Array(0..<31) + Array(32..<40)
    let all = try SMOTE.rows(features, labels: labels, classes: 3, random: random, pool: pool)
    let some = try SMOTE.rows(
      features.rows(fewer), labels: fewer.map { labels[$0] }, classes: 3, random: random, pool: pool)
    #expect(all.features[48..<60] == some.features[48..<60])
  }

  @Test("both end where they are asked to")
  func stopped() {
    let features = TreeData.sparse(rows: 300, columns: 5, seed: 8), labels = (0..<300).map { $0 % 3 == 0 ? 1 : 0 }
    var asked = 0
    #expect(throws: FitStopped.self) {
      _ = try EditedNeighbours.kept(features, labels: labels, pool: pool) {
        asked += 1
        return asked == 3
      }
    }
    #expect(asked == 3)
    #expect(throws: FitStopped.self) {
      _ = try SMOTE.rows(features, labels: labels, classes: 2, random: random, pool: pool) { true }
    }
  }
}
