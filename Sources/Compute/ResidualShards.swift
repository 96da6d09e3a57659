/// Rows of logits whose loss and gradient a kernel computes in fixed shards, so that the sums of the shards, and their bits,
/// do not depend on the threads.
enum ResidualShards {
  static let rows = 512

  /// What a kernel is given of one shard: its first row and number of rows, its logits, the weights of its rows (ones where
  /// nil), and where its column sums go.
  struct Shard {
    let first: Int
    let count: Int
    let logits: UnsafeMutablePointer<Float>
    let weights: UnsafePointer<Float>?
    let columnSums: UnsafeMutablePointer<Double>
  }

  /// Replaces `logits` `[rows, stride]` by what `kernel` makes of them, which returns a shard's loss; Σ of the losses and
  /// of the column sums `[stride]`, in Double and in the order of the shards.
  static func sum(
    _ logits: inout [Float], rows: Int, weights: [Float]?, stride: Int, pool: WorkerPool,
    kernel: (Shard) -> Double
  ) -> (loss: Double, columnSums: [Double]) {
    let shards = (rows + Self.rows - 1) / Self.rows
    var losses = [Double](repeating: 0, count: shards)
    var sums = [Double](repeating: 0, count: shards * stride)
    logits.withUnsafeMutableBufferPointer { logits in
      losses.withUnsafeMutableBufferPointer { losses in
        sums.withUnsafeMutableBufferPointer { sums in
          (weights ?? []).withUnsafeBufferPointer { buffer in
            let perRow = weights == nil ? nil : buffer.baseAddress
            guard let logits = logits.baseAddress, let losses = losses.baseAddress, let sums = sums.baseAddress
            else { return }
            pool.run(shards) { part in
              let first = part * Self.rows
              losses[part] = kernel(
                Shard(
                  first: first, count: min(Self.rows, rows - first), logits: logits + first * stride,
                  weights: perRow.map { $0 + first }, columnSums: sums + part * stride))
            }
          }
        }
      }
    }
    var total = [Double](repeating: 0, count: stride)
    for part in 0..<shards { for column in 0..<stride { total[column] += sums[part * stride + column] } }
    return (losses.reduce(0, +), total)
  }

  /// `[rows, stride]` → `[rows, classes]` by a kernel.
  static func narrowed(
    _ logits: [Float], rows: Int, classes: Int,
    kernel: (_ logits: UnsafePointer<Float>?, _ out: UnsafeMutablePointer<Float>?) -> Void
  ) -> [Float] {
    var out = [Float](repeating: 0, count: rows * classes)
    out.withUnsafeMutableBufferPointer { out in
      logits.withUnsafeBufferPointer { kernel($0.baseAddress, out.baseAddress) }
    }
    return out
  }
}
