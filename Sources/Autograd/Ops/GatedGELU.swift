import Compute

extension Tape {
  /// y = gelu(a)·b of x `[n, 2w]`, whose rows are a | b: `[n, w]` (Shazeer 2020, equation 5, without its products).
  ///
  /// da = dy·b·gelu′(a), db = dy·gelu(a). Saves nothing but x; gelu is computed again.
  public func gatedGELU(_ x: Tensor) -> Tensor {
    precondition(x.shape.count == 2 && x.columns % 2 == 0, "gatedGELU: x \(x.shape)")
    let n = x.rows, width = x.columns / 2
    let y = buffer(n * width)
    Kernels.gatedGELU(x.value, to: y, rows: n, width: width)
    let result = result(y, [n, width], of: [x])
    record(result) { dy in Kernels.backwardGatedGELU(dy, x: x.value, dx: x.target(), rows: n, width: width) }
    return result
  }
}
