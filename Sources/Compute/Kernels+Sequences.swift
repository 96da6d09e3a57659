import CKernels

/// Kernels over packed sequences: sequence s covers rows offsets[s] ..< offsets[s + 1].
extension Kernels {
  /// y[s] = mean of the rows of sequence s; 0 for an empty one.
  package static func meanPool(_ x: Buffer, offsets: [Int], width: Int, to y: Buffer) {
    check("meanPool", x, offsets, width, y)
    ck_mean_pool(offsets.count - 1, offsets, width, x.pointer, y.pointer)
  }

  package static func backwardMeanPool(_ dy: Buffer, offsets: [Int], width: Int, dx: Target) {
    check("backwardMeanPool", dx.buffer, offsets, width, dy)
    ck_mean_pool_backward(offsets.count - 1, offsets, width, dy.pointer, dx.buffer.pointer, dx.accumulate ? 1 : 0)
  }

  /// y[s] = largest of each column over sequence s; returns the rows where they stand.
  package static func maxPool(_ x: Buffer, offsets: [Int], width: Int, to y: Buffer) -> [Int32] {
    check("maxPool", x, offsets, width, y)
    return [Int32](unsafeUninitializedCapacity: y.count) { rows, count in
      if let base = rows.baseAddress {
        ck_max_pool(offsets.count - 1, offsets, width, x.pointer, y.pointer, base)
      }
      count = y.count
    }
  }

  package static func backwardMaxPool(_ dy: Buffer, rows: [Int32], sequences: Int, width: Int, dx: Buffer) {
    check("backwardMaxPool", dy, sequences, width)
    precondition(rows.count == dy.count, "Kernels.backwardMaxPool: \(rows.count) rows for \(dy.count) maxima")
    ck_max_pool_backward(sequences, width, rows, dy.pointer, dx.pointer)
  }

  /// y[s] = Σ shares·rows with shares = softmax(scores) within sequence s.
  package static func attentionPool(
    _ x: Buffer, scores: Buffer, offsets: [Int], width: Int, shares: Buffer, to y: Buffer
  ) {
    check("attentionPool", x, offsets, width, y)
    precondition(
      scores.count == shares.count && scores.count * width == x.count,
      "Kernels.attentionPool: \(scores.count) scores for \(x.count) elements of width \(width)")
    ck_attention_pool(offsets.count - 1, offsets, width, x.pointer, scores.pointer, shares.pointer, y.pointer)
  }

  package static func backwardAttentionPool(
    _ dy: Buffer, x: Buffer, shares: Buffer, offsets: [Int], width: Int, dx: Buffer?, dscores: Buffer?
  ) {
    check("backwardAttentionPool", x, offsets, width, dy)
    ck_attention_pool_backward(
      offsets.count - 1, offsets, width, x.pointer, shares.pointer, dy.pointer, dx?.pointer, dscores?.pointer)
  }

  /// One LSTM step over the first `rows` sequences of the schedule; `tokens` begins at `start`.
  package static func lstmStep(
    tokens: [Int], start: Int, rows: Int, hidden: Int, gates: Buffer, bias: Buffer, recurrent: Buffer, cell: Buffer,
    state: Buffer, output: Buffer, cells: Buffer?
  ) {
    precondition(
      start + rows <= tokens.count && gates.count == tokens.count * 4 * hidden && output.count == tokens.count * hidden
        && rows * 4 * hidden <= recurrent.count && rows * hidden <= cell.count && rows * hidden <= state.count
        && bias.count == 4 * hidden && (cells?.count ?? output.count) == output.count,
      "Kernels.lstmStep: \(rows) rows of \(hidden) at \(start) of \(tokens.count) tokens do not fit the buffers")
    tokens.withUnsafeBufferPointer { tokens in
      guard let base = tokens.baseAddress else { return }
      ck_lstm_step(
        rows, hidden, base + start, gates.pointer, bias.pointer, recurrent.pointer, cell.pointer, state.pointer,
        output.pointer, cells?.pointer)
    }
  }

