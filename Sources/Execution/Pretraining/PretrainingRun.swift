import Compute
import Families
import Files
import Foundation
import Manifests
import Models
import Planning
import Storage
import Text
import Training

/// One pre-training from its texts to the weights: read where it is stored, gone on with where it was begun.
package struct PretrainingRun {
  package var job: PretrainingPlan.Job
  package var declaration: ModelDeclaration
  /// The manifest's.
  package var seed: UInt64
  package var threads: Int
  package var store: FitStore?
  package var stop: StopRequest
  package var storedEvery: Double

  /// - Throws: `TrainingFailure`, or an error of the text or checkpoint where a file cannot be read.
  package func run(progress: @escaping (TrainingProgress) -> Void) throws -> PretrainedWeights {
    if let stored = store?.loadPretrained(job.name, job.key) { return stored }
    guard !job.texts.isEmpty else {
      throw TrainingFailure(epoch: 0, step: 0, reason: "there are no texts to pre-train on")
    }
    let clock = TrainingClock()
    let random = Random(seed: seed &+ declaration.seedOffset, stream: "pre-training")
    let settings = declaration.pretraining!
    let trained: Trained
    if let sizes = declaration.configuration.encoder {
      trained = try encoder(sizes, settings, random, clock, progress)
    } else if let width = declaration.configuration.wordVectorWidth {
      trained = try wordVectors(width: width, settings, random, progress)
    } else {
      preconditionFailure("\(declaration.configuration.kind) is not pre-trained")
    }
    let weights = PretrainedWeights(
      pipeline: trained.pipeline, weights: trained.weights, outcome: trained.outcome, removed: job.removed,
      seconds: clock.seconds, threads: usedThreads)
    keep(weights)
    return weights
  }

  /// Those of `threads` that it can use: word vectors are learned on one.
  private var usedThreads: Int {
    guard declaration.configuration.encoder != nil, let settings = declaration.pretraining else { return 1 }
    return min(threads, settings.mostThreads(texts: job.texts.count))
  }

  private typealias Trained = (pipeline: TextPipeline, weights: WeightSnapshot, outcome: PretrainingOutcome)

  /// By masking, from random weights or a checkpoint's.
  private func encoder(
    _ sizes: TransformerConfiguration, _ settings: PretrainingSettings, _ random: Random, _ clock: TrainingClock,
    _ progress: @escaping (TrainingProgress) -> Void
  ) throws -> Trained {
    let checkpoint = try declaration.pretrained?.checkpoint()
    let pipeline =
      if let checkpoint {
        try checkpoint.pipeline(declaration.text)
      } else {
        try TextPipeline.fit(declaration.text, texts: job.texts)
      }
    let model = MaskedLanguageModel(
      sizes, vocabulary: pipeline.embeddingRows, random: random.stream("weights"), workspace: Workspace())
    if let checkpoint { try checkpoint.load(into: model) }
    let outcome = try Pretrainer.train(
      model, sequences: job.texts.map { pipeline.encode($0).ids }, masking: try masking(pipeline, settings),
      settings: settings, random: random.stream("training"), pool: WorkerPool(threads: usedThreads),
      session: session(clock), progress: progress)
    return (pipeline, WeightSnapshot(model.snapshot().tensors.filter { $0.name.hasPrefix("bert.") }), outcome)
  }

  /// By skip-gram; nothing is kept of one that is stopped, since it takes little.
  private func wordVectors(
    width: Int, _ settings: PretrainingSettings, _ random: Random, _ progress: @escaping (TrainingProgress) -> Void
  ) throws -> Trained {
    let pipeline = try TextPipeline.fit(declaration.text, texts: job.texts)
    let trained = try SkipGram.train(
      vocabulary: pipeline.vocabularyCount, excluded: pipeline.specialIDs,
      sequences: job.texts.map { pipeline.encode($0).ids },
      width: width, settings: settings, random: random, isStopped: { [stop] in stop.isMade }, progress: progress)
    let table = NamedTensor(
      name: "embedding.weight", shape: [pipeline.vocabularyCount, width], values: trained.vectors)
    return (pipeline, WeightSnapshot([table]), trained.outcome)
  }

  private func masking(_ pipeline: TextPipeline, _ settings: PretrainingSettings) throws(TextError) -> Masking {
    guard let wordPiece = pipeline.wordPiece, let mask = wordPiece.maskID else {
      throw .setting(key: "vocabulary_file", what: "pre-training needs the piece [MASK] in it")
    }
    return Masking(
      pieces: wordPiece.tokens, special: wordPiece.specialIDs, mask: mask, share: settings.maskShare,
      isWholeWords: settings.isWholeWords)
  }

  private func session(_ clock: TrainingClock) -> TrainingSession {
    guard let store else { return TrainingSession(isStopped: { [stop] in stop.isMade }) }
    return clock.session(
      store: store, name: job.name, key: job.key, stop: stop, storedEvery: storedEvery)
  }

  /// Where that fails the run ends, for it could not end well.
  private func keep(_ weights: PretrainedWeights) {
    do throws(StorageError) { try store?.save(job.name, job.key, pretrained: weights) } catch {
      stop.make(.storage(error))
    }
  }
}
