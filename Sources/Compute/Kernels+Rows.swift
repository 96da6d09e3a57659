import CKernels

/// Kernels over rows of a matrix: activations, gathering, dropout, layer norm, pooling, the loss.
/// Only Autograd calls them; shapes are checked here, once a call.
extension Kernels {
  /// Every row of y `[rows, row.count]` = row.
  package static func repeatRow(_ row: Buffer, to y: Buffer, rows: Int) {
    check("repeatRow", y, rows, row.count)
    ck_repeat_row(rows, row.count, row.pointer, y.pointer)
  }

  /// y = tanh(y).
  package static func activateTanh(_ y: Buffer) { ck_activate_tanh(y.count, y.pointer) }

  /// y = gelu(y) with gelu(z) = z·Φ(z) (Hendrycks and Gimpel 2016); `slope` gets gelu′.
  package static func activateGELU(_ y: Buffer, slope: Buffer?) {
    if let slope {
      precondition(slope.count == y.count, "Kernels.activateGELU: \(y.count) and \(slope.count) elements")
      ck_activate_gelu_slope(y.count, y.pointer, slope.pointer)
    } else {
      ck_activate_gelu(y.count, y.pointer)
    }
  }

  /// slope becomes slope·dy; its column sums go to `sums`.
  package static func backwardGELU(
    _ dy: Buffer, slope: Buffer, sums: Buffer?, accumulate: Bool, rows: Int, width: Int
  ) {
    check("backwardGELU", dy, rows, width)
    check("backwardGELU", slope, rows, width)
    ck_gelu_backward(rows, width, dy.pointer, slope.pointer, sums?.pointer, accumulate ? 1 : 0)
  }

  /// d becomes d·(1 − y²); its column sums go to `sums`.
  package static func backwardTanh(_ d: Buffer, y: Buffer, sums: Buffer?, accumulate: Bool, rows: Int, width: Int) {
    check("backwardTanh", d, rows, width)
    check("backwardTanh", y, rows, width)
    ck_tanh_backward(rows, width, y.pointer, d.pointer, sums?.pointer, accumulate ? 1 : 0)
  }

  /// y = max(y, 0)
  package static func activateReLU(_ y: Buffer) { ck_activate_relu(y.count, y.pointer) }

  /// d becomes 0 where y is not above 0; its column sums go to `sums`.
  package static func backwardReLU(_ d: Buffer, y: Buffer, sums: Buffer?, accumulate: Bool, rows: Int, width: Int) {
    check("backwardReLU", d, rows, width)
    check("backwardReLU", y, rows, width)
    ck_relu_backward(rows, width, y.pointer, d.pointer, sums?.pointer, accumulate ? 1 : 0)
  }

  /// y `[rows, width]` = gelu(a)·b of x `[rows, 2·width]`, whose rows are a | b.
  package static func gatedGELU(_ x: Buffer, to y: Buffer, rows: Int, width: Int) {
    check("gatedGELU", x, rows, 2 * width)
    check("gatedGELU", y, rows, width)
    ck_gated_gelu(rows, width, x.pointer, y.pointer)
  }

  package static func backwardGatedGELU(_ dy: Buffer, x: Buffer, dx: Target, rows: Int, width: Int) {
    check("backwardGatedGELU", x, rows, 2 * width)
    check("backwardGatedGELU", dx.buffer, rows, 2 * width)
    check("backwardGatedGELU", dy, rows, width)
    ck_gated_gelu_backward(rows, width, x.pointer, dy.pointer, dx.buffer.pointer, dx.accumulate ? 1 : 0)
  }

  /// sums = or += the column sums of x `[rows, sums.count]`.
  package static func columnSums(_ x: Buffer, to sums: Buffer, accumulate: Bool, rows: Int) {
    check("columnSums", x, rows, sums.count)
    ck_column_sums(rows, sums.count, x.pointer, sums.pointer, accumulate ? 1 : 0)
  }

