import Compute

extension Tape {
  /// Scaled dot-product attention within each sequence (Vaswani et al. 2017, section 3.2): qkv `[n, 3h]`
  /// (q | k | v, heads side by side in each) → `[n, h]`.
  ///
  /// Per sequence and head of width d: shares = dropout(softmax(q·kᵀ/√d)), y = shares·v. Nothing is copied
  /// or padded to the longest sequence. Saves the shares (length² each, rows rounded up to 16).
  public func attention(_ qkv: Tensor, offsets: [Int], heads: Int, dropout: Float = 0) -> Tensor {
    precondition(
      qkv.shape.count == 2 && heads > 0 && qkv.columns % (3 * heads) == 0 && offsets.last == qkv.rows,
      "attention: qkv \(qkv.shape), \(heads) heads, offsets end at \(offsets.last ?? -1)")
    Kernels.checkOffsets("attention", offsets)
    let n = qkv.rows, wide = qkv.columns, hidden = wide / 3, width = hidden / heads
    let scale = 1 / Float(width).squareRoot()
    let mask = nextDropout(dropout)
    let lengths = (1..<offsets.count).map { offsets[$0] - offsets[$0 - 1] }
    let strides = lengths.map { ($0 + 15) / 16 * 16 }
    let area = zip(lengths, strides).map { $0 * $1 }
    let largest = area.max() ?? 0
    // In evaluation the shares of one head at a time are enough.
    let saves = isTraining && qkv.requiresGradient
    let shares = buffer(saves ? heads * area.reduce(0, +) : largest)
    let dropped = mask.isActive ? buffer(largest) : nil
    let y = buffer(n * hidden)

    var at = 0
    for sequence in lengths.indices {
      let length = lengths[sequence], stride = strides[sequence]
      for head in 0..<heads {
        let place = saves ? at : 0
        let q = offsets[sequence] * wide + head * width
        BLAS.gemm(
          m: length, n: length, k: width, .init(qkv.value, offset: q, stride: wide),
          .init(qkv.value, offset: q + hidden, stride: wide, transposed: true),
          into: .init(shares, offset: place, stride: stride))
        Kernels.attentionSoftmax(
          shares, at: place, length: length, stride: stride, scale: scale, dropout: mask, first: at, dropped: dropped)
        BLAS.gemm(
          m: length, n: width, k: length, .init(dropped ?? shares, offset: dropped == nil ? place : 0, stride: stride),
          .init(qkv.value, offset: q + 2 * hidden, stride: wide),
          into: .init(y, offset: offsets[sequence] * hidden + head * width, stride: hidden))
        at += area[sequence]
      }
    }

    let result = result(y, [n, hidden], of: [qkv])
    record(result) { [workspace] dy in
      let d = qkv.target()
      let beta: Float = d.accumulate ? 1 : 0
      let dShares = Buffer(count: largest, in: workspace, zeroed: false)
      let dropped = mask.isActive ? Buffer(count: largest, in: workspace, zeroed: false) : nil
      var at = 0
      for sequence in lengths.indices {
        let length = lengths[sequence], stride = strides[sequence]
        for head in 0..<heads {
          let q = offsets[sequence] * wide + head * width
          let dOut = BLAS.Matrix(dy, offset: offsets[sequence] * hidden + head * width, stride: hidden)
          if let dropped {
            Kernels.attentionDrop(
              shares, at: at, length: length, stride: stride, dropout: mask, first: at, to: dropped)
          }
          BLAS.gemm(
            m: length, n: width, k: length,
            .init(dropped ?? shares, offset: dropped == nil ? at : 0, stride: stride, transposed: true), dOut,
            into: .init(d.buffer, offset: q + 2 * hidden, stride: wide), beta: beta)
          BLAS.gemm(
            m: length, n: length, k: width, dOut,
            .init(qkv.value, offset: q + 2 * hidden, stride: wide, transposed: true),
            into: .init(dShares, stride: stride))
          Kernels.backwardAttentionSoftmax(
            dShares, shares: shares, at: at, length: length, stride: stride, scale: scale, dropout: mask, first: at)
          BLAS.gemm(
            m: length, n: width, k: length, .init(dShares, stride: stride),
            .init(qkv.value, offset: q + hidden, stride: wide),
            into: .init(d.buffer, offset: q, stride: wide), beta: beta)
          BLAS.gemm(
            m: length, n: width, k: length, .init(dShares, stride: stride, transposed: true),
            .init(qkv.value, offset: q, stride: wide), into: .init(d.buffer, offset: q + hidden, stride: wide),
            beta: beta)
          at += area[sequence]
        }
      }
    }
    return result
  }
}
