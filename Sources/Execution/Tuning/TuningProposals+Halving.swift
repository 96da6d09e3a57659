import Manifests
import Records
import Settings

extension TuningProposals {
  /// The next settings of successive halving: those of the first rung, or those of the last whole rung that were best.
  func halved(_ count: Int, _ planned: Halving, after trials: [TuningRecord.Trial]) -> [[Setting]] {
    guard let first = planned.rungs.first else { return [] }
    // A small space has fewer.
    let drawn = draws(first.count, after: [trials[0].settings])
    let rungs = Halving(settings: drawn.count, epochs: planned.rungs[0].divisor).rungs
    var candidates = drawn, tried = trials.dropFirst()
    for rung in rungs {
      let own = tried.prefix(candidates.count)
      if own.count < candidates.count {
        return candidates[own.count...].prefix(count).map { limited($0, divisor: rung.divisor) }
      }
      tried = tried.dropFirst(candidates.count)
      let next = candidates.count / Halving.reduction
      candidates = best(next, of: zip(candidates, own.map(value)))
    }
    return []
  }

  /// By score, the highest first, of equals the earlier; those without a model come last.
  private func best(_ count: Int, of tried: some Sequence<([Setting], Double?)>) -> [[Setting]] {
    let ranked = tried.enumerated().sorted { a, b in
      let (first, second) = (a.element.1 ?? -.infinity, b.element.1 ?? -.infinity)
      return (second, a.offset) < (first, b.offset)
    }
    return ranked.prefix(count).map(\.element.0)
  }

  /// The same settings with a part of their epochs, rounded up.
  private func limited(_ settings: [Setting], divisor: Int) -> [Setting] {
    guard divisor > 1 else { return settings }
    let epochs = (model.with(settings).training.epochs + divisor - 1) / divisor
    return settings.filter { $0.key != Self.epochs } + [Setting(Self.epochs, .integer(epochs))]
  }

  private static var epochs: String { "training.epochs" }
}
