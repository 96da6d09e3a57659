import Analysis
import Compute
import Corpora
import Files
import Foundation
import Manifests
import Measurement
import Models
import Planning
import Records
import Storage
import Tasks
import Text
import Training

/// Plan → records: trains every fit, evaluates every trial, then times the models.
public struct Runner: Sendable {
  public var manifest: Manifest
  public var corpora: [Corpus]
  /// A domain for each source of unlabelled texts; nil where the manifest has none.
  public var unlabelled: Corpus?
  public var plan: Plan
  /// Fits that train side by side, one thread each where there are as many fits.
  public var jobs: Int
  /// Processors that the process may use: no fit gets more threads.
  package var cores = ProcessInfo.processInfo.activeProcessorCount
  /// Where finished fits are kept and found again; nothing is kept where nil.
  public var store: FitStore?
  /// The least time between two stored states of one training, in seconds.
  public var trainingStoredEvery = 5.0
  /// Ends at the first fit that fails.
  public var failsFast = false
  /// Ends the run early where it can be gone on with.
  public let stop: StopRequest

  public init(
    manifest: Manifest, corpora: [Corpus], unlabelled: Corpus? = nil, plan: Plan, jobs: Int, store: FitStore? = nil,
    stop: StopRequest = StopRequest()
  ) {
    self.unlabelled = unlabelled
    (self.manifest, self.corpora, self.plan, self.jobs) = (manifest, corpora, plan, jobs)
    (self.store, self.stop) = (store, stop)
  }

  /// All that was measured, in the plan's order.
  public struct Outcome: Sendable {
    public var records: [TrialRecord] = []
    public var models: [ModelRecord] = []
    public var timings: [TimingRecord] = []
    public var audits: [AuditRecord] = []
    /// The searches of fits that are tuned.
    public var tuning: [TuningRecord] = []
    /// What makes the timings unfit for comparison.
    public var timingWarnings: [String] = []
    /// Load average over one minute when timing began.
    public var load: Double?
    /// In the plan's order; those that a run that ended early had no time for are not among them.
    public var refits: [RefitRecord] = []
    /// Fits that are stored, and those of them that an earlier run had stored.
    public var storedFits = 0
    public var reusedFits = 0
    /// Trained models that were still in memory when the last fit had ended.
    package var heldModels = 0
    /// Why there is nothing but these two; nil where the run is whole.
    public var stopped: StopRequest.Reason?
  }

