import Compute
import Models
import Tasks

/// A model whose answers are made of another's.
final class AdjustedClassifier<Inner: TextClassifier>: TextClassifier {
  fileprivate let inner: Inner
  private let adjusted: @Sendable (Inner, EncodedTexts, WorkerPool) -> [Float]

  /// - Parameter adjusted: answers `[rows, classes]` from the inner model and what it encoded.
  init(_ inner: Inner, _ adjusted: @escaping @Sendable (Inner, EncodedTexts, WorkerPool) -> [Float]) {
    (self.inner, self.adjusted) = (inner, adjusted)
  }

  var classes: Int { inner.classes }
  var parameterCount: Int { inner.parameterCount }
  var byteCount: Int { inner.byteCount }
  var vocabularyCount: Int? { inner.vocabularyCount }
  func encode(_ inputs: [Input]) -> EncodedTexts { inner.encode(inputs) }
  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] { adjusted(inner, encoded, pool) }
  func flops(_ encoded: EncodedTexts) -> Double { inner.flops(encoded) }
}

/// Of the inner model's scores.
extension AdjustedClassifier: AttributingClassifier where Inner: AttributingClassifier {
  var attributionMethod: AttributionMethod? { inner.attributionMethod }

  func attributions(_ texts: [String], outputs: [Int], pool: WorkerPool) -> [WordAttribution] {
    inner.attributions(texts, outputs: outputs, pool: pool)
  }
}
