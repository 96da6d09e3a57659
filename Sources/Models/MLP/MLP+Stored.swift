import Compute
import Tasks

extension MLP {
  /// `layer1.weights` F32 `[inputs, width]` and `layer1.bias` F32 `[width]`, and so on to the last layer.
  public var tensors: [Safetensors.Tensor] {
    let width = hidden[0], stride = stride
    let values = (0...inputs).flatMap { first[$0 * stride..<$0 * stride + width] }
    let layers =
      [Dense(weights: Array(values.prefix(inputs * width)), bias: Array(values.suffix(width)))] + rest
    return zip(layers, Self.widths(inputs, hidden, outputs)).enumerated().flatMap { number, layer in
      let (values, from) = layer
      return [
        Safetensors.Tensor(Self.name(number, "weights"), [from, values.outputs], .floats(values.weights)),
        Safetensors.Tensor(Self.name(number, "bias"), [values.outputs], .floats(values.bias)),
      ]
    }
  }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or holds what is not a finite number.
  public init(
    stored file: Safetensors, problem: Problem, inputs: Int, hidden: [Int], outputs: Int
  ) throws(CheckpointError) {
    guard !hidden.isEmpty, hidden.allSatisfy({ $0 > 0 }), outputs > 0, problem != .regression || outputs == 1 else {
      throw .malformed("a perceptron of the widths \(hidden) and \(outputs)")
    }
    let widths = Self.widths(inputs, hidden, outputs)
    var layers = [Dense]()
    for number in 0...hidden.count {
      let shape = [widths[number], widths[number + 1]]
      layers.append(
        Dense(
          weights: try file.values(Self.name(number, "weights"), shape),
          bias: try file.values(Self.name(number, "bias"), [shape[1]])))
    }
    let width = hidden[0], padding = [Float](repeating: 0, count: SparseRows.stride(columns: hidden[0]) - hidden[0])
    let first = (0..<inputs).flatMap { layers[0].weights[$0 * width..<($0 + 1) * width] + padding }
    self.init(
      problem: problem, inputs: inputs, hidden: hidden, outputs: outputs, first: first + layers[0].bias + padding,
      rest: Array(layers.dropFirst()))
  }

  private static func name(_ layer: Int, _ part: String) -> String { "layer\(layer + 1).\(part)" }
}

extension Safetensors {
  /// The finite numbers of a tensor of this shape.
  fileprivate func values(_ name: String, _ expected: [Int]) throws(CheckpointError) -> [Float] {
    guard let shape = self[name]?.shape else { throw .missing(tensor: name) }
    guard shape == expected else { throw .shape(tensor: name, got: shape, expected: expected) }
    let values = try floats(name)
    guard values.allSatisfy(\.isFinite) else {
      throw .malformed("tensor \(name) holds what is not a finite number")
    }
    return values
  }
}