  package static func backwardLSTMStep(
    tokens: [Int], previous: [Int], start: Int, rows: Int, hidden: Int, gates: Buffer, cells: Buffer,
    dOutput: Buffer?, dState: Buffer, dCell: Buffer, zero: Buffer, packed: Buffer
  ) {
    precondition(
      start + rows <= tokens.count && previous.count == tokens.count && gates.count == tokens.count * 4 * hidden
        && cells.count == tokens.count * hidden && (dOutput?.count ?? cells.count) == cells.count
        && rows * hidden <= dState.count && rows * hidden <= dCell.count && rows * 4 * hidden <= packed.count
        && zero.count >= hidden,
      "Kernels.backwardLSTMStep: \(rows) rows of \(hidden) at \(start) of \(tokens.count) tokens do not fit the buffers"
    )
    tokens.withUnsafeBufferPointer { tokens in
      previous.withUnsafeBufferPointer { previous in
        guard let base = tokens.baseAddress, let earlier = previous.baseAddress else { return }
        ck_lstm_step_backward(
          rows, hidden, base + start, earlier + start, gates.pointer, cells.pointer, dOutput?.pointer, dState.pointer,
          dCell.pointer, zero.pointer, packed.pointer)
      }
    }
  }

  /// Scores of one sequence and head at `at`: `length` rows, `stride` floats apart, become shares.
  package static func attentionSoftmax(
    _ scores: Buffer, at: Int, length: Int, stride: Int, scale: Float, dropout: Dropout, first: Int, dropped: Buffer?
  ) {
    checkScores("attentionSoftmax", scores, at, length, stride)
    ck_attention_softmax(
      length, stride, scale, scores.pointer + at, dropout.key, UInt32(truncatingIfNeeded: first), dropout.threshold,
      dropout.keep, dropped?.pointer)
  }

  package static func attentionDrop(
    _ shares: Buffer, at: Int, length: Int, stride: Int, dropout: Dropout, first: Int, to dropped: Buffer
  ) {
    checkScores("attentionDrop", shares, at, length, stride)
    ck_attention_drop(
      length, stride, shares.pointer + at, dropout.key, UInt32(truncatingIfNeeded: first), dropout.threshold,
      dropout.keep, dropped.pointer)
  }

  package static func backwardAttentionSoftmax(
    _ d: Buffer, shares: Buffer, at: Int, length: Int, stride: Int, scale: Float, dropout: Dropout, first: Int
  ) {
    checkScores("backwardAttentionSoftmax", shares, at, length, stride)
    checkScores("backwardAttentionSoftmax", d, 0, length, stride)
    ck_attention_softmax_backward(
      length, stride, scale, shares.pointer + at, dropout.key, UInt32(truncatingIfNeeded: first), dropout.threshold,
      dropout.keep, d.pointer)
  }

  private static func checkScores(_ name: StaticString, _ buffer: Buffer, _ at: Int, _ length: Int, _ stride: Int) {
    precondition(
      stride % 16 == 0 && length <= stride && at >= 0 && at + length * stride <= buffer.count,
      "Kernels.\(name): [\(length), \(stride)] at \(at) in a buffer of \(buffer.count)")
  }

  private static func check(_ name: StaticString, _ x: Buffer, _ offsets: [Int], _ width: Int, _ y: Buffer) {
    checkOffsets(name, offsets)
    check(name, x, offsets[offsets.count - 1], width)
    check(name, y, offsets.count - 1, width)
  }

  /// Fails unless offsets start at 0 and never fall.
  package static func checkOffsets(_ name: StaticString, _ offsets: [Int]) {
    precondition(offsets.first == 0, "Kernels.\(name): offsets do not start at 0")
    for index in 1..<max(1, offsets.count) {
      precondition(offsets[index] >= offsets[index - 1], "Kernels.\(name): offsets fall at \(index)")
    }
  }
}
