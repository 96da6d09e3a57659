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
    _ = settings.prepare(network.parameters)
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
}
