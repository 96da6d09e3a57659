import Testing

@testable import Tasks

@Suite("LabelThreshold")
struct LabelThresholdTests {
  /// Rows with labels that a model knows something of; probabilities are small where `scale` is.
  private func sample(
    rows: Int, labels: Int, scale: Float, seed: UInt64
  ) -> (targets: [[Int]], probabilities: [Float]) {
    var state = seed
    func draw(_ n: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % n
    }
    let targets = (0..<rows).map { _ in (0..<labels).filter { _ in draw(4) == 0 } }
    let probabilities = targets.flatMap { own in
      (0..<labels).map { label in scale * Float(draw(1000) + (own.contains(label) ? 600 : 0)) / 1600 }
    }
    return (targets, probabilities)
  }

  /// The score at one threshold, from the sets of labels that it gives.
  private func naive(
    _ targets: [[Int]], _ probabilities: [Float], labels: Int, _ threshold: Float, by metric: MetricName
  ) -> Double? {
    let answers = targets.indices.map { row in
      (0..<labels).filter { probabilities[row * labels + $0] >= threshold }
    }
    return MultiLabelScores(targets: targets, answers: answers, labels: labels).value(metric)
  }

  private static let metrics = Problem.multiLabel.metrics.filter { !$0.needsProbabilities }

  @Test("is what trying every threshold finds, and of equally good ones the nearest to one half", arguments: metrics)
  func bruteForce(metric: MetricName) throws {
    var chosen: Set<Float> = []
    for (seed, scale) in zip(UInt64(1)..., [1, 0.6, 0.2, 0.05, 0.01, 0.002] as [Float]) {
      let (targets, probabilities) = sample(rows: 60, labels: 5, scale: scale, seed: seed)
      let found = LabelThreshold.best(targets, probabilities, labels: 5, by: metric)
      var best = -Double.infinity, nearest = Float.infinity
      for threshold in LabelThreshold.candidates {
        let score = try #require(naive(targets, probabilities, labels: 5, threshold, by: metric))
        let distance = abs(threshold - 0.5)
        if score > best {
          (best, nearest) = (score, distance)
        } else if score == best {
          nearest = min(nearest, distance)
        }
      }
      #expect(found.score == best && LabelThreshold.candidates.contains(found.threshold))
      #expect(naive(targets, probabilities, labels: 5, found.threshold, by: metric) == best)
      #expect(abs(found.threshold - 0.5) == nearest, "scale \(scale)")
      chosen.insert(found.threshold)
    }
    #expect(chosen.count > 2, "\(chosen)")
  }

  @Test("candidates are every twentieth and smaller ones, ascending, each once, and the usual one is among them")
  func candidates() {
    let all = LabelThreshold.candidates
    #expect(all == all.sorted() && Set(all).count == all.count && all.contains(LabelThreshold.usual))
    #expect(all.allSatisfy { 0 < $0 && $0 < 1 } && (1..<20).allSatisfy { all.contains(Float($0) / 20) })
    #expect(all.contains { $0 < 0.01 })
  }

  @Test("a probability of just the threshold gives the label")
  func inclusive() {
    let targets = [[0], [1], []], probabilities: [Float] = [0.25, 0.2, 0.2, 0.25, 0.2, 0.2]
    let found = LabelThreshold.best(targets, probabilities, labels: 2, by: .subsetAccuracy)
    #expect(found.threshold == 0.25 && found.score == 1)
    #expect(LabelOutcome.answers(probabilities, labels: 2, threshold: 0.25) == targets)
  }

  @Test("is the usual one where all are equally good, and where the score needs no answers")
  func usual() {
    let sure: [Float] = [1, 0, 0, 1]
    let found = LabelThreshold.best([[0], [1]], sure, labels: 2, by: .f1Micro)
    #expect(found.threshold == 0.5 && found.score == 1)
    let ranked = LabelThreshold.best([[0], [0]], [0.02, 0.01, 0.01, 0.02], labels: 2, by: .rankingAP)
    #expect(ranked.threshold == 0.5 && ranked.score == 0.75)
  }

  @Test("is the usual one without a score: no rows, or a metric of other tasks")
  func undefined() {
    for metric in [MetricName.f1Micro, .rankingAP] {
      let none = LabelThreshold.best([], [], labels: 3, by: metric)
      #expect(none.threshold == 0.5 && none.score == nil)
    }
    for metric in [MetricName.accuracy, .logLoss, .r2] {
      let other = LabelThreshold.best([[0], [1]], [0.1, 0, 0, 0.1], labels: 2, by: metric)
      #expect(other.threshold == 0.5 && other.score == nil, "\(metric)")
    }
  }

  // MARK: Scores of answers

  @Test("the score of answers is that of classes, of labels at their best threshold, or of numbers")
  func scores() {
    let classes = Targets.classes([0, 1, 1]), probabilities: [Float] = [0.9, 0.1, 0.2, 0.8, 0.6, 0.4]
    #expect(classes.score(probabilities, of: .classification(2), by: .accuracy) == 2.0 / 3)
    #expect(classes.score(probabilities, of: .classification(2), by: .aucMacro) == 1)
    let (sets, rare) = sample(rows: 40, labels: 4, scale: 0.1, seed: 9)
    let shape = TaskShape(.multiLabel, classes: 4)
    for metric in [MetricName.f1Micro, .f1Macro, .rankingAP] {
      let score = Targets.labels(sets).score(rare, of: shape, by: metric)
      #expect(score != nil && score == LabelThreshold.best(sets, rare, labels: 4, by: metric).score)
    }
    let atHalf = LabelOutcome(targets: sets, probabilities: rare, labels: 4, threshold: 0.5).scores.value(.f1Micro)
    #expect(atHalf == 0 && (Targets.labels(sets).score(rare, of: shape, by: .f1Micro) ?? 0) > 0.4)
    let numbers = Targets.numbers([1, 2, 4])
    #expect(numbers.score([1, 3, 4], of: TaskShape(.regression, classes: 0), by: .mae) == 1.0 / 3)
    #expect(numbers.score([1, 3, 4], of: TaskShape(.regression, classes: 0), by: .mse) == 1.0 / 3)
  }

  @Test("answers have no score by a metric of other tasks, nor without rows", arguments: Problem.allCases)
  func noScore(problem: Problem) {
    let shape = TaskShape(problem, classes: problem == .regression ? 0 : 2)
    let targets: Targets, answers: [Float]
    switch problem {
    case .classification: (targets, answers) = (.classes([0, 1]), [0.9, 0.1, 0.2, 0.8])
    case .multiLabel: (targets, answers) = (.labels([[0], [1]]), [0.9, 0.1, 0.2, 0.8])
    case .regression: (targets, answers) = (.numbers([1, 2]), [1, 2])
    }
    for metric in MetricName.allCases {
      #expect((targets.score(answers, of: shape, by: metric) != nil) == problem.metrics.contains(metric), "\(metric)")
      #expect(Targets.none(of: problem).score([], of: shape, by: metric) == nil, "\(metric)")
    }
  }
}
