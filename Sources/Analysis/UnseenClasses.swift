import Corpora
import Manifests
import Planning

/// Test rows whose class no training row of their trial has: no model that was trained there can answer them.
package struct UnseenClasses {
  /// A training domain and a test domain.
  package struct Pair {
    package var source: Int
    package var target: Int
    /// Test rows of all divisions together, and those of them whose class training lacks, by class.
    package var rows = 0
    package var unseen: [Int: Int] = [:]
    package var unseenRows = 0
  }

  package var corpus: Int
  package var protocolIndex: Int
  package var protocolName: String
  /// In the plan's order, those with such rows alone.
  package var pairs: [Pair]
  /// All pairs that were looked at.
  package var count: Int

  /// One for each corpus, protocol and training domain; for other domains than the own one for each corpus and protocol.
  package static func all(_ corpora: [Corpus], plan: Plan) -> [UnseenClasses] {
    struct Key: Hashable {
      var corpus: Int
      var name: String
      var domain: Int?
    }
    var order: [Key] = []
    var found: [Key: UnseenClasses] = [:]
    var places: [Key: [[Int]: Int]] = [:]
    var seen: Set<Plan.DataKey> = [], seenAcross: [Plan.DataKey: Set<Int>] = [:]
    for fit in plan.fits {
      // Every model has the same rows: a division is looked at once.
      let isNew = seen.insert(fit.data).inserted
      let examples = corpora[fit.data.corpus].domains[fit.data.domain].examples
      var trained: Set<Int>?
      for trial in fit.trials where isNew || !(seenAcross[fit.data]?.contains(trial.target) ?? false) {
        seenAcross[fit.data, default: []].insert(trial.target)
        let known = trained ?? Set(plan.split(of: fit).train.flatMap { examples[$0].target.classes })
        trained = known
        let crosses = trial.target != fit.data.domain
        let key = Key(corpus: fit.data.corpus, name: trial.protocolName, domain: crosses ? nil : fit.data.domain)
        if found[key] == nil {
          order.append(key)
          found[key] = UnseenClasses(
            corpus: fit.data.corpus, protocolIndex: fit.protocolIndex, protocolName: trial.protocolName, pairs: [],
            count: 0)
        }
        let pair = [fit.data.domain, trial.target]
        let place = places[key]?[pair] ?? found[key]!.pairs.count
        if place == found[key]!.pairs.count {
          places[key, default: [:]][pair] = place
          found[key]!.pairs.append(Pair(source: fit.data.domain, target: trial.target))
        }
        let target = corpora[fit.data.corpus].domains[trial.target].examples
        for row in plan.testRows(of: trial, in: fit) {
          found[key]!.pairs[place].rows += 1
          let unseen = target[row].target.classes.filter { !known.contains($0) }
          for label in unseen { found[key]!.pairs[place].unseen[label, default: 0] += 1 }
          if !unseen.isEmpty { found[key]!.pairs[place].unseenRows += 1 }
        }
      }
    }
    return order.compactMap { found[$0] }.map { entry in
      var entry = entry
      entry.count = entry.pairs.count
      entry.pairs.removeAll { $0.unseen.isEmpty }
      return entry
    }
  }

  /// nil where there are no such rows.
  package func warning(_ corpus: Corpus, _ shortages: [Plan.Shortage]) -> DataWarning? {
    guard let worst = pairs.max(by: { Self.share($0) < Self.share($1) }) else { return nil }
    let isOwn = worst.source == worst.target
    let names = Set(worst.unseen.keys.map { corpus.classes[$0] })
    let shortage = shortages.first {
      isOwn && $0.corpus == self.corpus && $0.domain == worst.source && $0.protocolIndex == protocolIndex
    }
    let short = shortage?.classes.filter { names.contains($0.name) } ?? []
    let remedy =
      isOwn && protocolName == ProtocolDeclaration.Kind.official.rawValue
      ? "training rows of these classes, or `drop_labels` of them"
      : isOwn && !short.isEmpty
        ? DataWarning.remedy(short, shortage?.parts ?? 0, corpus.domains[worst.source].reading)
        : isOwn
          ? "more rows of these classes, or `minimum_rows`, which leaves them out"
          : "domains with the same classes, or `keep_labels` of those they share"
    var found =
      corpus.problem == .classification
      ? "\(Self.text(worst)) have a class that training lacks, so that no model answers them right: \(classes(worst, corpus))"
      : "\(Self.text(worst)) have a label that training lacks, so that no model gives it: \(classes(worst, corpus))"
    if !isOwn {
      let pair = "\(corpus.domains[worst.source].domain) → \(corpus.domains[worst.target].domain)"
      found = "of \(pair), " + found
      if count > 1 { found += "; so in \(pairs.count) of \(count) pairs of domains, here the most" }
    }
    let domain = corpus.domains[worst.target].domain
    let place: ManifestPlace =
      isOwn && protocolName == ProtocolDeclaration.Kind.official.rawValue
      ? .domain(corpus: corpus.name, name: domain, key: "test") : .protocols(protocolIndex, key: "kind")
    return DataWarning(
      kind: .unseen, corpus: corpus.name, domain: isOwn ? domain : nil, place: place, found: found, expected: remedy)
  }

  private static func share(_ pair: Pair) -> Double { Double(pair.unseenRows) / Double(max(pair.rows, 1)) }

  /// `60 of 100 test rows (60.0 %)`
  private static func text(_ pair: Pair) -> String {
    let permille = (share(pair) * 1000).rounded() / 10
    return "\(pair.unseenRows) of \(pair.rows) test rows (\(permille) %)"
  }

  private func classes(_ pair: Pair, _ corpus: Corpus) -> String {
    let sorted = pair.unseen.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return ClassNames.list(sorted.map { (corpus.classes[$0.key], $0.value) })
  }
}
