import Compute
import Files
import Manifests
import Planning
import Records
import Storage
import Training

/// What came of one pre-training, without its weights where these can be read again.
package struct Pretrained: Sendable {
  package var outcome: PretrainingOutcome
  /// Texts left out, as in `PretrainingPlan.Job`.
  package var removed: Int
  /// Measured.
  package var seconds: Double
  /// That it trained on.
  package var threads: Int
  /// The weights, for a fit to start from.
  package var weights: @Sendable () throws -> PretrainedWeights

  package init(_ made: PretrainedWeights, weights: @escaping @Sendable () throws -> PretrainedWeights) {
    (outcome, removed, seconds, threads) = (made.outcome, made.removed, made.seconds, made.threads)
    self.weights = weights
  }
}

extension Runner {
  /// Pre-trains what the plan's fits start from, side by side as fits are, each from what is stored of it.
  ///
  /// By job; one that failed gives its error to every fit that would have started from it. Weights stay in memory where
  /// they are no more than fits train side by side; of more, each fit reads its own from the store.
  ///
  /// - Parameters:
  ///   - stage: of the run's time, in which the first job has the place `first`.
  ///   - count: encoders that fits wait for together, where these are some of them.
  package func pretrain(
    _ pretraining: PretrainingPlan, of count: Int? = nil, stage: TimeLeft.Name = .pretraining, from first: Int = 0,
    progress: Progress
  ) -> [Int: Result<Pretrained, any Error>] {
    let jobs = pretraining.jobs
    guard !jobs.isEmpty else { return [:] }
    progress.stage("pre-training")
    let threads = max(1, min(cores, self.jobs / jobs.count))
    let staysInMemory = (count ?? jobs.count) <= self.jobs
    return Jobs.map(Array(jobs.indices), jobs: self.jobs) { index in
      if stop.isMade { return .failure(TrainingFailure.stopped()) }
      let run = PretrainingRun(
        job: jobs[index], declaration: manifest.models[jobs[index].model], seed: manifest.seed, threads: threads,
        store: CodeVersion.executable == nil ? nil : store, stop: stop, storedEvery: trainingStoredEvery)
      let place = first + index, number = jobs.count == 1 ? "" : " (\(index + 1) of \(jobs.count))"
      progress.began(place, of: stage)
      defer { progress.ended(place, of: stage) }
      return Result {
        let made = try run.run {
          progress.reached(
            Double($0.step) / Double(max(1, $0.steps)), place, of: stage,
            "\(jobs[index].name)\(number) \(100 * $0.step / max(1, $0.steps)) % loss \(Progress.shown(loss: $0.loss))")
        }
        guard run.store != nil, !staysInMemory else { return Pretrained(made) { made } }
        return Pretrained(made) { try run.run { _ in } }
      }
    }
  }

  /// What a model's fits on a corpus start from, each once, in the order of the jobs.
  package func encoders(
    of model: ModelRecord, _ keys: FitKeys, _ pretrained: [Int: Result<Pretrained, any Error>]
  ) -> [Pretrained] {
    let jobs = plan.fits.indices.filter {
      manifest.models[plan.fits[$0].model].name == model.model
        && corpora[plan.fits[$0].data.corpus].name == model.corpus
    }.compactMap { keys.pretraining.jobOfFit[$0] }
    return Set(jobs).sorted().compactMap { try? pretrained[$0]?.get() }
  }

  /// A row for each model that starts from pre-trainings, and where an earlier run made some of them on other numbers of
  /// threads, for each: what they took.
  package func pretrainingTimes(
    _ models: [ModelRecord], _ keys: FitKeys, _ pretrained: [Int: Result<Pretrained, any Error>]
  ) -> [TimingRecord] {
    models.flatMap { model -> [TimingRecord] in
      let all = encoders(of: model, keys, pretrained)
      guard let settings = manifest.models.first(where: { $0.name == model.model })?.pretraining else { return [] }
      return Set(all.map(\.threads)).sorted().map { threads in
        let encoders = all.filter { $0.threads == threads }
        return TimingRecord(
          task: model.task, corpus: model.corpus, model: model.model, kind: model.kind, work: .pretrain,
          threads: threads, batch: settings.batchSize, tokens: 0, order: .arrival,
          samples: encoders.map { $0.seconds * 1000 }, peakShare: nil,
          peakBytes: encoders.map(\.outcome.peakBytes).max() ?? 0)
      }
    }
  }
}

extension PretrainingRecord {
  /// nil where there are none.
  package init?(_ encoders: [Pretrained]) {
    guard let first = encoders.first else { return nil }
    func mean(_ value: (PretrainingOutcome) -> Double?) -> Double? {
      let values = encoders.compactMap { value($0.outcome) }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    self.init(
      count: encoders.count, epochs: first.outcome.epochs,
      texts: mean { Double($0.sequences + $0.heldOut) } ?? 0, tokens: mean { Double($0.tokens) } ?? 0,
      removed: first.removed, trainingLoss: mean(\.trainingLoss), loss: mean(\.loss),
      accuracy: mean(\.accuracy), flops: mean { $0.flops } ?? 0)
  }
}
