import Compute
import Models
import Tasks

/// What the majority baseline learns: how often each class stands in the training part.
public struct MajorityState: Sendable, Codable, Equatable {
  /// Training rows of each class.
  public let counts: [Int]

  public init(counts: [Int]) { self.counts = counts }

  /// Counts `labels`, each in `0 ..< classes`.
  public init(labels: [Int], classes: Int) {
    precondition(classes >= 1, "MajorityState: \(classes) classes")
    var counts = [Int](repeating: 0, count: classes)
    for label in labels {
      precondition(label >= 0 && label < classes, "MajorityState: label \(label) of \(classes) classes")
      counts[label] += 1
    }
    self.counts = counts
  }

  /// Class prior (n_c + 1) / (N + C): Laplace's rule, so that a class without training rows is not impossible and
  /// the log loss stays finite. Its order is that of the counts.
  public var prior: [Double] {
    let total = Double(counts.reduce(0, +) + counts.count)
    return counts.map { Double($0 + 1) / total }
  }

  /// The most frequent class; the lowest of equals.
  public var majority: Int {
    var best = 0
    for (label, count) in counts.enumerated() where count > counts[best] { best = label }
    return best
  }
}

/// Predicts the most frequent training class for every text, with the class prior as its probabilities.
///
/// What any model must beat; where classes are uneven its accuracy is high and says nothing.
public final class MajorityClassifier: TextClassifier {
  public let state: MajorityState
  private let prior: [Float]

  public init(_ state: MajorityState) {
    self.state = state
    self.prior = state.prior.map { Float($0) }
  }

  public var classes: Int { state.counts.count }
  public var parameterCount: Int { classes }
  public var byteCount: Int { classes * MemoryLayout<Float>.size }
  public var vocabularyCount: Int? { nil }

  public func encode(_ inputs: [Input]) -> EncodedTexts { .keys(inputs.map(\.text)) }

  public func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    var out = [Float]()
    out.reserveCapacity(encoded.count * classes)
    for _ in 0..<encoded.count { out += prior }
    return out
  }

  public func flops(_ encoded: EncodedTexts) -> Double { 0 }
}
