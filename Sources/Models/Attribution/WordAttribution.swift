import Compute
import Tasks
import Text

/// What each word of a text adds to one of a model's scores, against a text without words.
public struct WordAttribution: Sendable, Equatable {
  public let runs: TextRuns
  /// Of each run of the text, in the score's unit: logits of networks, scores of linear models and boosted trees,
  /// probability of a tree or forest.
  public let values: [Double]
  /// What no word adds: marks of begin and end.
  public let rest: Double
  /// The score without words, and the text's own.
  public let start: Double
  public let score: Double
  /// Points of the path on which gradients were taken; nil where values are exact.
  public let nodes: Int?

  public init(_ runs: TextRuns, values: [Double], rest: Double, start: Double, score: Double, nodes: Int?) {
    precondition(values.count == runs.count, "WordAttribution: \(values.count) values of \(runs.count) words")
    (self.runs, self.values, self.rest) = (runs, values, rest)
    (self.start, self.score, self.nodes) = (start, score, nodes)
  }

  /// Shares of parts, each given to the run that owns it.
  package init(
    _ runs: TextRuns, parts: [Double], owners: [Int?], start: Double, score: Double, nodes: Int?
  ) {
    var values = [Double](repeating: 0, count: runs.count), rest = 0.0
    for (part, owner) in zip(parts, owners) { if let owner { values[owner] += part } else { rest += part } }
    self.init(runs, values: values, rest: rest, start: start, score: score, nodes: nodes)
  }

  /// By how much values and rest miss the difference of the two scores.
  public var error: Double { abs(values.reduce(rest, +) - (score - start)) }
  /// Whether that is at most 1 % of the difference.
  public var isComplete: Bool { Self.isComplete(error, of: score - start) }

  static func isComplete(_ error: Double, of difference: Double) -> Bool {
    error <= 0.01 * abs(difference) + 1e-6
  }

  /// Numbers of the runs, the one that adds most first; the earlier of equals.
  public var ranking: [Int] { values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] } }
}

/// How a model's scores are divided among words.
public enum AttributionMethod: String, Sendable {
  /// Of a network: Sundararajan et al. 2017, from word vectors of zeros.
  case integratedGradients = "integrated gradients"
  /// Of a linear model: weight × value.
  case weights
  /// Of trees: Shapley values against a text without n-grams (Lundberg et al. 2020).
  case shapley = "Shapley values"
}

/// A model whose scores can be divided among the words of a text.
public protocol AttributingClassifier: TextClassifier {
  /// nil where it reads more than texts, or vectors of them.
  var attributionMethod: AttributionMethod? { get }
  /// Of each text what its words add to the score of one output. Only where there is a method.
  ///
  /// Every text is computed alone, so neither the others nor the threads change a bit.
  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution]
}
