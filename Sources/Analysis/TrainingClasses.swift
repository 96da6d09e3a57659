import Corpora
import Manifests
import Planning

/// What the training rows of one domain and protocol lack beyond test rows: a second class, or classes that validation
/// rows have. Counts over all divisions together.
package struct TrainingClasses {
  package var corpus: Int
  package var domain: Int
  package var protocolIndex: Int
  package var protocolKind: ProtocolDeclaration.Kind
  package var divisions = 0
  /// Divisions whose training rows are of one class, and the first of those classes.
  package var lonely = 0
  package var only: Int?
  /// Validation rows, and those of them whose class training lacks, by class.
  package var validationRows = 0
  package var unseen: [Int: Int] = [:]

  /// In the plan's order.
  package static func all(_ corpora: [Corpus], plan: Plan) -> [TrainingClasses] {
    var order: [[Int]] = []
    var found: [[Int]: TrainingClasses] = [:]
    // Every model has the same rows: a division is looked at once, but for models that look at no validation rows.
    var seen: Set<Plan.DataKey> = []
    for fit in plan.fits where seen.insert(fit.data).inserted {
      let key = [fit.data.corpus, fit.data.domain, fit.protocolIndex]
      var entry =
        found[key]
        ?? TrainingClasses(
          corpus: fit.data.corpus, domain: fit.data.domain, protocolIndex: fit.protocolIndex,
          protocolKind: fit.protocolKind)
      if found[key] == nil { order.append(key) }
      let classes = plan.classes(of: fit)
      entry.divisions += 1
      if classes.count < 2, corpora[fit.data.corpus].problem == .classification {
        entry.lonely += 1
        entry.only = entry.only ?? classes.first
      }
      // Of several labels those that training lacks are left out of validation rows, which choose all the same.
      if fit.usesValidation, corpora[fit.data.corpus].problem == .classification {
        let examples = corpora[fit.data.corpus].domains[fit.data.domain].examples
        let validation = plan.split(of: fit).validation, known = Set(classes)
        entry.validationRows += validation.count
        for label in validation.flatMap({ examples[$0].target.classes }) where !known.contains(label) {
          entry.unseen[label, default: 0] += 1
        }
      }
      found[key] = entry
    }
    return order.compactMap { found[$0] }
  }

  package func warnings(_ corpus: Corpus, _ shortages: [Plan.Shortage]) -> [DataWarning] {
    let isOfficial = protocolKind == .official, domain = corpus.domains[domain].domain
    func place(_ key: String) -> ManifestPlace {
      isOfficial
        ? .domain(corpus: corpus.name, name: domain, key: key)
        : .protocols(protocolIndex, key: protocolKind == .kfold ? "folds" : "kind")
    }
    var warnings: [DataWarning] = []
    if lonely > 0, let only {
      let all = lonely < divisions ? " in \(lonely) of \(divisions) divisions" : ""
      warnings.append(
        DataWarning(
          kind: .oneClass, corpus: corpus.name, domain: domain, place: place("train"),
          found: "training rows of one class alone\(all), `\(ClassNames.shown(corpus.classes[only]))`, so that every "
            + "model answers nothing else",
          expected: isOfficial
            ? "training rows of at least two classes" : "more rows of other classes, smaller groups, or fewer parts"))
    }
    if !unseen.isEmpty {
      let rows = unseen.values.reduce(0, +), names = Set(unseen.keys.map { corpus.classes[$0] })
      let shortage = shortages.first {
        $0.corpus == self.corpus && $0.domain == self.domain && $0.protocolIndex == protocolIndex
      }
      let short = shortage?.classes.filter { names.contains($0.name) } ?? []
      let classes = unseen.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (corpus.classes[$0.key], $0.value) }
      warnings.append(
        DataWarning(
          kind: .unseen, corpus: corpus.name, domain: domain, place: place("validation"),
          found: "\(rows) of \(validationRows) validation rows have a class that training lacks, so that nothing is "
            + "chosen by them: \(ClassNames.list(classes))",
          expected: isOfficial
            ? "training rows of these classes, or `drop_labels` of them"
            : short.isEmpty
              ? "more rows of these classes, or `minimum_rows`, which leaves them out"
              : DataWarning.remedy(short, shortage?.parts ?? 0, corpus.domains[self.domain].reading)))
    }
    return warnings
  }
}
