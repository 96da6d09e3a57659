import Compute

/// The weights of one reading direction of a recurrent layer; a cell has G gates.
public struct RecurrentWeights {
  /// W, `[G × hidden, inputs]`.
  public let input: Parameter
  /// U, `[G × hidden, hidden]`.
  public let recurrent: Parameter
  /// b, `[G × hidden]`.
  public let inputBias: Parameter
  /// d, `[G × hidden]`.
  public let recurrentBias: Parameter

  public init(input: Parameter, recurrent: Parameter, inputBias: Parameter, recurrentBias: Parameter) {
    (self.input, self.recurrent, self.inputBias, self.recurrentBias) = (input, recurrent, inputBias, recurrentBias)
  }

  public var parameters: [Parameter] { [input, recurrent, inputBias, recurrentBias] }
}

extension Tape {
  /// One direction of a recurrent layer over packed sequences, from zero states: x `[n, in]` → output `[n, H]`, the
  /// final states `[sequences, H]`, and an LSTM's final cells.
  ///
  /// With `reverse` each sequence is read from its end, and the output stays in the order of the tokens. An empty
  /// sequence ends in zeros.
  ///
  /// One product for all inputs; per step one product over the sequences still running. Saves x, the gates
  /// `[n, G × H]`, what the cell needs besides, and the output. The gradient runs the steps backwards and ends in one
  /// product each for dx, dW and dU. Cost: 2·G·n·H·(in + H) operations forward, twice that backward.
  public func recurrent(
    _ cell: RecurrentCell, _ x: Tensor, offsets: [Int], weights: RecurrentWeights, reverse: Bool
  ) -> (output: Tensor, hidden: Tensor, cell: Tensor?) {
    let hidden = weights.recurrent.shape.last ?? 0, wide = cell.gates * hidden
    precondition(
      x.shape.count == 2 && weights.input.shape == [wide, x.columns] && weights.recurrent.shape == [wide, hidden]
        && weights.inputBias.shape == [wide] && weights.recurrentBias.shape == [wide] && offsets.last == x.rows,
      "\(cell): x \(x.shape), weights \(weights.parameters.map(\.shape)), offsets end at \(offsets.last ?? -1)")
    Kernels.checkOffsets("recurrent", offsets)
    let wx = self[weights.input], wh = self[weights.recurrent]
    let bx = self[weights.inputBias], bh = self[weights.recurrentBias]
    let n = x.rows
    let schedule = RecurrentSchedule(offsets: offsets, reverse: reverse)

    let gates = buffer(n * wide)
    multiply(x.value, weights.input, rows: n, into: gates, accumulate: false)
    let packed: any PackedOperand =
      packedWeights?.transposed(weights.recurrent)
      ?? PackedMatrix(.init(wh.value, stride: hidden, transposed: true), rows: hidden, columns: wide, in: workspace)
    let run = RecurrentRun(
      cell, schedule, hidden: hidden, gates: gates, output: buffer(n * hidden),
      saved: isTraining ? cell.savedWidth(hidden).map { buffer(n * $0) } : nil, workspace: workspace)
    run.forward(bias: cell.bias(bx.value, bh.value, hidden: hidden, workspace), weight: packed)

    let finals = [run.state] + (run.cells.map { [$0] } ?? [])
    let outputs =
      [result(run.output, [n, hidden], of: [x, wx, wh, bx, bh])]
      + finals.map {
        result(schedule.unsorted($0, hidden, workspace), [schedule.order.count, hidden], of: [x, wx, wh, bx, bh])
      }
    let last = outputs.count == 3 ? outputs[2] : nil
    guard isTraining else { return (outputs[0], outputs[1], last) }
    record(outputs) {
      run.backward(
        weight: wh.value, dOutput: outputs[0].gradient, dLast: outputs[1].gradient, dLastCell: last?.gradient)
      run.gradients(x: x, wx: wx, wh: wh, bx: bx, bh: bh, reverse: reverse)
    }
    return (outputs[0], outputs[1], last)
  }
}

extension RecurrentCell {
  /// Width of what a step keeps for its gradient besides gates and output.
  fileprivate func savedWidth(_ hidden: Int) -> Int? {
    switch self {
    case .rnn: nil
    case .gru: 3 * hidden
    case .lstm: hidden
    }
  }

  /// Both biases as a step takes them: their sum; of a GRU's last gate each on its own.
  fileprivate func bias(_ bx: Buffer, _ bh: Buffer, hidden: Int, _ workspace: Workspace) -> Buffer {
    let sum = Buffer(count: gates * hidden, in: workspace)
    Kernels.sum(bx, bh, to: sum)
    guard self == .gru else { return sum }
    return Buffer(
      Array(sum.array.prefix(2 * hidden)) + bx.array.suffix(hidden) + bh.array.suffix(hidden), in: workspace)
  }
}

/// One reading of packed sequences by a cell: its buffers, its steps and their gradients.
private struct RecurrentRun {
  let kind: RecurrentCell
  let schedule: RecurrentSchedule
  let steps: Kernels.RecurrentSteps
  let hidden: Int
  /// `[n, G × H]`: of the inputs; after `forward` activated, after `backward` the gradient before activation.
  let gates: Buffer
  /// `[n, H]`.
  let output: Buffer
  /// What the gradient needs besides: an LSTM's cells `[n, H]`; of a GRU `[n, 3 × H]`, after `backward` the gradient of
  /// the state's product. Nil in evaluation, and where there is nothing.
  let saved: Buffer?
  /// By rank, `[sequences, H]`.
  let state: Buffer
  let cells: Buffer?
  let workspace: Workspace
  private var wide: Int { kind.gates * hidden }

