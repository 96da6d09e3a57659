import Compute
import Corpora
import Foundation
import Manifests
import Metrics
import Models
import Text
import Training

/// Trains one model on one training part. It is handed training and validation rows and nothing else.
struct Fitter {
  var model: ModelDeclaration
  var classes: Int
  /// Of initialisation, shuffling, sampling and dropout.
  var random: Random
  var primary: MetricName
  /// What the encoder starts from, with its tokenizer; nil where nothing was pre-trained in this run.
  var pretrained: PretrainedWeights?

  struct Rows: Sendable {
    var texts: [String]
    var labels: [Int]
  }

  struct Fitted {
    var model: TrainedModel
    var epochs: Int?
    /// It ended at a limit that is set, before it would have ended by itself.
    var mayBeUndertrained: Bool
    /// Threads that it trained on: at most those that were offered.
    var threads: Int
    var peakBytes: Int
    /// Floating-point operations of the training, its looks at validation rows included.
    var flops: Double
    /// Share of the vocabulary that a file of word vectors has; nil where there is none.
    var vectorCoverage: Double?
    /// Lines of that file whose word stands further up already.
    var vectorRepetitions: Int?
    /// How a network's training went; nil for what has no epochs.
    var curve: TrainingCurve?
  }

  /// What training on so many rows can use of a pool: itself, or a smaller one.
  func pool(for rows: Int, within offered: WorkerPool) -> WorkerPool {
    let most = model.mostTrainingThreads(rows: rows)
    return offered.threads > most ? WorkerPool(threads: most) : offered
  }

  /// `flopLimit` and `session` end the training of a network, as in `Trainer`; `session` ends that of TF-IDF too. Of
  /// `pool` no more threads are taken than training can use.
  ///
  /// - Throws: `TrainingFailure` where the loss is not finite, the limit is exceeded or the session is stopped, or an
  ///   error of the text or checkpoint where a file cannot be read.
  func fit(
    training: Rows, validation: Rows?, pool: WorkerPool, flopLimit: Double = .infinity,
    session: TrainingSession = TrainingSession(), progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    let pool = self.pool(for: training.texts.count, within: pool)
    switch model.configuration {
    case .majority:
      return fitted(.majority(MajorityState(labels: training.labels, classes: classes)), pool)
    case .lookup:
      return fitted(.lookup(LookupState(texts: training.texts, labels: training.labels, classes: classes)), pool)
    case .tfidfLogistic(let configuration):
      let rows = ClassBalance.rows(
        model.training.sampling, labels: training.labels, classes: classes,
        random: random.stream("training").stream("sampling"))
      let weights = ClassBalance.weights(
        model.training.classWeights, labels: rows.lazy.map { training.labels[$0] }, classes: classes)
      do throws(FitStopped) {
        let state = try TFIDFLogisticState(
          fitting: training.texts, labels: training.labels, classes: classes, configuration: configuration,
          text: model.text, rows: rows, classWeights: weights, pool: pool, isStopped: session.isStopped)
        return fitted(
          .tfidfLogistic(state), pool, flops: state.fit.flops,
          mayBeUndertrained: state.fit.ending == .iterationLimit)
      } catch { throw TrainingFailure.stopped() }
    case .bert, .lstm, .bertLSTM:
      return try fitNetwork(
        training: training, validation: validation, pool: pool, flopLimit: flopLimit, session: session,
        progress: progress)
    }
  }

  private func fitted(
    _ state: TrainedModel.State, _ pool: WorkerPool, flops: Double = 0, mayBeUndertrained: Bool = false
  ) -> Fitted {
    Fitted(
      model: TrainedModel(configuration: model.configuration, classes: classes, state: state), epochs: nil,
      mayBeUndertrained: mayBeUndertrained, threads: pool.threads, peakBytes: 0, flops: flops)
  }

