import Compute
import Layers
import Models

extension Network {
  /// Outputs that are standardised numbers become the numbers: the last layer's weights and bias take the scale in.
  func rescaleOutputs(by scale: NumberScale) {
    let (weight, bias) = (classifier.weight.value, classifier.bias.value)
    weight.copy(from: weight.array.map { Float(Double($0) * scale.deviation) })
    bias.copy(from: bias.array.map { scale.restored($0) })
  }
}
