import CKernels

/// Which labels hold of each row, of labels `0 ..< classes`.
public struct SparseTargets: Sendable, Equatable {
  /// Row `r` has the labels `starts[r] ..< starts[r + 1]`; count = rows + 1.
  public let starts: [Int]
  public let labels: [Int32]
  public let classes: Int

  /// `sets` hold the labels of each row, ascending, each at most once; a row may have none.
  public init(_ sets: [[Int]], classes: Int) {
    precondition(classes <= Int(Int32.max), "SparseTargets: \(classes) classes")
    var starts = [0], labels: [Int32] = []
    for set in sets {
      var last = -1
      for label in set {
        precondition(
          label > last && label < classes, "SparseTargets: label \(label) after \(last), of \(classes) classes")
        last = label
        labels.append(Int32(label))
      }
      starts.append(labels.count)
    }
    (self.starts, self.labels, self.classes) = (starts, labels, classes)
  }

  /// Number of rows.
  public var count: Int { starts.count - 1 }
}

/// One sigmoid for each label over rows of stored width `stride` (see `SparseRows.stride(columns:)`), of which the
/// first `classes` count: each label against the rest, as `SoftmaxRows` is one class of several.
public enum SigmoidRows {
  /// Replaces `logits` z `[rows, stride]` by weight · (1/(1 + e⁻ᶻ) − t), the gradient of the binary cross-entropy,
  /// where t is 1 for the labels that hold; columns from `classes` on become 0.
  ///
  /// Returns Σ weight · Σ_c (log(1 + eᶻ) − t·z) and the column sums `[stride]` of the residual, both summed in Double.
  /// `weights` has one value a row; all are 1 where nil.
  public static func residual(
    _ logits: inout [Float], targets: SparseTargets, weights: [Float]?, stride: Int, pool: WorkerPool
  ) -> (loss: Double, columnSums: [Double]) {
    let (rows, classes) = (targets.count, targets.classes)
    precondition(
      classes >= 1 && classes <= stride && logits.count >= rows * stride,
      "SigmoidRows.residual: \(logits.count) logits for [\(rows), \(stride)] and \(classes) classes")
    precondition(
      weights.map { $0.count == rows } ?? true,
      "SigmoidRows.residual: \(weights?.count ?? 0) weights for \(rows) rows")
    return targets.starts.withUnsafeBufferPointer { starts in
      targets.labels.withUnsafeBufferPointer { labels in
        ResidualShards.sum(&logits, rows: rows, weights: weights, stride: stride, pool: pool) { shard in
          guard let starts = starts.baseAddress else { return 0 }
          return ck_sigmoid_residual(
            shard.logits, starts + shard.first, labels.baseAddress, shard.weights, shard.count, classes, stride,
            shard.columnSums)
        }
      }
    }
  }

  /// 1/(1 + e⁻ᶻ) of `logits` `[rows, stride]`: probabilities `[rows, classes]`.
  public static func probabilities(_ logits: [Float], rows: Int, classes: Int, stride: Int) -> [Float] {
    precondition(
      classes >= 1 && classes <= stride && logits.count >= rows * stride,
      "SigmoidRows.probabilities: \(logits.count) logits for [\(rows), \(stride)] and \(classes) classes")
    return ResidualShards.narrowed(logits, rows: rows, classes: classes) {
      ck_sigmoid_rows_strided($0, rows, classes, stride, $1)
    }
  }
}
