import Compute
import Models
import Text

/// A model that a run kept, ready to label texts; several threads may ask it at once.
public final class Predictor: Sendable {
  /// What the model says of one text.
  public struct Prediction: Sendable, Equatable {
    /// The most probable class; of equally probable ones the first.
    public var label: String
    /// That of `label`, from 0 to 1; nil from a model that gives none.
    public var probability: Float?
    /// Probability of each class, in the order of `Predictor.labels`; empty from such a model.
    public var probabilities: [Float]
  }

  /// Names of the classes.
  public let labels: [String]
  private let classifier: any TextClassifier
  private let givesProbabilities: Bool
  private let pool: WorkerPool

  /// - Parameter threads: texts that are computed side by side; no answer depends on it.
  public init(_ file: ModelFile, threads: Int) {
    labels = file.labels
    givesProbabilities = file.model.configuration.kind.family.givesProbabilities
    pool = WorkerPool(threads: threads)
    classifier = file.model.classifier(in: Workspace(), batchSize: 1)
  }

  /// The predictions in the order of the texts.
  ///
  /// Every text is computed alone: products of other shapes are rounded differently, so company would change the last
  /// bits of its probabilities.
  public func predict(_ texts: [String]) -> [Prediction] {
    let values = classifier.probabilities(classifier.encode(texts), pool: pool)
    return mostProbable(values, classes: labels.count).enumerated().map { row, best in
      guard givesProbabilities else { return Prediction(label: labels[best], probability: nil, probabilities: []) }
      let probabilities = Array(values[row * labels.count..<(row + 1) * labels.count])
      return Prediction(
        label: labels[best], probability: probabilities[best], probabilities: probabilities)
    }
  }

  /// Texts that are worth answering together.
  public static let batch = 32

  /// The same, but that a text of white space alone, or none, is not asked about and has none.
  public func predictions(of texts: [String?]) -> [Prediction?] {
    let isAsked = texts.map { text in !(text?.unicodeScalars.allSatisfy(\.properties.isWhitespace) ?? true) }
    var answers = predict(zip(texts, isAsked).compactMap { $1 ? $0 : nil }).makeIterator()
    return isAsked.map { $0 ? answers.next() : nil }
  }

  /// One JSON object: `text` where it is given, then `label`, `probability` and `probabilities`, as `members` has them.
  public func json(_ prediction: Prediction?, text: String? = nil) -> String {
    let shown = text.map { "\"text\":\(JSONText.quoted($0))," } ?? ""
    return "{\(shown)\(members(prediction, allClasses: true))}"
  }

  /// What stands between the braces of a JSON object: `label`, `probability` and, of `allClasses`, `probabilities` by
  /// class, in the order of `labels`.
  ///
  /// Numbers have the fewest digits that read back as the same. Without a prediction the values are null, null and an
  /// empty object. `prefix` stands before each of the three keys.
  public func members(_ prediction: Prediction?, prefix: String = "", allClasses: Bool) -> String {
    let byClass =
      prediction.map { zip(labels, $0.probabilities) }?
      .map { "\(JSONText.quoted($0)):\(Self.number($1) ?? "null")" } ?? []
    var values = [
      prediction.map { JSONText.quoted($0.label) } ?? "null",
      prediction?.probability.flatMap(Self.number) ?? "null",
    ]
    if allClasses { values.append("{\(byClass.joined(separator: ","))}") }
    return zip(keys(prefix: prefix, allClasses: allClasses), values).map { "\(JSONText.quoted($0)):\($1)" }
      .joined(separator: ",")
  }

  /// The keys of `members`.
  public func keys(prefix: String, allClasses: Bool) -> [String] {
    (["label", "probability"] + (allClasses ? ["probabilities"] : [])).map { prefix + $0 }
  }

  /// Names of the columns that `fields` fills: `label`, `probability` and, of `allClasses`, `probability_CLASS` for each
  /// class, in the order of `labels`.
  public func columns(prefix: String, allClasses: Bool) -> [String] {
    (["label", "probability"] + (allClasses ? labels.map { "probability_\($0)" } : [])).map { prefix + $0 }
  }

  /// The prediction as a table's fields; blank ones without a prediction.
  public func fields(_ prediction: Prediction?, allClasses: Bool) -> [String] {
    guard let prediction else { return [String](repeating: "", count: 2 + (allClasses ? labels.count : 0)) }
    let ofClasses =
      prediction.probabilities.map(Self.number) + labels.dropFirst(prediction.probabilities.count).map { _ in nil }
    let numbers = [prediction.probability.flatMap(Self.number)] + (allClasses ? ofClasses : [])
    return [prediction.label] + numbers.map { $0 ?? "" }
  }

  /// JSON knows no infinity and nothing that is no number.
  private static func number(_ value: Float) -> String? { value.isFinite ? "\(value)" : nil }
}
