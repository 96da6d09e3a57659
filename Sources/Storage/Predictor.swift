import Compute
import Models
import Tasks
import Text

/// A model that a run kept, ready to label texts; several threads may ask it at once.
public final class Predictor: Sendable {
  /// What the model says of one text.
  public struct Prediction: Sendable, Equatable {
    /// The most probable class, of equally probable ones the first; every label whose probability reaches the model's
    /// threshold; or a number.
    public var answer: Answer
    /// That of the class, from 0 to 1; nil from a model that gives none.
    public var probability: Float?
    /// Probability of each class or label, in the order of `Predictor.labels`; empty from such a model.
    public var probabilities: [Float]
  }

  public enum Answer: Sendable, Equatable {
    case label(String)
    case labels([String])
    case number(Float)
  }

  /// Names of the classes.
  public let labels: [String]
  /// The columns that a row's cells must be; none where it reads none.
  public let columns: [InputColumn]
  /// Whether it reads a row's text.
  public let readsText: Bool
  private let classifier: any TextClassifier
  /// Whether it gives the probability of each class.
  public let givesProbabilities: Bool
  private let problem: Problem
  private let threshold: Float
  private let pool: WorkerPool

  /// `threads` is how many texts are computed side by side; no answer depends on it.
  public init(_ file: ModelFile, threads: Int) {
    labels = file.labels
    (problem, threshold) = (file.model.shape.problem, file.model.threshold)
    givesProbabilities = file.model.configuration.family.givesProbabilities
    pool = WorkerPool(threads: threads)
    (columns, readsText) = (file.model.columns, file.model.readsText)
    classifier = file.model.classifier(in: Workspace(), batchSize: 1)
  }

  /// The predictions in the order of the rows.
  ///
  /// Every row is computed alone: products of other shapes are rounded differently, so company would change the last
  /// bits of its probabilities.
  public func predict(_ inputs: [Input]) -> [Prediction] {
    let values = classifier.answers(classifier.encode(inputs), pool: pool)
    let width = problem.outputs(classes: labels.count)
    return inputs.indices.map { row in prediction(Array(values[row * width..<(row + 1) * width])) }
  }

  private func prediction(_ outputs: [Float]) -> Prediction {
    switch problem {
    case .regression: return Prediction(answer: .number(outputs[0]), probability: nil, probabilities: [])
    case .multiLabel:
      let given = labels.indices.filter { outputs[$0] >= threshold }.map { labels[$0] }
      return Prediction(answer: .labels(given), probability: nil, probabilities: outputs)
    case .classification:
      let best = mostProbable(outputs, classes: labels.count)[0], answer = Answer.label(labels[best])
      guard givesProbabilities else { return Prediction(answer: answer, probability: nil, probabilities: []) }
      return Prediction(answer: answer, probability: outputs[best], probabilities: outputs)
    }
  }

  /// How its scores are divided among the words of a text; nil where they are not.
  public var attributionMethod: AttributionMethod? {
    columns.isEmpty && readsText ? (classifier as? any AttributingClassifier)?.attributionMethod : nil
  }

  /// Of each text what its words add to the score of one class, by its number; empty where there is no method.
  public func attributions(_ texts: [String], outputs: [Int]) -> [WordAttribution] {
    guard attributionMethod != nil, let classifier = classifier as? any AttributingClassifier else { return [] }
    return classifier.attributions(texts, outputs: outputs, pool: pool)
  }

  /// Texts that are worth answering together.
  public static let batch = 32

  public func predict(_ texts: [String]) -> [Prediction] { predict(texts.map { Input(text: $0) }) }

  /// The same, but that a text of white space alone, or none, is not asked about and has none.
  public func predictions(of inputs: [Input?]) -> [Prediction?] {
    let isAsked = inputs.map { input in !(input?.text.unicodeScalars.allSatisfy(\.properties.isWhitespace) ?? true) }
    var answers = predict(zip(inputs, isAsked).compactMap { $1 ? $0 : nil }).makeIterator()
    return isAsked.map { $0 ? answers.next() : nil }
  }

  /// One JSON object: `text` where it is given, then what `members` has.
  public func json(_ prediction: Prediction?, text: String? = nil) -> String {
    let shown = text.map { "\"text\":\(JSONText.quoted($0))," } ?? ""
    return "{\(shown)\(members(prediction, allClasses: true))}"
  }

  /// What stands between the braces of a JSON object: `label`, `probability` and, of `allClasses`, `probabilities` by
  /// class, in the order of `labels`; where there may be several labels, `labels`, a list, and `probabilities`; or
  /// `value`.
  ///
  /// Numbers have the fewest digits that read back as the same. Without a prediction the values are null and an
  /// empty object. `prefix` stands before each of the keys.
  public func members(_ prediction: Prediction?, prefix: String = "", allClasses: Bool) -> String {
    let byClass =
      prediction.map { zip(labels, $0.probabilities) }?
      .map { "\(JSONText.quoted($0)):\(Self.number($1) ?? "null")" } ?? []
    var values: [String]
    switch prediction?.answer {
    case .label(let label): values = [JSONText.quoted(label)]
    case .labels(let labels): values = ["[\(labels.map(JSONText.quoted).joined(separator: ","))]"]
    case .number(let number): values = [Self.number(number) ?? "null"]
    case nil: values = ["null"]
    }
    if problem == .classification { values.append(prediction?.probability.flatMap(Self.number) ?? "null") }
    if allClasses, problem != .regression { values.append("{\(byClass.joined(separator: ","))}") }
    return zip(keys(prefix: prefix, allClasses: allClasses), values).map { "\(JSONText.quoted($0)):\($1)" }
      .joined(separator: ",")
  }

  /// The keys of `members`.
  public func keys(prefix: String, allClasses: Bool) -> [String] {
    (answerKeys + (allClasses && problem != .regression ? ["probabilities"] : [])).map { prefix + $0 }
  }

  private var answerKeys: [String] {
    switch problem {
    case .classification: ["label", "probability"]
    case .multiLabel: ["labels"]
    case .regression: ["value"]
    }
  }

  /// Names of the columns that `fields` fills: the keys of an answer and, of `allClasses`, `probability_CLASS` for each
  /// class, in the order of `labels`.
  public func columns(prefix: String, allClasses: Bool) -> [String] {
    (answerKeys + (allClasses ? labels.map { "probability_\($0)" } : [])).map { prefix + $0 }
  }

  /// The prediction as a table's fields; blank ones without a prediction. Several labels have a comma between them, or a
  /// line break where a name holds a comma.
  public func fields(_ prediction: Prediction?, allClasses: Bool) -> [String] {
    let count = answerKeys.count + (allClasses ? labels.count : 0)
    guard let prediction else { return [String](repeating: "", count: count) }
    var fields: [String]
    switch prediction.answer {
    case .label(let label): fields = [label, prediction.probability.flatMap(Self.number) ?? ""]
    case .labels(let given):
      fields = [given.joined(separator: labels.contains { $0.contains(",") } ? "\n" : ",")]
    case .number(let number): fields = [Self.number(number) ?? ""]
    }
    guard allClasses else { return fields }
    fields += prediction.probabilities.map { Self.number($0) ?? "" }
    return fields + [String](repeating: "", count: count - fields.count)
  }

  /// JSON knows no infinity and nothing that is no number.
  private static func number(_ value: Float) -> String? { value.isFinite ? "\(value)" : nil }
}
