import Autograd
import Compute
import Models
import TestSupport
import Testing

@testable import Training

@Suite struct FineTuningTests {
  /// How far each tensor moves at most in one step at a constant rate of 1e-3, without weight decay.
  ///
  /// Adam's first step moves every weight that has a gradient by the rate, whatever the gradient's size.
  private func moves(_ network: any Network, _ settings: FineTuningSettings) throws -> [String: Float] {
    var training = Toy.settings(epochs: 1, rate: 1e-3, batch: 40)
    training.fineTuning = settings
    (training.schedule.kind, training.schedule.warmup, training.optimizer.weightDecay) = (.constant, 0, 0)
    let before = network.snapshot()
    _ = try Toy.train(network, Toy.noise(40), settings: training)
    var moves = [String: Float]()
    for (old, new) in zip(before.tensors, network.snapshot().tensors) {
      moves[new.name] = zip(old.values, new.values).map { abs($0 - $1) }.max()
    }
    return moves
  }

  @Test("layer decay: the top layer and what is above have the full rate, each layer below less, the embeddings least")
  func layerDecay() throws {
    var settings = FineTuningSettings()
    settings.layerDecay = 0.5
    let moves = try moves(Toy.bert(), settings)
    for (name, rate) in [
      ("classifier.weight", 1e-3), ("bert.pooler.dense.weight", 1e-3),
      ("bert.encoder.layer.1.attention.self.value.weight", 1e-3), ("bert.encoder.layer.0.output.dense.weight", 5e-4),
      ("bert.embeddings.word_embeddings.weight", 2.5e-4), ("bert.embeddings.LayerNorm.weight", 2.5e-4),
    ] {
      expectClose(Double(moves[name] ?? -1), rate, absolute: 0, relative: 0.02, name)
    }
  }

  @Test("what stands above the encoder steps by its own factor, at any decay", arguments: [Toy.Kind.bert, .hybrid])
  func headFactor(kind: Toy.Kind) throws {
    var settings = FineTuningSettings()
    (settings.headFactor, settings.layerDecay) = (10, 0.5)
    for (name, move) in try moves(kind.make(), settings) {
      // Types that no text has, and tables whose gradients are tiny, need not move by the rate.
      if name.contains("embeddings") || name.hasSuffix("bias") { continue }
      let isHead = !name.contains("encoder.layer")
      let rate = isHead ? 1e-2 : kind == .bert && name.contains("layer.0.") ? 5e-4 : 1e-3
      expectClose(Double(move), rate, absolute: 0, relative: 0.05, name)
    }
  }

  @Test("frozen layers and the embeddings below them keep every bit, all else is trained", arguments: [0, 1, 2])
  func frozenLayers(count: Int) throws {
    var settings = FineTuningSettings()
    settings.frozenLayers = count
    for (name, move) in try moves(Toy.bert(), settings) where !name.contains("token_type") {
      let isFrozen =
        count > 0 && name.contains("embeddings") || count > 0 && name.contains("layer.0.")
        || count > 1 && name.contains("layer.1.")
      #expect((move == 0) == isFrozen, "\(name) moved by \(move)")
    }
  }

  @Test("embeddings alone can be frozen, under a hybrid too")
  func frozenEmbeddings() throws {
    var settings = FineTuningSettings()
    settings.freezesEmbeddings = true
    for (name, move) in try moves(Toy.hybrid(), settings) {
      #expect((move == 0) == name.contains("embeddings"), "\(name) moved by \(move)")
    }
  }

  @Test("no gradient is computed below the lowest trained layer")
  func noWork() {
    let network = Toy.bert()
    var settings = FineTuningSettings()
    settings.frozenLayers = 1
    _ = settings.prepare(network)
    let tape = Tape(workspace: Workspace(), mode: .training(Random(seed: 1, stream: "x")))
    let logits = network.logits(TokenBatch([[1, 2, 3], [4]]), on: tape)
    tape.backward(tape.crossEntropy(logits, labels: [0, 1], classWeights: nil, normaliser: 2).tensor)
    for parameter in network.parameters {
      #expect((tape.gradient(of: parameter) == nil) == parameter.isFrozen, "\(parameter.name)")
    }
  }

