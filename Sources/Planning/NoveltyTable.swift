import Corpora
import Files

/// Seen, near or novel, for every test row of every trial: worked out once for a training part and a target, and shared
/// by all models.
package struct NoveltyTable: Sendable {
  private struct Key: Hashable {
    var data: Plan.DataKey
    var target: Int
  }

  private let novelty: [Key: [Novelty]]

  /// `texts` are the corpora's indices, in their order.
  package init(plan: Plan, texts: [TextIndex], jobs: Int) {
    var keys: [Key] = []
    var known: Set<Key> = []
    for fit in plan.fits {
      for trial in fit.trials {
        let key = Key(data: fit.data, target: trial.target)
        if known.insert(key).inserted { keys.append(key) }
      }
    }
    let all = keys
    let found = Jobs.map(Array(all.indices), jobs: jobs) { index in
      let key = all[index]
      var target = key.data
      target.domain = key.target
      return texts[key.data.corpus].novelty(
        of: .init(plan.splits[target]!.test, of: key.target),
        trainedOn: .init(plan.splits[key.data]!.train, of: key.data.domain))
    }
    novelty = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, found[$0]!) })
  }

  /// In the order of the trial's test rows.
  package func novelty(of trial: Plan.Trial, in fit: Plan.Fit) -> [Novelty] {
    novelty[Key(data: fit.data, target: trial.target)]!
  }
}
