import Autograd

/// Recurrent layers one above the other, with dropout between them.
public struct RecurrentStack {
  public let layers: [RecurrentLayer]
  /// Probability of dropping an element between two layers.
  public let dropout: Float

  public init(
    _ name: String, _ cell: RecurrentCell, inputs: Int, hidden: Int, layers count: Int, bidirectional: Bool,
    dropout: Double, from source: ParameterSource
  ) {
    precondition(count > 0, "a recurrent network needs at least one layer, got \(count)")
    let width = hidden * (bidirectional ? 2 : 1)
    layers = (0..<count).map { layer in
      RecurrentLayer(
        name, cell, layer: layer, inputs: layer == 0 ? inputs : width, hidden: hidden, bidirectional: bidirectional,
        from: source)
    }
    self.dropout = Float(dropout)
  }

  /// Width of an output vector: directions × hidden.
  public var width: Int { layers[0].directions.count * layers[0].hidden }

  /// `[n, inputs]` → the states of each layer, the lowest first; the last one's `output` is `[n, width]`.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> [RecurrentLayer.States] {
    var states = [layers[0](x, offsets: offsets, on: tape)]
    for layer in layers.dropFirst() {
      let below = tape.dropout(states[states.count - 1].output, probability: dropout)  // [n, width]
      states.append(layer(below, offsets: offsets, on: tape))
    }
    return states
  }

  public func count(tokens: Int, in count: inout OperationCount) {
    for layer in layers { layer.count(tokens: tokens, in: &count) }
  }

  public var parameters: [Parameter] { layers.flatMap(\.parameters) }
}
