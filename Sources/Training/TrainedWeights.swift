import Autograd
import Compute
import Models

/// What an optimiser changes of a network: its parameters that are not frozen, or in place of some of them the thin
/// matrices that these are made of (`LowRankAdapter`).
final class TrainedWeights {
  /// In the network's order; in place of an adapted weight its adapters' matrices.
  let parameters: [Parameter]
  /// The learning rate of each as a factor.
  let rateFactors: [Double]
  /// Of each parameter that the network trains; none where it is trained itself.
  private let adapters: [[LowRankAdapter]]

  /// Freezes what `settings` freeze.
  ///
  /// - Parameter random: draws the first values of the adapters.
  init(_ network: some Network, _ settings: FineTuningSettings, random: Random) {
    let factors = settings.prepare(network)
    let trained = network.trainedParameters
    adapters = trained.map { parameter in
      guard let lora = settings.lora, FineTuningSettings.isOfLayer(parameter) else { return [] }
      return lora.blocks(of: parameter).map { target, rows in
        let name = "\(parameter.name).\(target.rawValue)"
        return LowRankAdapter(
          name, parameter, rows: rows, lora, random: random.stream(name), in: network.workspace)
      }
    }
    let parts = zip(trained, adapters).map { parameter, own in
      own.isEmpty ? [parameter] : own.flatMap { [$0.down, $0.up] }
    }
    parameters = parts.flatMap(\.self)
    rateFactors = zip(parts, factors).flatMap { part, factor in part.map { _ in factor } }
  }

  /// Those of `parameters`, of those that the network's backward pass gave.
  func gradients(of network: Gradients) -> Gradients {
    guard adapters.contains(where: { !$0.isEmpty }) else { return network }
    return Gradients(
      zip(network.all, adapters).flatMap { gradient, own in
        own.isEmpty ? [gradient] : own.flatMap { $0.gradients(of: gradient) }
      })
  }

  /// Brings the network's weights up to date after `parameters` have changed.
  func apply() {
    for own in adapters { for adapter in own { adapter.apply() } }
  }
}
