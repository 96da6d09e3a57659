import Compute
import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct GradientBoostingTests {
  private let pool = WorkerPool(threads: 1)

  /// Two columns of numbers, the second with missing values, three categories and twelve, and a number that follows from them.
  private static func table(rows: Int, seed: UInt64) -> (table: TableColumns, numbers: [Double]) {
    var random = Random(seed: seed, stream: "boosting table")
    var first: [Float] = [], second: [Float] = [], few: [Int32] = [], many: [Int32] = [], numbers: [Double] = []
    for _ in 0..<rows {
      first.append(Float(random.below(30)) / 8)
      second.append(random.uniform() < 0.2 ? .nan : Float(random.below(9)) - 4)
      few.append(Int32(random.below(3)))
      many.append(random.uniform() < 0.1 ? -1 : Int32(random.below(12) * 7))
      let known = second[second.count - 1].isNaN ? 6 : second[second.count - 1]
      let bonus = few[few.count - 1] == 1 || many[many.count - 1] % 2 == 1 ? 3 : 0
      numbers.append(Double((first[first.count - 1] + known).rounded()) + Double(bonus + random.below(4)))
    }
    return (
      TableColumns([.numbers(first), .numbers(second), .categories(few), .categories(many)], rows: rows), numbers
    )
  }

  private static func picked(_ table: TableColumns, _ rows: [Int]) -> TableColumns {
    TableColumns(
      table.columns.map { column in
        switch column {
        case .numbers(let all): .numbers(rows.map { all[$0] })
        case .categories(let all): .categories(rows.map { all[$0] })
        }
      }, rows: rows.count)
  }

  // MARK: Against a search of every split

  /// The answer to each row of one tree whose every leaf is split as long as that gains something.
  private func naive(_ table: TableColumns, _ gradients: [Double], minimumLeaf: Int, lambda: Double) -> [Double] {
    var answers = [Double](repeating: 0, count: table.rows)
    func score(_ side: [Int]) -> Double {
      let sum = side.reduce(0) { $0 + gradients[$1] }
      return sum * sum / (Double(side.count) + lambda)
    }
    func grow(_ node: [Int]) {
      var best = (gain: 1e-7, left: [Int](), right: [Int]())
      func attempt(_ goesLeft: (Int) -> Bool) {
        let left = node.filter(goesLeft), right = node.filter { !goesLeft($0) }
        guard left.count >= minimumLeaf, right.count >= minimumLeaf else { return }
        let gain = score(left) + score(right) - score(node)
        // Rounding may make equal gains differ.
        if gain > best.gain + 1e-9 { best = (gain, left, right) }
      }
      for column in table.columns {
        switch column {
        case .numbers(let all):
          for edge in Set(node.map { all[$0] }.filter { !$0.isNaN }).sorted() {
            attempt { all[$0] <= edge }
            if node.contains(where: { all[$0].isNaN }) { attempt { all[$0] <= edge || all[$0].isNaN } }
          }
        case .categories(let all):
          for code in Set(node.map { all[$0] }).sorted() where code >= 0 { attempt { all[$0] == code } }
        }
      }
      guard !best.left.isEmpty else {
        let sum = node.reduce(0) { $0 + gradients[$1] }
        for row in node { answers[row] = -sum / (Double(node.count) + lambda) }
        return
      }
      grow(best.left)
      grow(best.right)
    }
    grow(Array(0..<table.rows))
    return answers
  }

  @Test("a search of every split finds the same tree", arguments: 0..<10)
  func exhaustive(seed: Int) throws {
    let (table, numbers) = Self.table(rows: 80, seed: UInt64(seed))
    var settings = BoostingSettings()
    (settings.rounds, settings.learningRate, settings.leaves, settings.minimumBin) = (1, 1, 80, 1)
    (settings.minimumLeaf, settings.lambda) = (1 + seed % 4 * 3, Double(seed % 3))
    // Every category by itself, which is what the search does.
    settings.categories.oneAgainstRest = 100
    var values = numbers
    // Their mean is 0, so that scores begin there and every sum is exact.
    values[0] -= values.reduce(0, +)
    let model = try GradientBoosting.fit(table, targets: .numbers(values), settings: settings, pool: pool).model
    expectClose(
      model.predict(table, pool: pool),
      naive(table, values.map { -$0 }, minimumLeaf: settings.minimumLeaf, lambda: settings.lambda), absolute: 1e-4,
      "answers")
  }

  // MARK: What must not matter

  @Test("the same bytes for any number of threads, few rows or many", arguments: [300, 70_000])
  func threads(rows: Int) throws {
    let (table, numbers) = Self.table(rows: rows, seed: 2)
    let labels = numbers.map { min(max(Int($0 / 4), 0), 2) }
    var settings = BoostingSettings()
    settings.rounds = 3
    let found = try [1, 2, 3].map { threads in
      let pool = WorkerPool(threads: threads)
      let model = try GradientBoosting.fit(
        table, targets: .classes(labels, classes: 3), settings: settings, pool: pool
      ).model
      return (model, model.predict(table, pool: pool))
    }
    #expect(found[0].0 == found[1].0 && found[0].0 == found[2].0)
    #expect(found[0].1 == found[1].1 && found[0].1 == found[2].1)
  }

  @Test("neither the order of rows, nor that each stands twice, nor a change of scale that keeps their order, matters")
  func invariants() throws {
    let (table, numbers) = Self.table(rows: 200, seed: 3)
    let labels = numbers.map { $0 > 6 ? 1 : 0 }
    var settings = BoostingSettings()
    (settings.rounds, settings.minimumBin, settings.minimumLeaf) = (10, 1, 5)
    (settings.minimumHessian, settings.categories.smoothing, settings.categories.minimumGroup) = (0, 0, 10)
    func answers(_ table: TableColumns, _ labels: [Int], _ settings: BoostingSettings) throws -> [Float] {
      try GradientBoosting.fit(table, targets: .classes(labels, classes: 2), settings: settings, pool: pool)
        .model.predict(table, pool: pool)
    }
    let plain = try answers(table, labels, settings)
    var order = Array(0..<200), random = Random(seed: 1, stream: "order")
    random.shuffle(&order)
    let shuffled = try answers(Self.picked(table, order), order.map { labels[$0] }, settings)
    #expect(shuffled == order.flatMap { [plain[2 * $0], plain[2 * $0 + 1]] })

    let twice = (0..<400).map { $0 / 2 }
    var doubled = settings
    (doubled.minimumLeaf, doubled.categories.minimumGroup, doubled.categories.lambda) = (10, 20, 20)
    let repeated = try answers(Self.picked(table, twice), twice.map { labels[$0] }, doubled)
    expectClose(repeated, twice.flatMap { [plain[2 * $0], plain[2 * $0 + 1]] }, absolute: 1e-5, "twice")

    let scaled = TableColumns(
      table.columns.map { if case .numbers(let all) = $0 { .numbers(all.map { $0 * $0 * $0 - 8 }) } else { $0 } },
      rows: 200)
    #expect(try answers(scaled, labels, settings) == plain)
  }

  @Test("a class that weighs twice as much is as good as two of each of its rows")
  func classWeights() throws {
    let (table, numbers) = Self.table(rows: 300, seed: 3)
    let labels = numbers.map { $0 > 8 ? 1 : 0 }
    let repeated = labels.indices.flatMap { [Int](repeating: $0, count: labels[$0] + 1) }
    var settings = BoostingSettings()
    // Limits by numbers of rows would tell the two apart.
    (settings.rounds, settings.minimumBin, settings.minimumLeaf, settings.minimumHessian) = (10, 1, 1, 0)
    (settings.leaves, settings.categories.minimumGroup, settings.categories.oneAgainstRest) = (6, 1, 100)
    let weighted = try GradientBoosting.fit(
      table, targets: .classes(labels, classes: 2), classWeights: [1, 2], settings: settings, pool: pool)
    let plain = try GradientBoosting.fit(
      Self.picked(table, repeated), targets: .classes(repeated.map { labels[$0] }, classes: 2), settings: settings,
      pool: pool)
    expectClose(
      weighted.model.predict(table, pool: pool), plain.model.predict(table, pool: pool), absolute: 1e-5, "answers")
  }

  // MARK: Ends

  @Test("validation rows end it, and the rounds up to the smallest loss are kept")
  func stopping() throws {
    let (table, numbers) = Self.table(rows: 300, seed: 4)
    var random = Random(seed: 5, stream: "noise")
    let labels = numbers.map { ($0 > 7 ? 1 : 0) ^ (random.uniform() < 0.3 ? 1 : 0) }
    let train = Array(0..<200), rest = Array(200..<300)
    var settings = BoostingSettings()
    (settings.rounds, settings.learningRate, settings.patience) = (400, 0.3, 7)
    let validation = (
      table: Self.picked(table, rest), targets: TreeTargets.classes(rest.map { labels[$0] }, classes: 2)
    )
    let targets = TreeTargets.classes(train.map { labels[$0] }, classes: 2)
    var seen: [Int] = []
    let (model, fit) = try GradientBoosting.fit(
      Self.picked(table, train), targets: targets, settings: settings, validation: validation, pool: pool,
      progress: { round, loss in
        seen.append(round)
        #expect(loss != nil)
      })
    #expect(fit.rounds < 400 && fit.rounds == fit.kept + 7 && fit.losses.count == fit.rounds)
    #expect(seen == Array(1...fit.rounds) && fit.losses.min() == fit.losses[fit.kept - 1])
    let answers = model.predict(validation.table, pool: pool)
    let loss = rest.enumerated().reduce(0.0) { $0 - log(Double(answers[2 * $1.offset + labels[$1.element]])) } / 100
    expectClose(fit.losses[fit.kept - 1], loss, absolute: 1e-6, "loss")
    settings.rounds = fit.kept
    settings.patience = nil
    let short = try GradientBoosting.fit(Self.picked(table, train), targets: targets, settings: settings, pool: pool)
    #expect(short.model == model && short.fit.losses.isEmpty)
    #expect(throws: FitStopped.self) {
      try GradientBoosting.fit(table, targets: .numbers(numbers), pool: pool, isStopped: { true })
    }
  }

  @Test("one class, a class without rows, constant columns, no columns and no rows to answer")
  func bounds() throws {
    let (table, numbers) = Self.table(rows: 60, seed: 6)
    let one = try GradientBoosting.fit(table, targets: .classes(numbers.map { _ in 0 }, classes: 1), pool: pool).model
    #expect(one.predict(table, pool: pool) == [Float](repeating: 1, count: 60) && one.nodes.trees == 0)
    let absent = try GradientBoosting.fit(
      table, targets: .classes(numbers.map { $0 > 7 ? 2 : 0 }, classes: 3), pool: pool
    ).model
    let answers = absent.predict(table, pool: pool)
    #expect((0..<60).allSatisfy { answers[3 * $0 + 1] < 1e-6 } && answers.allSatisfy { $0 >= 0 && $0 <= 1 })
    let same = try GradientBoosting.fit(
      table, targets: .classes(numbers.map { _ in 1 }, classes: 2), pool: pool
    ).model
    #expect(
      same.predict(table, pool: pool).enumerated().allSatisfy {
        $0.offset % 2 == 1 ? $0.element > 0.999 : $0.element < 1e-3
      })
    let constant = TableColumns(
      [.numbers([Float](repeating: 3, count: 60)), .categories([Int32](repeating: -1, count: 60))], rows: 60)
    let mean = Float(numbers.reduce(0, +) / 60)
    for table in [constant, TableColumns([], rows: 60)] {
      let model = try GradientBoosting.fit(table, targets: .numbers(numbers), pool: pool).model
      #expect(model.nodes.count == model.nodes.trees)
      expectClose(model.predict(table, pool: pool), [Float](repeating: mean, count: 60), absolute: 1e-5, "mean")
    }
    #expect(absent.predict(Self.picked(table, []), pool: pool).isEmpty)
  }

  @Test("what is missing is told apart, and values that training did not have are answered")
  func missing() throws {
    let column = (0..<200).map { $0 % 4 == 0 ? Float.nan : Float($0 % 7) }
    let numbers = column.map { $0.isNaN ? 10.0 : 0.0 }
    var settings = BoostingSettings()
    (settings.rounds, settings.learningRate) = (1, 1)
    let table = TableColumns([.numbers(column)], rows: 200)
    let model = try GradientBoosting.fit(table, targets: .numbers(numbers), settings: settings, pool: pool).model
    expectClose(model.predict(table, pool: pool), numbers, absolute: 1e-5, "missing alone on a side")
    let odd = TableColumns([.numbers([.infinity, -.infinity, 1e30, .nan])], rows: 4)
    expectClose(model.predict(odd, pool: pool), [0, 0, 0, 10], absolute: 1e-5, "beyond the values seen")

    let codes = (0..<200).map { Int32($0 % 2) }
    let categories = try GradientBoosting.fit(
      TableColumns([.categories(codes)], rows: 200), targets: .numbers(codes.map { Double($0) }), settings: settings,
      pool: pool
    ).model
    let unseen = categories.predict(TableColumns([.categories([0, 1, 2, -1, .max])], rows: 5), pool: pool)
    // Category 0 goes left, everything else right.
    expectClose(unseen, [0, 1, 1, 1, 1], absolute: 1e-5, "categories not seen")
  }

  @Test("limits on leaves and depth hold, and more rounds fit training rows better")
  func limits() throws {
    let (table, numbers) = Self.table(rows: 400, seed: 7)
    var settings = BoostingSettings()
    (settings.rounds, settings.leaves, settings.minimumLeaf) = (4, 7, 1)
    let leafwise = try GradientBoosting.fit(table, targets: .numbers(numbers), settings: settings, pool: pool).model
    #expect(leafwise.nodes.starts == [0, 13, 26, 39, 52])
    settings.maximumDepth = 1
    let stumps = try GradientBoosting.fit(table, targets: .numbers(numbers), settings: settings, pool: pool).model
    #expect(stumps.nodes.starts == [0, 3, 6, 9, 12])
    settings.leaves = 1
    #expect(
      try GradientBoosting.fit(table, targets: .numbers(numbers), settings: settings, pool: pool).model.nodes.count == 4
    )
    func error(_ rounds: Int) throws -> Double {
      var settings = BoostingSettings()
      settings.rounds = rounds
      let answers = try GradientBoosting.fit(table, targets: .numbers(numbers), settings: settings, pool: pool)
        .model.predict(table, pool: pool)
      return zip(answers, numbers).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
    }
    let errors = try [0, 5, 50].map(error)
    #expect(errors[1] < 0.7 * errors[0] && errors[2] < 0.5 * errors[1])
  }

  // MARK: Stored

  @Test("a stored model reads back as the same, and every damaged array is an error or a model that answers")
  func stored() throws {
    let (table, numbers) = Self.table(rows: 60, seed: 8)
    var settings = BoostingSettings()
    (settings.rounds, settings.leaves, settings.minimumLeaf) = (2, 6, 2)
    (settings.categories.minimumGroup, settings.categories.smoothing) = (2, 1)
    settings.categories.lambda = 0
    let model = try GradientBoosting.fit(
      table, targets: .classes(numbers.map { Int($0.magnitude) % 3 }, classes: 3), settings: settings, pool: pool
    ).model
    let file = try Safetensors(bytes: Safetensors.encoded(model.tensors))
    #expect(try GradientBoosting(stored: file, columns: 4, outputs: 3, isNumber: false) == model)
    #expect(model.nodes.sets.count > 0)
    for (columns, outputs, isNumber) in [(3, 3, false), (4, 2, false), (4, 1, true), (4, 0, false)] {
      #expect(throws: CheckpointError.self) {
        try GradientBoosting(stored: file, columns: columns, outputs: outputs, isNumber: isNumber)
      }
    }
    StoredDamage.check(model.tensors) { file in
      let read = try GradientBoosting(stored: file, columns: 4, outputs: 3, isNumber: false)
      if read.kinds == table.kinds { _ = read.predict(table, pool: pool) }
    }
    let bare = try GradientBoosting.fit(table, targets: .classes(numbers.map { _ in 0 }, classes: 1), pool: pool).model
    let empty = try Safetensors(bytes: Safetensors.encoded(bare.tensors))
    #expect(try GradientBoosting(stored: empty, columns: 4, outputs: 1, isNumber: false) == bare)
  }
}
