import Autograd
import Compute
import Models
import Training

/// Measures rows, those of one model after another on the same network.
public struct SpeedRun {
  public let texts: SpeedTexts
  /// Timed batches of a row, after two that are not timed.
  public let rounds: Int

  private static let warmup = 2

  public init(texts: SpeedTexts, rounds: Int) { (self.texts, self.rounds) = (texts, rounds) }

  /// Calls `report` with each measurement as soon as it is made.
  public func measure(_ rows: [SpeedRow], threads: Int, report: (SpeedMeasurement) -> Void) {
    let pool = WorkerPool(threads: threads)
    var rest = rows[...]
    while let first = rest.first {
      let group = rest.prefix { $0.subject == first.subject }
      rest = rest.dropFirst(group.count)
      measure(Array(group), of: first.subject, pool: pool, report: report)
    }
  }

  private func measure(
    _ rows: [SpeedRow], of subject: SpeedRow.Subject, pool: WorkerPool, report: (SpeedMeasurement) -> Void
  ) {
    let random = Random(seed: 0, stream: "speed"), workspace = Workspace(), classes = SpeedRow.classes
    // Again before every row: a machine that others share has slow moments.
    var peak = 0.0
    func nextPeak() -> Double {
      peak = max(peak, SGEMMPeak.measure(subject.shapes))
      return peak
    }
    switch subject {
    case .bert(let sizes, let vocabulary):
      let network = BERTClassifier(
        sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace)
      for row in rows { report(measure(row, network, peak: nextPeak(), pool: pool)) }
    case .lstm(let sizes, let vocabulary):
      let network = RecurrentClassifier(
        .lstm, sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace)
      for row in rows { report(measure(row, network, peak: nextPeak(), pool: pool)) }
    case .hybrid(let encoder, let head, let vocabulary):
      let network = HybridClassifier(
        encoder, head, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace)
      for row in rows { report(measure(row, network, peak: nextPeak(), pool: pool)) }
    }
  }

  private func measure(_ row: SpeedRow, _ network: some Network, peak: Double, pool: WorkerPool) -> SpeedMeasurement {
    let batches = texts.batches(of: row), lengths = batches.map { $0.map(\.count) }
    let times: [Double]
    // A product's backward pass is two products of the same size.
    var passes = 0.0
    switch row.work {
    case .tokenize:
      times = time {
        precondition(
          texts.encode(texts.batches[$0 % texts.batches.count], vocabulary: row.vocabulary).count == SpeedRow.batch)
      }
    case .query:
      let session = InferenceSession(network, packedWeights: PackedWeights(), pool: pool)
      passes = 1
      times = time { round in
        let ids = texts.encode(texts.batches[round % texts.batches.count], vocabulary: row.vocabulary)
        precondition(mostProbable(session.answers(ids), classes: network.classes).count == ids.count)
      }
    case .forward:
      let session = InferenceSession(network, packedWeights: PackedWeights(), pool: pool)
      passes = 1
      times = time { precondition(!session.answers(batches[$0 % batches.count]).isEmpty) }
    case .attribute:
      var method = IntegratedGradients(network)
      (method.fewestNodes, method.mostNodes) = (SpeedRow.points, SpeedRow.points)
      // Forward and back to the words at each point, and both ends.
      passes = 2 * Double(SpeedRow.points) + 2
      times = time { round in
        let batch = batches[round % batches.count]
        precondition(method(batch, outputs: batch.map { _ in 0 }, pool: pool).count == batch.count)
      }
    case .train, .adamw:
      passes = row.work == .train ? 3 : 0
      times = train(row, network, batches, pool: pool)
    }
    let flops = (0..<rounds).reduce(0.0) {
      $0 + passes * network.forwardFLOPs(lengths: lengths[(Self.warmup + $1) % lengths.count])
    }
    return SpeedMeasurement(
      row: row, threads: pool.threads, tokens: texts.tokens(of: row), samples: times, flops: flops, peak: peak)
  }

  private func train(
    _ row: SpeedRow, _ network: some Network, _ batches: [[[Int32]]], pool: WorkerPool
  ) -> [Double] {
    var random = Random(seed: 0, stream: "labels")
    let sequences = Array(batches.joined())
    let rows = LabelledSequences(
      sequences: sequences, labels: sequences.map { _ in random.below(network.classes) })
    var settings = AdamWSettings()
    settings.learningRate = 1e-5
    let batch = BatchGradient(
      network, rows: rows, lengths: sequences.map(\.count), classWeights: nil, pool: pool)
    let optimizer = AdamW(network.parameters, settings: settings, workspace: network.workspace)
    func gradients(_ round: Int) -> Gradients {
      let first = round % batches.count * row.sequences
      let (loss, gradients) = batch.compute(
        Array(first..<first + row.sequences), dropout: random.stream("round \(round)"))
      guard let gradients else { preconditionFailure("SpeedRun: the loss is \(loss)") }
      return gradients
    }
    if row.work == .adamw {
      let gradients = gradients(0)
      return time { _ in optimizer.update(gradients, rate: settings.learningRate, on: pool) }
    }
    return time { round in
      let gradients = gradients(round)
      optimizer.update(gradients, rate: settings.learningRate, scale: gradients.clipScale(1), on: pool)
    }
  }

  /// Milliseconds of each timed round; the body gets the round's number, warm-up included.
  private func time(_ body: (Int) -> Void) -> [Double] {
    let clock = ContinuousClock()
    for round in 0..<Self.warmup { body(round) }
    return (0..<rounds).map { round in clock.measure { body(Self.warmup + round) }.seconds * 1000 }
  }
}

extension SpeedRow.Subject {
  /// Products of the model on 512 tokens: what the best sgemm is measured on.
  var shapes: [SGEMMPeak.Shape] {
    func encoder(_ sizes: TransformerConfiguration) -> [SGEMMPeak.Shape] {
      let hidden = sizes.hidden, inner = sizes.intermediate
      return [(3 * hidden, hidden), (hidden, hidden), (inner, hidden), (hidden, inner)].map { n, k in
        .init(m: 512, n: n, k: k)
      }
    }
    func lstm(_ sizes: RecurrentConfiguration, inputs: Int) -> [SGEMMPeak.Shape] {
      [inputs, sizes.hidden * (sizes.bidirectional ? 2 : 1)].map { .init(m: 512, n: 4 * sizes.hidden, k: $0) }
    }
    switch self {
    case .bert(let sizes, _): return encoder(sizes)
    case .lstm(let sizes, _): return lstm(sizes, inputs: sizes.embedding)
    case .hybrid(let sizes, let head, _): return encoder(sizes) + lstm(head, inputs: sizes.hidden)
    }
  }
}
