import Compute
import Tasks

/// A perceptron with hidden layers over sparse rows (Rumelhart, Hinton and Williams 1986), ReLU between them.
///
/// h₀ = x, hₗ = max(Wₗ hₗ₋₁ + bₗ, 0), and the last layer without the maximum: logits of classes that share a softmax,
/// of labels that have a sigmoid each, or a number. The first layer is a product of sparse rows, the others are dense.
public struct MLP: Sendable, Equatable {
  /// One of the layers above the first.
  struct Dense: Sendable, Equatable {
    /// `[inputs, outputs]`.
    var weights: [Float]
    /// `[outputs]`.
    var bias: [Float]

    var outputs: Int { bias.count }
    var inputs: Int { weights.count / bias.count }
  }

  public let problem: Problem
  /// Columns of the rows.
  public let inputs: Int
  /// Width of each hidden layer.
  public let hidden: [Int]
  /// Classes, labels, or 1 for a number.
  public let outputs: Int
  /// The first layer, its bias in the last row, `[inputs + 1, stride]`; 0 from its width on.
  var first: [Float]
  var rest: [Dense]

  /// Columns of the first layer as stored.
  var stride: Int { SparseRows.stride(columns: hidden[0]) }
  /// Width of each layer, the inputs first.
  static func widths(_ inputs: Int, _ hidden: [Int], _ outputs: Int) -> [Int] { [inputs] + hidden + [outputs] }

  init(problem: Problem, inputs: Int, hidden: [Int], outputs: Int, first: [Float], rest: [Dense]) {
    precondition(!hidden.isEmpty && hidden.allSatisfy { $0 > 0 }, "MLP: hidden layers \(hidden)")
    precondition(
      outputs > 0 && (problem != .regression || outputs == 1), "MLP: \(outputs) outputs for \(problem.rawValue)")
    (self.problem, self.inputs, self.hidden, self.outputs) = (problem, inputs, hidden, outputs)
    (self.first, self.rest) = (first, rest)
    precondition(
      first.count == (inputs + 1) * stride && rest.map(\.inputs) == hidden
        && rest.map(\.outputs) == hidden.dropFirst() + [outputs],
      "MLP: weights of other shapes than \(Self.widths(inputs, hidden, outputs))")
  }

  /// - Parameters:
  ///   - problem: what is asked.
  ///   - inputs: features of a row.
  ///   - hidden: widths of the hidden layers.
  ///   - outputs: of the last layer.
  ///   - weights: of each layer `[outputs, inputs]`, as PyTorch has them, the first layer's first.
  ///   - biases: of each layer `[outputs]`.
  public init(problem: Problem, inputs: Int, hidden: [Int], outputs: Int, weights: [[Float]], biases: [[Float]]) {
    let widths = Self.widths(inputs, hidden, outputs)
    precondition(
      weights.map(\.count) == zip(widths, widths.dropFirst()).map { $0 * $1 }
        && biases.map(\.count) == Array(widths.dropFirst()),
      "MLP: \(weights.map(\.count)) weights and \(biases.map(\.count)) biases for the widths \(widths)")
    let stride = SparseRows.stride(columns: hidden[0])
    var first = [Float](repeating: 0, count: (inputs + 1) * stride)
    for output in 0..<hidden[0] {
      for input in 0..<inputs { first[input * stride + output] = weights[0][output * inputs + input] }
      first[inputs * stride + output] = biases[0][output]
    }
    let rest = (1..<weights.count).map { layer in
      Dense(
        weights: Self.turned(weights[layer], rows: widths[layer + 1], columns: widths[layer]), bias: biases[layer])
    }
    self.init(problem: problem, inputs: inputs, hidden: hidden, outputs: outputs, first: first, rest: rest)
  }

  /// Weights and biases uniform in ±1/√inputs of each layer, PyTorch's start of `nn.Linear` (He et al. 2015 with a = √5).
  public init(problem: Problem, inputs: Int, hidden: [Int], outputs: Int, random: Random) {
    var weights = [[Float]](), biases = [[Float]]()
    let widths = Self.widths(inputs, hidden, outputs)
    for (layer, (from, to)) in zip(widths, widths.dropFirst()).enumerated() {
      var stream = random.stream("layer \(layer + 1)")
      let limit = 1 / Double(max(1, from)).squareRoot()
      func draw() -> Float { Float(limit * (2 * stream.uniform() - 1)) }
      weights.append((0..<from * to).map { _ in draw() })
      biases.append((0..<to).map { _ in draw() })
    }
    self.init(
      problem: problem, inputs: inputs, hidden: hidden, outputs: outputs, weights: weights, biases: biases)
  }

  /// `[rows, columns]` → `[columns, rows]`.
  static func turned(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var turned = [Float](repeating: 0, count: values.count)
    for row in 0..<rows { for column in 0..<columns { turned[column * rows + row] = values[row * columns + column] } }
    return turned
  }

  // MARK: Answers

  /// Probabilities, or the number, of each row: `[rows, outputs]`.
  public func answers(_ rows: SparseRows, pool: WorkerPool) -> [Float] {
    let logits = logits(rows, pool: pool)
    switch problem {
    case .classification: return SoftmaxRows.probabilities(logits, rows: rows.count, classes: outputs, stride: outputs)
    case .multiLabel: return SigmoidRows.probabilities(logits, rows: rows.count, classes: outputs, stride: outputs)
    case .regression: return logits
    }
  }

  /// Rows that are answered in one piece.
  private static let pieceCount = 256

  /// What the last layer gives, `[rows, outputs]`.
  func logits(_ rows: SparseRows, pool: WorkerPool) -> [Float] {
    precondition(rows.columns == inputs, "MLP: got \(rows.columns) columns, expected \(inputs)")
    let workspace = Workspace()
    let weights = rest.map { Buffer($0.weights, in: workspace) }, biases = rest.map { Buffer($0.bias, in: workspace) }
    let pieces = WorkerPool.parts(rows.count, of: Self.pieceCount)
    let parts = pool.map(pieces.count) { piece in
      let range = pieces[piece]
      var sums = [Float](repeating: 0, count: range.count * stride)
      rows[range].multiply(first, stride: stride, initialRow: inputs, into: &sums, pool: pool)
      var input = Buffer(sums, in: workspace), inputStride = stride
      for layer in rest.indices {
        Kernels.activateReLU(input)
        let width = rest[layer].outputs
        let output = Buffer(count: range.count * width, in: workspace, zeroed: false)
        Kernels.repeatRow(biases[layer], to: output, rows: range.count)
        BLAS.gemm(
          m: range.count, n: width, k: rest[layer].inputs, .init(input, stride: inputStride),
          .init(weights[layer], stride: width), into: .init(output, stride: width), beta: 1)
        (input, inputStride) = (output, width)
      }
      return input.array
    }
    return Array(parts.joined())
  }

  /// Floating-point operations to answer for these rows.
  public func flops(_ rows: SparseRows) -> Double {
    let dense = rest.reduce(0) { $0 + $1.weights.count }
    return 2 * (Double(rows.nonZeros) * Double(hidden[0]) + Double(rows.count) * Double(dense))
  }

  /// Numbers that are learned.
  public var parameterCount: Int {
    (inputs + 1) * hidden[0] + rest.reduce(0) { $0 + $1.weights.count + $1.bias.count }
  }

  /// Whether no number is infinite or NaN.
  public var isFinite: Bool {
    first.allSatisfy(\.isFinite)
      && rest.allSatisfy { $0.weights.allSatisfy(\.isFinite) && $0.bias.allSatisfy(\.isFinite) }
  }
}
