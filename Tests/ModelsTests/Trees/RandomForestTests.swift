import Compute
import TestSupport
import Testing

@testable import Models

@Suite struct RandomForestTests {
  private let pool = WorkerPool(threads: 1)
  private let random = Random(seed: 2, stream: "forest")
  private let sparse = TreeData.sparse(rows: 150, columns: 30, seed: 9)

  /// Classes that follow from a few columns.
  private var labels: [Int] { TreeData.rows(of: sparse).map { ($0[0] > 0 ? 1 : 0) + ($0[1] + $0[2] > 1 ? 1 : 0) } }

  @Test("the same bytes for any number of threads, and others for another seed")
  func threads() throws {
    let settings = RandomForest.Settings(trees: 21, outOfBag: true)
    for targets in [TreeTargets.classes(labels, classes: 3), .numbers(labels.map { Double($0) / 3 })] {
      let fits = try [1, 2, 3].map { threads in
        let pool = WorkerPool(threads: threads)
        let found = try RandomForest.fit(
          .sparse(sparse), targets: targets, settings: settings, random: random, pool: pool)
        return (found.forest, found.outOfBag, found.forest.predict(.sparse(sparse), pool: pool))
      }
      #expect(fits[0].0 == fits[1].0 && fits[0].0 == fits[2].0)
      #expect(fits[0].1 == fits[1].1 && fits[0].2 == fits[1].2 && fits[0].2 == fits[2].2)
      let other = try RandomForest.fit(
        .sparse(sparse), targets: targets, settings: settings, random: Random(seed: 3, stream: "forest"), pool: pool)
      #expect(other.forest != fits[0].0)
    }
  }

  @Test("answers are the mean of the trees', and those out of bag the mean of trees that did not draw the row")
  func means() throws {
    let settings = RandomForest.Settings(trees: 9, outOfBag: true), targets = TreeTargets.classes(labels, classes: 3)
    let found = try RandomForest.fit(.sparse(sparse), targets: targets, settings: settings, random: random, pool: pool)
    let rows = sparse.count
    var sums = [Double](repeating: 0, count: rows * 3), left = sums
    var counts = [Int](repeating: 0, count: rows)
    for number in 0..<settings.trees {
      var random = random.stream("tree \(number)")
      let weights = RandomForest.draw(rows, &random)
      #expect(weights.reduce(0, +) == Int32(rows))
      var grower = TreeGrower(
        TreeColumns(.sparse(sparse)), targets, draws: weights, settings: settings.tree, random: random)
      let answers = grower.grow().answers(.sparse(sparse), outputs: 3, pool: pool)
      for place in answers.indices {
        sums[place] += Double(answers[place])
        if weights[place / 3] == 0 { left[place] += Double(answers[place]) }
      }
      for row in 0..<rows where weights[row] == 0 { counts[row] += 1 }
    }
    expectClose(found.forest.predict(.sparse(sparse), pool: pool), sums.map { $0 / 9 }, absolute: 1e-6, "means")
    let scored = (0..<rows).filter { counts[$0] > 0 }
    let right = scored.count { mostProbable(left[$0 * 3..<$0 * 3 + 3].map { Float($0) }, classes: 3) == [labels[$0]] }
    #expect(found.outOfBag == RandomForest.OutOfBag(score: Double(right) / Double(scored.count), rows: scored.count))
  }

  @Test("it learns what its classes follow from, and scores itself by rows that it left out")
  func learns() throws {
    let targets = TreeTargets.classes(labels, classes: 3)
    let found = try RandomForest.fit(
      .sparse(sparse), targets: targets,
      settings: .init(trees: 60, tree: TreeSettings(features: .count(15)), outOfBag: true), random: random, pool: pool)
    #expect(mostProbable(found.forest.predict(.sparse(sparse), pool: pool), classes: 3) == labels)
    #expect(try #require(found.outOfBag).score > 0.75)
    let numbers = try RandomForest.fit(
      .sparse(sparse), targets: .numbers(labels.map { Double($0) }),
      settings: .init(trees: 60, tree: TreeSettings(features: .count(15)), outOfBag: true), random: random, pool: pool)
    let score = try #require(numbers.outOfBag).score
    #expect(score > 0.4 && score < 1)
  }

  @Test("without drawing rows or columns every tree is the decision tree")
  func noChance() throws {
    let targets = TreeTargets.classes(labels, classes: 3)
    let tree = DecisionTree(.sparse(sparse), targets: targets, random: random)
    let found = try RandomForest.fit(
      .sparse(sparse), targets: targets, settings: .init(trees: 3, tree: TreeSettings(), bootstrap: false),
      random: random, pool: pool)
    #expect(found.forest.nodes.trees == 3 && found.forest.nodes.count == 3 * tree.nodes.count && found.outOfBag == nil)
    expectClose(
      found.forest.predict(.sparse(sparse), pool: pool), tree.predict(.sparse(sparse), pool: pool), absolute: 1e-6,
      "answers")
  }

  @Test("a stop ends it, and progress counts trees")
  func stopped() throws {
    let targets = TreeTargets.classes(labels, classes: 3)
    #expect(throws: FitStopped.self) {
      try RandomForest.fit(.sparse(sparse), targets: targets, random: random, pool: pool, isStopped: { true })
    }
    var seen: [Int] = []
    _ = try RandomForest.fit(
      .sparse(sparse), targets: targets, settings: .init(trees: 10), random: random, pool: pool,
      progress: { seen.append($0) })
    #expect(seen == [4, 8, 10])
  }

  @Test("a stored forest reads back as the same, and every damaged array is an error or a forest that answers")
  func stored() throws {
    let rows = TreeData.matrix(rows: 10, columns: 4, seed: 7, steps: 9)
    let forest = try RandomForest.fit(
      TreeData.dense(rows), targets: .classes(rows.indices.map { $0 % 2 }, classes: 2), settings: .init(trees: 3),
      random: random, pool: pool
    ).forest
    let file = try Safetensors(bytes: Safetensors.encoded(forest.tensors))
    #expect(try RandomForest(stored: file, columns: 4, outputs: 2) == forest)
    StoredDamage.check(forest.tensors) { file in
      _ = try RandomForest(stored: file, columns: 4, outputs: 2).predict(TreeData.dense(rows), pool: pool)
    }
  }
}
