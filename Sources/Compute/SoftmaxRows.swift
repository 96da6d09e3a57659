import CKernels

/// Softmax over rows of stored width `stride` (see `SparseRows.stride(columns:)`), of which the first `classes` count.
public enum SoftmaxRows {
  /// Rows in a shard: fixed, so that the sums of the shards, and their bits, do not depend on the threads.
  static let shard = 512

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
    let shards = (rows + shard - 1) / shard
    var losses = [Double](repeating: 0, count: shards)
    var sums = [Double](repeating: 0, count: shards * stride)
    logits.withUnsafeMutableBufferPointer { logits in
      losses.withUnsafeMutableBufferPointer { losses in
        sums.withUnsafeMutableBufferPointer { sums in
          labels.withUnsafeBufferPointer { labels in
            // Ones stand in for absent weights at no cost: the kernel takes a null pointer for them.
            (weights ?? []).withUnsafeBufferPointer { buffer in
              let perRow = weights == nil ? nil : buffer.baseAddress
              guard let logits = logits.baseAddress, let labels = labels.baseAddress,
                let losses = losses.baseAddress, let sums = sums.baseAddress
              else { return }
              pool.run(shards) { part in
                let first = part * shard
                losses[part] = ck_softmax_residual(
                  logits + first * stride, labels + first, perRow.map { $0 + first }, min(shard, rows - first),
                  classes, stride, sums + part * stride)
              }
            }
          }
        }
      }
    }
    var total = [Double](repeating: 0, count: stride)
    for part in 0..<shards { for column in 0..<stride { total[column] += sums[part * stride + column] } }
    return (losses.reduce(0, +), total)
  }

  /// Softmax of each row of `logits` `[rows, stride]`: probabilities `[rows, classes]`.
  public static func probabilities(_ logits: [Float], rows: Int, classes: Int, stride: Int) -> [Float] {
    precondition(
      classes >= 1 && classes <= stride && logits.count >= rows * stride,
      "SoftmaxRows.probabilities: \(logits.count) logits for [\(rows), \(stride)] and \(classes) classes")
    var out = [Float](repeating: 0, count: rows * classes)
    out.withUnsafeMutableBufferPointer { out in
      logits.withUnsafeBufferPointer { logits in
        ck_softmax_rows_strided(logits.baseAddress, rows, classes, stride, out.baseAddress)
      }
    }
    return out
  }
}
