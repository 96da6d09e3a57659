import Compute
import Models
import Text

/// A model that a run kept, ready to label texts.
public final class Predictor {
  /// What the model says of one text.
  public struct Prediction: Sendable, Equatable {
    /// The most probable class; of equally probable ones the first.
    public var label: String
    /// That of `label`, from 0 to 1.
    public var probability: Float
    /// Probability of each class, in the order of `Predictor.labels`.
    public var probabilities: [Float]
  }

  /// Names of the classes.
  public let labels: [String]
  private let classifier: any TextClassifier
  private let pool: WorkerPool

  /// - Parameter threads: texts that are computed side by side; no answer depends on it.
  public init(_ file: ModelFile, threads: Int) {
    labels = file.labels
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
      let probabilities = Array(values[row * labels.count..<(row + 1) * labels.count])
      return Prediction(
        label: labels[best], probability: probabilities[best], probabilities: probabilities)
    }
  }

  /// One JSON object: `text` where it is given, then `label`, `probability` and `probabilities` by class, in the order
  /// of `labels` and with the fewest digits that read back as the same number. Without a prediction they are null, null
  /// and an empty object.
  public func json(_ prediction: Prediction?, text: String? = nil) -> String {
    let shown = text.map { "\"text\":\(JSONText.quoted($0))," } ?? ""
    guard let prediction else { return "{\(shown)\"label\":null,\"probability\":null,\"probabilities\":{}}" }
    let byClass = zip(labels, prediction.probabilities).map { "\(JSONText.quoted($0)):\(Self.number($1))" }
    return "{\(shown)\"label\":\(JSONText.quoted(prediction.label)),"
      + "\"probability\":\(Self.number(prediction.probability)),\"probabilities\":{\(byClass.joined(separator: ","))}}"
  }

  /// JSON knows no infinity and nothing that is no number.
  private static func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }
}
