import Compute

extension Tape {
  /// Σ w[y]·(1 − p)^γ·(−log p) / normaliser over logits `[b, c]`, p = softmax(logits + offsets)[y]: the loss in Double, and
  /// as a tensor `[1]`.
  ///
  /// γ = 0 is cross-entropy, more the focal loss (Lin et al. 2017); `offsets`, one a class, adjust the logits in training
  /// (Menon et al. 2021). `normaliser` is the sum of the weights of the whole batch, so that shards of it add up. Saves the
  /// gradient, which the same pass gives: (softmax − onehot)·w/normaliser where γ = 0.
  public func crossEntropy(
    _ logits: Tensor, labels: [Int], classWeights: [Float]? = nil, offsets: [Float]? = nil, gamma: Double = 0,
    normaliser: Double
  ) -> (loss: Double, tensor: Tensor) {
    precondition(
      logits.shape.count == 2 && logits.rows == labels.count,
      "crossEntropy: logits \(logits.shape), \(labels.count) labels")
    precondition(normaliser > 0, "crossEntropy: normaliser \(normaliser) is not positive")
    let gradient = buffer(logits.value.count)
    let loss = Kernels.crossEntropy(
      logits.value, labels: labels, weights: classWeights, offsets: offsets, gamma: gamma, normaliser: normaliser,
      gradient: gradient, classes: logits.columns)
    return (loss, recordLoss(loss, gradient: gradient, of: logits))
  }

  /// T² Σ t·(−log p) / normaliser over logits `[b, c]`, p = softmax(logits / T) and t the probabilities that these are to
  /// become, `[b · c]` row by row (Hinton et al. 2015, section 2): the loss in Double, and as a tensor `[1]`.
  ///
  /// T² keeps gradients as large at any temperature T. Saves the gradient, T·(p − t)/normaliser.
  public func softCrossEntropy(
    _ logits: Tensor, targets: [Float], temperature: Double, normaliser: Double
  ) -> (loss: Double, tensor: Tensor) {
    precondition(
      logits.shape.count == 2 && logits.value.count == targets.count,
      "softCrossEntropy: logits \(logits.shape), \(targets.count) targets")
    precondition(normaliser > 0, "softCrossEntropy: normaliser \(normaliser) is not positive")
    let gradient = buffer(logits.value.count)
    let loss = Kernels.softCrossEntropy(
      logits.value, targets: targets, temperature: temperature, normaliser: normaliser, gradient: gradient,
      classes: logits.columns)
    return (loss, recordLoss(loss, gradient: gradient, of: logits))
  }

  /// A loss `[1]` whose gradient by `outputs` the pass that computed it gave; it is used up by the pullback.
  func recordLoss(_ loss: Double, gradient: Buffer, of outputs: Tensor) -> Tensor {
    let result = result(Buffer([Float(loss)], in: workspace), [1], of: [outputs])
    record(result) { dloss in
      if dloss[0] != 1 { Kernels.scale(dloss[0], gradient) }
      outputs.accumulate(giving: gradient)
    }
    return result
  }
}
