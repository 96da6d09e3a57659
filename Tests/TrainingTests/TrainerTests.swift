import Autograd
import Compute
import Models
import TestSupport
import Testing

@testable import Training

@Suite struct TrainerTests {
  @Test("each network learns 32 examples by heart", arguments: Toy.Kind.allCases)
  func overfits(kind: Toy.Kind) throws {
    // Labels by content, so that two equal short sequences never disagree.
    let rows = Toy.learnable(32), network = kind.make()
    let outcome = try Toy.train(network, rows, settings: Toy.settings(epochs: 40))
    let probabilities = Inference.probabilities(network, sequences: rows.sequences, pool: WorkerPool(threads: 1))
    #expect(Toy.accuracy(rows.targets, probabilities) == 1)
    #expect(outcome.losses[39] < 0.1, "\(kind.rawValue): \(outcome.losses)")
    #expect(outcome.losses[39] < outcome.losses[0])
  }

  @Test("1, 2 and 3 threads give the same bytes", arguments: [Toy.Kind.bert, .lstmMax, .hybrid])
  func threads(kind: Toy.Kind) throws {
    let rows = Toy.noise(70), held = Toy.noise(45, seed: 2)
    var settings = Toy.settings(epochs: 2, batch: 16)
    settings.earlyStopping = EarlyStoppingSettings()
    let runs = try (1...3).map { threads in
      let network = kind.make(dropout: 0.2)
      let outcome = try Toy.train(network, rows, validation: held, settings: settings, threads: threads)
      let probabilities = Inference.probabilities(
        network, sequences: held.sequences, pool: WorkerPool(threads: threads))
      return (network.snapshot(), outcome.losses, outcome.validation, probabilities)
    }
    for run in runs[1...] {
      #expect(run.0 == runs[0].0)
      #expect(run.1 == runs[0].1)
      #expect(run.2 == runs[0].2)
      #expect(run.3 == runs[0].3)
    }
  }

  @Test("the seed decides initialisation, order and dropout")
  func seeds() throws {
    let rows = Toy.noise(40), settings = Toy.settings(epochs: 1)
    func weights(_ seed: UInt64) throws -> WeightSnapshot {
      let network = Toy.lstm(dropout: 0.3)
      _ = try Toy.train(network, rows, settings: settings, seed: seed)
      return network.snapshot()
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
    #expect(Toy.lstm(seed: 1).snapshot() != Toy.lstm(seed: 2).snapshot())
  }

  @Test("early stopping ends after its patience and puts the best weights back")
  func restoresBest() throws {
    let rows = Toy.noise(40), held = Toy.noise(10, seed: 2)
    var settings = Toy.settings(epochs: 9)
    settings.schedule.kind = .constant
    settings.schedule.warmup = 0
    var short = settings
    short.epochs = 2
    let expected = Toy.lstm(dropout: 0.2)
    _ = try Toy.train(expected, rows, settings: short)

    settings.earlyStopping = EarlyStoppingSettings()
    let scripted = [0.5, 0.9, 0.7, 0.9, 0.8, 1.0]
    var calls = 0
    let network = Toy.lstm(dropout: 0.2)
    let outcome = try Toy.train(network, rows, validation: held, settings: settings) { _, _ in
      calls += 1
      return scripted[calls - 1]
    }
    #expect(outcome.epochs == 5)
    #expect(outcome.bestEpoch == 2)
    #expect(outcome.best?.primary == 0.9)
    #expect(outcome.best?.step == 10)
    #expect(outcome.steps == 25)
    #expect(!outcome.mayBeUndertrained)
    #expect(network.snapshot() == expected.snapshot())
  }

  @Test("a limit on operations ends training at the first step beyond it, and the error counts what was spent")
  func flopLimit() throws {
    let rows = Toy.noise(40), settings = Toy.settings(epochs: 3)
    let whole = try Toy.train(Toy.lstm(), rows, settings: settings)
    func limited(_ limit: Double) throws(TrainingFailure) -> TrainingOutcome {
      try Trainer.train(
        Toy.lstm(), training: rows, validation: nil, classes: Toy.classes, settings: settings, primary: Toy.accuracy,
        random: Random(seed: 1, stream: "training"), pool: WorkerPool(threads: 1), flopLimit: limit)
    }
    #expect(try limited(whole.flops) == whole)
    let error = #expect(throws: TrainingFailure.self) { try limited(whole.flops / 2) }
    let failure = try #require(error)
    #expect(failure.cause == .reachedLimit && failure.epoch == 2)
    #expect(failure.flops > whole.flops / 2 && failure.flops < whole.flops * 0.6)
    let broken = #expect(throws: TrainingFailure.self) {
      var settings = settings
      (settings.optimizer.learningRate, settings.clipNorm) = (1e38, nil)
      _ = try Toy.train(Toy.lstm(), rows, settings: settings)
    }
    #expect(broken?.cause == .notFinite && (broken?.flops ?? 0) > 0)
  }

