import Compute
import Tasks

/// A perceptron's weights while they are trained, with their moments.
///
/// Every sum has one order: rows of sparse products are summed by themselves, dense products run in pieces of so many rows
/// whatever the threads, and a step of AdamW looks at each weight alone.
final class MLPWeights {
  /// Some weights and the moments m and v of them.
  final class Tensor {
    let value, m, v: Buffer

    init(_ values: [Float], in workspace: Workspace) {
      value = Buffer(values, in: workspace)
      m = Buffer(count: values.count, in: workspace)
      v = Buffer(count: values.count, in: workspace)
    }
  }

  /// Rows of the first layer's weights, which change in one piece.
  final class Chunk {
    let first: Int
    let tensor: Tensor
    /// For each row 1 where its moments are not all 0.
    var moving: [UInt8]

    init(first: Int, rows: Int, _ values: [Float], in workspace: Workspace) {
      (self.first, tensor) = (first, Tensor(values, in: workspace))
      moving = [UInt8](repeating: 0, count: rows)
    }
  }

  struct Layer {
    /// `[inputs, outputs]`.
    let weights: Tensor
    /// `[outputs]`.
    let bias: Tensor
    let inputs, outputs: Int
  }

  private static let chunkRows = 1024

  let start: MLP
  let settings: MLP.Settings
  let classWeights: [Float]?
  let workspace = Workspace()
  let stride: Int
  /// The first layer's weights, `[rows, stride]` each.
  let chunks: [Chunk]
  /// `[stride]`.
  let firstBias: Tensor
  let layers: [Layer]
  /// Steps done.
  private(set) var steps = 0
  /// Scratch: for each column its place among those of a batch, −1 between batches.
  private var places: [Int32]

  init(_ model: MLP, settings: MLP.Settings, classWeights: [Float]?) {
    precondition(
      classWeights.map { $0.count == model.outputs } ?? true, "MLP: \(classWeights?.count ?? 0) class weights")
    (start, self.settings, self.classWeights) = (model, settings, classWeights)
    let workspace = workspace, stride = model.stride
    self.stride = stride
    chunks = WorkerPool.parts(model.inputs, of: Self.chunkRows).map { range in
      Chunk(
        first: range.lowerBound, rows: range.count,
        Array(model.first[range.lowerBound * stride..<range.upperBound * stride]), in: workspace)
    }
    firstBias = Tensor(Array(model.first.suffix(stride)), in: workspace)
    layers = model.rest.map {
      Layer(
        weights: Tensor($0.weights, in: workspace), bias: Tensor($0.bias, in: workspace), inputs: $0.inputs,
        outputs: $0.outputs)
    }
    places = [Int32](repeating: -1, count: model.inputs)
  }

  /// The weights as they are now.
  var model: MLP {
    var model = start
    model.first = chunks.flatMap(\.tensor.value.array) + firstBias.value.array
    model.rest = layers.map { MLP.Dense(weights: $0.weights.value.array, bias: $0.bias.value.array) }
    return model
  }

  // MARK: One step

  /// A step of AdamW on one batch; its loss before.
  ///
  /// - Parameters:
  ///   - rows: the batch.
  ///   - targets: of the batch, numbers standardised.
  ///   - rate: of this step.
  ///   - random: which units are left out.
  ///   - pool: threads.
  func step(_ rows: SparseRows, _ targets: Targets, rate: Double, random: Random, pool: WorkerPool) -> Double {
    let gradient = gradient(rows, targets, random: random, pool: pool)
    steps += 1
    update(gradient, rate: rate, pool: pool)
    return gradient.loss
  }

  private func factors(rate: Double, isDecayed: Bool) -> AdamWFactors {
    AdamWFactors(
      learningRate: rate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
      weightDecay: isDecayed ? settings.weightDecay : 0, step: steps)
  }

  private func update(_ gradient: Gradient, rate: Double, pool: WorkerPool) {
    let decayed = factors(rate: rate, isDecayed: true), plain = factors(rate: rate, isDecayed: false)
    let runs = runs(of: gradient.columns)
    var tensors = [(tensor: firstBias, gradient: gradient.firstBias, factors: plain)]
    for (layer, own) in zip(layers, gradient.layers) {
      tensors.append((layer.weights, own.weights, decayed))
      tensors.append((layer.bias, own.bias, plain))
    }
    pool.run(chunks.count + tensors.count) { piece in
      guard piece < chunks.count else {
        let (tensor, gradient, factors) = tensors[piece - chunks.count]
        Kernels.adamW(value: tensor.value, gradient: gradient, m: tensor.m, v: tensor.v, factors)
        return
      }
      let chunk = chunks[piece], run = runs[piece], width = stride
      Kernels.adamW(
        table: chunk.tensor.value, rows: gradient.columns[run].map { $0 - Int32(chunk.first) },
        gradient: Buffer(Array(gradient.table[run.lowerBound * width..<run.upperBound * width]), in: workspace),
        m: chunk.tensor.m, v: chunk.tensor.v, moving: &chunk.moving, decayed)
    }
  }

  // MARK: Columns of a batch

  /// The batch with no columns but those that it holds, and these columns, ascending.
  func compact(_ rows: SparseRows) -> (rows: SparseRows, columns: [Int32]) {
    var columns = [Int32]()
    for column in rows.indices where places[Int(column)] < 0 {
      places[Int(column)] = 0
      columns.append(column)
    }
    columns.sort()
    for (place, column) in columns.enumerated() { places[Int(column)] = Int32(place) }
    var compact = SparseRows(columns: columns.count)
    for row in 0..<rows.count {
      let range = rows.offsets[row]..<rows.offsets[row + 1]
      compact.append(indices: rows.indices[range].map { places[Int($0)] }, values: Array(rows.values[range]))
    }
    for column in columns { places[Int(column)] = -1 }
    return (compact, columns)
  }

  /// The first layer's weights of these columns, and its bias as the last row: `[columns + 1, stride]`.
  func weights(of columns: [Int32]) -> [Float] {
    var weights = [Float]()
    weights.reserveCapacity((columns.count + 1) * stride)
    for (chunk, run) in zip(chunks, runs(of: columns)) where !run.isEmpty {
      let gathered = Buffer(count: run.count * stride, in: workspace, zeroed: false)
      Kernels.gather(
        chunk.tensor.value, columns[run].map { $0 - Int32(chunk.first) }, width: stride, to: gathered)
      weights += gathered.array
    }
    return weights + firstBias.value.array
  }

  /// The places of the columns that stand in each chunk.
  private func runs(of columns: [Int32]) -> [Range<Int>] {
    var begin = 0
    return chunks.map { chunk in
      var end = begin
      while end < columns.count, Int(columns[end]) < chunk.first + chunk.moving.count { end += 1 }
      defer { begin = end }
      return begin..<end
    }
  }
}
