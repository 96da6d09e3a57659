import Compute
import Foundation
import Tasks
import TestSupport
import Testing

@testable import Models

@Suite struct MLPTests {
  private let pool = WorkerPool(threads: 1)
  private let random = Random(seed: 3, stream: "mlp")

  // MARK: Learning

  private func xor() -> (rows: SparseRows, labels: [Int]) {
    var rows = SparseRows(columns: 2)
    for place in 0..<4 {
      let held = [0, 1].filter { place >> $0 & 1 == 1 }
      rows.append(indices: held.map { Int32($0) }, values: held.map { _ in 1 })
    }
    return (rows, [0, 1, 1, 0])
  }

  @Test("learns XOR, as classes, as labels and as numbers far from 0")
  func learns() throws {
    let (rows, labels) = xor()
    var settings = MLP.Settings()
    (settings.epochs, settings.batchSize, settings.learningRate, settings.schedule) = (300, 2, 0.03, .linear)
    func answers(_ problem: Problem, _ outputs: Int, _ targets: Targets) throws -> [Float] {
      var model = MLP(problem: problem, inputs: 2, hidden: [16, 8], outputs: outputs, random: random)
      let course = try model.train(rows, targets: targets, settings: settings, random: random, pool: pool)
      #expect(course.epochs == 300 && course.kept == 300 && course.validation.isEmpty)
      #expect(course.losses[299] < 0.1 * course.losses[0] && model.isFinite)
      return model.answers(rows, pool: pool)
    }
    let classes = try answers(.classification, 2, .classes(labels))
    #expect((0..<4).allSatisfy { classes[2 * $0 + labels[$0]] > 0.9 })
    let sets = try answers(.multiLabel, 2, .labels(labels.map { $0 == 1 ? [0, 1] : [1] }))
    #expect((0..<4).allSatisfy { (sets[2 * $0] > 0.5) == (labels[$0] == 1) && sets[2 * $0 + 1] > 0.9 })
    let numbers = try answers(.regression, 1, .numbers(labels.map { 1000 + 50 * Double($0) }))
    #expect((0..<4).allSatisfy { abs(Double(numbers[$0]) - 1000 - 50 * Double(labels[$0])) < 5 })
  }

  @Test("early stopping keeps the weights of the pass with the smallest loss")
  func stopping() throws {
    let rows = TreeData.sparse(rows: 80, columns: 12, seed: 4), other = TreeData.sparse(rows: 60, columns: 12, seed: 5)
    // What the labels follow is in one column; the rest is learned by heart.
    func labels(_ rows: SparseRows) -> [Int] {
      TreeData.rows(of: rows).enumerated().map { $1[0] > 0 || $0 % 5 == 0 ? 1 : 0 }
    }
    var settings = MLP.Settings()
    (settings.epochs, settings.batchSize, settings.learningRate, settings.patience) = (200, 8, 0.01, 4)
    var model = MLP(problem: .classification, inputs: 12, hidden: [32], outputs: 2, random: random)
    let targets = Targets.classes(labels(other)), start = model
    let course = try model.train(
      rows, targets: .classes(labels(rows)), validation: (other, targets), settings: settings, random: random,
      pool: pool)
    #expect(course.epochs < 200 && course.epochs == course.kept + 4 && course.validation.count == course.epochs)
    #expect(course.validation.min() == course.validation[course.kept - 1])
    #expect(model.loss(other, targets, pool: pool) == course.validation[course.kept - 1])
    // As many passes without validation give the same weights.
    var again = start
    settings.epochs = course.kept
    let all = try again.train(rows, targets: .classes(labels(rows)), settings: settings, random: random, pool: pool)
    #expect(again == model && all.losses == Array(course.losses.prefix(course.kept)))
  }

  @Test("validation rows with numbers are measured by the training rows' scale")
  func scale() throws {
    let (rows, labels) = xor()
    var model = MLP(problem: .regression, inputs: 2, hidden: [8], outputs: 1, random: random)
    var settings = MLP.Settings()
    settings.epochs = 3
    let numbers = Targets.numbers(labels.map { -20 + 6 * Double($0) })
    let course = try model.train(
      rows, targets: numbers, validation: (rows, numbers), settings: settings, random: random, pool: pool)
    let errors = zip(model.answers(rows, pool: pool), labels).map { Double($0) + 20 - 6 * Double($1) }
    // The deviation is 3.
    expectClose(
      errors.reduce(0) { $0 + $1 * $1 / 9 } / 4, course.validation[course.kept - 1], absolute: 1e-5, "loss")
  }

  @Test("the rate stays, or falls in a line to 0")
  func rates() throws {
    let (rows, labels) = xor()
    let start = MLP(problem: .classification, inputs: 2, hidden: [5], outputs: 2, random: random)
    var settings = MLP.Settings()
    (settings.epochs, settings.batchSize, settings.learningRate) = (4, 4, 0.1)
    for schedule in MLP.Settings.Schedule.allCases {
      settings.schedule = schedule
      let weights = MLPWeights(start, settings: settings, classWeights: nil)
      for epoch in 1...4 {
        var order = Array(0..<4), stream = random.stream("order of pass \(epoch)")
        stream.shuffle(&order)
        _ = weights.step(
          rows.rows(order), .classes(order.map { labels[$0] }),
          rate: schedule == .constant ? 0.1 : 0.1 * (1 - Double(epoch - 1) / 4), random: random, pool: pool)
      }
      var model = start
      _ = try model.train(rows, targets: .classes(labels), settings: settings, random: random, pool: pool)
      #expect(model == weights.model, "\(schedule)")
    }
  }

