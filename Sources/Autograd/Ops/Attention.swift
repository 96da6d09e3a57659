import Compute

extension Tape {
  /// Scaled dot-product attention within each sequence (Vaswani et al. 2017, section 3.2): qkv `[n, 3h]`
  /// (q | k | v, heads side by side in each) → `[n, h]`.
  ///
  /// Per sequence and head of width d: shares = dropout(softmax(q·kᵀ/√d)), y = shares·v. Tokens further apart than
  /// `window` have no share of each other (Beltagy et al. 2020, section 3.1). Nothing is copied or padded to the longest
  /// sequence. Saves the shares (length² each, rows rounded up to 16).
  public func attention(
    _ qkv: Tensor, offsets: [Int], heads: Int, dropout: Float = 0, window: Int = .max
  ) -> Tensor {
    precondition(
      qkv.shape.count == 2 && heads > 0 && qkv.columns % (3 * heads) == 0 && offsets.last == qkv.rows && window >= 0,
      "attention: qkv \(qkv.shape), \(heads) heads, window \(window), offsets end at \(offsets.last ?? -1)")
    Kernels.checkOffsets("attention", offsets)
    let n = qkv.rows, hidden = qkv.columns / 3, width = hidden / heads
    let form = Kernels.Attention(
      heads: heads, width: width, scale: 1 / Float(width).squareRoot(), dropout: nextDropout(dropout),
      window: window)
    let lengths = zip(offsets, offsets.dropFirst()).map { $1 - $0 }
    let longest = lengths.max() ?? 0
    // In evaluation the shares of one head at a time are enough.
    let saves = isTraining && qkv.requiresGradient
    let shares = saves ? buffer(lengths.reduce(0) { $0 + form.area($1) }) : nil
    let y = buffer(n * hidden)
    Kernels.attention(
      form, qkv.value, offsets: offsets, shares: shares, to: y,
      scratch: form.scratch(longest: longest, in: workspace))

    let result = result(y, [n, hidden], of: [qkv])
    record(result) { [workspace] dy in
      guard let shares else { return }
      Kernels.backwardAttention(
        form, dy, qkv: qkv.value, offsets: offsets, shares: shares, dqkv: qkv.target(),
        scratch: form.scratch(longest: longest, in: workspace))
    }
    return result
  }
}
