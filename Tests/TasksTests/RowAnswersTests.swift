import Tasks
import Testing

/// Metrics of answers alone against the same metrics of whole vectors.
@Suite struct RowAnswersTests {
  private static let (labels, probabilities) = ClassificationMetricsTests.sample(rows: 97, classes: 5)
  private static let answers = RowAnswers(probabilities, labels: labels, classes: 5)

  @Test("every metric is that of the whole vectors to the last bit, or none", arguments: Problem.classification.metrics)
  func equal(metric: MetricName) throws {
    let whole = ClassificationMetrics(labels: Self.labels, probabilities: Self.probabilities, classes: 5)
    let short = ClassificationMetrics(labels: Self.labels, answers: Self.answers, classes: 5)
    let expected = try #require(whole.value(metric))
    #expect(short.value(metric) == (metric.needsAllProbabilities ? nil : expected))
    #expect(short.predictions == whole.predictions && short.confusion == whole.confusion)

    let weights = Self.labels.indices.map { Int32($0 % 4) }
    let drawn = ResampledMetrics(labels: Self.labels, probabilities: Self.probabilities, classes: 5)
    let drawnShort = ResampledMetrics(labels: Self.labels, answers: Self.answers, classes: 5)
    let draw = try #require(drawn.value(metric, weights: weights))
    #expect(drawnShort.value(metric, weights: weights) == (metric.needsAllProbabilities ? nil : draw))
  }

  @Test(
    "without probabilities there is every metric that needs none, and no other",
    arguments: Problem.classification.metrics)
  func none(metric: MetricName) {
    let whole = ClassificationMetrics(labels: Self.labels, probabilities: Self.probabilities, classes: 5)
    let answers = RowAnswers(predictions: Self.answers.predictions)
    #expect(!answers.hasProbabilities)
    let short = ClassificationMetrics(labels: Self.labels, answers: answers, classes: 5)
    #expect(short.value(metric) == (metric.needsProbabilities ? nil : whole.value(metric)))
    let weights = Self.labels.indices.map { Int32($0 % 4) }
    let drawn = ResampledMetrics(labels: Self.labels, probabilities: Self.probabilities, classes: 5)
    let drawnShort = ResampledMetrics(labels: Self.labels, answers: answers, classes: 5)
    #expect(
      drawnShort.value(metric, weights: weights)
        == (metric.needsProbabilities ? nil : drawn.value(metric, weights: weights)))
  }

  @Test("of equal probabilities the first class is the answer, and rows are chosen in order")
  func rows() {
    let answers = RowAnswers([0.5, 0.5, 0.2, 0.8, 1, 0], labels: [1, 0, 0], classes: 2)
    #expect(answers.predictions == [0, 1, 0] && answers.ofLabels == [0.5, 0.2, 1])
    let some = answers.rows([2, 0])
    #expect(some == RowAnswers(predictions: [0, 0], probabilities: [1, 0.5], ofLabels: [1, 0.5]))
  }
}