  /// y = x·mask/(1 − p), or y += that.
  package static func dropout(_ dropout: Dropout, _ x: Buffer, to y: Buffer, accumulate: Bool) {
    precondition(x.count == y.count, "Kernels.dropout: \(x.count) and \(y.count) elements")
    ck_dropout(x.count, x.pointer, dropout.key, dropout.threshold, dropout.keep, y.pointer, accumulate ? 1 : 0)
  }

  /// y[r] = table[indices[r]].
  package static func gather(_ table: Buffer, _ indices: [Int32], width: Int, to y: Buffer) {
    check("gather", y, indices.count, width)
    checkIndices("gather", indices, table, width)
    ck_gather(indices.count, width, indices, table.pointer, y.pointer)
  }

  /// table[indices[r]] += x[r], in order.
  package static func scatterAdd(_ x: Buffer, _ indices: [Int32], width: Int, to table: Buffer) {
    check("scatterAdd", x, indices.count, width)
    checkIndices("scatterAdd", indices, table, width)
    ck_scatter_add(indices.count, width, indices, x.pointer, table.pointer)
  }

  /// Sets the first `count` rows named in `rows` to 0.
  package static func clearRows(_ rows: [Int], count: Int, of x: Buffer, width: Int) {
    precondition(count <= rows.count, "Kernels.clearRows: \(count) of \(rows.count) rows")
    for row in rows.prefix(count) {
      precondition(
        row >= 0 && (row + 1) * width <= x.count, "Kernels.clearRows: row \(row) of \(x.count / max(1, width))")
      (x.pointer + row * width).update(repeating: 0, count: width)
    }
  }

  /// y[r] = a[ia[r]] + b[ib[r]] + c[ic[r]].
  package static func gather(
    _ a: Buffer, _ ia: [Int32], _ b: Buffer, _ ib: [Int32], _ c: Buffer, _ ic: [Int32], width: Int, to y: Buffer
  ) {
    check("gather", y, ia.count, width)
    precondition(
      ia.count == ib.count && ia.count == ic.count, "Kernels.gather: \(ia.count), \(ib.count), \(ic.count) rows")
    checkIndices("gather", ia, a, width)
    checkIndices("gather", ib, b, width)
    checkIndices("gather", ic, c, width)
    ck_gather3(ia.count, width, ia, a.pointer, ib, b.pointer, ic, c.pointer, y.pointer)
  }

  /// Copies (or adds) `width` columns of `[rows, fromWidth]` at `from` into `[rows, toWidth]` at `to`.
  package static func copyColumns(
    _ x: Buffer, fromWidth: Int, from: Int, _ y: Buffer, toWidth: Int, to: Int, width: Int, rows: Int, accumulate: Bool
  ) {
    check("copyColumns", x, rows, fromWidth)
    check("copyColumns", y, rows, toWidth)
    precondition(
      from >= 0 && from + width <= fromWidth && to >= 0 && to + width <= toWidth,
      "Kernels.copyColumns: columns \(from)+\(width) of \(fromWidth) into \(to) of \(toWidth)")
    ck_copy_columns(rows, width, x.pointer + from, fromWidth, y.pointer + to, toWidth, accumulate ? 1 : 0)
  }

  /// y = LN(dropout(x) + residual); `normal` `[rows, width]` and `scales` `[rows]` are saved for the gradient.
  package static func layerNorm(
    _ x: Buffer, residual: Buffer?, gain: Buffer, bias: Buffer, epsilon: Float, dropout: Dropout, to y: Buffer,
    normal: Buffer?, scales: Buffer?, rows: Int
  ) {
    let width = gain.count
    check("layerNorm", x, rows, width)
    check("layerNorm", y, rows, width)
    if let residual { check("layerNorm", residual, rows, width) }
    precondition(bias.count == width, "Kernels.layerNorm: gain \(width), bias \(bias.count)")
    ck_layer_norm(
      rows, width, x.pointer, residual?.pointer, gain.pointer, bias.pointer, epsilon, dropout.key, dropout.threshold,
      dropout.keep, y.pointer, normal?.pointer, scales?.pointer)
  }