  @Test("a step computed in parts is the same step", arguments: [Toy.Kind.bert, .lstmMax, .hybrid])
  func accumulation(kind: Toy.Kind) throws {
    let rows = Toy.noise(50)
    var settings = Toy.settings(epochs: 2, rate: 1e-3, batch: 16)
    settings.classWeights = .balanced
    let whole = kind.make()
    let expected = try Toy.train(whole, rows, settings: settings)
    for parts in [2, 3, 16, 99] {
      settings.accumulation = parts
      let network = kind.make()
      let outcome = try Toy.train(network, rows, settings: settings)
      expectClose(outcome.losses, expected.losses, absolute: 2e-4, "losses in \(parts) parts")
      #expect(outcome.steps == expected.steps)
    }
  }

  @Test("parts draw dropout apart, and the same with any number of threads")
  func accumulationThreads() throws {
    var settings = Toy.settings(epochs: 1, batch: 16)
    settings.accumulation = 4
    let snapshots = try [1, 2, 3].map { threads in
      let network = Toy.bert(dropout: 0.2)
      _ = try Toy.train(network, Toy.noise(40), settings: settings, threads: threads)
      return network.snapshot()
    }
    #expect(snapshots[0] == snapshots[1] && snapshots[0] == snapshots[2])
  }

  // MARK: Frozen parameters

