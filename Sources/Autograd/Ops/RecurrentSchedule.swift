import Compute

/// In which order a recurrent layer visits the tokens of packed sequences.
///
/// Sequences are sorted by length, longest first and stably, so that those still running at a step are the
/// first rows of the running state, and the recurrent product covers them and nothing else.
struct RecurrentSchedule {
  /// Sequences by rank, longest first.
  let order: [Int32]
  /// Step t covers `tokens[starts[t] ..< starts[t + 1]]`, one token for each of the first ranks.
  let starts: [Int]
  /// Tokens by step, then rank.
  let tokens: [Int]
  /// The token one step earlier in the same sequence; −1 at its first step.
  let previous: [Int]
  var steps: Int { starts.count - 1 }

  init(offsets: [Int], reverse: Bool) {
    let sequences = offsets.count - 1
    let lengths = (0..<sequences).map { offsets[$0 + 1] - offsets[$0] }
    let longest = lengths.max() ?? 0
    // Counting sort: running[t] = sequences longer than t.
    var running = [Int](repeating: 0, count: longest + 1)
    for length in lengths where length > 0 { running[length - 1] += 1 }
    for step in stride(from: longest - 1, through: 0, by: -1) { running[step] += running[step + 1] }
    var order = [Int32](repeating: 0, count: sequences)
    var place = running
    for sequence in 0..<sequences {
      // Ranks of length L begin after all that are longer: running[L].
      let length = lengths[sequence]
      order[place[length]] = Int32(sequence)
      place[length] += 1
    }
    let count = offsets[sequences]
    var starts = [0]
    var tokens = [Int](), previous = [Int]()
    starts.reserveCapacity(longest + 1)
    tokens.reserveCapacity(count)
    previous.reserveCapacity(count)
    for step in 0..<longest {
      for rank in 0..<running[step] {
        let sequence = Int(order[rank])
        let token = reverse ? offsets[sequence + 1] - 1 - step : offsets[sequence] + step
        tokens.append(token)
        previous.append(step == 0 ? -1 : reverse ? token + 1 : token - 1)
      }
      starts.append(tokens.count)
    }
    (self.order, self.starts, self.tokens, self.previous) = (order, starts, tokens, previous)
  }

  /// Rows by rank → rows by sequence.
  func unsorted(_ x: Buffer, _ hidden: Int, _ workspace: Workspace) -> Buffer {
    let y = Buffer(count: x.count, in: workspace)
    Kernels.scatterAdd(x, order, width: hidden, to: y)
    return y
  }

  /// Rows by sequence → rows by rank; zeros for nil.
  func sorted(_ x: Buffer?, _ hidden: Int, _ workspace: Workspace) -> Buffer {
    guard let x else { return Buffer(count: order.count * hidden, in: workspace) }
    let y = Buffer(count: x.count, in: workspace, zeroed: false)
    Kernels.gather(x, order, width: hidden, to: y)
    return y
  }
}
