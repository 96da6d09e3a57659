import Compute
import Corpora
import Families
import Files
import Foundation
import Manifests
import Models
import Records
import Settings
import Synchronization
import Tasks
import Training

/// Searches one model's settings inside one fit. It is handed the fit's training and validation rows and nothing else.
///
/// Every trial starts from the fit's own random streams, so the model chosen is the one that a manifest with its
/// settings would fit. The first trial is the model as declared. Those after it are chosen in rounds of
/// `settings.parallel`, each by the trials of earlier rounds alone, and what they cost is added up in their order: a
/// search comes to the same trials for any number of jobs.
package struct TuningSearch: Sendable {
  package let settings: TuningSettings
  /// With the model as declared.
  package let fitter: Fitter

  package struct Outcome {
    /// The best trial's model; nil where none ended.
    package var fitted: Fitted?
    package var trials: [TuningRecord.Trial] = []
    /// Of the fit of the chosen settings on all rows, where the trials had fewer.
    package var coreSeconds: Double?
    package var chosen: TuningRecord.Trial? { trials.first(where: \.isChosen) }
  }

  /// One trial with its model, where it gave one.
  struct Attempt: Sendable {
    var trial: TuningRecord.Trial
    var fitted: Fitted?
  }

  /// Tries settings until there are no more, the trials are used up, or the budget is.
  ///
  /// - Parameters:
  ///   - training: the rows that trials are trained on.
  ///   - validation: the rows that they are judged by.
  ///   - pool: threads for the trials of a round, side by side.
  ///   - memory: trials of an earlier run of the same search, which are not made again but for the best of them.
  ///   - isStopped: asked between the steps of a training.
  ///   - progress: told the share of the trials done, and the loss.
  /// - Throws: `TrainingFailure` where `isStopped` ends a trial or the search before its next one. Half a search chooses
  ///   nothing.
  package func run(
    training: FitJob.Rows, validation: FitJob.Rows, pool: WorkerPool, memory: TuningMemory = TuningMemory(),
    isStopped: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (_ share: Double, _ loss: Double) -> Void
  ) throws(TrainingFailure) -> Outcome {
    var outcome = Outcome()
    var best: (index: Int, score: Double)?
    var left = settings.budget.map { $0 * settings.rate * 1e9 } ?? .infinity
    let limit = settings.mostTrials(of: fitter.model)
    let proposals = TuningProposals(settings, fitter)
    let rows = TrialRows(training: sample(training), validation: validation)
    while outcome.trials.count < limit, left > 0 {
      let next = proposals.next(after: outcome.trials, atMost: limit - outcome.trials.count)
      if next.isEmpty { break }
      if isStopped() { throw .stopped() }
      let number = outcome.trials.count
      // One trial is granted, whatever it costs: without it there is no model.
      let allowed = number == 0 ? .infinity : left
      let known = memory.trials.dropFirst(number).prefix(next.count)
      var attempts: [Attempt]
      if known.map(\.settings) == next {
        attempts = known.map { Attempt(trial: $0) }
      } else {
        attempts = try round(next, rows, pool, allowed, isStopped) { share, loss in
          progress((Double(number) + share) / Double(limit), loss)
        }
      }
      for index in attempts.indices {
        if number == 0 { attempts[index].trial.isDeclared = true }
        // Side by side each had all that was left; now those before it have had their part.
        if number > 0, attempts[index].trial.flops > left || left <= 0 { attempts[index].cut() }
        left -= attempts[index].trial.flops
        outcome.trials.append(attempts[index].trial)
        guard let score = attempts[index].trial.score else { continue }
        let value = fitter.primary.higherIsBetter ? score : -score
        if best.map({ value > $0.score }) ?? true {
          best = (number + index, value)
          outcome.fitted = attempts[index].fitted
        }
      }
      memory.keep(outcome.trials)
    }
    guard let best else { return outcome }
    outcome.trials[best.index].isChosen = true
    if rows.training.inputs.count < training.inputs.count {
      let whole = try attempt(
        outcome.trials[best.index].settings, TrialRows(training: training, validation: validation), pool, .infinity,
        isStopped
      ) { progress(1, $0.loss) }
      (outcome.fitted, outcome.coreSeconds) = (whole.fitted, whole.trial.coreSeconds)
    } else if outcome.fitted == nil {
      outcome.fitted = try attempt(outcome.trials[best.index].settings, rows, pool, .infinity, isStopped) {
        progress(1, $0.loss)
      }.fitted
    }
    return outcome
  }

  /// As many rows as a trial learns from, in the classes' shares.
  private func sample(_ training: FitJob.Rows) -> FitJob.Rows {
    guard let count = settings.rows, count < training.inputs.count else { return training }
    let strata = training.labels.isEmpty ? training.inputs.map { _ in 0 } : training.labels
    let places = StratifiedSample.positions(of: strata, count: count, random: fitter.random.stream("rows of trials"))
    return training.rows(places)
  }

  /// Trials that do not know of each other, side by side where there are threads.
  private func round(
    _ settings: [[Setting]], _ rows: TrialRows, _ offered: WorkerPool, _ allowed: Double,
    _ isStopped: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (_ share: Double, _ loss: Double) -> Void
  ) throws(TrainingFailure) -> [Attempt] {
    let beside = min(settings.count, offered.threads), threads = max(1, offered.threads / max(1, beside))
    let shares = Mutex([Double](repeating: 0, count: settings.count))
    let ended = Jobs.map(Array(settings.indices), jobs: beside) { index -> Result<Attempt, TrainingFailure> in
      let pool = beside == 1 ? offered : WorkerPool(threads: threads)
      do throws(TrainingFailure) {
        return .success(
          try attempt(settings[index], rows, pool, allowed, isStopped) { step in
            let share = shares.withLock { shares in
              shares[index] = Double(step.step) / Double(step.steps)
              return shares.reduce(0, +)
            }
            progress(share, step.loss)
          })
      } catch { return .failure(error) }
    }
    var attempts: [Attempt] = []
    for index in settings.indices { attempts.append(try ended[index]!.get()) }
    return attempts
  }

  /// One trial, its time included.
  private func attempt(
    _ settings: [Setting], _ rows: TrialRows, _ offered: WorkerPool, _ allowed: Double,
    _ isStopped: @escaping () -> Bool, progress: @escaping (TrainingProgress) -> Void
  ) throws(TrainingFailure) -> Attempt {
    var fitter = fitter
    fitter.model = fitter.model.with(settings)
    let start = ProcessInfo.processInfo.systemUptime
    let pool = fitter.pool(for: rows.training.inputs.count, within: offered)
    var attempt = try attempt(fitter, settings, rows, pool, allowed, isStopped, progress)
    attempt.trial.coreSeconds = (ProcessInfo.processInfo.systemUptime - start) * Double(pool.threads)
    return attempt
  }

  private func attempt(
    _ fitter: Fitter, _ settings: [Setting], _ rows: TrialRows, _ pool: WorkerPool, _ allowed: Double,
    _ isStopped: @escaping () -> Bool, _ progress: @escaping (TrainingProgress) -> Void
  ) throws(TrainingFailure) -> Attempt {
    var trial = TuningRecord.Trial(settings: settings)
    do {
      if let excess = try excess(fitter, rows) {
        (trial.status, trial.failure) = (.tooCostly, excess)
        return Attempt(trial: trial)
      }
      let fitted = try fitter.fit(
        training: rows.training, validation: rows.validation, pool: pool, flopLimit: allowed,
        session: TrainingSession(isStopped: isStopped), progress: progress)
      let classifier = fitted.model.classifier(in: Workspace())
      let encoded = classifier.encode(rows.validation.inputs)
      trial.epochs = fitted.epochs
      trial.flops = fitted.flops + classifier.flops(encoded)
      guard trial.flops <= allowed else {
        trial.status = .overBudget
        return Attempt(trial: trial)
      }
      // What has no size before it has learned.
      if let excess = excess(of: classifier, rows) {
        (trial.status, trial.failure) = (.tooCostly, excess)
        return Attempt(trial: trial)
      }
      let answers = classifier.answers(encoded, pool: pool)
      guard answers.allSatisfy(\.isFinite) else {
        (trial.status, trial.isNotFinite) = (.failed, true)
        trial.failure = "a validation answer is not finite"
        return Attempt(trial: trial)
      }
      trial.score = rows.validation.targets.score(answers, of: fitter.shape, by: fitter.primary)
      return Attempt(trial: trial, fitted: fitted)
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
    return Attempt(trial: trial)
  }

  // MARK: Limits

  /// What a network of this size, untrained, would cost too much; nil of other models, which have a size when they have
  /// learned.
  private func excess(_ fitter: Fitter, _ rows: TrialRows) throws -> String? {
    guard !settings.atMost.areNone, let untrained = try fitter.untrained(rows.training) else { return nil }
    return excess(of: untrained.classifier(in: Workspace()), rows)
  }

  /// By the validation text of median length.
  private func excess(of classifier: any TextClassifier, _ rows: TrialRows) -> String? {
    guard !settings.atMost.areNone else { return nil }
    let typical = rows.validation.inputs.ofMedianLength.map { [$0] } ?? []
    return settings.atMost.excess(
      flops: classifier.flops(classifier.encode(typical)), bytes: classifier.byteCount, rate: settings.rate)
  }
}

/// What every trial of a search is trained on and judged by.
struct TrialRows: Sendable {
  let training: FitJob.Rows
  let validation: FitJob.Rows
}

extension TuningSearch.Attempt {
  /// The budget has no room for it.
  fileprivate mutating func cut() {
    (trial.status, trial.score, trial.epochs, fitted) = (.overBudget, nil, nil, nil)
    (trial.failure, trial.isNotFinite) = (nil, false)
  }
}

/// What an earlier run of the same search has tried, and where this one keeps what it has.
package struct TuningMemory {
  package var trials: [TuningRecord.Trial] = []
  package var keep: (_ trials: [TuningRecord.Trial]) -> Void = { _ in }

  package init(trials: [TuningRecord.Trial] = [], keep: @escaping (_ trials: [TuningRecord.Trial]) -> Void = { _ in }) {
    (self.trials, self.keep) = (trials, keep)
  }
}

/// No trial of a search gave a model.
package struct TuningFailure: Error, CustomStringConvertible {
  package var trials: [TuningRecord.Trial]

  package var description: String {
    guard let last else { return "there are no validation rows to choose settings on" }
    let reason = last.failure ?? "the metric has no value on the validation rows"
    if last.status == .tooCostly { return "no trial of \(trials.count) gave a model; the last: \(reason)" }
    let cut = trials.contains { $0.status == .overBudget } ? " before the budget ended the search" : ""
    return "no trial of \(trials.count) gave a model; the last\(cut): \(reason)"
  }

  /// The last trial that ran to its end; the first always does.
  package var last: TuningRecord.Trial? { trials.last { $0.status != .overBudget } }
}
