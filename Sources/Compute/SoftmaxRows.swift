import CKernels

/// Softmax over rows of stored width `stride` (see `SparseRows.stride(columns:)`), of which the first `classes` count.
public enum SoftmaxRows {
  /// Replaces `logits` `[rows, stride]` by weight · (softmax − one-hot label), the gradient of the cross-entropy.
  ///
  /// Returns Σ weight · (−log softmax[label]) and the column sums `[stride]` of the residual, both summed in Double.
  /// `weights` has one value a row; all are 1 where nil.
  public static func residual(
    _ logits: inout [Float], labels: [Int32], weights: [Float]?, classes: Int, stride: Int, pool: WorkerPool
  ) -> (loss: Double, columnSums: [Double]) {
    let rows = labels.count
    precondition(
      classes >= 1 && classes <= stride && logits.count >= rows * stride,
      "SoftmaxRows.residual: \(logits.count) logits for [\(rows), \(stride)] and \(classes) classes")
    precondition(
      weights.map { $0.count == rows } ?? true,
      "SoftmaxRows.residual: \(weights?.count ?? 0) weights for \(rows) rows")
    precondition(
      labels.allSatisfy { $0 >= 0 && $0 < classes }, "SoftmaxRows.residual: a label outside 0 ..< \(classes)")
    return labels.withUnsafeBufferPointer { labels in
      ResidualShards.sum(&logits, rows: rows, weights: weights, stride: stride, pool: pool) { shard in
        guard let labels = labels.baseAddress else { return 0 }
        return ck_softmax_residual(
          shard.logits, labels + shard.first, shard.weights, shard.count, classes, stride, shard.columnSums)
      }
    }
  }

  /// Softmax of each row of `logits` `[rows, stride]`: probabilities `[rows, classes]`.
  public static func probabilities(_ logits: [Float], rows: Int, classes: Int, stride: Int) -> [Float] {
    precondition(
      classes >= 1 && classes <= stride && logits.count >= rows * stride,
      "SoftmaxRows.probabilities: \(logits.count) logits for [\(rows), \(stride)] and \(classes) classes")
    return ResidualShards.narrowed(logits, rows: rows, classes: classes) {
      ck_softmax_rows_strided($0, rows, classes, stride, $1)
    }
  }
}
