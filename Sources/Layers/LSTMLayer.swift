import Autograd

/// One LSTM layer, read forward, or forward and backward side by side (Hochreiter and Schmidhuber 1997; Gers et al.
/// 2000 for the forget gate).
///
/// i, f, o = σ(W x + U h + b), g = tanh(W x + U h + b), c ← f ⊙ c + i ⊙ g, h = o ⊙ tanh(c); gate order i, f, g, o.
/// Two bias vectors, as in PyTorch's checkpoints; the forget gate starts at 1 in the input bias.
public struct LSTMLayer {
  public let directions: [Direction]
  /// Width of a hidden state, per direction.
  public let hidden: Int

  /// The weights of one reading direction.
  public struct Direction {
    /// `[4 × hidden, inputs]`.
    public let inputWeight: Parameter
    /// `[4 × hidden, hidden]`.
    public let recurrentWeight: Parameter
    /// `[4 × hidden]`.
    public let inputBias: Parameter
    /// `[4 × hidden]`.
    public let recurrentBias: Parameter

    public var parameters: [Parameter] { [inputWeight, recurrentWeight, inputBias, recurrentBias] }
  }

  /// What a layer gives: every state, and each direction's last.
  public struct States {
    /// `[n, directions × hidden]`, forward | backward.
    public let output: Tensor
    /// `[b, hidden]` for each direction: the state after the direction's last token.
    public let hidden: [Tensor]
    /// `[b, hidden]` for each direction.
    public let cell: [Tensor]
  }

  /// Parameters `name.weight_ih_lK` and so on with `_reverse` for the second direction, as PyTorch names layer K.
  public init(
    _ name: String, layer: Int, inputs: Int, hidden: Int, bidirectional: Bool, from source: ParameterSource
  ) {
    self.hidden = hidden
    directions = (bidirectional ? ["", "_reverse"] : [""]).map { suffix in
      let end = "_l\(layer)\(suffix)"
      return Direction(
        inputWeight: source.weight("\(name).weight_ih\(end)", [4 * hidden, inputs], .xavierGates),
        recurrentWeight: source.weight("\(name).weight_hh\(end)", [4 * hidden, hidden], .orthogonalGates),
        inputBias: source.bias("\(name).bias_ih\(end)", [4 * hidden], .forgetGate),
        recurrentBias: source.bias("\(name).bias_hh\(end)", [4 * hidden]))
    }
  }

  /// `[n, inputs]` → states; `offsets` says where each sequence begins.
  public func callAsFunction(_ x: Tensor, offsets: [Int], on tape: Tape) -> States {
    let runs = directions.enumerated().map { index, weights in
      tape.lstm(
        x, offsets: offsets, inputWeight: weights.inputWeight, recurrentWeight: weights.recurrentWeight,
        inputBias: weights.inputBias, recurrentBias: weights.recurrentBias, reverse: index == 1)
    }
    let output = runs.count == 2 ? tape.concatenate(runs[0].output, runs[1].output) : runs[0].output
    return States(output: output, hidden: runs.map(\.hidden), cell: runs.map(\.cell))
  }

  /// The input and the recurrent product: 8 × hidden × (inputs + hidden) a token and direction.
  public func count(tokens: Int, in count: inout OperationCount) {
    let each = 8 * Double(tokens) * Double(hidden), inputs = directions[0].inputWeight.shape[1]
    count.multiply(each * Double(inputs), by: directions.map(\.inputWeight))
    // A state's gradient passes through all steps, whichever of the weights is trained.
    count.read(parameters)
    count.multiply(each * Double(hidden), by: directions.map(\.recurrentWeight))
  }

  public var parameters: [Parameter] { directions.flatMap(\.parameters) }
}