  public func run(progress: Progress) -> Outcome {
    let work = ExpectedWork(self)
    let uses = plan.uses(manifest), waves = Plan.waves(order(work), uses: uses), order = waves.flatMap(\.self)
    let threads = threadsPerFit
    progress.stage("looking for duplicates")
    let texts = Jobs.map(Array(corpora.indices), jobs: jobs) { TextIndex(corpora[$0]) }
    let indices = corpora.indices.map { texts[$0]! }
    let novelty = NoveltyTable(plan: plan, texts: indices, jobs: jobs)
    let forms = FormTable(plan: plan, corpora: corpora, jobs: jobs)
    let keys = keys
    let slots = slots(keys)
    progress.begin(order: order, timeLeft(work, order: order, keys, slots, hasRefits: slots != nil))
    let pretrained = pretrain(keys.pretraining, progress: progress)
    let representatives = Representatives(of: plan), asked = AskedModels(uses, slots)
    @Sendable func run(_ index: Int) -> FitRun.Result? {
      if stop.isMade { return nil }
      var run = FitRun(
        runner: self, fit: plan.fits[index], threads: threads, novelty: novelty, forms: forms,
        slot: slots?[index],
        pretraining: keys.pretraining.jobOfFit[index].flatMap { pretrained[$0] })
      for other in uses[index] { run.others[manifest.models[plan.fits[other].model].name] = asked.model(of: other) }
      progress.started(index, name: plan.fits[index].name)
      var result = run.run { progress.update(index, share: $0, loss: $1) }
      if let trained = result.trained {
        representatives.offer(index, trained)
        asked.keep(trained, of: index)
      }
      result.trained = nil
      progress.finished(index, isReused: result.isReused)
      return result
    }
    var results: [Int: FitRun.Result] = [:]
    for wave in waves { results.merge(Jobs.map(wave, jobs: jobs, run).compactMapValues { $0 }) { $1 } }
    var outcome = Outcome()
    let refittings = stop.isMade ? [] : refittings(after: results.compactMapValues(\.settled))
    outcome.refits = refit(refittings, novelty: novelty, progress: progress)
    outcome.storedFits = results.values.count(where: \.isStored)
    outcome.reusedFits = results.values.count(where: \.isReused)
    outcome.stopped = stop.endsAtOnce()
    if outcome.stopped != nil { return outcome }
    if let slots {
      let pretrainings = ([keys] + refittings.map(\.keys)).flatMap(\.pretraining.jobs)
      store?.keepOnly(
        (slots + refittings.map(\.slot)).map { ($0.name, $0.key) }, pretrainings: pretrainings.map { ($0.name, $0.key) }
      )
    }
    outcome.records = plan.fits.indices.flatMap { results[$0]!.records }
      .sorted { $0.ordinal < $1.ordinal }.map(\.record)
    outcome.tuning = plan.fits.indices.compactMap { results[$0]!.tuning }
    let items = representatives.items
    outcome.heldModels = items.count + results.values.count { $0.trained != nil }
    outcome.models = modelRecords(items, results)
    for index in outcome.models.indices {
      outcome.models[index].pretraining = PretrainingRecord(encoders(of: outcome.models[index], keys, pretrained))
    }
    outcome.audits = AuditRecord.records(of: corpora, plan: plan, texts: indices)
    measureTimes(items, results, &outcome, progress: progress)
    outcome.timings += pretrainingTimes(outcome.models, keys, pretrained)
    progress.end()
    return outcome
  }

  /// Where there are fewer fits than jobs, their share of the jobs. No bit of a result depends on it.
  public var threadsPerFit: Int { max(1, min(cores, jobs / max(1, plan.fits.count))) }

  /// Of these, those that the training of a fit can use, in the fit that can use most.
  public var trainingThreadsPerFit: Int {
    let most = plan.fits.map { fit in
      let rows = plan.trainingRows(of: fit).count, model = manifest.models[fit.model]
      guard manifest.tuning != nil, !model.space.isEmpty else { return model.mostTrainingThreads(rows: rows) }
      return model.configuration.kind.isNeural ? Batches.shardCount : model.mostTrainingThreads(rows: rows)
    }
    return min(threadsPerFit, most.max() ?? 1)
  }

  /// Largest first, so that the last fits to end are small; no result depends on it.
  package func order(_ work: ExpectedWork) -> [Int] {
    let costs = plan.fits.indices.map { work.fit($0) }.map { $0.operations * $0.likely }
    return plan.fits.indices.sorted { (-costs[$0], $0) < (-costs[$1], $1) }
  }

  /// What is stored is only read, and takes no time beside the rest.
  ///
  /// - Parameter hasRefits: false where nothing would be left of a refit, so that none is made.
  package func timeLeft(
    _ work: ExpectedWork, order: [Int], _ keys: FitKeys, _ slots: [FitSlot]?, hasRefits: Bool
  ) -> TimeLeft {
    let jobs = keys.pretraining.jobs
    func ofRefits(_ expected: (Plan.Refit) -> TimeLeft.Piece) -> [TimeLeft.Piece] {
      plan.refits.map { refit -> TimeLeft.Piece in
        var piece = expected(refit)
        if !hasRefits { piece.operations = 0 }
        return piece
      }
    }
    return TimeLeft([
      TimeLeft.Stage(jobs: self.jobs, pieces: jobs.map { work.pretraining($0) }),
      TimeLeft.Stage(
        jobs: self.jobs,
        pieces: order.map { index in
          var piece = work.fit(index)
          if let slot = slots?[index], slot.store.has(slot.name, slot.key) { piece.operations = 0 }
          return piece
        }),
      TimeLeft.Stage(jobs: 1, pieces: corpora.indices.map { work.timing(corpus: $0) }),
      TimeLeft.Stage(jobs: self.jobs, pieces: ofRefits { work.refit($0) }),
      TimeLeft.Stage(jobs: 1, pieces: ofRefits { work.pretraining(of: $0) }),
    ])
  }

