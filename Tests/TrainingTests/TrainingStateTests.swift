import Compute
import Foundation
import Models
import Testing

@testable import Training

@Suite struct TrainingStateTests {
  private let rows = Toy.noise(50), held = Toy.noise(20, seed: 2)

  private func settings(stopping: Bool) -> TrainingSettings {
    var settings = Toy.settings(epochs: 5, batch: 8)
    settings.sampling = .over
    settings.earlyStopping = stopping ? EarlyStoppingSettings() : nil
    return settings
  }

  private func train(
    _ network: some Network, _ settings: TrainingSettings, _ session: TrainingSession
  ) throws -> TrainingOutcome {
    var outcome = try Trainer.train(
      network, training: rows, validation: held, classes: Toy.classes, settings: settings,
      primary: { _, probabilities in Double(probabilities[0]) }, random: Random(seed: 5, stream: "training"),
      pool: WorkerPool(threads: 1), session: session)
    outcome.peakBytes = 0
    return outcome
  }

  /// As it comes back from a file.
  private func stored(_ state: TrainingState) throws -> TrainingState {
    let outline = try JSONDecoder().decode(
      TrainingState.Outline.self, from: JSONEncoder().encode(state.outline))
    return try TrainingState(outline: outline, stored: Safetensors(bytes: Safetensors.encoded(state.tensors)))
  }

  @Test(
    "training that goes on from any epoch's end gives the same bytes as training in one go",
    arguments: [Toy.Kind.bert, .lstmAttention, .hybrid], [true, false])
  func goesOn(kind: Toy.Kind, stopping: Bool) throws {
    let settings = settings(stopping: stopping), whole = kind.make(dropout: 0.2)
    var states: [TrainingState] = []
    let expected = try train(whole, settings, TrainingSession(keep: { states.append($0()) }))
    #expect(states.map(\.outline.epochs) == Array(1..<expected.epochs))
    for state in states {
      let network = kind.make(dropout: 0.2, seed: 99), begun = try stored(state)
      var later = 0
      let outcome = try train(
        network, settings, TrainingSession(resumed: { begun }, keep: { _ in later += 1 }))
      #expect(outcome == expected, "after epoch \(state.outline.epochs)")
      #expect(network.snapshot() == whole.snapshot(), "after epoch \(state.outline.epochs)")
      #expect(later == expected.epochs - 1 - state.outline.epochs, "it began anew")
    }
  }

  @Test("a state of another training is not gone on from")
  func foreign() throws {
    let settings = settings(stopping: true)
    var states: [TrainingState] = []
    let expected = try train(Toy.lstm(), settings, TrainingSession(keep: { states.append($0()) }))
    let state = try #require(states.last)
    var fewer = state, wrong = state, late = state
    fewer.tensors.removeLast()
    wrong.tensors[0] = Safetensors.Tensor(wrong.tensors[0].name, [1], .floats([0]))
    late.outline.outcome.steps += 1
    for foreign in [fewer, wrong, late] {
      let network = Toy.lstm()
      #expect(try train(network, settings, TrainingSession(resumed: { foreign })) == expected)
    }
  }

  @Test("a stopped session ends before the next step")
  func stopped() throws {
    var asked = 0
    let session = TrainingSession(isStopped: {
      asked += 1
      return asked > 3
    })
    #expect { try train(Toy.lstm(), settings(stopping: false), session) } throws: {
      ($0 as? TrainingFailure)?.step == 3 && "\($0)".contains("stopped on request")
    }
  }
}