  // MARK: Threads, stopping

  @Test("the same bytes for any number of threads; other weights for another seed", arguments: [[70, 33], [5]])
  func threads(hidden: [Int]) throws {
    // More columns than stand in one piece of the first layer.
    let rows = TreeData.sparse(rows: 150, columns: 2100, seed: 6), labels = (0..<150).map { $0 * $0 % 7 % 3 }
    var settings = MLP.Settings()
    (settings.epochs, settings.batchSize, settings.dropout) = (3, 70, 0.2)
    func train(_ threads: Int, _ random: Random) throws -> (MLP, MLP.Course, [Float]) {
      let pool = WorkerPool(threads: threads)
      var model = MLP(problem: .classification, inputs: 2100, hidden: hidden, outputs: 3, random: random)
      let course = try model.train(
        rows, targets: .classes(labels), validation: (rows[0..<40], .classes(Array(labels.prefix(40)))),
        classWeights: [1, 2, 0.5], settings: settings, random: random, pool: pool)
      return (model, course, model.answers(rows, pool: pool))
    }
    let first = try train(1, random)
    #expect(try train(2, random) == first && train(3, random) == first)
    #expect(try train(1, Random(seed: 4, stream: "mlp")).0 != first.0)
  }

  @Test("ends where it is asked to, before a batch, and leaves the weights; no rows are no training")
  func stopped() throws {
    let (rows, labels) = xor()
    let start = MLP(problem: .classification, inputs: 2, hidden: [5], outputs: 2, random: random)
    var model = start, asked = 0, settings = MLP.Settings()
    settings.batchSize = 1
    #expect(throws: FitStopped.self) {
      _ = try model.train(rows, targets: .classes(labels), settings: settings, random: random, pool: pool) {
        asked += 1
        return asked == 6
      }
    }
    #expect(asked == 6 && model == start)
    let course = try model.train(
      SparseRows(columns: 2), targets: .classes([]), settings: settings, random: random, pool: pool)
    #expect(course.epochs == 0 && model == start)
    #expect(model.answers(SparseRows(columns: 2), pool: pool).isEmpty)
  }

  @Test("a rate that is far too large ends training with a loss that says so")
  func divergence() throws {
    let (rows, labels) = xor()
    var model = MLP(problem: .regression, inputs: 2, hidden: [5], outputs: 1, random: random)
    var settings = MLP.Settings()
    (settings.epochs, settings.learningRate) = (50, 1e30)
    let course = try model.train(
      rows, targets: .numbers(labels.map(Double.init)), validation: (rows, .numbers(labels.map(Double.init))),
      settings: settings, random: random, pool: pool)
    #expect(course.epochs < 50 && course.losses.last?.isFinite == false)
  }

  // MARK: Storing

  @Test("a start is PyTorch's of a linear layer; operations and parameters are counted")
  func start() {
    let model = MLP(problem: .classification, inputs: 100, hidden: [30], outputs: 4, random: random)
    let weights = model.first.indices.filter { $0 % 32 < 30 }.map { model.first[$0] }
    #expect(
      weights.allSatisfy { abs($0) <= 0.1 } && weights.contains { $0 > 0.099 } && weights.contains { $0 < -0.099 })
    #expect(model.rest[0].weights.allSatisfy { abs(Double($0)) <= 1 / 30.0.squareRoot() })
    #expect(model.parameterCount == 101 * 30 + 31 * 4 && model.isFinite)
    let rows = TreeData.sparse(rows: 10, columns: 100, seed: 1)
    #expect(model.flops(rows) == Double(2 * (rows.nonZeros * 30 + 10 * 30 * 4)))
    var broken = model
    broken.first[0] = .nan
    #expect(!broken.isFinite)
    #expect(MLP(problem: .regression, inputs: 0, hidden: [2], outputs: 1, random: random).isFinite)
  }

  @Test("a stored model reads back as the same")
  func stored() throws {
    for (problem, outputs) in [(Problem.classification, 3), (.multiLabel, 2), (.regression, 1)] {
      let model = MLP(problem: problem, inputs: 7, hidden: [5, 17], outputs: outputs, random: random)
      #expect(model.tensors.map(\.shape) == [[7, 5], [5], [5, 17], [17], [17, outputs], [outputs]])
      let read = try MLP(
        stored: Safetensors(bytes: Safetensors.encoded(model.tensors)), problem: problem, inputs: 7, hidden: [5, 17],
        outputs: outputs)
      #expect(read == model)
    }
  }

  @Test("every damaged array is an error or a model that answers")
  func damaged() throws {
    let model = MLP(problem: .classification, inputs: 3, hidden: [5, 2], outputs: 2, random: random)
    StoredDamage.check(model.tensors) { file in
      let read = try MLP(stored: file, problem: .classification, inputs: 3, hidden: [5, 2], outputs: 2)
      _ = read.answers(TreeData.sparse(rows: 3, columns: 3, seed: 1), pool: WorkerPool(threads: 1))
    }
    let file = try Safetensors(bytes: Safetensors.encoded(model.tensors))
    #expect(throws: CheckpointError.self) {
      _ = try MLP(stored: file, problem: .classification, inputs: 3, hidden: [5, 3], outputs: 2)
    }
    #expect(throws: CheckpointError.self) {
      _ = try MLP(stored: file, problem: .classification, inputs: 3, hidden: [], outputs: 2)
    }
  }
}
