import Compute
import Models
import Testing

@testable import Training

@Suite struct PretrainerTests {
  /// In this language an odd piece follows the even one below it, so a hidden piece can be told from its neighbour.
  private static let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "-"] + (0..<20).map { "w\($0)" }
  private static let masking = Masking(
    pieces: pieces, special: [0, 1, 2, 3, 4], mask: 4, share: 0.15, isWholeWords: true)
  private static var sequences: [[Int32]] {
    var random = Random(seed: 4, stream: "language")
    return (0..<400).map { _ in
      [2]
        + (0..<(2 + random.below(4))).flatMap { _ -> [Int32] in
          let word = Int32(6 + 2 * random.below(10))
          return [word, word + 1]
        } + [3]
    }
  }

  private static func model(_ dropout: Double = 0.1) -> MaskedLanguageModel {
    var sizes = TransformerConfiguration()
    (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate, sizes.maximumPositions) = (1, 16, 2, 32, 16)
    (sizes.dropout, sizes.attentionDropout) = (dropout, dropout)
    return MaskedLanguageModel(
      sizes, vocabulary: pieces.count, random: Random(seed: 6, stream: "n"), workspace: Workspace())
  }

  private static var settings: PretrainingSettings {
    var settings = PretrainingSettings()
    (settings.epochs, settings.batchSize, settings.optimizer.learningRate) = (3, 16, 0.005)
    return settings
  }

  private static func train(
    _ model: MaskedLanguageModel, _ settings: PretrainingSettings = settings, threads: Int = 1,
    session: TrainingSession = TrainingSession()
  ) throws(TrainingFailure) -> PretrainingOutcome {
    try Pretrainer.train(
      model, sequences: sequences, masking: masking, settings: settings, random: Random(seed: 8, stream: "t"),
      pool: WorkerPool(threads: threads), session: session)
  }

  @Test("it learns a language whose hidden words follow from their neighbours, on texts that it was not trained on")
  func learns() throws {
    var settings = Self.settings
    settings.epochs = 40
    let outcome = try Self.train(Self.model(0), settings)
    #expect(outcome.sequences == 380 && outcome.heldOut == 20 && outcome.epochs == 40 && outcome.steps == 40 * 24)
    let accuracy = try #require(outcome.accuracy), loss = try #require(outcome.loss)
    // Of 20 words a guess names one right, with a loss of 3.
    #expect(accuracy > 0.8 && loss < 1 && (outcome.trainingLoss ?? .nan) < 1.2, "\(outcome)")
  }

  @Test("no bit depends on the threads")
  func threads() throws {
    let one = Self.model(), two = Self.model()
    let first = try Self.train(one), second = try Self.train(two, threads: 2)
    #expect(one.snapshot() == two.snapshot() && first == second)
  }

  @Test("stopped after any epoch and gone on with, it comes to the same bits")
  func resumes() throws {
    let whole = Self.model(), outcome = try Self.train(whole)
    var kept: [TrainingState] = []
    _ = try Self.train(Self.model(), session: TrainingSession(keep: { kept.append($0()) }))
    #expect(kept.count == 2)
    for state in kept {
      let model = Self.model()
      #expect(try Self.train(model, session: TrainingSession(resumed: { state })) == outcome)
      #expect(model.snapshot() == whole.snapshot())
    }
    let failure = #expect(throws: TrainingFailure.self) {
      try Self.train(Self.model(), session: TrainingSession(isStopped: { true }))
    }
    #expect(failure?.cause == .stopped)
  }

  @Test("nothing to hide, or a loss that is not finite, is a failure that says so")
  func failures() throws {
    for sequences in [[], [[2, 1, 3], [2, 3]]] as [[[Int32]]] {
      let failure = #expect(throws: TrainingFailure.self) {
        try Pretrainer.train(
          Self.model(), sequences: sequences, masking: Self.masking, settings: Self.settings,
          random: Random(seed: 8, stream: "t"), pool: WorkerPool(threads: 1))
      }
      #expect(failure?.reason == "there are no texts to pre-train on")
    }
    var wild = Self.settings
    (wild.optimizer.learningRate, wild.clipNorm, wild.epochs) = (1e30, nil, 50)
    let failure = #expect(throws: TrainingFailure.self) { try Self.train(Self.model(), wild) }
    #expect(failure?.cause == .notFinite && failure?.description.contains("pre-training: the ") == true)
  }
}
