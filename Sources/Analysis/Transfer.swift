import Compute
import Corpora
import Manifests
import Records
import Statistics
import Tasks

/// One row of cross-domain.csv: what fits lose from their own domain to another one. `drop` is in points.
public struct DropRow: Sendable {
  public var task, corpus, metric, model, source, target: String
  public var n: Int
  public var inDomain, outOfDomain, drop: Double
  /// outOfDomain / inDomain; nil where the latter is 0.
  public var ratio: Double?

  /// The metric that is accuracy as if the target mixed its classes as the source does (`PriorShift`).
  public static let priorCorrected = "accuracy_prior_corrected"
}

/// One row of transfer.csv: whether model_a loses more than model_b when the domain changes.
public struct TransferRow: Sendable {
  public var task, corpus, metric: String
  /// `primary` for the metric that decides, once a pair of models and corpus.
  public var role: ComparisonRow.Role
  public var modelA, modelB: String
  /// Domains, and ordered pairs of them, on which both models were tested.
  public var domains, pairs: Int
  /// Mean drop of each model over the pairs, in points.
  public var dropA, dropB: Double
  /// dropA − dropB.
  public var difference: Double
  /// Of the 95 % interval, uncorrected.
  public var low, high, p: Double?
  public var margin: Double
  /// model_a against model_b: the smaller drop is the better one. nil where no word was asked for.
  public var words: ComparisonRow.Words?
  /// What a reader of the interval must know; empty where there is nothing.
  public var note: String
  /// How the effort spent on the two models differs; empty where it does not.
  public var warning = ""
  /// nil for two domains.
  package var contrast: Contrast?

  public var verdict: Verdict? { words?.verdict }
}

