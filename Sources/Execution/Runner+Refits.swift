import Families
import Files
import Foundation
import Manifests
import Planning
import Records
import Settings
import Tasks

/// What came of one refit.
public struct RefitRecord: Sendable {
  /// `corpus.domain.refit.model`
  public var name: String
  /// The model's file; nil where there is none.
  public var path: String?
  /// Why there is none.
  public var failure: String?
}

/// What of an evaluated fit its model's refit follows from.
package struct SettledFit: Sendable {
  /// nil for what has no epochs.
  package var epochs: Int?
  /// Those of its search; nil where there was none.
  package var trials: [TuningRecord.Trial]?
  /// From which probability it gives a label; nil where there are not several.
  package var threshold: Float?
  /// What is done to its probabilities.
  package var adjustment: AnswerAdjustment?
}

extension FitRun.Result {
  /// nil where it failed.
  package var settled: SettledFit? {
    isTrained
      ? SettledFit(
        epochs: records.first?.record.epochs, trials: tuning?.trials, threshold: threshold, adjustment: adjustment)
      : nil
  }
}

/// One refit with its settings, ready to run.
package struct Refitting: Sendable {
  package let refit: Plan.Refit
  /// Its place in the plan.
  package let index: Int
  /// Whose manifest has the model alone, with the settings that the evaluated fits came to, and whose plan its one fit.
  package let runner: Runner
  package let slot: FitSlot
  package let keys: FitKeys

  /// What it starts from; nil where it is not pre-trained.
  package var start: PretrainingPlan.Job? { keys.pretraining.jobs.first }
}

extension Runner {
  /// Every refit of the plan, by what its evaluated fits came to. Without a store nothing would be left of them, so
  /// there are none; nor is there one of a model all of whose fits failed.
  package func refittings(after fits: [Int: SettledFit]) -> [Refitting] {
    guard store != nil else { return [] }
    var divider = Divider(corpora: corpora, settings: manifest.split)
    return plan.refits.enumerated().compactMap { index, refit -> Refitting? in
      guard let declaration = declaration(of: refit, after: fits) else { return nil }
      var runner = self
      runner.manifest.models = [declaration]
      runner.manifest.tuning = nil
      runner.plan = plan.alone(refit, of: manifest, &divider)
      let keys = runner.keys
      guard let slot = runner.slots(keys)?.first else { return nil }
      return Refitting(refit: refit, index: index, runner: runner, slot: slot, keys: keys)
    }
  }

  /// The model without a search and without early stopping, which has no validation rows to look at.
  private func declaration(of refit: Plan.Refit, after all: [Int: SettledFit]) -> ModelDeclaration? {
    var declaration = manifest.models[refit.model]
    var fits = refit.fits.compactMap { all[$0] }
    guard !fits.isEmpty else { return nil }
    if manifest.tuning != nil, !declaration.space.isEmpty {
      let won = Self.won(fits, primary: manifest.comparisons.primary)
      declaration = declaration.with(won.settings)
      fits = won.fits
    }
    declaration.space = SearchSpace()
    // It has no validation rows to choose on: of an even number the lower of the two in the middle.
    let thresholds = fits.compactMap(\.threshold).sorted()
    if !thresholds.isEmpty { declaration.threshold = thresholds[(thresholds.count - 1) / 2] }
    declaration.adjustment = fits.lazy.compactMap(\.adjustment).first
    if declaration.training.earlyStopping != nil {
      if let median = Self.median(fits.compactMap(\.epochs)) { declaration.training.epochs = median }
      declaration.training.earlyStopping = nil
    }
    return declaration
  }

  /// The settings that most fits chose, and those fits; of settings that as many chose, those with the best mean score
  /// on validation rows, and of equals the first.
  package static func won(_ fits: [SettledFit], primary: MetricName) -> (settings: [Setting], fits: [SettledFit]) {
    var candidates: [(settings: [Setting], scores: [Double], fits: [SettledFit])] = []
    for fit in fits {
      guard let chosen = fit.trials?.first(where: \.isChosen) else { continue }
      let score = (chosen.score ?? 0) * (primary.higherIsBetter ? 1 : -1)
      if let index = candidates.firstIndex(where: { $0.settings == chosen.settings }) {
        candidates[index].scores.append(score)
        candidates[index].fits.append(fit)
      } else {
        candidates.append((chosen.settings, [score], [fit]))
      }
    }
    func rank(_ index: Int) -> (Int, Double, Int) {
      let scores = candidates[index].scores
      return (scores.count, scores.reduce(0, +) / Double(scores.count), -index)
    }
    guard let best = candidates.indices.max(by: { rank($0) < rank($1) }) else { return ([], fits) }
    return (candidates[best].settings, candidates[best].fits)
  }

  /// Of an even number the mean of the two in the middle, a half rounded up; nil of none.
  package static func median(_ values: [Int]) -> Int? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2] + 1) / 2
  }

  /// Trains what is not stored, side by side as fits are.
  package func refit(_ refittings: [Refitting], novelty: NoveltyTable, progress: Progress) -> [RefitRecord] {
    // Those that cannot be made are not waited for.
    for index in plan.refits.indices where !refittings.contains(where: { $0.index == index }) {
      progress.ended(index, of: .refits)
      progress.ended(index, of: .refitPretraining)
    }
    guard !refittings.isEmpty else { return [] }
    let pretrained = pretrain(refittings, progress: progress)
    let threads = max(1, min(cores, jobs / refittings.count))
    let ended = Jobs.map(Array(refittings.indices), jobs: jobs) { index -> RefitRecord? in
      if stop.isMade { return nil }
      let refitting = refittings[index], name = refittings[index].refit.name, place = refitting.index
      let run = FitRun(
        runner: refitting.runner, fit: refitting.runner.plan.fits[0], threads: threads, novelty: novelty,
        slot: refitting.slot, pretraining: refitting.start.flatMap { pretrained[$0.key.digest] })
      progress.began(place, of: .refits)
      let result = run.run { share, loss in
        progress.reached(
          share, place, of: .refits, "refitting \(name) \(Int(share * 100)) % loss \(Progress.shown(loss: loss))")
      }
      progress.ended(place, of: .refits)
      return RefitRecord(
        name: name, path: result.isStored ? refitting.slot.modelPath : nil, failure: result.failure)
    }
    return refittings.indices.compactMap { ended[$0] ?? nil }
  }

  /// What the refits start from, by key: one after another, so that those which read the same texts share what the first
  /// of them made, or why it could not.
  private func pretrain(
    _ refittings: [Refitting], progress: Progress
  ) -> [String: Result<Pretrained, any Error>] {
    let count = Set(refittings.compactMap { $0.start?.key.digest }).count
    var made: [String: Result<Pretrained, any Error>] = [:]
    for refitting in refittings {
      guard let key = refitting.start?.key.digest, made[key] == nil else { continue }
      made[key] =
        refitting.runner.pretrain(
          refitting.keys.pretraining, of: count, stage: .refitPretraining, from: refitting.index, progress: progress)[0]
    }
    return made
  }
}
