import Compute
import Layers
import Models
import Tasks

extension Network {
  /// Outputs that are standardised numbers become the numbers: the last layer's weights and bias take the scale in.
  func rescaleOutputs(by scale: NumberScale) {
    guard let bias = classifier.bias?.value else { preconditionFailure("rescaleOutputs: a last layer without a bias") }
    let weight = classifier.weight.value
    weight.copy(from: weight.array.map { Float(Double($0) * scale.deviation) })
    bias.copy(from: bias.array.map { scale.restored($0) })
  }
}