/// Every fit of one corpus on other domains against the same fit on its own.
package struct Transfer {
  /// Below so many domains an interval over domains is said to rest on few.
  package static let fewDomains = 5
  /// Domains that are trained on, and tested on, at least for an interval.
  private static let fewestSides = 3

  package let task, corpus: String
  private let settings: ComparisonSettings
  private let declared: DeclaredContrasts
  private let effort: Effort
  private let seed: UInt64
  private let domains: [String]
  private let models: [String]
  private let trials: [Crossing]
  /// Trials of each model that were not finite.
  private let notFinite: [String: Int]

  /// One fit on another domain, beside itself on its own.
  private struct Crossing {
    var outside, inside: TrialRecord

    /// (in, out), as fractions or in the metric's own unit; nil where the metric has no value in one of them. Means over
    /// classes are over those that occur in this fit's trial, or `beside` another model's on the same rows.
    func values(_ metric: String, beside other: Crossing? = nil) -> (inside: Double, outside: Double)? {
      if metric == DropRow.priorCorrected { return PriorShift(inside: inside, outside: outside)?.accuracy }
      func score(_ own: TrialRecord, _ other: TrialRecord?) -> Double? {
        let name = ScoreName(column: metric)
        guard let other, name?.metric?.isClassMean == true else {
          return own.metrics[metric].flatMap { $0.isFinite ? $0 : nil }
        }
        return own.score(metric, over: TrialRecord.occurring(in: [own, other], on: name?.novelty))
      }
      guard let a = score(inside, other?.inside), let b = score(outside, other?.outside) else { return nil }
      return (a, b)
    }
  }

  /// One for each corpus whose fits were tested on other domains, in the records' order.
  package static func all(of records: [TrialRecord], manifest: Manifest) -> [Transfer] {
    var own: [String: TrialRecord] = [:]
    for record in records where record.source == record.target && record.status == .ok {
      if own[record.fit] == nil { own[record.fit] = record }
    }
    var places: [[String]] = []
    var members: [[String]: [Crossing]] = [:]
    for record in records where record.source != record.target && record.status == .ok {
      guard let inside = own[record.fit] else { continue }
      let place = [record.task, record.corpus]
      if members[place] == nil { places.append(place) }
      members[place, default: []].append(Crossing(outside: record, inside: inside))
    }
    return places.map { place in
      let broken = records.filter { [$0.task, $0.corpus] == place && $0.isNotFinite }.map(\.model)
      return Transfer(
        place, members[place] ?? [], notFinite: Dictionary(broken.map { ($0, 1) }, uniquingKeysWith: +), manifest)
    }
  }

  private init(_ place: [String], _ trials: [Crossing], notFinite: [String: Int], _ manifest: Manifest) {
    (task, corpus, self.notFinite) = (place[0], place[1], notFinite)
    (settings, seed, self.trials) = (manifest.comparisons, manifest.seed, trials)
    (declared, effort) = (DeclaredContrasts(manifest), Effort(manifest: manifest))
    domains = trials.flatMap { [$0.outside.source, $0.outside.target] }.uniqued()
    let found = trials.map(\.outside.model).uniqued()
    let order = manifest.models.map(\.name)
    models = order.filter(found.contains) + found.filter { !order.contains($0) }
  }

  private var metrics: [String] {
    let problem = trials.first?.outside.problem ?? .classification
    let usual =
      problem == .classification
      ? ["accuracy", DropRow.priorCorrected, "f1_macro"] : problem.compared.prefix(2).map(\.rawValue)
    return usual + [settings.primary.rawValue, deciding].filter { !usual.contains($0) }.uniqued()
  }

  /// The primary metric on novel texts: what both domains hold says what a fit remembers. On all texts where no trial
  /// knows what is novel.
  private var deciding: String {
    let novel = ScoreName.part(settings.primary, .novel).column
    return trials.contains { $0.outside.metrics[novel] != nil } ? novel : settings.primary.rawValue
  }

  // MARK: Drops

  /// By metric, then by model in the manifest's order; within one, as the records have it.
  package func drops() -> [DropRow] {
    metrics.flatMap { metric in models.flatMap { drops(of: $0, metric) } }
  }

  private func drops(of model: String, _ metric: String) -> [DropRow] {
    let scale = Comparison.Scale(metric, margin: settings.margin)
    var keys: [[String]] = []
    var members: [[String]: [(inside: Double, outside: Double)]] = [:]
    for trial in trials where trial.outside.model == model {
      let key = [trial.outside.source, trial.outside.target]
      guard let values = trial.values(metric) else { continue }
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(values)
    }
    return keys.compactMap { key in
      let values = members[key] ?? []
      guard let inside = Descriptive.mean(values.map(\.inside)), let outside = Descriptive.mean(values.map(\.outside))
      else { return nil }
      return DropRow(
        task: task, corpus: corpus, metric: metric, model: model, source: key[0], target: key[1], n: values.count,
        inDomain: inside, outOfDomain: outside, drop: (inside - outside) * scale.factor,
        ratio: inside > 0 ? outside / inside : nil)
    }
  }

  // MARK: Differences of drops

  /// For every pair of models, the deciding metric first.
  package func rows() -> [TransferRow] {
    let ordered = [deciding] + metrics.filter { $0 != deciding }
    return declared.allPairs(of: models).flatMap { pair in ordered.compactMap { row(pair.a, pair.b, $0) } }
  }

  /// The deciding row of two models; nil where they share no trials.
  package func decidingRow(_ a: String, _ b: String) -> TransferRow? { row(a, b, deciding) }

  /// The declared pairs of this corpus, whose deciding rows have words.
  package var declaredPairs: [ComparisonSettings.Pair] {
    declared.pairs.filter { models.contains($0.a) && models.contains($0.b) }
  }

  /// Words for the deciding rows of declared pairs.
  package func judged(_ rows: [TransferRow], by judge: Judge) -> [TransferRow] {
    rows.map { row in
      var row = row
      let pair = ComparisonSettings.Pair(a: row.modelA, b: row.modelB)
      guard row.role == .primary, declaredPairs.contains(pair) else { return row }
      for model in [row.modelA, row.modelB] { Remarks.add(judge.lost(model, inCorpus: corpus), to: &row.warning) }
      if let reason = whyNoWord(row) {
        row.words = ComparisonRow.Words(level: judge.levelOfOthers, verdict: .none(reason))
        return row
      }
      guard let contrast = row.contrast else { return row }
      // A drop is what is lost: less of it is better. Of a loss, in − out is less the more it grows.
      let scale = Comparison.Scale(row.metric, margin: settings.margin).ofDrops
      row.words = scale.words(
        contrast, level: judge.levelOfOthers, p: row.p.map(judge.correctedOther), parts: nil, unit: "domains")
      return row
    }
  }

  /// As in a setting: something was not finite, or too few trainings where chance has a part; and too few domains.
  package func whyNoWord(_ row: TransferRow) -> String? {
    for model in [row.modelA, row.modelB] {
      if let count = notFinite[model] {
        return "\(count) trial\(count == 1 ? " of \(model) was" : "s of \(model) were") not finite"
      }
    }
    let isOfficial = trials.allSatisfy { $0.inside.protocolName == ProtocolDeclaration.Kind.official.rawValue }
    if !isOfficial || [row.modelA, row.modelB].contains(where: declared.isTrainedByChance) {
      let fewest =
        [row.modelA, row.modelB].map { model in
          let own = trials.filter { $0.outside.model == model }
          return Dictionary(grouping: own) { [$0.outside.source, $0.outside.target] }.values.map(\.count).min() ?? 0
        }.min() ?? 0
      if fewest < Judge.fewestTrials {
        return "\(fewest) seed\(fewest == 1 ? "" : "s"), words need \(Judge.fewestTrials)"
      }
    }
    guard let contrast = row.contrast else {
      return row.domains < Self.fewestSides
        ? "2 domains show nothing of how domains differ"
        : "fewer than \(Self.fewestSides) domains to train on show nothing of how these differ"
    }
    return contrast.standardError > 0 ? nil : "equal differences in all domains show nothing of how domains differ"
  }

  private func row(_ a: String, _ b: String, _ metric: String) -> TransferRow? {
    let scale = Comparison.Scale(metric, margin: settings.margin)
    // Paired: both models on the same split of the same source, tested on the same rows of the same target.
    struct Place: Hashable {
      var source, target: String
      var slot: TrialGroup.Slot
    }
    func place(_ trial: Crossing) -> Place {
      Place(source: trial.outside.source, target: trial.outside.target, slot: TrialGroup.Slot(trial.outside))
    }
    var other: [Place: Crossing] = [:]
    for trial in trials where trial.outside.model == b { other[place(trial)] = trial }
    var cells = [[[(a: Double, b: Double)]]](
      repeating: [[(a: Double, b: Double)]](repeating: [], count: domains.count), count: domains.count)
    // Test rows behind each cell's values.
    var counts = cells.map { $0.map { _ in (inside: 0, outside: 0) } }
    for trial in trials where trial.outside.model == a {
      guard let twin = other[place(trial)], let own = trial.values(metric, beside: twin),
        let its = twin.values(metric, beside: trial),
        let source = domains.firstIndex(of: trial.outside.source),
        let target = domains.firstIndex(of: trial.outside.target)
      else { continue }
      cells[source][target].append(
        ((own.inside - own.outside) * scale.factor, (its.inside - its.outside) * scale.factor))
      let tested = (inside: trial.inside.rows(behind: metric), outside: trial.outside.rows(behind: metric))
      let known = counts[source][target]
      counts[source][target] = (max(known.inside, tested.inside), max(known.outside, tested.outside))
    }
    // The mean over repetitions first: each pair of domains counts once, however many of its fits ended.
    let means = cells.map { $0.map { cell in Descriptive.mean(cell.map { $0.a - $0.b }) } }
    var random = Random(seed: seed, stream: "transfer/\(task)/\(corpus)")
    guard let bootstrap = VertexBootstrap(means, generatorSeed: random.next()) else { return nil }
    func drop(_ value: ((a: Double, b: Double)) -> Double) -> Double {
      Descriptive.mean(cells.flatMap { $0 }.compactMap { Descriptive.mean($0.map(value)) }) ?? 0
    }
    let least = leastVariance(of: counts, pairs: bootstrap.pairs) * scale.factor * scale.factor
    return conclude(
      TransferRow(
        task: task, corpus: corpus, metric: metric, role: metric == deciding ? .primary : .sensitivity,
        modelA: a, modelB: b, domains: bootstrap.domains, pairs: bootstrap.pairs, dropA: drop { $0.a },
        dropB: drop { $0.b }, difference: bootstrap.mean, low: nil, high: nil, p: nil, margin: scale.margin, note: "",
        warning: effort.warning(a, b, in: trials.map(\.outside))), bootstrap, scale.ofDrops,
      least: scale.isFraction ? least : 0)
  }

  /// Of the mean over the pairs, as if one row told the models apart on each test part: equal answers on finitely many rows
  /// do not show that two models lose equally much. The rows of a fit's own domain stand in all pairs of that domain.
  private func leastVariance(of counts: [[(inside: Int, outside: Int)]], pairs: Int) -> Double {
    func square(_ value: Double) -> Double { value * value }
    let whole = Double(max(1, pairs))
    return counts.reduce(0) { sum, row in
      let used = row.filter { $0.inside > 0 && $0.outside > 0 }
      guard let own = used.map(\.inside).max() else { return sum }
      return sum + square(Double(used.count) / whole / Double(own))
        + used.reduce(0) { $0 + square(1 / (whole * Double($1.outside))) }
    }
  }

  private func conclude(
    _ blank: TransferRow, _ bootstrap: VertexBootstrap, _ scale: Comparison.Scale, least: Double
  ) -> TransferRow {
    var row = blank
    if bootstrap.domains < Self.fewDomains { row.note = "fewer than \(Self.fewDomains) domains" }
    // Domains that are drawn are no sample of sources where one or two stand in all pairs.
    guard var contrast = bootstrap.contrast, min(bootstrap.sources, bootstrap.targets) >= Self.fewestSides else {
      return row
    }
    let seen = contrast.estimatedVariance
    // Where all pairs are equal nothing is said anyway.
    if seen > 0, seen < least { contrast = contrast.adding(least - seen) }
    let interval = scale.interval(of: contrast, level: 0.95)
    (row.contrast, row.low, row.high, row.p) = (contrast, interval.low, interval.high, contrast.p)
    return row
  }
}
