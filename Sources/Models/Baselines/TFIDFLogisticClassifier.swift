import Compute
import Text

/// TF-IDF features of words and characters into multinomial logistic regression: p = softmax(x W + b).
///
/// The baseline that short, topical texts are hard to beat; it sees which n-grams stand in a text, not where.
/// Equal to scikit-learn's `TfidfVectorizer` (one for words, one with `char_wb`, side by side) and
/// `LogisticRegression`, but for two classes: the softmax has one weight vector for each class there too, which is
/// scikit-learn's binary model at C = 2c.
public final class TFIDFLogisticClassifier: TextClassifier {
  public let state: TFIDFLogisticState
  private let preparation: TextPreparation
  private let stride: Int
  /// `[features + 1, stride]`, the biases last.
  private let weights: [Float]

  public init(_ state: TFIDFLogisticState) {
    let (classes, features) = (state.classes, state.vectorizer.count)
    precondition(
      state.weights.count == features * classes && state.biases.count == classes,
      "TFIDFLogisticClassifier: \(state.weights.count) weights for [\(features), \(classes)]")
    self.state = state
    preparation = TextPreparation(state.text)
    stride = SparseRows.stride(columns: classes)
    let padding = [Float](repeating: 0, count: stride - classes)
    var weights: [Float] = []
    weights.reserveCapacity((features + 1) * stride)
    for feature in 0..<features {
      weights += state.weights[feature * classes..<(feature + 1) * classes]
      weights += padding
    }
    self.weights = weights + state.biases + padding
  }

  public var classes: Int { state.classes }
  public var parameterCount: Int { state.weights.count + state.biases.count }
  public var byteCount: Int { parameterCount * MemoryLayout<Float>.size + state.vectorizer.byteCount }
  public var vocabularyCount: Int? { state.vectorizer.count }

  public func encode(_ texts: [String]) -> EncodedTexts {
    .features(state.vectorizer.transform(texts.map { preparation.prepare($0) }))
  }

  public func probabilities(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    let rows = features(encoded)
    var logits = [Float](repeating: 0, count: rows.count * stride)
    rows.multiply(weights, stride: stride, initialRow: rows.columns, into: &logits, pool: pool)
    return SoftmaxRows.probabilities(logits, rows: rows.count, classes: classes, stride: stride)
  }

  /// Two for each stored value and class; adding biases and the softmax count for nothing beside it.
  public func flops(_ encoded: EncodedTexts) -> Double { 2 * Double(features(encoded).nonZeros) * Double(classes) }

  private func features(_ encoded: EncodedTexts) -> SparseRows {
    guard case .features(let rows) = encoded, rows.columns == state.vectorizer.count else {
      preconditionFailure(
        "TFIDFLogisticClassifier: got \(encoded.count) \(encoded.form), expected \(state.vectorizer.count) features")
    }
    return rows
  }
}
