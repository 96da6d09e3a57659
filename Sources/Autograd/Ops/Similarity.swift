import Compute

extension Tape {
  /// Each row of x `[n, h]` divided by its length; a row of zeros stays one, and has no gradient. Saves the result and the
  /// lengths.
  public func unitRows(_ x: Tensor) -> Tensor {
    precondition(x.shape.count == 2, "unitRows: x \(x.shape)")
    let width = x.columns
    let y = buffer(x.value.count), inverse = buffer(x.rows)
    Kernels.unitRows(x.value, width: width, to: y, inverse: inverse)
    let result = result(y, x.shape, of: [x])
    record(result) { dy in Kernels.backwardUnitRows(dy, y: y, inverse: inverse, width: width, dx: x.sum()) }
    return result
  }

  /// a·b of each row: `[n, h]` twice → `[n, 1]`; of rows of length 1 their cosine. Saves both.
  public func rowDots(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape.count == 2 && a.shape == b.shape, "rowDots: a \(a.shape), b \(b.shape)")
    let width = a.columns
    let y = buffer(a.rows)
    Kernels.rowDots(a.value, b.value, width: width, to: y)
    let result = result(y, [a.rows, 1], of: [a, b])
    record(result) { dy in
      for (x, other) in [(a, b), (b, a)] where x.requiresGradient {
        Kernels.backwardRowDots(dy, other: other.value, width: width, dx: x.sum())
      }
    }
    return result
  }
}
