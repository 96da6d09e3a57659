import CKernels

/// Filters over windows of the rows of packed sequences.
extension Kernels {
  /// What a convolution reads: sequences of rows, and windows of `width` of them, each as long as `width` rows.
  package struct Windows {
    let offsets: [Int]
    let columns: Int
    let width: Int
    /// Where the windows of each sequence begin among all, and their number.
    package let starts: [Int]

    package init(offsets: [Int], columns: Int, width: Int) {
      precondition(width > 0, "Windows: a width of \(width)")
      Kernels.checkOffsets("windows", offsets)
      (self.offsets, self.columns, self.width) = (offsets, columns, width)
      starts = offsets.enumerated().map { $1 + $0 * (width - 1) }
    }

    /// Windows of all sequences.
    package var count: Int { starts[starts.count - 1] }
    var sequences: Int { offsets.count - 1 }
    var rows: Int { offsets[offsets.count - 1] }
  }

  /// x `[rows, columns]` → all windows one after another, `[count, width × columns]`.
  package static func windows(_ windows: Windows, _ x: Buffer, to y: Buffer) {
    precondition(
      x.count == windows.rows * windows.columns && y.count == windows.count * windows.width * windows.columns,
      "Kernels.windows: \(x.count) elements to \(y.count)")
    ck_windows(windows.sequences, windows.offsets, windows.columns, windows.width, x.pointer, y.pointer)
  }

  /// y = max(y + bias, 0) on each row.
  package static func biasReLU(_ y: Buffer, bias: Buffer) {
    precondition(bias.count > 0 && y.count % bias.count == 0, "Kernels.biasReLU: \(y.count) and \(bias.count) elements")
    ck_bias_relu(y.count / bias.count, bias.count, bias.pointer, y.pointer)
  }

  /// Adds to each gradient that is there what comes through the windows that `rows` names.
  package static func backwardConvolution(
    _ windows: Windows, _ dy: Buffer, x: Buffer, weight: Buffer, y: Buffer, rows: [Int32], dx: Buffer?,
    dWeight: Buffer?, dBias: Buffer?
  ) {
    let filters = y.count / max(1, windows.sequences), size = filters * windows.width * windows.columns
    precondition(
      y.count == windows.sequences * filters && rows.count == y.count && dy.count == y.count && weight.count == size
        && (dWeight?.count ?? size) == size && (dBias?.count ?? filters) == filters
        && x.count == windows.rows * windows.columns && (dx?.count ?? x.count) == x.count,
      "Kernels.backwardConvolution: \(filters) filters over \(windows.sequences) sequences do not fit the buffers")
    ck_convolution_backward(
      windows.sequences, windows.offsets, windows.columns, windows.width, filters, x.pointer, weight.pointer, y.pointer,
      rows, dy.pointer, dx?.pointer, dWeight?.pointer, dBias?.pointer)
  }
}
