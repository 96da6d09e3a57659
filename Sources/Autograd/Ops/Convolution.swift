import Compute

extension Tape {
  /// The largest answer of each filter to any window of a sequence, y[s] = max over windows of relu(W·window + b):
  /// x `[n, in]` → `[sequences, filters]`, weight `[filters, width × in]`, bias `[filters]` (Kim 2014, section 2).
  ///
  /// Rows beyond a sequence's ends count as zeros, so that a text shorter than a window has windows too; an empty
  /// sequence gives relu(b). The gradient goes to the first window that has the maximum.
  /// Saves x and the windows' numbers. Cost: 2·filters·width·in operations a window forward; backward at most twice
  /// that for each sequence, whatever its length.
  public func convolution(
    _ x: Tensor, offsets: [Int], weight: Parameter, bias: Parameter, width: Int
  ) -> Tensor {
    precondition(
      x.shape.count == 2 && weight.shape.count == 2 && weight.shape[1] == width * x.columns
        && bias.shape == [weight.shape[0]] && offsets.last == x.rows,
      "convolution: x \(x.shape), weight \(weight.shape) of \(width) rows, bias \(bias.shape)")
    let w = self[weight], b = self[bias]
    let sequences = offsets.count - 1, filters = weight.shape[0]
    let windows = Kernels.Windows(offsets: offsets, columns: x.columns, width: width)
    let cut = buffer(windows.count * width * x.columns)
    Kernels.windows(windows, x.value, to: cut)
    let answers = buffer(windows.count * filters)
    multiply(cut, weight, rows: windows.count, into: answers, accumulate: false)
    let y = buffer(sequences * filters)
    let rows = Kernels.maxPool(answers, offsets: windows.starts, width: filters, to: y)
    Kernels.biasReLU(y, bias: b.value)
    let result = result(y, [sequences, filters], of: [x, w, b])
    record(result) { dy in
      Kernels.backwardConvolution(
        windows, dy, x: x.value, weight: w.value, y: y, rows: rows, dx: x.requiresGradient ? x.sum() : nil,
        dWeight: w.requiresGradient ? w.sum() : nil, dBias: b.requiresGradient ? b.sum() : nil)
    }
    return result
  }
}
