import Compute
import Families
import Manifests
import Records
import Search
import Settings
import Tasks

/// Which settings a search tries next: by the manifest's method, of what has been tried.
struct TuningProposals {
  private let settings: TuningSettings
  let model: ModelDeclaration
  private var space: SearchSpace { model.space }
  private let random: Random
  private let higherIsBetter: Bool
  private let bayesian: BayesianSearch<SettingDomain>

  init(_ settings: TuningSettings, _ fitter: Fitter) {
    (self.settings, model, random) = (settings, fitter.model, fitter.random)
    higherIsBetter = fitter.primary.higherIsBetter
    bayesian = BayesianSearch(SettingDomain(model), trials: settings.trials)
  }

  /// The next round, none of it tried before; empty where there are no more settings.
  func next(after trials: [TuningRecord.Trial], atMost most: Int) -> [[Setting]] {
    if trials.isEmpty { return [model.effective(space.declared)] }
    let count = min(settings.parallel, most)
    switch settings.search {
    case .grid: return combinations(count, after: trials)
    case .random: return draws(count, after: trials.map(\.settings))
    case .halving: return halved(count, settings.halving(of: model), after: trials)
    case .bayesian:
      return bayesian.next(count, after: observations(trials), random: random).map(bayesian.domain.settings)
    }
  }

  /// Those of the grid in its order, but for the declared one.
  private func combinations(_ count: Int, after trials: [TuningRecord.Trial]) -> [[Setting]] {
    guard let size = space.gridCount else { preconditionFailure("a grid has lists only") }
    var known = trials.map(\.settings)
    for index in 0..<size where known.count < trials.count + count {
      let combination = model.effective(space.combination(index))
      if !known.contains(combination) { known.append(combination) }
    }
    return Array(known[trials.count...])
  }

  /// Settings that are none of those tried; fewer than `count` where there are no more.
  func draws(_ count: Int, after tried: [[Setting]]) -> [[Setting]] {
    var known = tried
    for number in tried.count + 1..<tried.count + 1 + count {
      let random = random.stream("tuning trial \(number)")
      // So many for a space of few numbers, of which all may have been tried.
      let draw = (0..<10_000).lazy.map { model.effective(space.draw(random.stream("draw \($0)"))) }
        .first { !known.contains($0) }
      guard let draw else { break }
      known.append(draw)
    }
    return Array(known[tried.count...])
  }

  /// The score of a trial, the higher the better; nil where it gave no model.
  func value(_ trial: TuningRecord.Trial) -> Double? { trial.score.map { higherIsBetter ? $0 : -$0 } }

  /// The higher the better; a trial that gave no model counts as the worst that did, so that its like is avoided.
  private func observations(_ trials: [TuningRecord.Trial]) -> [BayesianSearch<SettingDomain>.Observation] {
    let scores = trials.map(value)
    let worst = scores.compactMap(\.self).min() ?? 0
    return zip(trials, scores).map { .init(bayesian.domain.point($0.settings), $1 ?? worst) }
  }
}
