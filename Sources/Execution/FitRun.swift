import Compute
import Corpora
import Families
import Foundation
import Manifests
import Measurement
import Models
import Planning
import Records
import Tasks
import Training

/// One fit from its rows to the records of its trials.
package struct FitRun {
  package var runner: Runner
  package var fit: Plan.Fit
  /// Offered to it: training takes what it can use, predicting all.
  package var threads: Int
  package var novelty: NoveltyTable
  /// Of what its trials test; empty where nobody asks for them.
  package var forms = FormTable()
  /// Where the fit is kept; nil where nothing is.
  package var slot: FitSlot?
  /// The models that its own asks, fitted to the same rows, by name; what has failed is not among them.
  package var others: [String: TrainedModel] = [:]
  /// What the encoder starts from, or why there is none; nil where nothing is pre-trained.
  package var pretraining: Swift.Result<Pretrained, any Error>?

  package struct Result: Sendable {
    package var records: [(ordinal: Int, record: TrialRecord)]
    /// nil where the fit failed, or what the model was needed for is done.
    package var trained: TrainedModel?
    package var isTrained: Bool
    package var measured: TrialRecord.Measured
    /// nil where the model is fitted as it is declared.
    package var tuning: TuningRecord?
    /// Share of the vocabulary that a file of word vectors has.
    package var vectorCoverage: Double?
    /// Lines of that file whose word stands further up already.
    package var vectorRepetitions: Int?
    /// From which probability the model gives a label.
    package var threshold: Float?
    /// What is done to the model's probabilities.
    package var adjustment: AnswerAdjustment?
    /// Read from what an earlier run stored.
    package var isReused = false
    /// Can be read by a later run.
    package var isStored = false
    /// Why it failed.
    package var failure: String?
  }

  package var corpus: Corpus { runner.corpora[fit.data.corpus] }
  private var declaration: ModelDeclaration { runner.manifest.models[fit.model] }

  package func run(update: @escaping @Sendable (_ share: Double, _ loss: Double) -> Void) -> Result {
    let pool = WorkerPool(threads: threads)
    let start = ProcessInfo.processInfo.systemUptime
    var measured = TrialRecord.Measured()
    var trials: [TuningRecord.Trial]?
    do {
      let kept = slot?.load()
      var fitted: Fitted
      if let kept {
        fitted = kept.fitted
        (measured, trials) = (kept.stored.summary.measured, kept.stored.summary.tuning)
      } else {
        let clock = TrainingClock()
        let conditions = TimingConditions(cores: runner.cores), began = conditions.snapshot()
        var chosenSeconds: Double?
        fitted = try train(
          pool: pool, clock: clock, trials: &trials, chosenSeconds: &chosenSeconds, update: update)
        // The system counts in hundredths of a second.
        if clock.seconds >= 2 {
          measured.othersShare = conditions.shares(from: began, to: conditions.snapshot())?.others
        }
        measured.threads = fitted.threads
        measured.trainSeconds =
          (chosenSeconds ?? trials?.first(where: \.isChosen)?.coreSeconds).map { $0 / Double(fitted.threads) }
          ?? clock.seconds
        measured.peakBytes = fitted.peakBytes
        if declaration.training.measuresLeak, fit.data.division != .all { fitted.leakedScore = try leaked(pool: pool) }
      }
      let predictions = predictions(of: fitted.model, kept?.stored.predictions ?? [], pool: pool)
      guard predictions.allSatisfy({ $0.probabilities.allSatisfy(\.isFinite) }) else {
        throw TrainingFailure(epoch: 0, step: 0, reason: "an answer to a test row is not finite", cause: .notFinite)
      }
      let isStored = kept?.stored.predictions == predictions || keep(fitted, predictions, trials, measured)
      let records = zip(fit.trials, predictions).map {
        (ordinal: $0.ordinal, record: evaluate($0, $1.probabilities, fitted, measured: measured))
      }
      return Result(
        records: records, trained: fitted.model, isTrained: true, measured: measured, tuning: trials.map(tuningRecord),
        vectorCoverage: fitted.vectorCoverage, vectorRepetitions: fitted.vectorRepetitions,
        threshold: corpus.problem == .multiLabel ? fitted.model.threshold : nil,
        adjustment: fitted.model.adjustment, isReused: kept != nil,
        isStored: isStored)
    } catch {
      if runner.failsFast { runner.stop.make(.failure(fit: fit.name, reason: "\(error)")) }
      measured.trainSeconds = ProcessInfo.processInfo.systemUptime - start
      let records = fit.trials.map { trial -> (ordinal: Int, record: TrialRecord) in
        var record = blank(trial, measured: measured)
        record.status = .failed
        record.failure = "\(error)"
        record.isNotFinite =
          (error as? TrainingFailure)?.cause == .notFinite || (error as? TuningFailure)?.last?.isNotFinite == true
        return (trial.ordinal, record)
      }
      var result = Result(
        records: records, trained: nil, isTrained: false, measured: measured, tuning: trials.map(tuningRecord))
      result.failure = "\(error)"
      return result
    }
  }

  /// `trials` receives those of the search, where there is one, even if none of them gave a model; `chosenSeconds` the
  /// core-seconds of the fit on all rows, where the trials had fewer.
  private func train(
    pool: WorkerPool, clock: TrainingClock, trials: inout [TuningRecord.Trial]?, chosenSeconds: inout Double?,
    update: @escaping @Sendable (_ share: Double, _ loss: Double) -> Void
  ) throws -> Fitted {
    let domain = corpus.domains[fit.data.domain]
    let fitter = try fitter
    let training = try fitter.prepared(rows(runner.plan.trainingRows(of: fit), of: domain), pool: pool)
    let validation = fit.usesValidation ? rows(runner.plan.validationRows(of: fit), of: domain) : nil
    guard let settings = runner.manifest.tuning, !declaration.space.isEmpty else {
      return try fitter.fit(
        training: training, validation: validation, pool: pool, session: session(clock)
      ) { update(Double($0.step) / Double($0.steps), $0.loss) }
    }
    guard let validation, !validation.inputs.isEmpty else { throw TuningFailure(trials: []) }
    let outcome = try TuningSearch(settings: settings, fitter: fitter).run(
      training: training, validation: validation, pool: pool, memory: memory,
      isStopped: { [runner] in runner.stop.isMade }, progress: update)
    (trials, chosenSeconds) = (outcome.trials, outcome.coreSeconds)
    guard let fitted = outcome.fitted else { throw TuningFailure(trials: outcome.trials) }
    return fitted
  }

  private var fitter: Fitter {
    get throws {
      let place = "\(corpus.name)/\(corpus.domains[fit.data.domain].domain)"
      // No protocol says anything of a refit, nor does its key.
      var label = fit.data.division == .all ? "refit/\(place)" : "fit/\(place)/\(fit.protocolKind.rawValue)"
      if let fold = fit.fold { label += "/fold \(fold)" }
      var declaration = declaration
      if !fit.usesValidation { declaration.training.earlyStopping = nil }
      var fitter = Fitter(
        model: declaration, shape: TaskShape(corpus.problem, classes: runner.plan.classes(of: fit).count),
        random: Random(seed: fit.seed &+ declaration.seedOffset, stream: label),
        primary: primary, start: try pretraining?.get().weights().start,
        classes: classNames(runner.plan.classes(of: fit)), columns: corpus.columns)
      fitter.others = others
      return fitter
    }
  }

  /// What the model as it is declared would seem to score if all rows were resampled before they are divided.
  private func leaked(pool: WorkerPool) throws -> Double? {
    let split = runner.plan.split(of: fit), domain = corpus.domains[fit.data.domain]
    let known = Set(runner.plan.classes(of: fit))
    let all = (split.train + split.validation + split.test).sorted().filter { row in
      domain.examples[row].target.classes.allSatisfy(known.contains)
    }
    guard !all.isEmpty else { return nil }
    return try fitter.leaked(
      rows(all, of: domain), testShare: Double(split.test.count) / Double(all.count), pool: pool,
      session: TrainingSession(isStopped: { [runner] in runner.stop.isMade }))
  }

  private func tuningRecord(_ trials: [TuningRecord.Trial]) -> TuningRecord {
    TuningRecord(
      fit: fit.name, task: corpus.task, corpus: corpus.name, protocolName: fit.protocolKind.rawValue,
      source: corpus.domains[fit.data.domain].domain, model: declaration.name, kind: declaration.configuration.kind,
      seed: fit.seed, fold: fit.fold, trials: trials)
  }

  private var primary: MetricName { runner.manifest.comparisons.primary }

  /// Classes and labels are those of the model: places among those of the fit.
  private func rows(_ indices: [Int], of domain: Dataset) -> FitJob.Rows {
    FitJob.Rows(
      inputs: indices.map { domain.examples[$0].input },
      targets: corpus.targets(indices.map { domain.examples[$0] }, among: runner.plan.classes(of: fit)))
  }

  package func classNames(_ classes: [Int]) -> [String] { classes.map { corpus.classes[$0] } }

  private func evaluate(
    _ trial: Plan.Trial, _ probabilities: [Float], _ fitted: Fitted, measured: TrialRecord.Measured
  ) -> TrialRecord {
    var record = blank(trial, measured: measured)
    let target = corpus.domains[trial.target]
    let test = runner.plan.testRows(of: trial, in: fit).map { target.examples[$0] }
    let classes = runner.plan.classes(of: trial, in: fit)
    let places = runner.plan.classes(of: fit).compactMap { classes.firstIndex(of: $0) }
    record.outcome = fitted.model.outcome(
      corpus.targets(test, among: classes),
      spread(probabilities, rows: test.count, over: places, of: classes.count), classes: classes.count)
    record.epochs = fitted.epochs
    record.mayBeUndertrained = fitted.mayBeUndertrained
    record.curve = fitted.curve
    if trial.target == fit.data.domain { record.leaked = fitted.leakedScore }
    record.coverage = fitted.model.coverage(test.map(\.input), pool: WorkerPool(threads: threads))
    record.ids = test.map(\.id)
    if test.contains(where: { $0.slice != nil }) { record.slices = test.map { $0.slice ?? "" } }
    record.forms = forms.forms(of: trial, in: fit, runner.plan)
    record.score()
    record.score(novelty: novelty.novelty(of: trial, in: fit), primary: primary)
    let trained = corpus.domains[fit.data.domain].examples
    if corpus.problem == .classification {
      let labels = corpus.targets(runner.plan.trainingRows(of: fit).map { trained[$0] }, among: classes).classes
      record.majority = MajorityState(labels: labels, classes: classes.count)
    }
    record.groups = runner.plan.groups(of: trial, in: fit)
    return record
  }

  /// `[rows, places]` → `[rows, count]`, of probabilities alone: what the model knows nothing of has a probability of 0.
  private func spread(_ values: [Float], rows: Int, over places: [Int], of count: Int) -> [Float] {
    if places.count == count || corpus.problem == .regression { return values }
    var spread = [Float](repeating: 0, count: rows * count)
    for row in 0..<rows {
      for (index, place) in places.enumerated() { spread[row * count + place] = values[row * places.count + index] }
    }
    return spread
  }

  private func blank(_ trial: Plan.Trial, measured: TrialRecord.Measured) -> TrialRecord {
    let split = runner.plan.split(of: fit)
    let (source, target) = (corpus.domains[fit.data.domain], corpus.domains[trial.target])
    let test = runner.plan.testRows(of: trial, in: fit)
    var facts = TrialFacts(
      trial: trial.name, fit: fit.name, task: corpus.task, corpus: corpus.name, protocolName: trial.protocolName,
      source: source.domain, target: target.domain, model: declaration.name, kind: declaration.configuration.kind,
      seed: fit.seed)
    (facts.fold, facts.repetition) = (fit.fold, fit.repetition)
    facts.sample = fit.data.sample?.size.name
    (facts.trainRows, facts.testRows) = (runner.plan.trainingRows(of: fit).count, test.count)
    facts.validationRows = runner.plan.validationRows(of: fit).count
    facts.splitHash = Split.hash(of: [split.hash { source.key(of: $0) }] + test.map { target.key(of: $0) })
    var record = TrialRecord(
      facts, classes: classNames(runner.plan.classes(of: trial, in: fit)), problem: corpus.problem)
    record.formerSplitHash = Split.hash(
      of: [split.hash { source.examples[$0].id }] + test.map { target.examples[$0].id })
    record.measured = measured
    return record
  }
}
