/// The kind of a task: what is asked of each text.
public enum Problem: String, Sendable, CaseIterable, Codable {
  /// One class of several.
  case classification
  /// Any number of labels, each of which holds or does not.
  case multiLabel = "multi-label"
  /// A number.
  case regression

  /// Numbers that a model gives for a text, where the corpus has so many classes or labels.
  public func outputs(classes: Int) -> Int { self == .regression ? 1 : classes }

  /// Every score that it has, in the order of its columns.
  public var metrics: [MetricName] { MetricName.allCases.filter { $0.problems.contains(self) } }

  /// Those that may decide a comparison.
  public var decidingMetrics: [MetricName] { metrics.filter { MetricName.deciding.contains($0) } }

  /// The one that decides where nothing else is said.
  public var primary: MetricName {
    switch self {
    case .classification: .f1Macro
    case .multiLabel: .f1Micro
    case .regression: .r2
    }
  }

  /// The score that is the share of rows answered exactly right; nil where there is none.
  public var exactness: MetricName? {
    switch self {
    case .classification: .accuracy
    case .multiLabel: .subsetAccuracy
    case .regression: nil
    }
  }

  /// The scores of which two models are compared besides the primary one.
  public var compared: [MetricName] {
    switch self {
    case .classification: [.accuracy, .precisionMacro, .recallMacro, .f1Macro, .aucMacro, .mcc, .logLoss]
    case .multiLabel: [.f1Micro, .f1Macro, .f1Samples, .subsetAccuracy, .rankingAP]
    case .regression: [.r2, .spearman, .mae, .mse]
    }
  }
}

/// What a model of one task answers with: the kind of task and the number of its classes or labels.
public struct TaskShape: Sendable, Hashable, Codable {
  public var problem: Problem
  /// Classes or labels; 0 where numbers are asked for.
  public var classes: Int

  public init(_ problem: Problem, classes: Int) { (self.problem, self.classes) = (problem, classes) }

  public static func classification(_ classes: Int) -> TaskShape { TaskShape(.classification, classes: classes) }

  /// Numbers that a model gives for a text.
  public var outputs: Int { problem.outputs(classes: classes) }
}
