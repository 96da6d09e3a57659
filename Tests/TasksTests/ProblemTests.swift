import Tasks
import Testing

@Suite("Problem")
struct ProblemTests {
  @Test("every metric is of at least one kind of task, whose list has it", arguments: MetricName.allCases)
  func everyMetric(metric: MetricName) {
    #expect(!metric.problems.isEmpty)
    for problem in Problem.allCases { #expect(problem.metrics.contains(metric) == metric.problems.contains(problem)) }
  }

  @Test("the primary score of a kind of task may decide, and is compared", arguments: Problem.allCases)
  func primary(problem: Problem) {
    #expect(MetricName.deciding.contains(problem.primary) && problem.decidingMetrics.contains(problem.primary))
    #expect(problem.compared.contains(problem.primary))
  }

  @Test("the scores that are compared are the task's own, may decide and stand there once", arguments: Problem.allCases)
  func compared(problem: Problem) {
    #expect(Set(problem.compared).isSubset(of: problem.decidingMetrics))
    #expect(Set(problem.compared).count == problem.compared.count)
    #expect(Set(problem.decidingMetrics).isSubset(of: problem.metrics))
  }

  @Test(
    "what needs all probabilities needs probabilities, and the best value is in the range",
    arguments: MetricName.allCases)
  func properties(metric: MetricName) {
    #expect(metric.needsProbabilities || !metric.needsAllProbabilities)
    #expect(metric.range.contains(metric.higherIsBetter ? 1 : 0))
    #expect(metric.isFraction || !metric.isClassMean)
  }

  @Test("a network has an output for each class or label, and one for a number")
  func outputs() {
    #expect(TaskShape.classification(5).outputs == 5 && TaskShape(.multiLabel, classes: 4).outputs == 4)
    #expect(TaskShape(.regression, classes: 0).outputs == 1)
    #expect(Problem(rawValue: "multi-label") == .multiLabel)
  }
}
