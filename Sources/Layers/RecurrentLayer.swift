import Autograd

/// One recurrent layer, read forward, or forward and backward side by side (Graves and Schmidhuber 2005).
///
/// Two bias vectors, as in PyTorch's checkpoints; an LSTM's forget gate starts at 1 in the input bias.
public struct RecurrentLayer {
  public let cell: RecurrentCell
  /// One or two.
  public let directions: [RecurrentWeights]
  /// Width of a hidden state, per direction.
  public let hidden: Int

  /// What a layer gives: every state, and each direction's last.
  public struct States {
    /// `[n, directions × hidden]`, forward | backward.
    public let output: Tensor
    /// `[b, hidden]` for each direction: the state after the direction's last token.
    public let hidden: [Tensor]
    /// `[b, hidden]` for each direction of an LSTM; none of other cells.
    public let cell: [Tensor]
  }

  /// Parameters `name.weight_ih_lK` and so on with `_reverse` for the second direction, as PyTorch names layer K.
  public init(
    _ name: String, _ cell: RecurrentCell, layer: Int, inputs: Int, hidden: Int, bidirectional: Bool,
    from source: ParameterSource
  ) {
    (self.cell, self.hidden) = (cell, hidden)
    let gates = cell.gates
    directions = (bidirectional ? ["", "_reverse"] : [""]).map { suffix in
      let end = "_l\(layer)\(suffix)"
      return RecurrentWeights(
        input: source.weight("\(name).weight_ih\(end)", [gates * hidden, inputs], .xavierGates(gates)),
        recurrent: source.weight("\(name).weight_hh\(end)", [gates * hidden, hidden], .orthogonalGates(gates)),
        inputBias: source.bias(
          "\(name).bias_ih\(end)", [gates * hidden], cell == .lstm ? .forgetGate : .constant(0)),
        recurrentBias: source.bias("\(name).bias_hh\(end)", [gates * hidden]))
    }
  }

  /// `[n, inputs]` → states; `offsets` says where each sequence begins.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> States {
    let runs = directions.enumerated().map { index, weights in
      tape.recurrent(cell, x, offsets: offsets, weights: weights, reverse: index == 1)
    }
    let output = runs.count == 2 ? tape.concatenate(runs[0].output, runs[1].output) : runs[0].output
    return States(output: output, hidden: runs.map(\.hidden), cell: runs.compactMap(\.cell))
  }

  /// The input and the recurrent product: 2 × gates × hidden × (inputs + hidden) a token and direction.
  public func count(tokens: Int, in count: inout OperationCount) {
    let each = 2 * Double(cell.gates) * Double(tokens) * Double(hidden), inputs = directions[0].input.shape[1]
    count.multiply(each * Double(inputs), by: directions.map(\.input))
    // A state's gradient passes through all steps, whichever of the weights is trained.
    count.read(parameters)
    count.multiply(each * Double(hidden), by: directions.map(\.recurrent))
  }

  public var parameters: [Parameter] { directions.flatMap(\.parameters) }
}
