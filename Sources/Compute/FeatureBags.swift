import CKernels

/// A linear classifier over the weighted mean of feature vectors, one row of features after another.
public enum FeatureBags {
  /// What one row is computed with: the mean, the answers, and scratch of the step.
  public struct Row {
    public fileprivate(set) var hidden: [Float]
    /// Probabilities after `answer`; a step reads them as errors, what is true less what was answered.
    public var answers: [Float]
    fileprivate var back: [Float]

    public init(width: Int, outputs: Int) {
      hidden = [Float](repeating: 0, count: width)
      (answers, back) = ([Float](repeating: 0, count: outputs), hidden)
    }
  }

  /// Answers of row `row` of `features`: softmax, or sigmoids where `isMultiLabel`.
  public static func answer(
    _ features: SparseRows, _ row: Int, table: [Float], weights: [Float], isMultiLabel: Bool, in memory: inout Row
  ) {
    let width = memory.hidden.count, outputs = memory.answers.count
    check(features, table, weights, width, outputs)
    let first = features.offsets[row], count = features.offsets[row + 1] - first
    features.indices.withUnsafeBufferPointer { indices in
      features.values.withUnsafeBufferPointer { values in
        guard let columns = indices.baseAddress, let shares = values.baseAddress else {
          return ck_bag_read(0, nil, nil, table, width, &memory.hidden)
        }
        ck_bag_read(count, columns + first, shares + first, table, width, &memory.hidden)
      }
    }
    ck_bag_answer(outputs, width, weights, memory.hidden, isMultiLabel ? 1 : 0, &memory.answers)
  }

  /// A step of gradient descent against the errors in `memory.answers`, on the row that was answered last.
  public static func step(
    _ features: SparseRows, _ row: Int, table: inout [Float], weights: inout [Float], rate: Float, in memory: inout Row
  ) {
    let width = memory.hidden.count, outputs = memory.answers.count
    check(features, table, weights, width, outputs)
    let first = features.offsets[row], count = features.offsets[row + 1] - first
    features.indices.withUnsafeBufferPointer { indices in
      features.values.withUnsafeBufferPointer { values in
        ck_bag_step(
          count, indices.baseAddress.map { $0 + first }, values.baseAddress.map { $0 + first }, &table, outputs, width,
          &weights, memory.hidden, memory.answers, rate, &memory.back)
      }
    }
  }

  private static func check(_ features: SparseRows, _ table: [Float], _ weights: [Float], _ width: Int, _ outputs: Int)
  {
    precondition(
      table.count == features.columns * width && weights.count == outputs * width,
      "FeatureBags: \(table.count) and \(weights.count) numbers for \(features.columns) features of \(width)")
  }
}