  @Test("a run that early stopping did not end may be undertrained; not so one that nothing may stop")
  func undertrained() throws {
    let rows = Toy.noise(40)
    var settings = Toy.settings(epochs: 3)
    settings.earlyStopping = EarlyStoppingSettings()
    var calls = 0.0
    let rising = try Toy.train(Toy.lstm(), rows, validation: rows, settings: settings) { _, _ in
      calls += 1
      return calls
    }
    #expect(rising.mayBeUndertrained && rising.bestEpoch == 3)
    let level = try Toy.train(Toy.lstm(), rows, validation: rows, settings: settings) { _, _ in 0.5 }
    #expect(level.mayBeUndertrained && level.bestEpoch == 1 && level.epochs == 3)
    settings.earlyStopping?.patience = 2
    let stopped = try Toy.train(Toy.lstm(), rows, validation: rows, settings: settings) { _, _ in 0.5 }
    #expect(!stopped.mayBeUndertrained && stopped.bestEpoch == 1 && stopped.epochs == 3)
    settings.earlyStopping = nil
    let unwatched = try Toy.train(Toy.lstm(), rows, settings: settings)
    #expect(!unwatched.mayBeUndertrained && unwatched.bestEpoch == 3 && unwatched.validation.isEmpty)
  }

  @Test("evaluations are spread over the epoch, the last at its end")
  func evaluationPoints() throws {
    let rows = Toy.noise(40)
    var settings = Toy.settings(epochs: 2)
    settings.earlyStopping = EarlyStoppingSettings()
    settings.earlyStopping?.evaluationsPerEpoch = 2
    settings.earlyStopping?.patience = 100
    settings.earlyStopping?.metric = .loss
    let outcome = try Toy.train(Toy.lstm(), rows, validation: rows, settings: settings)
    #expect(outcome.validation.map(\.step) == [3, 5, 8, 10])
    #expect(outcome.best == outcome.validation.min { $0.loss < $1.loss })
  }

  @Test("a loss that is not finite ends the run with epoch, step and reason")
  func divergence() {
    let network = Toy.lstm()
    var settings = Toy.settings(epochs: 3, rate: 1e38)
    settings.schedule.warmup = 0
    settings.clipNorm = nil
    do {
      _ = try Toy.train(network, Toy.noise(40), settings: settings)
      Issue.record("training with a rate of 1e38 ended without a failure")
    } catch {
      #expect(error.epoch == 1)
      #expect((2...5).contains(error.step))
      #expect(error.description.contains("not finite"))
    }
  }

