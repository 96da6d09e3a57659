/// What was answered to each row, with two of its probabilities: what most metrics follow from, where the others are not
/// kept. Areas under the curve and the Brier score need all of them.
public struct RowAnswers: Sendable, Equatable {
  /// The class of highest probability; the lowest index among equals. `[rows]`, as all below.
  public let predictions: [Int]
  /// Its probability; empty for a model that gives none.
  public let probabilities: [Float]
  /// The probability of the row's true class; empty as well.
  public let ofLabels: [Float]

  public init(predictions: [Int], probabilities: [Float] = [], ofLabels: [Float] = []) {
    precondition(
      probabilities.count == ofLabels.count && [0, predictions.count].contains(probabilities.count),
      "RowAnswers: \(predictions.count) predictions, \(probabilities.count) and \(ofLabels.count) probabilities")
    (self.predictions, self.probabilities, self.ofLabels) = (predictions, probabilities, ofLabels)
  }

  /// Of whole vectors: `probabilities` is `[rows, classes]`, row by row; `labels` is `[rows]`.
  public init(_ probabilities: [Float], labels: [Int], classes: Int) {
    precondition(
      classes > 0 && probabilities.count == labels.count * classes,
      "RowAnswers: \(labels.count) labels, \(classes) classes, \(probabilities.count) probabilities")
    let predictions = labels.indices.map { row in
      (1..<max(classes, 1)).reduce(0) {
        probabilities[row * classes + $1] > probabilities[row * classes + $0] ? $1 : $0
      }
    }
    self.init(
      predictions: predictions, probabilities: labels.indices.map { probabilities[$0 * classes + predictions[$0]] },
      ofLabels: labels.indices.map { probabilities[$0 * classes + labels[$0]] })
  }

  public var hasProbabilities: Bool { probabilities.count == predictions.count }

  /// Those of some rows, in the order given.
  public func rows(_ rows: [Int]) -> RowAnswers {
    guard hasProbabilities else { return RowAnswers(predictions: rows.map { predictions[$0] }) }
    return RowAnswers(
      predictions: rows.map { predictions[$0] }, probabilities: rows.map { probabilities[$0] },
      ofLabels: rows.map { ofLabels[$0] })
  }
}
