import Compute
import Tasks

extension MLPWeights {
  struct Gradient {
    /// Before the step.
    var loss: Double
    /// Columns that the batch holds, ascending.
    var columns: [Int32]
    /// The gradient of their weights in the first layer, `[columns, stride]`; that of other columns is 0.
    var table: [Float]
    var firstBias: Buffer
    var layers: [(weights: Buffer, bias: Buffer)]
  }

  /// A hidden layer's answers.
  private struct Hidden {
    /// After ReLU, `[rows, stride]`.
    var active: Buffer
    /// After dropout.
    var passed: Buffer
    var dropout: Dropout
    var stride: Int
  }

  /// Rows of a dense product that are computed in one piece.
  private static let pieceCount = 64

  /// c `[m, n]` = a `[m, k]` · b `[k, n]`, or c += that, in pieces of so many rows.
  private func product(
    m: Int, n: Int, k: Int, _ a: BLAS.Matrix, _ b: BLAS.Matrix, into c: BLAS.Matrix, beta: Float, pool: WorkerPool
  ) {
    let pieces = WorkerPool.parts(m, of: Self.pieceCount)
    pool.run(pieces.count) { piece in
      let first = pieces[piece].lowerBound
      BLAS.gemm(
        m: pieces[piece].count, n: n, k: k,
        .init(a.buffer, offset: a.transposed ? first : first * a.stride, stride: a.stride, transposed: a.transposed),
        b, into: .init(c.buffer, offset: first * c.stride, stride: c.stride), beta: beta)
    }
  }

  private func hidden(_ sums: Buffer, stride: Int, layer: Int, random: Random) -> Hidden {
    Kernels.activateReLU(sums)
    guard settings.dropout > 0 else { return Hidden(active: sums, passed: sums, dropout: .none, stride: stride) }
    var stream = random.stream("layer \(layer)")
    let dropout = Dropout(probability: Float(settings.dropout), key: stream.next())
    let passed = Buffer(count: sums.count, in: workspace, zeroed: false)
    Kernels.dropout(dropout, sums, to: passed, accumulate: false)
    return Hidden(active: sums, passed: passed, dropout: dropout, stride: stride)
  }

  /// The gradient of the mean loss of a batch.
  func gradient(_ rows: SparseRows, _ targets: Targets, random: Random, pool: WorkerPool) -> Gradient {
    let count = rows.count
    let (compact, columns) = compact(rows)
    var sums = [Float](repeating: 0, count: count * stride)
    compact.multiply(weights(of: columns), stride: stride, initialRow: columns.count, into: &sums, pool: pool)
    var hidden = [self.hidden(Buffer(sums, in: workspace), stride: stride, layer: 1, random: random)]
    var logits = hidden[0].active
    for (number, layer) in layers.enumerated() {
      let input = hidden[number]
      let sums = Buffer(count: count * layer.outputs, in: workspace, zeroed: false)
      Kernels.repeatRow(layer.bias.value, to: sums, rows: count)
      product(
        m: count, n: layer.outputs, k: layer.inputs, .init(input.passed, stride: input.stride),
        .init(layer.weights.value, stride: layer.outputs), into: .init(sums, stride: layer.outputs), beta: 1, pool: pool
      )
      if number + 1 < layers.count {
        hidden.append(self.hidden(sums, stride: layer.outputs, layer: number + 2, random: random))
      }
      logits = sums
    }
    var slope = Buffer(count: logits.count, in: workspace, zeroed: false)
    let loss = Self.loss(
      logits, targets, classWeights: classWeights, normaliser: normaliser(targets), gradient: slope)

    var own = [(weights: Buffer, bias: Buffer)]()
    var bias = Buffer(count: start.outputs, in: workspace, zeroed: false)
    Kernels.columnSums(slope, to: bias, accumulate: false, rows: count)
    for (number, layer) in layers.enumerated().reversed() {
      let input = hidden[number], width = layer.outputs
      let weights = Buffer(count: layer.inputs * width, in: workspace, zeroed: false)
      product(
        m: layer.inputs, n: width, k: count, .init(input.passed, stride: input.stride, transposed: true),
        .init(slope, stride: width), into: .init(weights, stride: width), beta: 0, pool: pool)
      own.append((weights, bias))
      // Columns beyond the width stay 0.
      var below = Buffer(count: count * input.stride, in: workspace)
      product(
        m: count, n: layer.inputs, k: width, .init(slope, stride: width),
        .init(layer.weights.value, stride: width, transposed: true), into: .init(below, stride: input.stride), beta: 0,
        pool: pool)
      if input.dropout.isActive {
        let kept = Buffer(count: below.count, in: workspace, zeroed: false)
        Kernels.dropout(input.dropout, below, to: kept, accumulate: false)
        below = kept
      }
      bias = Buffer(count: input.stride, in: workspace, zeroed: false)
      Kernels.backwardReLU(below, y: input.active, sums: bias, accumulate: false, rows: count, width: input.stride)
      slope = below
    }
    var table = [Float](repeating: 0, count: columns.count * stride)
    compact.transposed().multiply(slope.array, stride: stride, into: &table, pool: pool)
    return Gradient(loss: loss, columns: columns, table: table, firstBias: bias, layers: own.reversed())
  }

  // MARK: Loss

  /// What a batch counts: the sum of the weights of its rows.
  func normaliser(_ targets: Targets) -> Double {
    guard let classWeights, case .classes(let labels) = targets else { return Double(targets.count) }
    return labels.reduce(0) { $0 + Double(classWeights[$1]) }
  }

  /// The loss of `logits` `[rows, outputs]` as their part of `normaliser`; `gradient` gets its derivative by them.
  static func loss(
    _ logits: Buffer, _ targets: Targets, classWeights: [Float]?, normaliser: Double, gradient: Buffer
  ) -> Double {
    let outputs = logits.count / max(1, targets.count)
    switch targets {
    case .classes(let labels):
      return Kernels.crossEntropy(
        logits, labels: labels, weights: classWeights, normaliser: normaliser, gradient: gradient, classes: outputs)
    case .labels:
      return Kernels.binaryCrossEntropy(
        logits, targets: targets.outputs(of: TaskShape(.multiLabel, classes: outputs)),
        normaliser: normaliser * Double(outputs), gradient: gradient)
    case .numbers(let numbers):
      return Kernels.squaredError(
        logits, targets: numbers.map { Float($0) }, normaliser: normaliser, gradient: gradient)
    }
  }
}
