import Compute

/// What follows an affine map, in the same pass over its result.
public enum Activation: Sendable {
  case none
  /// z·Φ(z), by the error function (Hendrycks and Gimpel 2016).
  case gelu
  case tanh
  /// max(z, 0)
  case relu
}

extension Tape {
  /// y = activation(x·Wᵀ + b): `[n, in]` → `[n, out]`, weight `[out, in]`, bias `[out]`.
  ///
  /// Saves x, and gelu's slope or another activation's result. dz = dy·activation′; dx = dz·W, dW = dzᵀ·x, db = Σ dz.
  /// Cost: 2·n·in·out operations forward, as many backward for dW and for dx, each only where it is asked for.
  public func linear(
    _ x: Tensor, weight: Parameter, bias: Parameter? = nil, activation: Activation = .none
  ) -> Tensor {
    precondition(
      x.shape.count == 2 && weight.shape.count == 2 && weight.shape[1] == x.columns,
      "linear: x \(x.shape) and weight \(weight.shape)")
    let n = x.rows, width = x.columns, out = weight.shape[0]
    if let bias { precondition(bias.shape == [out], "linear: weight \(weight.shape) and bias \(bias.shape)") }
    let w = self[weight]
    let b = bias.map { self[$0] }
    let y = buffer(n * out)
    // The sums begin at the biases, in place of BLAS's own pass that clears y.
    if let b { Kernels.repeatRow(b.value, to: y, rows: n) }
    multiply(x.value, weight, rows: n, into: y, accumulate: b != nil)
    var slope: Buffer?
    switch activation {
    case .none: break
    case .tanh: Kernels.activateTanh(y)
    case .relu: Kernels.activateReLU(y)
    case .gelu:
      slope = isTraining ? buffer(n * out) : nil
      Kernels.activateGELU(y, slope: slope)
    }
    let result = result(y, [n, out], of: [x, w] + (b.map { [$0] } ?? []))
    let saved = slope ?? y
    record(result) { [workspace] dy in
      let sums = b.flatMap { $0.requiresGradient ? $0.target() : nil }
      let dz: Buffer
      switch activation {
      case .none:
        dz = dy
        if let sums { Kernels.columnSums(dy, to: sums.buffer, accumulate: sums.accumulate, rows: n) }
      case .tanh:
        dz = dy
        Kernels.backwardTanh(
          dy, y: saved, sums: sums?.buffer, accumulate: sums?.accumulate ?? false, rows: n, width: out)
      case .relu:
        dz = dy
        Kernels.backwardReLU(
          dy, y: saved, sums: sums?.buffer, accumulate: sums?.accumulate ?? false, rows: n, width: out)
      case .gelu:
        dz = saved
        Kernels.backwardGELU(
          dy, slope: dz, sums: sums?.buffer, accumulate: sums?.accumulate ?? false, rows: n, width: out)
      }
      if w.requiresGradient {
        let dw = w.target()
        PackedMatrix.product(
          m: out, n: width, k: n, .init(dz, stride: out, transposed: true), .init(x.value, stride: width),
          into: .init(dw.buffer, stride: width), accumulate: dw.accumulate, in: workspace)
      }
      guard x.requiresGradient else { return }
      let dx = x.target()
      PackedMatrix.product(
        m: n, n: width, k: out, .init(dz, stride: out), .init(w.value, stride: width),
        into: .init(dx.buffer, stride: width), accumulate: dx.accumulate, in: workspace)
    }
    return result
  }
}

extension Tape {
  /// y `[rows, out]` = x `[rows, in]` · Wᵀ, or y += that.
  func multiply(_ x: Buffer, _ weight: Parameter, rows: Int, into y: Buffer, accumulate: Bool) {
    let width = weight.shape[1], out = weight.shape[0]
    if let packedWeights {
      packedWeights.transposed(weight).multiply(
        .init(x, stride: width), m: rows, into: .init(y, stride: out), accumulate: accumulate)
    } else {
      PackedMatrix.product(
        m: rows, n: out, k: width, .init(x, stride: width), .init(weight.value, stride: width, transposed: true),
        into: .init(y, stride: out), accumulate: accumulate, in: workspace)
    }
  }
}