  private func modelRecords(_ items: [Representatives.Item], _ results: [Int: FitRun.Result]) -> [ModelRecord] {
    items.map { item in
      let fit = plan.fits[item.fit], corpus = corpora[fit.data.corpus]
      let inputs = plan.split(of: fit).test.map { corpus.domains[fit.data.domain].examples[$0].input }
      var record = ModelSummary(declaration: manifest.models[fit.model], trained: item.trained)
        .record(task: corpus.task, corpus: corpus.name, inputs: inputs)
      record.vectorCoverage = results[item.fit]!.vectorCoverage
      record.vectorRepetitions = results[item.fit]!.vectorRepetitions
      return record
    }
  }

  private func measureTimes(
    _ items: [Representatives.Item], _ results: [Int: FitRun.Result], _ outcome: inout Outcome, progress: Progress
  ) {
    let conditions = TimingConditions(cores: cores)
    let start = conditions.snapshot()
    let peak = manifest.timing.enabled ? SGEMMPeak.measure() : 0
    outcome.load = start.load
    outcome.timings = timings(items, results, peak: peak, progress: progress)
    guard manifest.timing.enabled, outcome.timings.contains(where: { !$0.isTraining }) else { return }
    outcome.timingWarnings = conditions.warnings(
      from: start, to: conditions.snapshot(), peaks: (peak, SGEMMPeak.measure()))
  }

  private func timings(
    _ items: [Representatives.Item], _ results: [Int: FitRun.Result], peak: Double, progress: Progress
  ) -> [TimingRecord] {
    var records: [TimingRecord] = []
    for corpus in corpora.indices {
      let chosen = items.filter { plan.fits[$0.fit].data.corpus == corpus }
      guard let first = chosen.first else { continue }
      let fit = plan.fits[first.fit]
      let inputs = plan.split(of: fit).test.map { corpora[corpus].domains[fit.data.domain].examples[$0].input }
      let subjects = chosen.map { item in
        let model = manifest.models[plan.fits[item.fit].model]
        return Timing.Subject(
          task: corpora[corpus].task, corpus: corpora[corpus].name, model: model.name,
          kind: model.configuration.kind, trained: item.trained)
      }
      let timing = Timing(
        settings: manifest.timing, random: Random(seed: manifest.seed, stream: "timing/\(corpora[corpus].name)"),
        cores: cores)
      progress.began(corpus, of: .timing)
      records += timing.measure(subjects, inputs: inputs, peak: peak) { share, text in
        progress.reached(share, corpus, of: .timing, text)
      }
      progress.ended(corpus, of: .timing)
      records += trainingTimes(corpus: corpus, results)
    }
    return records
  }

  /// A row for each model, and where an earlier run trained some of its fits on other numbers of threads, for each. Times
  /// beside other work are left out.
  private func trainingTimes(corpus: Int, _ results: [Int: FitRun.Result]) -> [TimingRecord] {
    manifest.models.indices.flatMap { model in
      let measured = plan.fits.indices.filter {
        plan.fits[$0].data.corpus == corpus && plan.fits[$0].model == model && results[$0]!.isTrained
      }.map { results[$0]!.measured }.filter { !$0.isDisturbed }
      let declaration = manifest.models[model]
      return Set(measured.map(\.threads)).sorted().map { threads in
        let rows = measured.filter { $0.threads == threads }
        return TimingRecord(
          task: corpora[corpus].task, corpus: corpora[corpus].name, model: declaration.name,
          kind: declaration.configuration.kind, work: .train, threads: threads,
          batch: declaration.training.batchSize, tokens: 0, order: .arrival,
          samples: rows.map { $0.trainSeconds * 1000 }, peakShare: nil, peakBytes: rows.map(\.peakBytes).max() ?? 0)
      }
    }
  }
}