  private func fitNetwork(
    training: Rows, validation: Rows?, pool: WorkerPool, flopLimit: Double, session: TrainingSession,
    progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    let checkpoint = try model.pretrained.map { try BERTCheckpoint(folder: URL(fileURLWithPath: $0.path)) }
    let pipeline =
      if let pretrained {
        pretrained.pipeline
      } else if let checkpoint {
        TextPipeline(model.text, wordPiece: try checkpoint.tokenizer(), rows: checkpoint.vocabulary)
      } else {
        try TextPipeline.fit(model.text, texts: training.texts)
      }
    let workspace = Workspace()
    return try NetworkFactory.with(
      model.configuration, vocabulary: pipeline.embeddingRows, classes: classes, random: random.stream("weights"),
      workspace: workspace
    ) { network in
      if let checkpoint { try checkpoint.load(into: network) }
      if let pretrained { try network.loadPretrained(pretrained.weights) }
      let start = try model.vectors.map { try loadVectors($0.path, into: network, pipeline) }
      var fitted = try train(
        network, pipeline, training: training, validation: validation, pool: pool, flopLimit: flopLimit,
        session: session, progress: progress)
      (fitted.vectorCoverage, fitted.vectorRepetitions) = (start?.coverage, start?.repetitions)
      return fitted
    }
  }

  /// Words that the file does not have keep their random vectors, scaled to the size of those that it has.
  ///
  /// - Returns: the share of the vocabulary's words that it has, and its lines whose word stood further up already.
  private func loadVectors(
    _ path: String, into network: some Network, _ pipeline: TextPipeline
  ) throws -> (coverage: Double, repetitions: Int) {
    let tokens = pipeline.vocabularyTokens, known = Set(tokens)
    let found = try WordVectors(contentsOf: path) { known.contains($0) }
    guard var table = network.snapshot().tensors.first(where: { $0.name == "embedding.weight" }),
      table.shape == [tokens.count, found.width]
    else {
      throw CheckpointError.malformed("\(path): got a width of \(found.width), expected that of `embedding`")
    }
    let rows = tokens.map { found.vectors[$0] }
    let values = rows.compactMap { $0 }.joined()
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    let scale = squares > 0 ? Float((squares / Double(values.count)).squareRoot()) : 1
    for (row, vector) in rows.enumerated() {
      for column in 0..<found.width {
        let place = row * found.width + column
        table.values[place] = vector?[column] ?? scale * table.values[place]
      }
    }
    try network.loadPretrained(WeightSnapshot([table]))
    let words = tokens.indices.filter { $0 != Int(pipeline.paddingID) && $0 != Int(pipeline.unknownID) }
    let coverage = words.isEmpty ? 0 : Double(words.count { rows[$0] != nil }) / Double(words.count)
    return (coverage, found.repetitions)
  }

  private func train(
    _ network: some Network, _ pipeline: TextPipeline, training: Rows, validation: Rows?, pool: WorkerPool,
    flopLimit: Double, session: TrainingSession, progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    let outcome = try Trainer.train(
      network, training: sequences(training, pipeline), validation: validation.map { sequences($0, pipeline) },
      classes: classes, settings: model.training,
      primary: { [classes, primary] labels, probabilities in
        let scores = ResampledMetrics(labels: labels, probabilities: probabilities, classes: classes)
        let value = scores.value(primary, weights: [Int32](repeating: 1, count: labels.count))
        return value.map { primary.higherIsBetter ? $0 : -$0 }
      },
      random: random.stream("training"), pool: pool, flopLimit: flopLimit, session: session, progress: progress)
    return Fitted(
      model: TrainedModel(
        configuration: model.configuration, classes: classes, state: .network(pipeline, network.snapshot())),
      epochs: outcome.epochs, mayBeUndertrained: outcome.mayBeUndertrained, threads: pool.threads,
      peakBytes: outcome.peakBytes, flops: outcome.flops, curve: outcome.curve)
  }

  private func sequences(_ rows: Rows, _ pipeline: TextPipeline) -> LabelledSequences {
    LabelledSequences(sequences: rows.texts.map { pipeline.encode($0).ids }, labels: rows.labels)
  }
}

extension ModelDeclaration {
  /// Threads that its training on so many rows can use at most; of a search, that of any one trial.
  func mostTrainingThreads(rows: Int) -> Int {
    switch configuration {
    case .majority, .lookup: 1
    // Sums over rows are cut into as many pieces as are wanted.
    case .tfidfLogistic: max(1, rows)
    case .bert, .lstm, .bertLSTM: training.mostThreads(rows: rows)
    }
  }
}
