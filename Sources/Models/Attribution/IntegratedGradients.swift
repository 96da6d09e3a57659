import Autograd
import Compute
import Synchronization

/// What each step of a sequence adds to one of a network's logits: the integral of its gradients by the word vectors along
/// the straight way from vectors of zeros, times these (Sundararajan, Taly and Yan 2017). Positions, types and marks stay as
/// they are.
///
/// Gauss–Legendre points, doubled until what they give misses the difference of the logits by at most 1 % of it.
public struct IntegratedGradients<Net: Network> {
  public let network: Net
  public var fewestNodes = GaussLegendre.usual.lowerBound
  public var mostNodes = GaussLegendre.usual.upperBound
  /// Steps of all copies of a sequence that are computed together.
  private static var rowsAtOnce: Int { 1_024 }

  public init(_ network: Net) { self.network = network }

  public struct Result: Sendable, Equatable {
    /// Of each step.
    public var values: [Double]
    /// The logit from vectors of zeros, and the sequence's own.
    public var start: Double
    public var score: Double
    public var nodes: Int
  }

  /// The same of several sequences, each computed alone, side by side.
  public func callAsFunction(_ sequences: [[Int32]], outputs: [Int], pool: WorkerPool) -> [Result] {
    let next = Atomic(0)
    let lanes = pool.map(min(pool.threads, sequences.count)) { _ in
      let workspace = Workspace()
      var found: [(index: Int, result: Result)] = []
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < sequences.count else { return found }
        found.append((index, self(sequences[index], output: outputs[index], in: workspace)))
      }
    }
    return lanes.joined().sorted { $0.index < $1.index }.map(\.result)
  }

  /// What each step adds to one output. `workspace` is for one caller at a time.
  public func callAsFunction(_ sequence: [Int32], output: Int, in workspace: Workspace) -> Result {
    precondition(output >= 0 && output < network.classes, "IntegratedGradients: output \(output) of \(network.classes)")
    let words = Tape(workspace: workspace, mode: .evaluation)
    let vectors = network.words(TokenBatch([sequence]), on: words)
    let scores = logits(sequence, vectors, at: [0, 1], output, in: workspace)
    let (values, nodes) = GaussLegendre.integral(of: scores[1] - scores[0], nodes: fewestNodes...mostNodes) {
      integral(sequence, vectors, $0, output, in: workspace)
    }
    return Result(values: values, start: scores[0], score: scores[1], nodes: nodes)
  }

  /// The logit at some points of the way.
  private func logits(
    _ sequence: [Int32], _ vectors: Tensor, at points: [Double], _ output: Int, in workspace: Workspace
  ) -> [Double] {
    let tape = Tape(workspace: workspace, mode: .evaluation)
    let words = tape.variable(scaled(vectors, by: points, in: workspace), shape: shape(vectors, points.count))
    let logits = network.logits(copies(of: sequence, points.count), words: words, on: tape).array
    return points.indices.map { Double(logits[$0 * network.classes + output]) }
  }

  private func integral(
    _ sequence: [Int32], _ vectors: Tensor, _ rule: GaussLegendre, _ output: Int, in workspace: Workspace
  ) -> [Double] {
    let steps = vectors.rows, width = vectors.columns, classes = network.classes
    let own = vectors.array
    var sums = [Double](repeating: 0, count: steps)
    let size = max(1, Self.rowsAtOnce / max(1, steps))
    for first in stride(from: 0, to: rule.nodes.count, by: size) {
      let part = first..<min(first + size, rule.nodes.count)
      let tape = Tape(workspace: workspace, mode: .gradients)
      let words = tape.variable(
        scaled(vectors, by: Array(rule.nodes[part]), in: workspace), shape: shape(vectors, part.count))
      let logits = network.logits(copies(of: sequence, part.count), words: words, on: tape)
      var weights = [Float](repeating: 0, count: part.count * classes)
      for (copy, node) in part.enumerated() { weights[copy * classes + output] = Float(rule.weights[node]) }
      tape.backward(from: logits, weights)
      guard let gradient = words.gradient?.array else { continue }
      for copy in 0..<part.count {
        for step in 0..<steps {
          var sum = 0.0
          for column in 0..<width {
            sum += Double(own[step * width + column]) * Double(gradient[(copy * steps + step) * width + column])
          }
          sums[step] += sum
        }
      }
    }
    return sums
  }

  private func copies(of sequence: [Int32], _ count: Int) -> TokenBatch {
    TokenBatch([[Int32]](repeating: sequence, count: count))
  }

  private func shape(_ vectors: Tensor, _ copies: Int) -> [Int] { [copies * vectors.rows, vectors.columns] }

  /// The vectors times each point, one after another.
  private func scaled(_ vectors: Tensor, by points: [Double], in workspace: Workspace) -> Buffer {
    let values = vectors.array
    return Buffer(points.flatMap { point in values.map { $0 * Float(point) } }, in: workspace)
  }
}
