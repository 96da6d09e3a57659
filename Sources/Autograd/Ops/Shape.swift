import Compute

extension Tape {
  /// y = (a | b), column by column: `[n, p]` and `[n, q]` → `[n, p + q]`.
  public func concatenate(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.shape.count == 2 && b.shape.count == 2 && a.rows == b.rows, "concatenate: \(a.shape) and \(b.shape)")
    let n = a.rows, p = a.columns, q = b.columns, width = p + q
    let y = buffer(n * width)
    Kernels.copyColumns(a.value, fromWidth: p, from: 0, y, toWidth: width, to: 0, width: p, rows: n, accumulate: false)
    Kernels.copyColumns(b.value, fromWidth: q, from: 0, y, toWidth: width, to: p, width: q, rows: n, accumulate: false)
    let result = result(y, [n, width], of: [a, b])
    record(result) { dy in
      for (input, from) in [(a, 0), (b, p)] where input.requiresGradient {
        let d = input.target()
        Kernels.copyColumns(
          dy, fromWidth: width, from: from, d.buffer, toWidth: input.columns, to: 0, width: input.columns, rows: n,
          accumulate: d.accumulate)
      }
    }
    return result
  }

  /// y[i] = x[indices[i]]: `[n, d]` → `[indices, d]`; an index may repeat.
  public func rows(_ x: Tensor, _ indices: [Int]) -> Tensor {
    precondition(x.shape.count == 2, "rows: x \(x.shape)")
    let width = x.columns
    let picked = indices.map { Int32($0) }
    let y = buffer(indices.count * width)
    Kernels.gather(x.value, picked, width: width, to: y)
    let result = result(y, [indices.count, width], of: [x])
    record(result) { dy in Kernels.scatterAdd(dy, picked, width: width, to: x.sum()) }
    return result
  }

  /// y = a + b, of one shape.
  public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.shape == b.shape, "add: \(a.shape) and \(b.shape)")
    let y = buffer(a.value.count)
    Kernels.sum(a.value, b.value, to: y)
    let result = result(y, a.shape, of: [a, b])
    record(result) { dy in
      if a.requiresGradient { a.accumulate(copying: dy) }
      if b.requiresGradient { b.accumulate(giving: dy) }
    }
    return result
  }

  /// y = factor·x.
  public func scale(_ x: Tensor, by factor: Float) -> Tensor {
    let y = buffer(x.value.count)
    Kernels.scaledCopy(factor, x.value, to: y)
    let result = result(y, x.shape, of: [x])
    record(result) { dy in
      Kernels.scale(factor, dy)
      x.accumulate(giving: dy)
    }
    return result
  }
}
