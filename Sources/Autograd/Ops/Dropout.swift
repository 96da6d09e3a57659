import Compute

extension Tape {
  /// y = x·mask/(1 − p) in training, x itself in evaluation (Srivastava et al. 2014). Any shape; saves nothing:
  /// the mask is a hash of the tape's stream and the element's index.
  public func dropout(_ x: Tensor, probability: Float) -> Tensor {
    let mask = nextDropout(probability)
    guard mask.isActive else { return x }
    let y = buffer(x.value.count)
    Kernels.dropout(mask, x.value, to: y, accumulate: false)
    let result = result(y, x.shape, of: [x])
    record(result) { dy in
      let dx = x.target()
      Kernels.dropout(mask, dy, to: dx.buffer, accumulate: dx.accumulate)
    }
    return result
  }
}
