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

  /// How attention is computed: its heads and their width, the scale of the scores, dropout of the shares.
  package struct Attention {
    let form: ck_attention

    /// - Parameters:
    ///   - heads: their number.
    ///   - width: columns of a head.
    ///   - scale: factor of the scores.
    ///   - dropout: of the shares.
    ///   - window: tokens further apart do not see each other.
    package init(heads: Int, width: Int, scale: Float, dropout: Dropout, window: Int = .max) {
      form = ck_attention(
        heads: heads, width: width, scale: scale, key: dropout.key, threshold: dropout.threshold, keep: dropout.keep,
        window: window)
    }

    /// Floats from one row of shares to the next in a sequence of this length.
    package static func stride(_ length: Int) -> Int { (length + 15) / 16 * 16 }

    /// Floats of the shares of all heads in a sequence of this length.
    package func area(_ length: Int) -> Int { form.heads * length * Self.stride(length) }

    /// Scratch memory for sequences of up to `longest` tokens.
    package func scratch(longest: Int, in workspace: Workspace) -> Buffer {
      Buffer(count: ck_attention_scratch(longest, form.width), in: workspace, zeroed: false)
    }
  }

  /// y `[n, h]` = dropout(softmax(scale·q·kᵀ))·v within each sequence of qkv `[n, 3h]`. Keeps the shares where there is
  /// a buffer for them.
  package static func attention(
    _ attention: Attention, _ qkv: Buffer, offsets: [Int], shares: Buffer?, to y: Buffer, scratch: Buffer
  ) {
    checkAttention("attention", attention, qkv, offsets, shares, y)
    withUnsafePointer(to: attention.form) { form in
      let width = form.pointee.heads * form.pointee.width
      var at = 0
      for (start, end) in zip(offsets, offsets.dropFirst()) {
        ck_attention_forward(
          form, end - start, qkv.pointer + start * 3 * width, at,
          shares.map { $0.pointer + at }, y.pointer + start * width, scratch.pointer)
        at += attention.area(end - start)
      }
    }
  }

  package static func backwardAttention(
    _ attention: Attention, _ dy: Buffer, qkv: Buffer, offsets: [Int], shares: Buffer, dqkv: Target, scratch: Buffer
  ) {
    checkAttention("backwardAttention", attention, qkv, offsets, shares, dy)
    precondition(dqkv.buffer.count == qkv.count, "Kernels.backwardAttention: \(dqkv.buffer.count) of \(qkv.count)")
    withUnsafePointer(to: attention.form) { form in
      let width = form.pointee.heads * form.pointee.width
      var at = 0
      for (start, end) in zip(offsets, offsets.dropFirst()) {
        ck_attention_backward(
          form, end - start, qkv.pointer + start * 3 * width, at, shares.pointer + at, dy.pointer + start * width,
          dqkv.buffer.pointer + start * 3 * width, dqkv.accumulate ? 1 : 0, scratch.pointer)
        at += attention.area(end - start)
      }
    }
  }

  /// Turns the queries and keys of qkv `[n, 3·heads·width]` in place, row r by the angles of `positions[r]`; back with
  /// `isInverse`. The tables are `[positions, width/2]`.
  package static func rotate(
    _ qkv: Buffer, positions: [Int32], heads: Int, width: Int, cosines: Buffer, sines: Buffer, isInverse: Bool
  ) {
    check("rotate", qkv, positions.count, 3 * heads * width)
    precondition(
      width % 2 == 0 && cosines.count == sines.count, "Kernels.rotate: width \(width), \(cosines.count) cosines")
    checkIndices("rotate", positions, cosines, width / 2)
    ck_rotate(
      positions.count, heads, width, positions, cosines.pointer, sines.pointer, isInverse ? -1 : 1, qkv.pointer)
  }

  private static func checkAttention(
    _ name: StaticString, _ attention: Attention, _ qkv: Buffer, _ offsets: [Int], _ shares: Buffer?, _ y: Buffer
  ) {
    checkOffsets(name, offsets)
    let width = attention.form.heads * attention.form.width, rows = offsets[offsets.count - 1]
    check(name, qkv, rows, 3 * width)
    check(name, y, rows, width)
    guard let shares else { return }
    let area = zip(offsets, offsets.dropFirst()).reduce(0) { $0 + attention.area($1.1 - $1.0) }
    precondition(shares.count == area, "Kernels.\(name): \(shares.count) shares, expected \(area)")
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