  init(
    _ kind: RecurrentCell, _ schedule: RecurrentSchedule, hidden: Int, gates: Buffer, output: Buffer, saved: Buffer?,
    workspace: Workspace
  ) {
    (self.kind, self.schedule, self.hidden, self.gates, self.output) = (kind, schedule, hidden, gates, output)
    (self.saved, self.workspace) = (saved, workspace)
    steps = .init(tokens: schedule.tokens, previous: schedule.previous, hidden: hidden, gates: kind.gates)
    state = Buffer(count: schedule.order.count * hidden, in: workspace)
    cells = kind == .lstm ? Buffer(count: schedule.order.count * hidden, in: workspace) : nil
  }

  /// - Parameters:
  ///   - bias: as the cell's step takes it.
  ///   - weight: Uᵀ.
  func forward(bias: Buffer, weight: any PackedOperand) {
    let recurrent = Buffer(count: schedule.order.count * wide, in: workspace)
    for step in 0..<schedule.steps {
      let start = schedule.starts[step], rows = schedule.starts[step + 1] - start
      if step > 0 {
        weight.multiply(
          .init(state, stride: hidden), m: rows, into: .init(recurrent, stride: wide), accumulate: false)
      }
      switch kind {
      case .rnn:
        Kernels.rnnStep(
          steps, start: start, rows: rows, gates: gates, bias: bias, recurrent: recurrent, state: state, output: output)
      case .gru:
        Kernels.gruStep(
          steps, start: start, rows: rows, gates: gates, bias: bias, recurrent: recurrent, state: state, output: output,
          side: saved)
      case .lstm:
        guard let cells else { preconditionFailure("an LSTM without cells") }
        Kernels.lstmStep(
          steps, start: start, rows: rows, gates: gates, bias: bias, recurrent: recurrent, cell: cells, state: state,
          output: output, cells: saved)
      }
    }
  }

  /// Backpropagation through time (Werbos 1990): leaves in `gates` the gradient before activation.
  func backward(weight: Buffer, dOutput: Buffer?, dLast: Buffer?, dLastCell: Buffer?) {
    let dState = schedule.sorted(dLast, hidden, workspace)
    let dCell = schedule.sorted(dLastCell, hidden, workspace)
    let packed = Buffer(count: schedule.order.count * wide, in: workspace, zeroed: false)
    let zero = Buffer(count: hidden, in: workspace)
    let weight = PackedMatrix(.init(weight, stride: hidden), rows: wide, columns: hidden, in: workspace)
    for step in stride(from: schedule.steps - 1, through: 0, by: -1) {
      let start = schedule.starts[step], rows = schedule.starts[step + 1] - start
      switch (kind, saved) {
      case (.gru, let side?):
        Kernels.backwardGRUStep(
          steps, start: start, rows: rows, gates: gates, side: side, output: output, dOutput: dOutput, dState: dState,
          zero: zero, packed: packed)
      case (.lstm, let cells?):
        Kernels.backwardLSTMStep(
          steps, start: start, rows: rows, gates: gates, cells: cells, dOutput: dOutput, dState: dState, dCell: dCell,
          zero: zero, packed: packed)
      case (.rnn, _):
        Kernels.backwardRNNStep(
          steps, start: start, rows: rows, gates: gates, output: output, dOutput: dOutput, dState: dState, zero: zero,
          packed: packed)
      default: preconditionFailure("\(kind): nothing saved for its gradient")
      }
      if step > 0 {
        // Touches only the running sequences: the others still hold the gradient of their final state.
        weight.multiply(
          .init(packed, stride: wide), m: rows, into: .init(dState, stride: hidden), accumulate: kind == .gru)
      }
    }
  }

  /// After `backward`: what the gates' gradients come to.
  func gradients(x: Tensor, wx: Tensor, wh: Tensor, bx: Tensor, bh: Tensor, reverse: Bool) {
    let n = x.rows, width = x.columns
    // What the state's product passed on to: a GRU's last gate weighs it.
    let recurrentGates = kind == .gru ? saved ?? gates : gates
    for (bias, gates) in [(bx, gates), (bh, recurrentGates)] where bias.requiresGradient {
      let db = bias.target()
      Kernels.columnSums(gates, to: db.buffer, accumulate: db.accumulate, rows: n)
    }
    if wx.requiresGradient {
      let dwx = wx.target()
      PackedMatrix.product(
        m: wide, n: width, k: n, .init(gates, stride: wide, transposed: true), .init(x.value, stride: width),
        into: .init(dwx.buffer, stride: width), accumulate: dwx.accumulate, in: workspace)
    }
    if x.requiresGradient {
      let dx = x.target()
      PackedMatrix.product(
        m: n, n: width, k: wide, .init(gates, stride: wide), .init(wx.value, stride: width),
        into: .init(dx.buffer, stride: width), accumulate: dx.accumulate, in: workspace)
    }
    guard wh.requiresGradient else { return }
    // dU = Σ dz[token]ᵀ·h[previous token]. The previous token is the neighbour, so the output shifted by one row is
    // what is needed, once the tokens without a previous one are cleared.
    Kernels.clearRows(
      schedule.tokens, count: schedule.starts.count > 1 ? schedule.starts[1] : 0, of: recurrentGates, width: wide)
    let dwh = wh.target()
    PackedMatrix.product(
      m: wide, n: hidden, k: max(0, n - 1),
      .init(recurrentGates, offset: reverse || n == 0 ? 0 : wide, stride: wide, transposed: true),
      .init(output, offset: reverse && n > 0 ? hidden : 0, stride: hidden), into: .init(dwh.buffer, stride: hidden),
      accumulate: dwh.accumulate, in: workspace)
  }
}
