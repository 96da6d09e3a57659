import Autograd
import Compute
import Foundation
import Tasks
import TestSupport
import Testing

@testable import Models
@testable import Training

@Suite struct LoRATests {
  private struct Reference: Decodable {
    struct Settings: Decodable { var rate, weight_decay, clip: Double }
    struct Case: Decodable {
      var architecture: String
      var targets: [LoRASettings.Target]
      var rank: Int
      var alpha: Double
      /// Before each step, and behind the last.
      var losses: [Double]
      /// Of the first gradient, before it is clipped.
      var norm: Double
      /// Thin matrices that are trained.
      var matrices: Int
      var logits: [Double]
    }
    var settings: Settings
    var cases: [Case]
  }

  private static func reference() throws -> Reference {
    let file = Fixtures.root.appendingPathComponent("training/lora.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  private static func settings(
    rank: Int = 2, alpha: Double = 4, targets: [LoRASettings.Target] = [.query, .value]
  ) -> FineTuningSettings {
    var settings = FineTuningSettings(), lora = LoRASettings()
    (lora.rank, lora.alpha, lora.targets) = (rank, alpha, targets)
    settings.lora = lora
    return settings
  }

  /// PEFT's values (Tests/Fixtures/training/lora.json, by Scripts/fixtures/lora.py).
  @Test("three steps give PEFT's losses, gradient norm and logits", arguments: 0..<4)
  func threeSteps(index: Int) throws {
    let reference = try Self.reference()
    #expect(reference.cases.count == 4)
    let expected = reference.cases[index]
    let folder = ArchitectureTests.folder(expected.architecture)
    let golden = try GoldenCase(folder.appendingPathComponent("values.safetensors"))
    let network = try ArchitectureTests.network(BERTCheckpoint(folder: folder), in: Workspace())
    let trained = TrainedWeights(
      network, Self.settings(rank: expected.rank, alpha: expected.alpha, targets: expected.targets),
      random: Random(seed: 1, stream: "n"))
    let thin = trained.parameters.filter { $0.name.contains(".lora_") }
    #expect(thin.count == expected.matrices)
    for parameter in thin {
      let isDown = parameter.name.hasSuffix("A"), columns = parameter.shape[1]
      parameter.value.copy(
        from: (0..<parameter.count).map { place in
          let (i, j) = (Double(place / columns), Double(place % columns))
          return Float(0.1 * (isDown ? sin(0.7 * i + 0.3 * j) : cos(0.5 * i + 0.9 * j)))
        })
    }
    trained.apply()

    let pool = WorkerPool(threads: 2), rows = golden.rows
    let gradient = BatchGradient(
      network, rows: rows, lengths: rows.sequences.map(\.count), classWeights: nil, pool: pool)
    var adamW = AdamWSettings()
    (adamW.learningRate, adamW.weightDecay) = (reference.settings.rate, reference.settings.weight_decay)
    let optimizer = AdamW(trained.parameters, settings: adamW, workspace: network.workspace)
    var losses = [Double](), norms = [Double]()
    for _ in expected.losses {
      let (loss, computed) = gradient.compute(Array(0..<rows.count), dropout: Random(seed: 1, stream: "none"))
      losses.append(loss)
      guard losses.count < expected.losses.count else { break }
      let gradients = trained.gradients(of: try #require(computed))
      norms.append(gradients.norm)
      optimizer.update(
        gradients, rate: adamW.learningRate, scale: gradients.clipScale(reference.settings.clip), on: pool)
      trained.apply()
    }
    expectClose(losses, expected.losses, absolute: 0, relative: 1e-4, "losses")
    expectClose(norms[0], expected.norm, absolute: 0, relative: 1e-4, "norm of the first gradient")
    let tape = Tape(workspace: network.workspace, mode: .evaluation)
    let largest = expected.logits.map(abs).max() ?? 0
    expectClose(
      network.logits(golden.batch, on: tape).value.array, expected.logits, absolute: 1e-4 * largest, "logits")
  }

  @Test("an encoder's weights are what they were until the first step, and only the targets change, by the rank")
  func onlyTargets() throws {
    let network = Toy.bert()
    let before = network.snapshot()
    let trained = TrainedWeights(network, Self.settings(rank: 1), random: Random(seed: 1, stream: "n"))
    trained.apply()
    #expect(network.snapshot() == before)
    var training = Toy.settings(epochs: 2, rate: 1e-2, batch: 16)
    training.fineTuning = Self.settings(rank: 1)
    let outcome = Toy.bert()
    _ = try Toy.train(outcome, Toy.noise(40), settings: training)
    for (old, new) in zip(before.tensors, outcome.snapshot().tensors) {
      let isEncoder = !new.name.contains("classifier") && !new.name.contains("pooler")
      let isTarget = new.name.hasSuffix("self.query.weight") || new.name.hasSuffix("self.value.weight")
      #expect((old.values == new.values) == (isEncoder && !isTarget), "\(new.name)")
      if isTarget {
        let (rows, columns) = (new.shape[0], new.shape[1])
        let change = zip(new.values, old.values).map { Double($0 - $1) }
        // Of rank 1: every 2 × 2 minor is 0.
        let largest = change.map(abs).max() ?? 0
        for row in 1..<rows {
          for column in 1..<columns {
            let minor =
              change[0] * change[row * columns + column] - change[column] * change[row * columns]
            expectClose(minor, 0, absolute: 1e-4 * largest * largest, new.name)
          }
        }
      }
    }
  }

  @Test("frozen layers have no changes, and layers below the top one step by their own rate")
  func layers() {
    var settings = Self.settings()
    (settings.frozenLayers, settings.layerDecay) = (1, 0.5)
    let trained = TrainedWeights(Toy.bert(), settings, random: Random(seed: 1, stream: "n"))
    #expect(trained.parameters.allSatisfy { !$0.name.contains("layer.0.") })
    settings.frozenLayers = 0
    let all = TrainedWeights(Toy.bert(), settings, random: Random(seed: 1, stream: "n"))
    for (parameter, factor) in zip(all.parameters, all.rateFactors) where parameter.name.contains(".lora_") {
      #expect(factor == (parameter.name.contains("layer.0.") ? 0.5 : 1), "\(parameter.name)")
    }
  }

  @Test(
    "goes on from a stored epoch to the same bits, and back to the best epoch's", arguments: [Toy.Kind.bert, .hybrid])
  func resumed(kind: Toy.Kind) throws {
    var settings = Toy.settings(epochs: 3, rate: 5e-3, batch: 16)
    settings.fineTuning = Self.settings()
    let rows = Toy.noise(40), whole = kind.make()
    var states: [TrainingState] = []
    let expected = try Toy.train(
      whole, rows, validation: Toy.noise(20), settings: settings, threads: 2,
      session: TrainingSession(keep: { states.append($0()) }))
    #expect(states.count == 2)
    for state in states {
      let resumed = kind.make()
      let outcome = try Toy.train(
        resumed, rows, validation: Toy.noise(20), settings: settings, threads: 1,
        session: TrainingSession(resumed: { state }))
      #expect(resumed.snapshot() == whole.snapshot())
      #expect(outcome.losses == expected.losses)
    }
  }
}