  /// Where a gradient goes, and whether it adds to what stands there.
  package typealias Target = (buffer: Buffer, accumulate: Bool)

  package static func backwardLayerNorm(
    _ dy: Buffer, normal: Buffer, scales: Buffer, gain: Buffer, dropout: Dropout, dgain: Buffer, dbias: Buffer,
    accumulate: Bool, dx: Target?, dresidual: Target?, rows: Int
  ) {
    let width = gain.count
    check("backwardLayerNorm", dy, rows, width)
    check("backwardLayerNorm", normal, rows, width)
    precondition(
      dgain.count == width && dbias.count == width && scales.count == rows,
      "Kernels.backwardLayerNorm: gain \(dgain.count), bias \(dbias.count), scales \(scales.count) for [\(rows), \(width)]"
    )
    let flags = (accumulate ? 1 : 0) | (dx?.accumulate == true ? 2 : 0) | (dresidual?.accumulate == true ? 4 : 0)
    ck_layer_norm_backward(
      rows, width, dy.pointer, normal.pointer, scales.pointer, gain.pointer, dropout.key, dropout.threshold,
      dropout.keep, dgain.pointer, dbias.pointer, dx?.buffer.pointer, dresidual?.buffer.pointer, Int32(flags))
  }

  /// Σ weight(label)·(1 − p)^γ·(−log p)/normaliser in Double, p the softmax of logits + offsets at the label; `gradient`
  /// gets its derivative by the logits.
  package static func crossEntropy(
    _ logits: Buffer, labels: [Int], weights: [Float]?, offsets: [Float]? = nil, gamma: Double = 0,
    normaliser: Double, gradient: Buffer, classes: Int
  ) -> Double {
    check("crossEntropy", logits, labels.count, classes)
    check("crossEntropy", gradient, labels.count, classes)
    for label in labels {
      precondition(label >= 0 && label < classes, "Kernels.crossEntropy: label \(label) of \(classes) classes")
    }
    for values in [weights, offsets].compactMap(\.self) {
      precondition(values.count == classes, "Kernels.crossEntropy: \(values.count) numbers for \(classes) classes")
    }
    return withOptionalPointer(weights) { weights in
      withOptionalPointer(offsets) { offsets in
        ck_cross_entropy(
          labels.count, classes, logits.pointer, labels, weights, offsets, gamma, normaliser, gradient.pointer)
      }
    }
  }

  /// T² Σ t·(−log p)/normaliser in Double, p the softmax of each row of logits / T and t its targets `[rows, classes]`,
  /// which sum to 1; `gradient` gets its derivative by the logits.
  package static func softCrossEntropy(
    _ logits: Buffer, targets: [Float], temperature: Double, normaliser: Double, gradient: Buffer, classes: Int
  ) -> Double {
    let rows = targets.count / max(1, classes)
    check("softCrossEntropy", logits, rows, classes)
    check("softCrossEntropy", gradient, rows, classes)
    precondition(
      targets.count == rows * classes && temperature > 0,
      "Kernels.softCrossEntropy: \(targets.count) targets of \(classes) classes at the temperature \(temperature)")
    return ck_soft_cross_entropy(
      rows, classes, logits.pointer, targets, temperature, normaliser, gradient.pointer)
  }

  private static func withOptionalPointer<Result>(
    _ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Result
  ) -> Result {
    values.map { $0.withUnsafeBufferPointer { body($0.baseAddress) } } ?? body(nil)
  }

  static func check(_ name: StaticString, _ buffer: Buffer, _ rows: Int, _ width: Int) {
    precondition(
      rows >= 0 && width >= 0 && rows * width == buffer.count,
      "Kernels.\(name): [\(rows), \(width)] in a buffer of \(buffer.count)")
  }

  static func checkIndices(_ name: StaticString, _ indices: [Int32], _ table: Buffer, _ width: Int) {
    let rows = width == 0 ? 0 : table.count / width
    for index in indices {
      precondition(index >= 0 && Int(index) < rows, "Kernels.\(name): row \(index) of a table of \(rows)")
    }
  }
}