  @Test("weights that the last step made not finite are a failure, whoever looks at them")
  func weightsNotFinite() {
    var settings = Toy.settings(epochs: 1, rate: 3e38, batch: 64)
    (settings.schedule.warmup, settings.clipNorm) = (0, nil)
    // One step: its loss and gradient are those of the sound weights before it.
    #expect {
      try Toy.train(Toy.lstm(), Toy.noise(40), settings: settings)
    } throws: { "\($0)".contains("a weight is not finite") }
    settings.earlyStopping = EarlyStoppingSettings()
    settings.earlyStopping?.metric = .primary
    // Predicted classes have an accuracy even then.
    #expect {
      try Toy.train(Toy.lstm(), Toy.noise(40), validation: Toy.noise(6), settings: settings)
    } throws: { "\($0)".contains("a validation answer is not finite") }
  }

  @Test("a metric that is never defined chooses nothing: all epochs are trained and the last weights kept")
  func undefinedThroughout() throws {
    let rows = Toy.noise(40)
    var settings = Toy.settings(epochs: 3)
    let expected = Toy.lstm()
    let plain = try Toy.train(expected, rows, settings: settings)
    settings.earlyStopping = EarlyStoppingSettings()
    settings.earlyStopping?.patience = 1
    let network = Toy.lstm()
    let outcome = try Toy.train(network, rows, validation: Toy.noise(4), settings: settings) { _, _ in nil }
    #expect(outcome.epochs == 3 && outcome.best == nil && outcome.bestEpoch == 3 && outcome.mayBeUndertrained)
    #expect(outcome.validation.map(\.primary) == [nil, nil, nil] && outcome.steps == plain.steps)
    #expect(network.snapshot() == expected.snapshot())
  }

  @Test("an undefined metric never takes the place of a defined one, and a defined one takes its")
  func undefinedSometimes() throws {
    let rows = Toy.noise(40)
    var settings = Toy.settings(epochs: 4)
    settings.earlyStopping = EarlyStoppingSettings()
    settings.earlyStopping?.patience = 2
    // Log loss, negated: 0 would be the best of all.
    let scripted: [Double?] = [nil, -2, nil, nil]
    var calls = 0
    let outcome = try Toy.train(Toy.lstm(), rows, validation: Toy.noise(4), settings: settings) { _, _ in
      calls += 1
      return scripted[calls - 1]
    }
    #expect(outcome.bestEpoch == 2 && outcome.best?.primary == -2 && outcome.epochs == 4 && !outcome.mayBeUndertrained)
  }

  @Test("a validation value that is not a number ends the run")
  func validationNotFinite() {
    var settings = Toy.settings(epochs: 3)
    settings.earlyStopping = EarlyStoppingSettings()
    #expect(throws: TrainingFailure.self) {
      try Toy.train(Toy.lstm(), Toy.noise(10), validation: Toy.noise(4), settings: settings) { _, _ in .nan }
    }
  }

  @Test("no training rows are a failure, not a trap")
  func empty() {
    #expect(throws: TrainingFailure(epoch: 0, step: 0, reason: "there are no training rows")) {
      try Toy.train(Toy.lstm(), LabelledSequences(sequences: [], labels: []), settings: Toy.settings(epochs: 1))
    }
  }

  @Test("class weights and sampling change what is learned; progress counts the sampled steps")
  func balance() throws {
    var rows = Toy.noise(40)
    rows.targets = .classes((0..<rows.count).map { $0 < 30 ? 0 : $0 < 36 ? 1 : 2 })
    var weighted = Toy.settings(epochs: 1), over = weighted, under = weighted
    weighted.classWeights = .balanced
    (over.sampling, under.sampling) = (.over, .under)
    var snapshots = [WeightSnapshot]()
    for (settings, steps) in [(Toy.settings(epochs: 1), 5), (weighted, 5), (over, 12), (under, 2)] {
      let network = Toy.lstm()
      var seen = [Int]()
      _ = try Trainer.train(
        network, training: rows, validation: nil, classes: Toy.classes, settings: settings, primary: Toy.accuracy,
        random: Random(seed: 1, stream: "t"), pool: WorkerPool(threads: 1), progress: { seen.append($0.step) })
      #expect(seen == Array(1...steps))
      snapshots.append(network.snapshot())
    }
    #expect(snapshots[0] != snapshots[1] && snapshots[0] != snapshots[2] && snapshots[0] != snapshots[3])
  }

  @Test("a weighted loss is the weighted mean of −log p")
  func weightedLoss() throws {
    let rows = Toy.noise(12), network = Toy.lstm(), pool = WorkerPool(threads: 1)
    let weights: [Float] = [0.5, 2, 3]
    let gradient = BatchGradient(
      network, rows: rows, lengths: rows.sequences.map(\.count), classWeights: weights, pool: pool)
    let probabilities = Inference.probabilities(network, sequences: rows.sequences, pool: pool)
    var sum = 0.0, total = 0.0
    for (row, label) in rows.labels.enumerated() {
      sum +=
        Double(weights[label])
        * Head(.classes([label]), outputs: 3).meanLoss(Array(probabilities[row * 3..<row * 3 + 3]))
      total += Double(weights[label])
    }
    let (loss, _) = gradient.compute(Array(0..<12), dropout: Random(seed: 1, stream: "d"))
    expectClose(loss, sum / total, absolute: 1e-5, relative: 1e-5, "weighted loss")
  }

  @Test("FLOPs are three forward passes a step and one a validation; peak bytes hold weights and moments")
  func accounting() throws {
    let rows = Toy.noise(20), held = Toy.noise(5, seed: 3), network = Toy.bert()
    var settings = Toy.settings(epochs: 2)
    settings.earlyStopping = EarlyStoppingSettings()
    let outcome = try Toy.train(network, rows, validation: held, settings: settings)
    let training = network.forwardFLOPs(lengths: rows.sequences.map(\.count))
    let validation = network.forwardFLOPs(lengths: held.sequences.map(\.count))
    expectClose(outcome.flops, 2 * (3 * training + validation), "FLOPs")
    #expect(outcome.peakBytes > 4 * 4 * network.parameterCount)
  }
}
