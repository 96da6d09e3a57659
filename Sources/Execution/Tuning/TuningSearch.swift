import Compute
import Families
import Foundation
import Manifests
import Records
import Settings
import Tasks
import Training

/// Searches one model's settings inside one fit. It is handed the fit's training and validation rows and nothing else.
///
/// Every trial starts from the fit's own random streams, so the model chosen is the one that a manifest with its
/// settings would fit. Trials run one after another, so that the budget ends the search at the same trial for any
/// number of jobs.
package struct TuningSearch {
  package let settings: TuningSettings
  /// With the model as declared.
  package let fitter: Fitter

  package struct Outcome {
    /// The best trial's model; nil where none ended.
    package var fitted: Fitted?
    package var trials: [TuningRecord.Trial] = []
    package var chosen: TuningRecord.Trial? { trials.first(where: \.isChosen) }
  }

  /// Tries settings until there are no more, the trials are used up, or the budget is; `progress` is told the share of
  /// the trials done.
  ///
  /// - Throws: `TrainingFailure` where `isStopped` ends a trial or the search before its next one. Half a search chooses
  ///   nothing.
  package func run(
    training: FitJob.Rows, validation: FitJob.Rows, pool: WorkerPool, isStopped: @escaping () -> Bool = { false },
    progress: @escaping (_ share: Double, _ loss: Double) -> Void
  ) throws(TrainingFailure) -> Outcome {
    var outcome = Outcome()
    var best: (index: Int, score: Double)?
    var left = settings.budget.map { $0 * settings.rate * 1e9 } ?? .infinity
    let limit = limit
    while outcome.trials.count < limit, let next = next(after: outcome.trials) {
      if isStopped() { throw .stopped() }
      let number = outcome.trials.count
      // One trial is granted, whatever it costs: without it there is no model.
      let allowed = number == 0 ? .infinity : left
      let (trial, fitted) = try attempt(next, training, validation, pool, allowed, isStopped) {
        progress((Double(number) + Double($0.step) / Double($0.steps)) / Double(limit), $0.loss)
      }
      left -= trial.flops
      outcome.trials.append(trial)
      if let fitted, let score = trial.score {
        let value = fitter.primary.higherIsBetter ? score : -score
        if best.map({ value > $0.score }) ?? true {
          best = (number, value)
          outcome.fitted = fitted
        }
      }
      if left <= 0 { break }
    }
    if let best { outcome.trials[best.index].isChosen = true }
    return outcome
  }

  /// The settings of all trials that `settings` and the space allow.
  private var limit: Int {
    let space = fitter.model.space
    return space.gridCount.map { min($0, settings.trials) } ?? settings.trials
  }

  /// A combination of the grid, or a draw that has not been tried yet.
  private func next(after trials: [TuningRecord.Trial]) -> [Setting]? {
    let space = fitter.model.space
    switch settings.search {
    case .grid: return space.combination(trials.count)
    case .random:
      let random = fitter.random.stream("tuning trial \(trials.count + 1)")
      // So many for a space of few numbers, of which all may have been tried.
      for attempt in 0..<10_000 {
        let drawn = space.draw(random.stream("draw \(attempt)"))
        if !trials.contains(where: { $0.settings == drawn }) { return drawn }
      }
      return nil
    }
  }

  /// One trial, its time included.
  private func attempt(
    _ settings: [Setting], _ training: FitJob.Rows, _ validation: FitJob.Rows, _ offered: WorkerPool,
    _ allowed: Double, _ isStopped: @escaping () -> Bool, progress: @escaping (TrainingProgress) -> Void
  ) throws(TrainingFailure) -> (TuningRecord.Trial, Fitted?) {
    var fitter = fitter
    fitter.model = fitter.model.with(settings)
    let start = ProcessInfo.processInfo.systemUptime
    let pool = fitter.pool(for: training.texts.count, within: offered)
    var (trial, fitted) = try attempt(fitter, settings, training, validation, pool, allowed, isStopped, progress)
    trial.coreSeconds = (ProcessInfo.processInfo.systemUptime - start) * Double(pool.threads)
    return (trial, fitted)
  }

  private func attempt(
    _ fitter: Fitter, _ settings: [Setting], _ training: FitJob.Rows, _ validation: FitJob.Rows, _ pool: WorkerPool,
    _ allowed: Double, _ isStopped: @escaping () -> Bool, _ progress: @escaping (TrainingProgress) -> Void
  ) throws(TrainingFailure) -> (TuningRecord.Trial, Fitted?) {
    var trial = TuningRecord.Trial(settings: settings)
    do {
      let fitted = try fitter.fit(
        training: training, validation: validation, pool: pool, flopLimit: allowed,
        session: TrainingSession(isStopped: isStopped), progress: progress)
      let classifier = fitted.model.classifier(in: Workspace())
      let encoded = classifier.encode(validation.texts)
      trial.epochs = fitted.epochs
      trial.flops = fitted.flops + classifier.flops(encoded)
      guard trial.flops <= allowed else {
        trial.status = .overBudget
        return (trial, nil)
      }
      let answers = classifier.answers(encoded, pool: pool)
      guard answers.allSatisfy(\.isFinite) else {
        (trial.status, trial.isNotFinite) = (.failed, true)
        trial.failure = "a validation answer is not finite"
        return (trial, nil)
      }
      trial.score = validation.targets.score(answers, of: fitter.shape, by: fitter.primary)
      return (trial, fitted)
    } catch let error as TrainingFailure {
      trial.flops = error.flops
      switch error.cause {
      case .noRows, .notFinite:
        (trial.status, trial.failure, trial.isNotFinite) = (.failed, "\(error)", error.cause == .notFinite)
      case .reachedLimit: trial.status = .overBudget
      case .stopped: throw error
      }
    } catch {
      (trial.status, trial.failure) = (.failed, "\(error)")
    }
    return (trial, nil)
  }
}

/// No trial of a search gave a model.
package struct TuningFailure: Error, CustomStringConvertible {
  package var trials: [TuningRecord.Trial]

  package var description: String {
    guard let last else { return "there are no validation rows to choose settings on" }
    let reason = last.failure ?? "the metric has no value on the validation rows"
    let cut = trials.contains { $0.status == .overBudget } ? " before the budget ended the search" : ""
    return "no trial of \(trials.count) gave a model; the last\(cut): \(reason)"
  }

  /// The last trial that ran to its end; the first always does.
  package var last: TuningRecord.Trial? { trials.last { $0.status != .overBudget } }
}
