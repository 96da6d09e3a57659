import Compute
import Models
import Tasks
import Text
import Training

/// Trains one model on one training part. It is handed training and validation rows and nothing else.
package struct Fitter: Sendable {
  package var model: ModelDeclaration
  package var shape: TaskShape
  /// Of initialisation, shuffling, sampling and dropout.
  package var random: Random
  package var primary: MetricName
  /// What the encoder starts from, with its tokenizer; nil where nothing was pre-trained in this run.
  package var start: PretrainedStart?
  /// The names of the classes, in the order of the outputs, where the model is to know them.
  package var classes: [String]
  /// The columns of the rows' cells.
  package var columns: [InputColumn]
  /// Other models, fitted to the same rows, by name: those that `ModelDeclaration.uses` names.
  package var others: [String: TrainedModel] = [:]

  package init(
    model: ModelDeclaration, shape: TaskShape, random: Random, primary: MetricName, start: PretrainedStart? = nil,
    classes: [String] = [], columns: [InputColumn] = []
  ) {
    (self.model, self.shape, self.random, self.primary, self.start) = (model, shape, random, primary, start)
    (self.classes, self.columns) = (classes, columns)
  }

  /// What training on so many rows can use of a pool: itself, or a smaller one.
  package func pool(for rows: Int, within offered: WorkerPool) -> WorkerPool {
    let most = model.mostTrainingThreads(rows: rows)
    return offered.threads > most ? WorkerPool(threads: most) : offered
  }

  /// `flopLimit` and `session` end the training of a network, as in `Trainer`; `session` ends that of all else too. Of
  /// `pool` no more threads are taken than training can use.
  ///
  /// - Throws: `TrainingFailure` where the loss is not finite, the limit is exceeded or the session is stopped, or an
  ///   error of the text or checkpoint where a file cannot be read.
  package func fit(
    training: FitJob.Rows, validation: FitJob.Rows?, pool: WorkerPool, flopLimit: Double = .infinity,
    session: TrainingSession = TrainingSession(), progress: @escaping (TrainingProgress) -> Void
  ) throws -> Fitted {
    let job = FitJob(
      model: model, shape: shape, random: random, primary: primary, start: start, classes: classes, columns: columns,
      others: others, training: training, validation: validation,
      pool: self.pool(for: training.inputs.count, within: pool),
      flopLimit: flopLimit, session: session, progress: progress)
    do {
      var fitted = try model.configuration.family.fit(job)
      fitted.flops += job.passes.flops
      fitted.model.threshold = model.threshold ?? threshold(of: fitted.model, validation, pool: job.pool)
      fitted.model.adjustment = model.adjustment ?? adjustment(of: fitted.model, validation, pool: job.pool)
      return fitted
    } catch is FitStopped {
      throw TrainingFailure.stopped()
    }
  }

  /// From which probability a label is given: the one that scores best on the validation rows, one half without any.
  private func threshold(of model: TrainedModel, _ validation: FitJob.Rows?, pool: WorkerPool) -> Float {
    guard let validation, case .labels(let targets) = validation.targets, !targets.isEmpty else {
      return LabelThreshold.usual
    }
    let classifier = model.classifier(in: Workspace())
    let probabilities = classifier.answers(classifier.encode(validation.inputs), pool: pool)
    return LabelThreshold.best(targets, probabilities, labels: shape.classes, by: primary).threshold
  }
}

extension Fitter {
  /// What the validation rows say of the model's probabilities; nil without any, or where nothing is asked for.
  private func adjustment(of model: TrainedModel, _ validation: FitJob.Rows?, pool: WorkerPool) -> AnswerAdjustment? {
    let settings = self.model.training
    guard settings.calibration != nil || settings.choosesThresholds, model.configuration.family.givesProbabilities,
      let validation, case .classes(let labels) = validation.targets, !labels.isEmpty
    else { return nil }
    let classifier = model.classifier(in: Workspace())
    let adjustment = AnswerAdjustment(
      classifier.answers(classifier.encode(validation.inputs), pool: pool), labels: labels, shape: shape,
      calibration: settings.calibration, metric: settings.choosesThresholds ? primary.ofAnswers : nil)
    return adjustment.isNone ? nil : adjustment
  }
}

