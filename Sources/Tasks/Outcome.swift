/// What was true and what was answered of some rows of one task: all that their scores follow from.
public enum Outcome: Sendable, Equatable {
  case classification(ClassOutcome)
  case multiLabel(LabelOutcome)
  case regression(NumberOutcome)

  public var problem: Problem {
    switch self {
    case .classification: .classification
    case .multiLabel: .multiLabel
    case .regression: .regression
    }
  }

  /// Of no rows.
  public static func none(of shape: TaskShape) -> Outcome {
    switch shape.problem {
    case .classification: .classification(ClassOutcome(labels: [], classes: shape.classes, probabilities: []))
    case .multiLabel: .multiLabel(LabelOutcome(targets: [], answers: [], labels: shape.classes))
    case .regression: .regression(NumberOutcome(targets: [], answers: []))
    }
  }

  public var rows: Int { targets.count }

  public var targets: Targets {
    switch self {
    case .classification(let own): .classes(own.labels)
    case .multiLabel(let own): .labels(own.targets)
    case .regression(let own): .numbers(own.targets)
    }
  }

  /// `[rows, classes]`, of every class or label; none where answers alone are known, and of numbers.
  public var probabilities: [Float] {
    switch self {
    case .classification(let own): own.probabilities
    case .multiLabel(let own): own.probabilities
    case .regression: []
    }
  }

  /// Whether those are known, of no rows too.
  public var hasProbabilities: Bool {
    switch self {
    case .classification(let own): own.answers == nil
    case .multiLabel(let own): own.probabilities.count == own.targets.count * own.labels
    case .regression: false
    }
  }

  /// Those of some rows, in the order given.
  public func rows(_ rows: [Int]) -> Outcome {
    switch self {
    case .classification(let own): .classification(own.rows(rows))
    case .multiLabel(let own): .multiLabel(own.rows(rows))
    case .regression(let own): .regression(own.rows(rows))
    }
  }

  /// Every score of the task that has a value here: fractions, log loss in nats, errors in the unit of the numbers.
  public var scores: [MetricName: Double] {
    switch self {
    case .classification(let own):
      let scores = own.metrics
      return Dictionary(problem.metrics.compactMap { name in scores.value(name).map { (name, $0) } }) { $1 }
    case .multiLabel(let own):
      let scores = own.scores
      return Dictionary(problem.metrics.compactMap { name in scores.value(name).map { (name, $0) } }) { $1 }
    case .regression(let own):
      let scores = own.scores
      return Dictionary(problem.metrics.compactMap { name in scores.value(name).map { (name, $0) } }) { $1 }
    }
  }

  /// One score; nil where it has no value, or is none of the task's.
  public func value(_ metric: MetricName) -> Double? { scores(for: [metric]).value(metric) }

  /// A score that needs what was answered alone, with its mean over the classes or labels `list` where it is one over
  /// classes; nil where it needs more.
  public func value(_ metric: MetricName, over list: [Int]) -> Double? {
    guard !metric.needsProbabilities else { return nil }
    switch self {
    case .classification(let own):
      return ConfusionMetrics(
        labels: own.labels, predictions: own.predictions, classes: own.classes, averaged: list
      ).value(metric)
    case .multiLabel(let own):
      return MultiLabelScores(targets: own.targets, answers: own.answers, labels: own.labels).value(metric, over: list)
    case .regression(let own): return own.scores.value(metric)
    }
  }

  /// Prepared for many weighted resamples of the rows.
  public func scores(for metrics: [MetricName]) -> ResampledOutcome { ResampledOutcome(self, metrics) }

  /// The classes or labels that stand among the true or the answered ones, ascending.
  public var occurring: [Int] {
    switch self {
    case .classification(let own): ConfusionMetrics.occurring(in: [own.labels, own.predictions], classes: own.classes)
    case .multiLabel(let own): MultiLabelScores.occurring(in: [own.targets, own.answers], labels: own.labels)
    case .regression: []
    }
  }

  /// Whether each row is answered exactly right; empty where numbers are asked for.
  public var isRight: [Bool] {
    switch self {
    case .classification(let own): zip(own.predictions, own.labels).map { $0 == $1 }
    case .multiLabel(let own): zip(own.answers, own.targets).map { $0 == $1 }
    case .regression: []
    }
  }

}
