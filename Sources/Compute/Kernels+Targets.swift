import CKernels

/// Kernels of targets that are not one class of several: labels that hold or do not, and numbers.
extension Kernels {
  /// y = 1/(1 + e⁻ʸ), in place: logits of labels become their probabilities.
  public static func sigmoidRows(_ logits: Buffer) { ck_activate_sigmoid(logits.count, logits.pointer) }

  /// Σ (log(1 + eᶻ) − t·z)/normaliser in Double over logits z and targets t of 0 or 1; `gradient` gets its derivative
  /// by the logits.
  package static func binaryCrossEntropy(
    _ logits: Buffer, targets: [Float], normaliser: Double, gradient: Buffer
  ) -> Double {
    precondition(
      logits.count == targets.count && gradient.count == targets.count,
      "Kernels.binaryCrossEntropy: \(logits.count) logits, \(targets.count) targets, \(gradient.count) gradients")
    for target in targets {
      precondition(target == 0 || target == 1, "Kernels.binaryCrossEntropy: target \(target) is neither 0 nor 1")
    }
    return ck_binary_cross_entropy(targets.count, logits.pointer, targets, normaliser, gradient.pointer)
  }

  /// Σ (o − t)²/normaliser in Double over outputs o and targets t; `gradient` gets its derivative by the outputs.
  package static func squaredError(
    _ outputs: Buffer, targets: [Float], normaliser: Double, gradient: Buffer
  ) -> Double {
    precondition(
      outputs.count == targets.count && gradient.count == targets.count,
      "Kernels.squaredError: \(outputs.count) outputs, \(targets.count) targets, \(gradient.count) gradients")
    return ck_squared_error(targets.count, outputs.pointer, targets, normaliser, gradient.pointer)
  }
}
