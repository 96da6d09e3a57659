import Compute

extension Tape {
  /// y = LN(dropout(x) + residual) over each row (Ba, Kiros and Hinton 2016): all `[n, d]`, gain and bias `[d]`.
  ///
  /// LN(z) = gain·(z − mean)/√(variance + ε) + bias, the variance over d (not d − 1); without a bias that is 0. Saves the
  /// normalised rows and one scale a row; the dropout mask is asked for again.
  public func layerNorm(
    _ x: Tensor, residual: Tensor? = nil, gain: Parameter, bias: Parameter?, epsilon: Float, dropout: Float = 0
  ) -> Tensor {
    precondition(
      x.shape.count == 2 && gain.shape == [x.columns] && bias.map { $0.shape == gain.shape } ?? true,
      "layerNorm: x \(x.shape), gain \(gain.shape), bias \(bias?.shape ?? [])")
    if let residual { precondition(residual.shape == x.shape, "layerNorm: x \(x.shape), residual \(residual.shape)") }
    let n = x.rows
    let mask = nextDropout(dropout)
    let g = self[gain], b = bias.map { self[$0] }
    let y = buffer(x.value.count)
    let normal = isTraining ? buffer(x.value.count) : nil
    let scales = isTraining ? buffer(n) : nil
    Kernels.layerNorm(
      x.value, residual: residual?.value, gain: g.value,
      bias: b?.value ?? Buffer(count: x.columns, in: workspace, zeroed: true), epsilon: epsilon, dropout: mask, to: y,
      normal: normal, scales: scales, rows: n)
    let result = result(y, x.shape, of: [x, g] + [b, residual].compactMap(\.self))
    guard let normal, let scales else { return result }
    record(result) { [workspace] dy in
      // What is frozen, or not there, leaves its sums in a buffer of nobody's: they come with the pass that gives dx.
      let targets = [g, b].map { $0?.requiresGradient == true ? $0?.target() : nil }
      let accumulates = targets.compactMap { $0?.accumulate }
      precondition(accumulates.allSatisfy { $0 == accumulates[0] }, "layerNorm: gain and bias of two different norms")
      let dgain = targets[0]?.buffer ?? Buffer(count: g.value.count, in: workspace)
      let dbias = targets[1]?.buffer ?? Buffer(count: g.value.count, in: workspace)
      Kernels.backwardLayerNorm(
        dy, normal: normal, scales: scales, gain: g.value, dropout: mask, dgain: dgain, dbias: dbias,
        accumulate: accumulates.first ?? false, dx: x.requiresGradient ? x.target() : nil,
        dresidual: residual.flatMap { $0.requiresGradient ? $0.target() : nil }, rows: n)
    }
    return result
  }
}
