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

  struct Rows: Sendable {
    var texts: [String]
    var labels: [Int]
  }

  struct Fitted {
    var model: TrainedModel
    var epochs: Int?
    var mayBeUndertrained: Bool
    var peakBytes: Int
    /// Floating-point operations of the training, its looks at validation rows included.
    var flops: Double
  }

  /// `flopLimit` and `session` end the training of a network, as in `Trainer`.
  ///
  /// - Throws: `TrainingFailure` where the loss is not finite, the limit is exceeded or the session is stopped, or an
  ///   error of the text or checkpoint where a file cannot be read.
  func fit(
    training: Rows, validation: Rows?, pool: WorkerPool, flopLimit: Double = .infinity,
    session: TrainingSession = TrainingSession(), progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    switch model.configuration {
    case .majority:
      return fitted(.majority(MajorityState(labels: training.labels, classes: classes)))
    case .lookup:
      return fitted(.lookup(LookupState(texts: training.texts, labels: training.labels, classes: classes)))
    case .tfidfLogistic(let configuration):
      let state = TFIDFLogisticState(
        fitting: training.texts, labels: training.labels, classes: classes, configuration: configuration,
        text: model.text, pool: pool)
      return fitted(.tfidfLogistic(state), flops: state.fit.flops)
    case .bert, .lstm, .bertLSTM:
      return try fitNetwork(
        training: training, validation: validation, pool: pool, flopLimit: flopLimit, session: session,
        progress: progress)
    }
  }

  private func fitted(_ state: TrainedModel.State, flops: Double = 0) -> Fitted {
    Fitted(
      model: TrainedModel(configuration: model.configuration, classes: classes, state: state), epochs: nil,
      mayBeUndertrained: false, peakBytes: 0, flops: flops)
  }

  private func fitNetwork(
    training: Rows, validation: Rows?, pool: WorkerPool, flopLimit: Double, session: TrainingSession,
    progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    let checkpoint = try model.pretrained.map { try BERTCheckpoint(folder: URL(fileURLWithPath: $0.path)) }
    let pipeline =
      if let checkpoint {
        TextPipeline(model.text, wordPiece: try checkpoint.tokenizer())
      } else {
        try TextPipeline.fit(model.text, texts: training.texts)
      }
    let workspace = Workspace()
    return try NetworkFactory.with(
      model.configuration, vocabulary: pipeline.vocabularyCount, classes: classes, random: random.stream("weights"),
      workspace: workspace
    ) { network in
      if let checkpoint { _ = try checkpoint.load(into: network) }
      return try train(
        network, pipeline, training: training, validation: validation, pool: pool, flopLimit: flopLimit,
        session: session, progress: progress)
    }
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
        guard let value = scores.value(primary, weights: [Int32](repeating: 1, count: labels.count)) else { return 0 }
        return primary.higherIsBetter ? value : -value
      },
      random: random.stream("training"), pool: pool, flopLimit: flopLimit, session: session, progress: progress)
    return Fitted(
      model: TrainedModel(
        configuration: model.configuration, classes: classes, state: .network(pipeline, network.snapshot())),
      epochs: outcome.epochs, mayBeUndertrained: outcome.mayBeUndertrained, peakBytes: outcome.peakBytes,
      flops: outcome.flops)
  }

  private func sequences(_ rows: Rows, _ pipeline: TextPipeline) -> LabelledSequences {
    LabelledSequences(sequences: rows.texts.map { pipeline.encode($0).ids }, labels: rows.labels)
  }
}