extension MetricName {
  /// Itself where answers alone have it, else macro-F1, which the most probable classes decide.
  fileprivate var ofAnswers: MetricName { needsProbabilities ? .f1Macro : self }
}

/// An encoder or word vectors that were pre-trained, with their vocabulary: what a network starts from.
package struct PretrainedStart: Sendable {
  package var pipeline: TextPipeline
  package var weights: WeightSnapshot

  package init(pipeline: TextPipeline, weights: WeightSnapshot) { (self.pipeline, self.weights) = (pipeline, weights) }
}

/// What a family is given for one fit.
package struct FitJob {
  package struct Rows: Sendable {
    package var inputs: [Input]
    package var targets: Targets
    /// A teacher's scores in place of the classes, `[rows, classes]`; nil without one.
    package var scores: [Float]?

    package init(inputs: [Input], targets: Targets, scores: [Float]? = nil) {
      (self.inputs, self.targets, self.scores) = (inputs, targets, scores)
    }

    /// Texts and no more.
    package init(texts: [String], targets: Targets) {
      self.init(inputs: texts.map { Input(text: $0) }, targets: targets)
    }

    /// Texts of one class each.
    package init(texts: [String], labels: [Int]) { self.init(texts: texts, targets: .classes(labels)) }

    /// Those of some rows, in the order given.
    package func rows(_ places: [Int]) -> Rows {
      let width = inputs.isEmpty ? 0 : (scores?.count ?? 0) / inputs.count
      return Rows(
        inputs: places.map { inputs[$0] }, targets: targets.rows(places),
        scores: scores.map { scores in places.flatMap { scores[$0 * width..<($0 + 1) * width] } })
    }

    package var texts: [String] { inputs.map(\.text) }

    /// The class of each text; empty where the task is another one.
    package var labels: [Int] { targets.classes }
  }

  package let model: ModelDeclaration
  /// What is asked of each text.
  package let shape: TaskShape
  package let random: Random
  package let primary: MetricName
  package let start: PretrainedStart?
  /// The names of the classes, where they are known.
  package let classes: [String]
  /// The columns of the rows' cells.
  package let columns: [InputColumn]
  package let others: [String: TrainedModel]
  package let training: Rows
  package let validation: Rows?
  /// Of as many threads as its training can use.
  package let pool: WorkerPool
  package let flopLimit: Double
  package let session: TrainingSession
  package let progress: (TrainingProgress) -> Void
  package let passes = SentencePasses()

  /// Rows of `training` that are learned from, a repeated one as often as it stands here.
  package var sampledRows: [Int] {
    ClassBalance.rows(
      model.training.sampling, of: training.targets, classes: shape.classes,
      random: random.stream("training").stream("sampling"))
  }

  /// A weight for each class over rows of these classes; nil where all weigh the same, or there are no classes.
  package func classWeights(ofLabels labels: [Int]) -> [Float]? {
    ClassBalance.weights(model.training.classWeights, labels: labels, classes: shape.classes)
  }

  /// A weight for each class over these rows; nil where all weigh the same.
  package func classWeights(of rows: [Int]) -> [Float]? {
    ClassBalance.weights(
      model.training.classWeights, of: training.targets, rows: rows, classes: shape.classes)
  }

  package func fitted(_ state: any ModelState) -> Fitted {
    Fitted(
      model: TrainedModel(configuration: model.configuration, shape: shape, state: state),
      threads: pool.threads)
  }
}

/// What one fit came to.
package struct Fitted: Sendable {
  package var model: TrainedModel
  package var epochs: Int?
  /// It ended at a limit that is set, before it would have ended by itself.
  package var mayBeUndertrained = false
  /// Threads that it trained on: at most those that were offered.
  package var threads: Int
  package var peakBytes = 0
  /// Floating-point operations of the training, its looks at validation rows included.
  package var flops = 0.0
  /// Share of the vocabulary that a file of word vectors has; nil where there is none.
  package var vectorCoverage: Double?
  /// Lines of that file whose word stands further up already.
  package var vectorRepetitions: Int?
  /// What it would seem to score if rows had been resampled before they were divided; nil where that is not measured.
  package var leakedScore: Double?
  /// How a network's training went; nil for what has no epochs.
  package var curve: TrainingCurve?

  package init(model: TrainedModel, threads: Int) { (self.model, self.threads) = (model, threads) }
}
