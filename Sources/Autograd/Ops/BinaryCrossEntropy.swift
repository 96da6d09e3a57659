import Compute

extension Tape {
  /// Σ (log(1 + eᶻ) − t·z) / normaliser over logits z `[b, c]` and targets t: the loss in Double, and as a tensor
  /// `[1]`.
  ///
  /// `targets` `[b · c]` are 0 or 1, row by row. `normaliser` is that of the whole batch, so that shards of it add up;
  /// at b · c the loss is PyTorch's `BCEWithLogitsLoss`. Computed from e^−|z|, so logits of any size do not overflow.
  /// Saves the gradient, (1/(1 + e⁻ᶻ) − t)/normaliser, which the same pass gives.
  public func binaryCrossEntropy(
    _ logits: Tensor, targets: [Float], normaliser: Double
  ) -> (loss: Double, tensor: Tensor) {
    precondition(
      logits.shape.count == 2 && logits.value.count == targets.count,
      "binaryCrossEntropy: logits \(logits.shape), \(targets.count) targets")
    precondition(normaliser > 0, "binaryCrossEntropy: normaliser \(normaliser) is not positive")
    let gradient = buffer(logits.value.count)
    let loss = Kernels.binaryCrossEntropy(
      logits.value, targets: targets, normaliser: normaliser, gradient: gradient)
    return (loss, recordLoss(loss, gradient: gradient, of: logits))
  }
}
