import Compute
import Families
import Files
import Foundation
import Models
import Planning
import Records
import Storage
import Training

/// The place of one fit among the stored ones.
package struct FitSlot: Sendable {
  package let store: FitStore
  package let name: String
  package let key: FitKey
  /// Hash of the rows that each trial is tested on, in the fit's order.
  package let testRows: [String]

  package struct Kept {
    package var stored: StoredFit
    package var model: TrainedModel

    /// As when it was trained.
    package var fitted: Fitted {
      let summary = stored.summary
      var fitted = Fitted(model: model, threads: summary.measured.threads)
      (fitted.epochs, fitted.mayBeUndertrained) = (summary.epochs, summary.mayBeUndertrained)
      (fitted.peakBytes, fitted.flops, fitted.curve) = (summary.measured.peakBytes, summary.flops, summary.curve)
      (fitted.vectorCoverage, fitted.vectorRepetitions) = (summary.vectorCoverage, summary.vectorRepetitions)
      fitted.leakedScore = summary.leakedScore
      return fitted
    }
  }

  package func load() -> Kept? { store.load(name, key).map { Kept(stored: $0.stored, model: $0.model) } }

  /// Where the model stands, for messages.
  package var modelPath: String { store.modelPath(name, key) }

  package func loadTraining() -> StoredTraining? { store.loadTraining(name, key) }
}

extension Runner {
  /// Of all fits. Nothing is stored under them where the program cannot read its own executable.
  package var keys: FitKeys {
    FitKeys(
      manifest: manifest, corpora: corpora, unlabelled: unlabelled, plan: plan, code: CodeVersion.executable ?? "")
  }

  /// In the plan's order; nil where nothing is to be kept, or the code that makes it cannot be told.
  package func slots(_ keys: FitKeys) -> [FitSlot]? {
    guard let store, CodeVersion.executable != nil else { return nil }
    return zip(plan.fits, keys.keys).map { fit, key in
      FitSlot(
        store: store, name: fit.name, key: key, testRows: fit.trials.map { keys.testRows(of: $0, in: fit) })
    }
  }
}

extension FitRun {
  /// What the model says of each trial's rows; taken from `known` where it was asked of the same rows.
  package func predictions(
    of model: TrainedModel, _ known: [StoredFit.Prediction], pool: WorkerPool
  ) -> [StoredFit.Prediction] {
    var classifier: (any TextClassifier)?
    let outputs = model.shape.outputs
    return fit.trials.enumerated().map { index, trial in
      let target = corpus.domains[trial.target]
      let (name, rows) = (target.domain, slot?.testRows[index] ?? "")
      let test = runner.plan.testRows(of: trial, in: fit)
      if slot != nil, let found = known.first(where: { $0.target == name && $0.rows == rows }),
        found.probabilities.count == test.count * outputs
      {
        return found
      }
      let used = classifier ?? model.classifier(in: Workspace())
      classifier = used
      let inputs = test.map { target.examples[$0].input }
      return StoredFit.Prediction(
        target: name, rows: rows, probabilities: used.answers(used.encode(inputs), pool: pool))
    }
  }

  /// Stores a finished fit; where that fails, the run ends, for it could not end well.
  package func keep(
    _ fitted: Fitted, _ predictions: [StoredFit.Prediction], _ trials: [TuningRecord.Trial]?,
    _ measured: TrialRecord.Measured
  ) -> Bool {
    guard let slot else { return false }
    var summary = StoredFit.Summary(
      epochs: fitted.epochs, mayBeUndertrained: fitted.mayBeUndertrained, flops: fitted.flops,
      vectorCoverage: fitted.vectorCoverage, vectorRepetitions: fitted.vectorRepetitions, tuning: trials,
      curve: fitted.curve, measured: measured)
    summary.leakedScore = fitted.leakedScore
    do throws(StorageError) {
      try slot.store.save(
        slot.name, slot.key, model: ModelFile(model: fitted.model, labels: classNames(runner.plan.classes(of: fit))),
        summary: summary, predictions: predictions)
      return true
    } catch {
      runner.stop.make(.storage(error))
      return false
    }
  }

  /// Stops where the run is to stop, and keeps the state where fits are kept.
  package func session(_ clock: TrainingClock) -> TrainingSession {
    guard let slot else { return TrainingSession(isStopped: { [runner] in runner.stop.isMade }) }
    return clock.session(
      store: slot.store, name: slot.name, key: slot.key, stop: runner.stop, storedEvery: runner.trainingStoredEvery)
  }

  /// The trials of a search that an earlier run did not end; each round is kept once it is done.
  package var memory: TuningMemory {
    guard let slot else { return TuningMemory() }
    let every = runner.trainingStoredEvery
    var (last, isPossible) = (ProcessInfo.processInfo.systemUptime, true)
    return TuningMemory(trials: slot.store.loadSearch(slot.name, slot.key)?.trials ?? []) { trials in
      guard isPossible, ProcessInfo.processInfo.systemUptime - last >= every else { return }
      // It only saves time, so a disk without room for it ends nothing.
      do throws(StorageError) {
        try slot.store.save(slot.name, slot.key, search: StoredSearch(key: slot.key.digest, trials: trials))
      } catch { isPossible = false }
      last = ProcessInfo.processInfo.systemUptime
    }
  }
}
