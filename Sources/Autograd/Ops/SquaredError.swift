import Compute

extension Tape {
  /// Σ (o − t)² / normaliser over outputs o `[b, c]` and targets t: the loss in Double, and as a tensor `[1]`.
  ///
  /// `targets` `[b · c]` stand row by row. `normaliser` is that of the whole batch, so that shards of it add up; at
  /// b · c the loss is PyTorch's `MSELoss`. Saves the gradient, 2·(o − t)/normaliser, which the same pass gives.
  public func squaredError(
    _ outputs: Tensor, targets: [Float], normaliser: Double
  ) -> (loss: Double, tensor: Tensor) {
    precondition(
      outputs.shape.count == 2 && outputs.value.count == targets.count,
      "squaredError: outputs \(outputs.shape), \(targets.count) targets")
    precondition(normaliser > 0, "squaredError: normaliser \(normaliser) is not positive")
    let gradient = buffer(outputs.value.count)
    let loss = Kernels.squaredError(outputs.value, targets: targets, normaliser: normaliser, gradient: gradient)
    return (loss, recordLoss(loss, gradient: gradient, of: outputs))
  }
}
