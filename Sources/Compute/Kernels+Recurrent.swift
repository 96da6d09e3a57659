import CKernels

/// The steps of recurrent networks over packed sequences, forward and backward.
///
/// Rows of what belongs to tokens stand by token, rows of the running state by rank, longest sequence first. A step covers
/// the tokens from `start` on, one for each of the first `rows` ranks.
extension Kernels {
  /// Which tokens a step covers, and the token before each in its sequence, −1 where there is none.
  package struct RecurrentSteps {
    let tokens: [Int]
    let previous: [Int]
    let hidden: Int
    let gates: Int

    /// - Parameters:
    ///   - gates: how many times `hidden` a row of gates has.
    package init(tokens: [Int], previous: [Int], hidden: Int, gates: Int) {
      precondition(tokens.count == previous.count, "RecurrentSteps: \(tokens.count) tokens, \(previous.count) earlier")
      (self.tokens, self.previous, self.hidden, self.gates) = (tokens, previous, hidden, gates)
    }

    /// Fails unless each buffer holds so many times `hidden` a token, or a row.
    fileprivate func check(
      _ name: StaticString, _ start: Int, _ rows: Int, byToken: [(Buffer?, Int)], byRank: [(Buffer, Int)],
      once: [(Buffer, Int)]
    ) {
      let fits =
        start + rows <= tokens.count
        && byToken.allSatisfy { $0.0.map(\.count) ?? tokens.count * $0.1 * hidden == tokens.count * $0.1 * hidden }
        && byRank.allSatisfy { rows * $0.1 * hidden <= $0.0.count }
        && once.allSatisfy { $0.1 * hidden <= $0.0.count }
      precondition(
        fits, "Kernels.\(name): \(rows) rows of \(hidden) at \(start) of \(tokens.count) tokens do not fit the buffers")
    }

    fileprivate func at(
      _ start: Int, _ body: (_ tokens: UnsafePointer<Int>, _ previous: UnsafePointer<Int>) -> Void
    ) {
      tokens.withUnsafeBufferPointer { tokens in
        previous.withUnsafeBufferPointer { previous in
          guard let base = tokens.baseAddress, let earlier = previous.baseAddress else { return }
          body(base + start, earlier + start)
        }
      }
    }
  }

  package static func lstmStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, bias: Buffer, recurrent: Buffer, cell: Buffer,
    state: Buffer, output: Buffer, cells: Buffer?
  ) {
    steps.check(
      "lstmStep", start, rows, byToken: [(gates, 4), (output, 1), (cells, 1)],
      byRank: [(recurrent, 4), (cell, 1), (state, 1)], once: [(bias, 4)])
    steps.at(start) { tokens, _ in
      ck_lstm_step(
        rows, steps.hidden, tokens, gates.pointer, bias.pointer, recurrent.pointer, cell.pointer, state.pointer,
        output.pointer, cells?.pointer)
    }
  }

  package static func backwardLSTMStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, cells: Buffer, dOutput: Buffer?, dState: Buffer,
    dCell: Buffer, zero: Buffer, packed: Buffer
  ) {
    steps.check(
      "backwardLSTMStep", start, rows, byToken: [(gates, 4), (cells, 1), (dOutput, 1)],
      byRank: [(dState, 1), (dCell, 1), (packed, 4)], once: [(zero, 1)])
    steps.at(start) { tokens, previous in
      ck_lstm_step_backward(
        rows, steps.hidden, tokens, previous, gates.pointer, cells.pointer, dOutput?.pointer, dState.pointer,
        dCell.pointer, zero.pointer, packed.pointer)
    }
  }

  /// - Parameters:
  ///   - bias: r and z of both products, n of the inputs', n of the state's.
  ///   - side: the state's product and bias of n into its last third, in training.
  package static func gruStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, bias: Buffer, recurrent: Buffer, state: Buffer,
    output: Buffer, side: Buffer?
  ) {
    steps.check(
      "gruStep", start, rows, byToken: [(gates, 3), (output, 1), (side, 3)], byRank: [(recurrent, 3), (state, 1)],
      once: [(bias, 4)])
    steps.at(start) { tokens, _ in
      ck_gru_step(
        rows, steps.hidden, tokens, gates.pointer, bias.pointer, recurrent.pointer, state.pointer, output.pointer,
        side?.pointer)
    }
  }

  /// Leaves in `dState` what passes by the product.
  package static func backwardGRUStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, side: Buffer, output: Buffer, dOutput: Buffer?,
    dState: Buffer, zero: Buffer, packed: Buffer
  ) {
    steps.check(
      "backwardGRUStep", start, rows, byToken: [(gates, 3), (side, 3), (output, 1), (dOutput, 1)],
      byRank: [(dState, 1), (packed, 3)], once: [(zero, 1)])
    steps.at(start) { tokens, previous in
      ck_gru_step_backward(
        rows, steps.hidden, tokens, previous, gates.pointer, side.pointer, output.pointer, dOutput?.pointer,
        dState.pointer, zero.pointer, packed.pointer)
    }
  }

  package static func rnnStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, bias: Buffer, recurrent: Buffer, state: Buffer,
    output: Buffer
  ) {
    steps.check(
      "rnnStep", start, rows, byToken: [(gates, 1), (output, 1)], byRank: [(recurrent, 1), (state, 1)],
      once: [(bias, 1)])
    steps.at(start) { tokens, _ in
      ck_rnn_step(
        rows, steps.hidden, tokens, gates.pointer, bias.pointer, recurrent.pointer, state.pointer, output.pointer)
    }
  }

  package static func backwardRNNStep(
    _ steps: RecurrentSteps, start: Int, rows: Int, gates: Buffer, output: Buffer, dOutput: Buffer?, dState: Buffer,
    zero: Buffer, packed: Buffer
  ) {
    steps.check(
      "backwardRNNStep", start, rows, byToken: [(gates, 1), (output, 1), (dOutput, 1)],
      byRank: [(dState, 1), (packed, 1)], once: [(zero, 1)])
    steps.at(start) { tokens, _ in
      ck_rnn_step_backward(
        rows, steps.hidden, tokens, gates.pointer, output.pointer, dOutput?.pointer, dState.pointer, zero.pointer,
        packed.pointer)
    }
  }
}
