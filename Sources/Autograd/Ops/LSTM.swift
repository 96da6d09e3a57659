import Compute

extension Tape {
  /// One direction of an LSTM layer over packed sequences (Hochreiter and Schmidhuber 1997; Gers et al. 2000):
  /// x `[n, in]` → output `[n, H]`, and the final hidden and cell states `[sequences, H]`.
  ///
  /// Gate order i, f, g, o: `z = x·Wᵢₕᵀ + h·Wₕₕᵀ + bᵢₕ + bₕₕ; c = σ(f)·c + σ(i)·tanh(g); h = σ(o)·tanh(c)`,
  /// from zero states. Weights `[4H, in]`, `[4H, H]`, biases `[4H]`. With `reverse` each sequence is read from
  /// its end, and the output stays in the order of the tokens. An empty sequence ends in zeros.
  ///
  /// One product for all inputs; per step one product over the sequences still running. Saves x, the gates
  /// `[n, 4H]`, the cells `[n, H]` and the output. The gradient runs the steps backwards and ends in one
  /// product each for dx, dWᵢₕ and dWₕₕ. Cost: 8·n·H·(in + H) operations forward, twice that backward.
  public func lstm(
    _ x: Tensor, offsets: [Int], inputWeight: Parameter, recurrentWeight: Parameter, inputBias: Parameter,
    recurrentBias: Parameter, reverse: Bool
  ) -> (output: Tensor, hidden: Tensor, cell: Tensor) {
    let hidden = recurrentWeight.shape.last ?? 0, wide = 4 * hidden
    precondition(
      x.shape.count == 2 && inputWeight.shape == [wide, x.columns] && recurrentWeight.shape == [wide, hidden]
        && inputBias.shape == [wide] && recurrentBias.shape == [wide] && offsets.last == x.rows,
      """
      lstm: x \(x.shape), weights \(inputWeight.shape) and \(recurrentWeight.shape), biases \(inputBias.shape) and \
      \(recurrentBias.shape), offsets end at \(offsets.last ?? -1)
      """)
    Kernels.checkOffsets("lstm", offsets)
    let wx = self[inputWeight], wh = self[recurrentWeight], bx = self[inputBias], bh = self[recurrentBias]
    let n = x.rows, width = x.columns, sequences = offsets.count - 1
    let schedule = LSTMSchedule(offsets: offsets, reverse: reverse)

    let gates = buffer(n * wide)
    multiply(x.value, inputWeight, rows: n, into: gates, accumulate: false)
    let bias = buffer(wide)
    Kernels.sum(bx.value, bh.value, to: bias)
    let recurrent = Buffer(count: sequences * wide, in: workspace)
    let cell = Buffer(count: sequences * hidden, in: workspace)
    let state = Buffer(count: sequences * hidden, in: workspace)
    let output = buffer(n * hidden)
    let cells = isTraining ? buffer(n * hidden) : nil
    let weight: any PackedOperand =
      packedWeights?.transposed(recurrentWeight)
      ?? PackedMatrix(.init(wh.value, stride: hidden, transposed: true), rows: hidden, columns: wide, in: workspace)
    for step in 0..<schedule.steps {
      let start = schedule.starts[step], rows = schedule.starts[step + 1] - start
      if step > 0 {
        weight.multiply(
          .init(state, stride: hidden), m: rows, into: .init(recurrent, stride: wide), accumulate: false)
      }
      Kernels.lstmStep(
        tokens: schedule.tokens, start: start, rows: rows, hidden: hidden, gates: gates, bias: bias,
        recurrent: recurrent, cell: cell, state: state, output: output, cells: cells)
    }

    let outputs = [
      (output, n), (Self.unsorted(state, schedule, hidden, workspace), sequences),
      (Self.unsorted(cell, schedule, hidden, workspace), sequences),
    ].map { result($0.0, [$0.1, hidden], of: [x, wx, wh, bx, bh]) }
    let (y, last, lastCell) = (outputs[0], outputs[1], outputs[2])
    guard let cells else { return (y, last, lastCell) }
    record(outputs) { [workspace] in
      Self.backwardSteps(
        schedule, gates: gates, cells: cells, recurrentWeight: wh.value, hidden: hidden, dOutput: y.gradient,
        dLast: last.gradient, dLastCell: lastCell.gradient, workspace: workspace)
      // From here `gates` holds the gradient before activation.
      for b in [bx, bh] where b.requiresGradient {
        let db = b.target()
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
      // dWₕₕ = Σ dz[token]ᵀ·h[previous token]. The previous token is the neighbour, so the output shifted by
      // one row is what is needed, once the tokens without a previous one are cleared.
      Kernels.clearRows(
        schedule.tokens, count: schedule.starts.count > 1 ? schedule.starts[1] : 0, of: gates, width: wide)
      let dwh = wh.target()
      let pairs = max(0, n - 1)
      PackedMatrix.product(
        m: wide, n: hidden, k: pairs,
        .init(gates, offset: reverse || n == 0 ? 0 : wide, stride: wide, transposed: true),
        .init(output, offset: reverse && n > 0 ? hidden : 0, stride: hidden), into: .init(dwh.buffer, stride: hidden),
        accumulate: dwh.accumulate, in: workspace)
    }
    return (y, last, lastCell)
  }

  /// Backpropagation through time (Werbos 1990): leaves in `gates` the gradient before activation.
  private static func backwardSteps(
    _ schedule: LSTMSchedule, gates: Buffer, cells: Buffer, recurrentWeight: Buffer, hidden: Int, dOutput: Buffer?,
    dLast: Buffer?, dLastCell: Buffer?, workspace: Workspace
  ) {
    let sequences = schedule.order.count, wide = 4 * hidden
    let dState = sorted(dLast, schedule, hidden, workspace)
    let dCell = sorted(dLastCell, schedule, hidden, workspace)
    let packed = Buffer(count: sequences * wide, in: workspace, zeroed: false)
    let zero = Buffer(count: hidden, in: workspace)
    let weight = PackedMatrix(.init(recurrentWeight, stride: hidden), rows: wide, columns: hidden, in: workspace)
    for step in stride(from: schedule.steps - 1, through: 0, by: -1) {
      let start = schedule.starts[step], rows = schedule.starts[step + 1] - start
      Kernels.backwardLSTMStep(
        tokens: schedule.tokens, previous: schedule.previous, start: start, rows: rows, hidden: hidden, gates: gates,
        cells: cells, dOutput: dOutput, dState: dState, dCell: dCell, zero: zero, packed: packed)
      if step > 0 {
        // Overwrites only the running sequences: the others still hold the gradient of their final state.
        weight.multiply(
          .init(packed, stride: wide), m: rows, into: .init(dState, stride: hidden), accumulate: false)
      }
    }
  }

  /// Rows by rank → rows by sequence.
  private static func unsorted(
    _ x: Buffer, _ schedule: LSTMSchedule, _ hidden: Int, _ workspace: Workspace
  ) -> Buffer {
    let y = Buffer(count: x.count, in: workspace)
    Kernels.scatterAdd(x, schedule.order, width: hidden, to: y)
    return y
  }

  /// Rows by sequence → rows by rank; zeros for nil.
  private static func sorted(
    _ x: Buffer?, _ schedule: LSTMSchedule, _ hidden: Int, _ workspace: Workspace
  ) -> Buffer {
    guard let x else { return Buffer(count: schedule.order.count * hidden, in: workspace) }
    let y = Buffer(count: x.count, in: workspace, zeroed: false)
    Kernels.gather(x, schedule.order, width: hidden, to: y)
    return y
  }
}