  /// Loss and gradients of one batch with dropout, and what is trained of the network.
  private func step(_ network: some Network) throws -> (gradients: Gradients, trained: [Parameter]) {
    let rows = Toy.noise(12)
    let batch = BatchGradient(
      network, rows: rows, lengths: rows.sequences.map(\.count), classWeights: nil, pool: WorkerPool(threads: 2))
    let (_, gradients) = batch.compute(Array(0..<12), dropout: Random(seed: 1, stream: "dropout"))
    return (try #require(gradients), network.trainedParameters)
  }

  @Test(
    "any one frozen parameter, whatever trains below it, keeps its bytes and has no part of the norm; others feel nothing",
    arguments: Toy.Kind.allCases)
  func anyFrozen(kind: Toy.Kind) throws {
    let network = kind.make(dropout: 0.1)
    let (all, _) = try step(network)
    var settings = AdamWSettings()
    settings.weightDecay = 0.5
    for (place, frozen) in network.parameters.enumerated() {
      frozen.isFrozen = true
      defer { frozen.isFrozen = false }
      let (gradients, trained) = try step(network)
      let others = network.parameters.indices.filter { $0 != place }
      #expect(trained.map(\.name) == others.map { network.parameters[$0].name })
      for (gradient, index) in zip(gradients.all, others) {
        #expect(gradient?.array == all.all[index]?.array, "\(frozen.name) frozen: \(network.parameters[index].name)")
      }
      let squares = others.reduce(0) { $0 + (all.all[$1]?.sumOfSquares ?? 0) }
      #expect(gradients.norm == squares.squareRoot(), "\(frozen.name)")
      let optimizer = AdamW(trained, settings: settings, workspace: Workspace())
      #expect(optimizer.first.map(\.count) == trained.map(\.count) && optimizer.second.count == trained.count)
      let before = network.parameters.map(\.value.array)
      optimizer.update(gradients, rate: 1e-2, scale: gradients.clipScale(0.1), on: WorkerPool(threads: 2))
      for (parameter, old) in zip(network.parameters, before) {
        #expect((parameter.value.array == old) == (parameter === frozen), "\(frozen.name) frozen: \(parameter.name)")
      }
      for (parameter, old) in zip(network.parameters, before) { parameter.value.copy(from: old) }
    }
  }

  @Test(
    "what the settings freeze keeps its bytes through decay, clipping and early stopping, and no state of training has it",
    arguments: [Toy.Kind.bert, .bertMean, .hybrid], [false, true])
  func frozenBySettings(kind: Toy.Kind, freezesEmbeddings: Bool) throws {
    let layers = kind == .hybrid ? 1 : 2
    for count in 0...layers {
      let network = kind.make(dropout: 0.1)
      var settings = Toy.settings(epochs: 3, rate: 1e-2)
      (settings.optimizer.weightDecay, settings.clipNorm) = (0.5, 0.01)
      settings.earlyStopping = EarlyStoppingSettings()
      (settings.fineTuning.frozenLayers, settings.fineTuning.freezesEmbeddings) = (count, freezesEmbeddings)
      func isFrozen(_ name: String) -> Bool {
        name.contains("embeddings") && (count > 0 || freezesEmbeddings)
          || (0..<count).contains { name.contains("layer.\($0).") }
      }
      let before = network.snapshot()
      var states: [TrainingState] = []
      _ = try Trainer.train(
        network, training: Toy.noise(40), validation: Toy.noise(20, seed: 2), classes: Toy.classes, settings: settings,
        primary: Toy.accuracy, random: Random(seed: 1, stream: "training"), pool: WorkerPool(threads: 1),
        session: TrainingSession(keep: { states.append($0()) }))
      for (old, new) in zip(before.tensors, network.snapshot().tensors) {
        #expect((old.values == new.values) == isFrozen(new.name), "\(count) layers frozen: \(new.name)")
      }
      let kept = Set(try #require(states.first).tensors.map(\.name))
      for parameter in network.parameters {
        for part in ["weights", "first", "second", "best"] {
          #expect(kept.contains("\(part).\(parameter.name)") == !isFrozen(parameter.name), "\(part) \(parameter.name)")
        }
      }
    }
  }

  @Test("a training with frozen layers goes on from its state to the same bytes")
  func resumed() throws {
    var settings = Toy.settings(epochs: 3)
    settings.fineTuning.frozenLayers = 1
    var states: [TrainingState] = []
    func train(from state: TrainingState?) throws -> WeightSnapshot {
      let network = Toy.bert(dropout: 0.1)
      _ = try Trainer.train(
        network, training: Toy.noise(40), validation: nil, classes: Toy.classes, settings: settings,
        primary: Toy.accuracy, random: Random(seed: 1, stream: "training"), pool: WorkerPool(threads: 1),
        session: TrainingSession(resumed: { state }, keep: { states.append($0()) }))
      return network.snapshot()
    }
    let whole = try train(from: nil)
    let middle = states[0]
    states = []
    #expect(try train(from: middle) == whole)
    #expect(states.count == 1, "it went on after the first epoch, and did not begin anew")
  }

  @Test("operations of a training follow what is frozen: fewer for each layer, never below the forward pass")
  func operations() throws {
    let rows = Toy.noise(40), lengths = rows.sequences.map(\.count)
    var flops: [Double] = []
    for (layers, embeddings) in [(0, false), (0, true), (1, false), (2, false)] {
      let network = Toy.bert()
      var settings = Toy.settings(epochs: 2)
      (settings.fineTuning.frozenLayers, settings.fineTuning.freezesEmbeddings) = (layers, embeddings)
      flops.append(try Toy.train(network, rows, settings: settings).flops)
    }
    let tokens = Double(lengths.reduce(0, +)), forward = Toy.bert().forwardFLOPs(lengths: lengths)
    // Of one layer: q, k and v; scores and mixing; output; feed-forward, all of width 16 but for one of 32.
    let projection = 2 * tokens * 16 * 48
    let mixing = lengths.reduce(0.0) { $0 + 4 * Double($1 * $1) * 16 }
    let layer = projection + mixing + 2 * tokens * (16 * 16 + 2 * 16 * 32)
    let pooler = 2.0 * 40 * 16 * 16
    // A frozen layer loses both backward products; the lowest product that is trained, that of its input.
    #expect(
      flops == [
        2 * 3 * forward, 2 * (3 * forward - projection), 2 * (3 * forward - 2 * layer - projection),
        2 * (3 * forward - 4 * layer - pooler),
      ])
  }
}
