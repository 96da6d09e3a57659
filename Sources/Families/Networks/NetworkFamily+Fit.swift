import Compute
import Models
import Tasks
import Text
import Training

extension Fitter {
  /// The network before it is trained, with the vocabulary of these rows; nil where the model is none.
  ///
  /// - Throws: an error of the text or checkpoint where a file cannot be read.
  package func untrained(_ training: FitJob.Rows) throws -> TrainedModel? {
    guard let family = model.configuration.family as? any NetworkFamily else { return nil }
    let pipeline =
      if let start { start.pipeline } else if let checkpoint = try model.pretrained?.checkpoint() {
        try checkpoint.pipeline(model.text)
      } else { try TextPipeline.fit(model.text, texts: training.texts) }
    let state = family.withNetwork(
      vocabulary: pipeline.embeddingRows, classes: shape.outputs, random: random.stream("weights"),
      workspace: Workspace()
    ) { NetworkState(family: family, shape: shape, pipeline: pipeline, weights: $0.snapshot()) }
    return TrainedModel(configuration: model.configuration, shape: shape, state: state)
  }
}

extension NetworkFamily {
  /// Trains a network from random weights, a checkpoint's or those of a pre-training, with the vocabulary of its start
  /// or of the training texts.
  package func fit(_ job: FitJob) throws -> Fitted {
    let checkpoint = try job.model.pretrained?.checkpoint()
    let pipeline =
      if let start = job.start {
        start.pipeline
      } else if let checkpoint {
        try checkpoint.pipeline(job.model.text)
      } else {
        try TextPipeline.fit(job.model.text, texts: job.training.texts)
      }
    return try withNetwork(
      vocabulary: pipeline.embeddingRows, classes: job.shape.outputs, random: job.random.stream("weights"),
      workspace: Workspace()
    ) { network in
      if job.model.keepsHead, let checkpoint, let network = network as? BERTClassifier {
        return try kept(network, checkpoint, pipeline, job)
      }
      if let checkpoint { try checkpoint.load(into: network) }
      if let start = job.start { try network.loadPretrained(start.weights) }
      let match = try job.model.vectors.map { try WordVectorMatch(loading: $0.path, into: network, pipeline) }
      var fitted = try train(network, pipeline, job)
      (fitted.vectorCoverage, fitted.vectorRepetitions) = (match?.coverage, match?.repetitions)
      return fitted
    }
  }

  /// The checkpoint's classifier as it is, its outputs in the order of the fit's classes.
  private func kept(
    _ network: BERTClassifier, _ checkpoint: BERTCheckpoint, _ pipeline: TextPipeline, _ job: FitJob
  ) throws(CheckpointError) -> Fitted {
    let labels = try checkpoint.labels()
    guard let places = KeptHead.places(of: job.classes, among: labels) else {
      throw .unsupported(KeptHead.mismatch(job.classes, labels).map { "got \($0.got), expected \($0.expected)" } ?? "")
    }
    try checkpoint.load(into: network, classes: places)
    return job.fitted(
      NetworkState(family: self, shape: job.shape, pipeline: pipeline, weights: network.snapshot()))
  }

  private func train(_ network: some Network, _ pipeline: TextPipeline, _ job: FitJob) throws -> Fitted {
    func sequences(_ rows: FitJob.Rows) -> LabelledSequences {
      LabelledSequences(
        sequences: rows.texts.map { sequence($0, pipeline) }, targets: rows.targets, scores: rows.scores)
    }
    let outcome = try Trainer.train(
      network, training: sequences(job.training), validation: job.validation.map { sequences($0) },
      classes: job.shape.outputs, settings: job.model.training,
      primary: { [shape = job.shape, primary = job.primary] targets, answers in
        targets.score(answers, of: shape, by: primary).map { primary.higherIsBetter ? $0 : -$0 }
      },
      random: job.random.stream("training"), pool: job.pool, flopLimit: job.flopLimit, session: job.session,
      progress: job.progress)
    var fitted = job.fitted(
      NetworkState(family: self, shape: job.shape, pipeline: pipeline, weights: network.snapshot()))
    fitted.epochs = outcome.epochs
    fitted.mayBeUndertrained = outcome.mayBeUndertrained
    (fitted.peakBytes, fitted.flops, fitted.curve) = (outcome.peakBytes, outcome.flops, outcome.curve)
    return fitted
  }
}
