import Autograd
import Foundation
import Models

/// How the layers of a transformer are trained apart, as is practised on checkpoints.
public struct FineTuningSettings: Sendable, Equatable, Codable {
  /// The learning rate of a layer as a factor of that of the layer above; 1 trains all alike.
  ///
  /// As Sun et al. 2019, section 5.3.4: the highest layer has the full rate, layer k of L (from 0) has
  /// decay^(L − 1 − k), the embeddings have decay^L.
  public var layerDecay = 1.0
  /// The learning rate of what stands above the layers (pooler, LSTM, classifier) as a factor of the full rate.
  public var headFactor = 1.0
  /// The lowest layers keep their weights, and so do the embeddings where there are any.
  public var frozenLayers = 0
  public var freezesEmbeddings = false
  /// Of the encoder only low-rank changes of some weights are trained; all weights where nil.
  public var lora: LoRASettings?

  public init() {}

  /// Freezes what is to be frozen; the factor of the learning rate for each parameter that is trained.
  func prepare(_ network: some Parameterised) -> [Double] {
    let layers = network.parameters.compactMap { Self.depth($0, layers: 0) }.max() ?? 0
    func depth(_ parameter: Parameter) -> Int? { Self.depth(parameter, layers: layers) }
    for parameter in network.parameters {
      guard let depth = depth(parameter) else { continue }
      let keeps = depth == 0 ? freezesEmbeddings || frozenLayers > 0 : depth <= frozenLayers
      parameter.isFrozen = keeps || lora.map { $0.blocks(of: parameter).isEmpty } ?? false
    }
    return network.trainedParameters.map { parameter in
      depth(parameter).map { pow(layerDecay, Double(layers - $0)) } ?? headFactor
    }
  }

  /// Whether it is a weight of one of an encoder's layers.
  static func isOfLayer(_ parameter: Parameter) -> Bool { depth(parameter, layers: 0) ?? 0 > 0 }

  /// 0 for an encoder's embeddings, 1 for its lowest layer, `layers` for the highest and a norm behind it; nil for what
  /// stands above the encoder.
  private static func depth(_ parameter: Parameter, layers: Int) -> Int? {
    let parts = parameter.name.split(separator: ".")
    guard parts.count > 2, EncoderArchitecture.prefixes.contains(String(parts[0])) else { return nil }
    switch parts[1] {
    case "embeddings", "embeddings_project": return 0
    case "encoder" where parts[2] == "layer" && parts.count > 3: return Int(parts[3]).map { $0 + 1 }
    case "layers": return Int(parts[2]).map { $0 + 1 }
    case "final_norm": return layers
    default: return nil
    }
  }
}
