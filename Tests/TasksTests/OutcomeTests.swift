import Tasks
import TestSupport
import Testing

/// Outcomes of the three kinds of tasks, with what their scores are made of.
@Suite("Outcome")
struct OutcomeTests {
  private static func draws(_ seed: UInt64) -> (Int) -> Int {
    var state = seed
    return { n in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
  }

  private static func classes(_ rows: Int, classes: Int, seed: UInt64) -> ClassOutcome {
    let draw = draws(seed)
    let labels = (0..<rows).map { _ in draw(classes) }
    let probabilities = labels.flatMap { label in
      let weights = (0..<classes).map { Float(1 + draw(8) + ($0 == label ? 3 : 0)) }
      return weights.map { $0 / weights.reduce(0, +) }
    }
    return ClassOutcome(labels: labels, classes: classes, probabilities: probabilities)
  }

  private static func labels(_ rows: Int, labels: Int, seed: UInt64) -> LabelOutcome {
    let draw = draws(seed)
    let targets = (0..<rows).map { _ in (0..<labels).filter { _ in draw(3) == 0 } }
    let probabilities = targets.flatMap { own in
      (0..<labels).map { Float(draw(8) + (own.contains($0) ? 2 : 0)) / 10 }
    }
    return LabelOutcome(targets: targets, probabilities: probabilities, labels: labels, threshold: 0.55)
  }

  private static func numbers(_ rows: Int, seed: UInt64) -> NumberOutcome {
    let draw = draws(seed)
    let targets = (0..<rows).map { _ in Double(draw(12)) / 4 - 1 }
    return NumberOutcome(targets: targets, answers: targets.map { Float($0) + Float(draw(9)) / 8 - 0.5 })
  }

  /// Every class and label occurs.
  private static func sample(_ problem: Problem, rows: Int = 60, seed: UInt64 = 1) -> Outcome {
    switch problem {
    case .classification: .classification(classes(rows, classes: 4, seed: seed))
    case .multiLabel: .multiLabel(labels(rows, labels: 4, seed: seed))
    case .regression: .regression(numbers(rows, seed: seed))
    }
  }

  /// Answers alone, in place of probabilities.
  private static func withoutProbabilities(_ outcome: Outcome) -> Outcome {
    switch outcome {
    case .classification(let own):
      .classification(
        ClassOutcome(
          labels: own.labels, classes: own.classes, probabilities: [], answers: RowAnswers(predictions: own.predictions)
        ))
    case .multiLabel(let own):
      .multiLabel(LabelOutcome(targets: own.targets, answers: own.answers, labels: own.labels))
    case .regression: outcome
    }
  }

  // MARK: Scores

  @Test("the scores are the task's, all of them where nothing is in the way", arguments: Problem.allCases)
  func scores(problem: Problem) {
    let outcome = Self.sample(problem)
    #expect(outcome.problem == problem && outcome.rows == 60)
    #expect(Set(outcome.scores.keys) == Set(problem.metrics))
    for (metric, value) in outcome.scores { #expect(metric.range.contains(value), "\(metric)") }
  }

  @Test("one score alone is the same; it is nil for a metric of other tasks", arguments: Problem.allCases)
  func oneScore(problem: Problem) {
    for outcome in [Self.sample(problem), Self.withoutProbabilities(Self.sample(problem))] {
      let scores = outcome.scores
      for metric in MetricName.allCases {
        guard let expected = scores[metric] else {
          #expect(outcome.value(metric) == nil, "\(metric)")
          continue
        }
        expectClose([outcome.value(metric) ?? .nan], [expected], absolute: 1e-12, metric.rawValue)
      }
    }
  }

  @Test("without probabilities the scores that need them are missing, and no others", arguments: Problem.allCases)
  func answersAlone(problem: Problem) {
    let outcome = Self.sample(problem), bare = Self.withoutProbabilities(outcome)
    #expect(outcome.hasProbabilities == (problem != .regression) && !bare.hasProbabilities)
    #expect(outcome.probabilities.count == (problem == .regression ? 0 : 240) && bare.probabilities.isEmpty)
    #expect(Set(bare.scores.keys) == Set(problem.metrics.filter { !$0.needsProbabilities }))
    for (metric, value) in bare.scores { #expect(outcome.scores[metric] == value, "\(metric)") }
    #expect(bare.isRight == outcome.isRight && bare.occurring == outcome.occurring && bare.targets == outcome.targets)
  }

  @Test("of answers with two of their probabilities only areas and the Brier score are missing")
  func answersWithProbabilities() {
    let own = Self.classes(60, classes: 4, seed: 2)
    let answers = RowAnswers(own.probabilities, labels: own.labels, classes: 4)
    let outcome = Outcome.classification(
      ClassOutcome(labels: own.labels, classes: 4, probabilities: [], answers: answers))
    let whole = Outcome.classification(own).scores
    #expect(
      Set(outcome.scores.keys) == Set(Problem.classification.metrics.filter { !$0.needsAllProbabilities }))
    for (metric, value) in outcome.scores { #expect(whole[metric] == value, "\(metric)") }
  }

  @Test("a score without a value is no key")
  func undefined() {
    let lone = Outcome.classification(ClassOutcome(labels: [1, 1], classes: 2, probabilities: [0.2, 0.8, 0.4, 0.6]))
    #expect(
      Set(Problem.classification.metrics).subtracting(lone.scores.keys) == [.aucMacro, .aucWeighted, .kappa])
    let flat = Outcome.regression(NumberOutcome(targets: [2, 2], answers: [1, 2]))
    #expect(flat.scores == [.mae: 0.5, .mse: 0.5])
    let same = Outcome.regression(NumberOutcome(targets: [1, 3], answers: [2, 2]))
    #expect(same.scores == [.mae: 1, .mse: 1, .r2: 0])
    let broken = Outcome.regression(NumberOutcome(targets: [1, 3], answers: [.nan, 3]))
    #expect(broken.scores.isEmpty)
  }

  @Test("an outcome of no rows has no scores and nothing else", arguments: Problem.allCases)
  func noRows(problem: Problem) {
    let none = Outcome.none(of: TaskShape(problem, classes: problem == .regression ? 0 : 3))
    #expect(none.problem == problem && none.rows == 0 && none.targets == .none(of: problem))
    #expect(none.scores.isEmpty && none.isRight.isEmpty && none.occurring.isEmpty && none.probabilities.isEmpty)
    #expect(Self.sample(problem).rows([]).scores.isEmpty)
  }

  // MARK: Rows

  @Test("some rows in any order are an outcome of those rows", arguments: Problem.allCases)
  func rows(problem: Problem) throws {
    for outcome in [Self.sample(problem), Self.withoutProbabilities(Self.sample(problem))] {
      let chosen = [7, 3, 3, 59, 0]
      let some = outcome.rows(chosen)
      #expect(some.rows == 5 && some.targets == outcome.targets.rows(chosen))
      #expect(some.isRight == (problem == .regression ? [] : chosen.map { outcome.isRight[$0] }))
      #expect(some.hasProbabilities == outcome.hasProbabilities)
      if outcome.hasProbabilities {
        #expect(some.probabilities == chosen.flatMap { outcome.probabilities[$0 * 4..<($0 + 1) * 4] })
      }
      #expect(outcome.rows(Array(0..<60)) == outcome && some != outcome)
      // Two halves have as much right as the whole.
      let halves = [outcome.rows(Array(0..<30)), outcome.rows(Array(30..<60))]
      for metric in [problem.exactness ?? .mae] {
        let means = try halves.map { try #require($0.value(metric)) }
        expectClose(
          [(means[0] + means[1]) / 2], [try #require(outcome.value(metric))], absolute: 1e-12, metric.rawValue)
      }
    }
  }

  @Test("right is what equals the truth as a whole; its share is the score of exactness")
  func isRight() {
    let classes = Outcome.classification(
      ClassOutcome(labels: [0, 1, 1], classes: 2, probabilities: [0.5, 0.5, 0.5, 0.5, 0.2, 0.8]))
    #expect(classes.isRight == [true, false, true])
    let labels = Outcome.multiLabel(
      LabelOutcome(targets: [[0, 1], [0], [], [], [1]], answers: [[0, 1], [0, 1], [], [0], []], labels: 2))
    #expect(labels.isRight == [true, false, true, false, false])
    for outcome in [classes, labels, Self.sample(.classification), Self.sample(.multiLabel)] {
      let share = Double(outcome.isRight.count { $0 }) / Double(outcome.rows)
      #expect(outcome.problem.exactness.flatMap { outcome.scores[$0] } == share)
    }
    #expect(Self.sample(.regression).isRight.isEmpty && Problem.regression.exactness == nil)
  }

  @Test("classes and labels occur where they are true or answered")
  func occurring() {
    let classes = ClassOutcome(
      labels: [4, 1], classes: 6, probabilities: [], answers: RowAnswers(predictions: [1, 3]))
    #expect(Outcome.classification(classes).occurring == [1, 3, 4])
    let labels = LabelOutcome(targets: [[4], []], answers: [[], [0, 2]], labels: 6)
    #expect(Outcome.multiLabel(labels).occurring == [0, 2, 4])
    #expect(Self.sample(.regression).occurring.isEmpty)
  }

  @Test("labels are answered from a threshold on, each row by itself")
  func threshold() {
    let probabilities: [Float] = [0.1, 0.5, 0.9, 0.49, 0.2, 0, 1, 0.5, 0.51]
    let outcome = LabelOutcome(
      targets: [[1], [], [0]], probabilities: probabilities, labels: 3, threshold: LabelThreshold.usual)
    #expect(outcome.answers == [[1, 2], [], [0, 1, 2]] && outcome.probabilities == probabilities)
  }

  // MARK: Lists of classes

  @Test("a mean over a list is the mean of its classes' own values; other scores do not ask for the list")
  func lists() throws {
    let classes = Self.classes(60, classes: 4, seed: 3), labels = Self.labels(60, labels: 4, seed: 3)
    let list = [3, 1]
    let counts = classes.metrics.counts, own = labels.scores.perLabel()
    let expected: [(Outcome, MetricName, [Double])] = [
      (.classification(classes), .precisionMacro, list.map(counts.precision)),
      (.classification(classes), .recallMacro, list.map(counts.recall)),
      (.classification(classes), .f1Macro, list.map(counts.f1)),
      (.multiLabel(labels), .precisionMacro, list.map { own[$0].precision }),
      (.multiLabel(labels), .recallMacro, list.map { own[$0].recall }),
      (.multiLabel(labels), .f1Macro, list.map { own[$0].f1 }),
    ]
    for (outcome, metric, values) in expected {
      let value = try #require(outcome.value(metric, over: list))
      expectClose([value], [(values[0] + values[1]) / 2], absolute: 1e-12, metric.rawValue)
      #expect(outcome.value(metric, over: outcome.occurring) == outcome.scores[metric])
    }
    for problem in Problem.allCases {
      let outcome = Self.sample(problem)
      for metric in problem.metrics where !metric.isClassMean {
        #expect(outcome.value(metric, over: list) == (metric.needsProbabilities ? nil : outcome.scores[metric]))
      }
    }
  }

  // MARK: Resamples

  @Test("a resample in which each row stands once has the plain values", arguments: Problem.allCases)
  func once(problem: Problem) throws {
    for outcome in [Self.sample(problem), Self.withoutProbabilities(Self.sample(problem))] {
      let prepared = outcome.scores(for: problem.metrics)
      #expect(prepared.metrics == problem.metrics)
      let values = prepared.values(weights: [Int32](repeating: 1, count: 60), over: outcome.occurring)
      for (metric, value) in zip(problem.metrics, values) {
        guard let expected = outcome.scores[metric] else {
          #expect(value.isNaN && prepared.value(metric) == nil, "\(metric)")
          continue
        }
        expectClose([value], [expected], absolute: 1e-12, metric.rawValue)
        expectClose([prepared.value(metric) ?? .nan], [expected], absolute: 1e-12, metric.rawValue)
      }
    }
  }

  @Test("a resample is the outcome of rows that stand there so many times", arguments: Problem.allCases)
  func repeated(problem: Problem) {
    for seed in 1...6 as ClosedRange<UInt64> {
      let draw = Self.draws(seed + 100)
      let outcome = Self.sample(problem, rows: 40, seed: seed), list = [2, 0]
      let weights = (0..<40).map { _ in Int32([0, 0, 1, 1, 2, 3][draw(6)]) }
      let twin = outcome.rows(weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) })
      let values = outcome.scores(for: problem.metrics).values(weights: weights, over: list)
      for (metric, value) in zip(problem.metrics, values) {
        let expected = metric.needsProbabilities ? twin.value(metric) : twin.value(metric, over: list)
        expectClose([value], [expected ?? .nan], absolute: 1e-9, "\(metric.rawValue), seed \(seed)")
      }
    }
  }

  @Test("a resample without rows has no values, and one of rows without contrast only those that need none")
  func withoutContrast() {
    for problem in Problem.allCases {
      let values = Self.sample(problem).scores(for: problem.metrics)
        .values(weights: [Int32](repeating: 0, count: 60), over: [0, 1])
      #expect(values.count == problem.metrics.count && values.allSatisfy(\.isNaN), "\(problem)")
    }
    var one = [Int32](repeating: 0, count: 60)
    one[5] = 3
    let numbers = Self.sample(.regression).scores(for: [.r2, .spearman, .mae, .mse]).values(weights: one, over: [])
    #expect(numbers.map(\.isNaN) == [true, true, false, false])
    let classes = Self.sample(.classification).scores(for: [.aucMacro, .accuracy, .logLoss])
      .values(weights: one, over: [0])
    #expect(classes.map(\.isNaN) == [true, false, false])
  }

  @Test("a metric of other tasks has no value, whatever else is asked for", arguments: Problem.allCases)
  func otherTasks(problem: Problem) {
    let outcome = Self.sample(problem), all = MetricName.allCases
    let prepared = outcome.scores(for: all)
    let values = prepared.values(weights: [Int32](repeating: 1, count: 60), over: outcome.occurring)
    for (metric, value) in zip(all, values) {
      #expect(value.isNaN == !problem.metrics.contains(metric), "\(metric)")
      #expect((prepared.value(metric) == nil) == !problem.metrics.contains(metric), "\(metric)")
    }
  }
}
