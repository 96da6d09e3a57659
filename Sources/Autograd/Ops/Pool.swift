import Compute

/// How the rows of a sequence become one.
public enum PoolKind: Sendable { case mean, max }

extension Tape {
  /// y[s] = mean or largest of each column over the rows of sequence s: `[n, h]` → `[sequences, h]`.
  ///
  /// The maximum's gradient goes to the first row that has it. An empty sequence gives 0.
  public func pool(_ x: Tensor, offsets: [Int], _ kind: PoolKind) -> Tensor {
    precondition(
      x.shape.count == 2 && offsets.last == x.rows, "pool: x \(x.shape), offsets end at \(offsets.last ?? -1)")
    let sequences = offsets.count - 1, width = x.columns
    let y = buffer(sequences * width)
    switch kind {
    case .mean:
      Kernels.meanPool(x.value, offsets: offsets, width: width, to: y)
      let result = result(y, [sequences, width], of: [x])
      record(result) { dy in Kernels.backwardMeanPool(dy, offsets: offsets, width: width, dx: x.target()) }
      return result
    case .max:
      let rows = Kernels.maxPool(x.value, offsets: offsets, width: width, to: y)
      let result = result(y, [sequences, width], of: [x])
      record(result) { dy in
        Kernels.backwardMaxPool(dy, rows: rows, sequences: sequences, width: width, dx: x.sum())
      }
      return result
    }
  }

  /// y[s] = Σ softmax(scores)·rows of sequence s: x `[n, h]`, scores `[n, 1]` → `[sequences, h]`
  /// (Yang et al. 2016, section 2.2). Saves the shares.
  public func attentionPool(_ x: Tensor, scores: Tensor, offsets: [Int]) -> Tensor {
    precondition(
      x.shape.count == 2 && scores.value.count == x.rows && offsets.last == x.rows,
      "attentionPool: x \(x.shape), scores \(scores.shape), offsets end at \(offsets.last ?? -1)")
    let sequences = offsets.count - 1, width = x.columns
    let y = buffer(sequences * width)
    let shares = buffer(x.rows)
    Kernels.attentionPool(x.value, scores: scores.value, offsets: offsets, width: width, shares: shares, to: y)
    let result = result(y, [sequences, width], of: [x, scores])
    record(result) { dy in
      Kernels.backwardAttentionPool(
        dy, x: x.value, shares: shares, offsets: offsets, width: width, dx: x.requiresGradient ? x.sum() : nil,
        dscores: scores.requiresGradient ? scores.sum() : nil)
    }
    return result
  }
}
