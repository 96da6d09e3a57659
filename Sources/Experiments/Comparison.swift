import Manifests
import Metrics
import Statistics

/// Two models on one group of trials: every metric, every test, and which one decides.
///
/// The deciding test on the primary metric: the corrected resampled t over folds or repeated hold-outs (Nadeau and
/// Bengio 2003); on an official split, and wherever there is one pair only, the bootstrap (over seeds and examples
/// together, and with one pair over its examples alone).
///
/// Both models are scored over one list of classes: those that stand among the true or the predicted ones of either on
/// the test part. It is fixed before anything is resampled.
struct Comparison {
  static let metrics = [
    "accuracy", "precision_macro", "recall_macro", "f1_macro", "auc_ovr_macro", "mcc", "log_loss",
  ]
  static let areaUnderCurve: Set = ["auc_ovr_macro", "auc_ovr_weighted"]

  let group: TrialGroup
  let modelA: String
  let modelB: String
  let settings: ComparisonSettings
  private let pairs: [(a: TrialRecord, b: TrialRecord)]
  /// The list of each pair; of an official split, whose trials are all on one test part, one for all.
  private let lists: [[Int]]
  private let resampling: GroupBootstrap

  /// `resampling` is the group's: its pairs share their draws.
  init(
    _ group: TrialGroup, _ modelA: String, _ modelB: String, _ settings: ComparisonSettings,
    resampling: GroupBootstrap
  ) {
    (self.group, self.modelA, self.modelB, self.settings) = (group, modelA, modelB, settings)
    (pairs, self.resampling) = (group.pairs(modelA, modelB), resampling)
    if group.design == .official {
      let list = TrialRecord.occurring(in: pairs.flatMap { [$0.a, $0.b] })
      lists = pairs.map { _ in list }
    } else {
      lists = pairs.map { TrialRecord.occurring(in: [$0.a, $0.b]) }
    }
  }

  /// The deciding row first, then the others by metric.
  func rows() -> [ComparisonRow] {
    let primary = settings.primary
    let names = Self.metrics.contains(primary) ? Self.metrics : [primary] + Self.metrics
    let all = names.flatMap { rows(of: $0, isPrimary: $0 == primary) }
    return all.filter { $0.role == .primary } + all.filter { $0.role == .sensitivity }
  }

  /// A pair with both its scores.
  private struct Scored {
    var a, b: Double
    var trials: (a: TrialRecord, b: TrialRecord)
    /// The classes that it is scored over.
    var list: [Int]
  }

  private func rows(of metric: String, isPrimary: Bool) -> [ComparisonRow] {
    let scale = Scale(metric, margin: settings.margin)
    let defined = zip(pairs, lists).compactMap { trials, list -> Scored? in
      guard let a = trials.a.score(metric, over: list), let b = trials.b.score(metric, over: list) else { return nil }
      return Scored(a: a, b: b, trials: trials, list: list)
    }
    var blank = row(metric, scale, n: defined.count)
    func undecidable(_ reason: String) -> ComparisonRow {
      var row = blank
      row.role = .primary
      row.test = group.design == .official ? "bootstrap" : "corrected-t"
      row.verdict = .none(reason)
      return row
    }
    guard !defined.isEmpty else {
      guard isPrimary else { return [] }
      return [undecidable(pairs.isEmpty ? "no pair of ended trials" : "\(metric) is undefined in every trial")]
    }
    // The mean over pairs; every test below has this difference.
    let differences = defined.map { ($0.a - $0.b) * scale.factor }
    blank.difference = Descriptive.mean(differences)
    var result: [ComparisonRow] = []
    let isBootstrapped = group.design == .official || defined.count == 1
    if isBootstrapped, isPrimary || defined.count == 1 || !Self.areaUnderCurve.contains(metric) {
      result.append(bootstrap(blank, metric, scale, defined))
    }
    if defined.count > 1 {
      if !isBootstrapped {
        let trials = defined.flatMap { [$0.trials.a, $0.trials.b] }
        result.append(
          tTest(blank, "corrected-t", differences, ratio: TrialGroup.testOverTrain(trials), scale))
      }
      result.append(tTest(blank, "paired-t", differences, ratio: 0, scale))
    }
    if isPrimary, group.design == .kfold, defined.count == 1 {
      // Its bootstrap stands beside it: the fold's training rows are those of one division of many.
      result.insert(undecidable("one fold decides nothing"), at: 0)
    } else if isPrimary, !result.isEmpty {
      result[0].role = .primary
    }
    if metric == "accuracy", let row = mcNemar(blank, scale) { result.append(row) }
    return result
  }

  // MARK: Tests

  private func tTest(
    _ blank: ComparisonRow, _ name: String, _ differences: [Double], ratio: Double, _ scale: Scale
  ) -> ComparisonRow {
    var row = blank
    row.test = name
    guard let test = TTest.corrected(differences, testOverTrain: ratio) else { return row }
    row.statistic = test.statistic.isFinite ? test.statistic : nil
    row.p = test.p
    row.effect = EffectSize.cohenDz(differences)
    let deviation = Descriptive.standardDeviation(differences) ?? 0
    let needed = Decision.repetitionsToDecide(sd: deviation, ratio: ratio, margin: scale.margin)
    let remedy = needed.map { Verdict.Remedy.repetitions($0, unit: unit) } ?? .never(unit: unit)
    conclude(&row, test.interval(level: 0.95), test.interval(level: 0.90), remedy, scale)
    return row
  }

  private func bootstrap(
    _ blank: ComparisonRow, _ metric: String, _ scale: Scale, _ trials: [Scored]
  ) -> ComparisonRow {
    var row = blank
    row.test = "bootstrap"
    row.effect = EffectSize.cohenDz(trials.map { ($0.a - $0.b) * scale.factor })
    // All on one test part, and so over one list.
    let list = trials.first?.list ?? []
    guard let test = resampling.difference(trials.map(\.trials.a), trials.map(\.trials.b), metric, over: list) else {
      row.verdict = .none("\(metric) cannot be resampled")
      return row
    }
    row.p = test.p
    func scaled(_ level: Double) -> Interval {
      let interval = test.interval(level: level)
      return Interval(low: interval.low * scale.factor, high: interval.high * scale.factor)
    }
    let square = scale.factor * scale.factor
    let seeds = Decision.seedsToDecide(
      exampleVariance: test.exampleVariance * square, seedVariance: test.seedVariance * square, margin: scale.margin)
    var remedy = seeds.map { Verdict.Remedy.repetitions(max($0, trials.count + 1), unit: unit) } ?? .never(unit: unit)
    // One trial a side shows nothing of how seeds vary; a new split brings new examples too.
    if trials.count == 1, seeds != nil || group.design != .official { remedy = .unobserved(unit: unit) }
    conclude(&row, scaled(0.95), scaled(0.90), remedy, scale)
    if trials.count == 1 { row.warning = "one trial a side: how \(unit) vary is not seen" }
    return row
  }

  /// On the first seed's test rows, or those of all folds of the first repetition; n counts examples.
  private func mcNemar(_ blank: ComparisonRow, _ scale: Scale) -> ComparisonRow? {
    guard let first = pairs.first else { return nil }
    let pooled =
      group.design == .kfold
      ? pairs.filter { $0.a.repetition == first.a.repetition && $0.a.seed == first.a.seed } : [first]
    var right: (a: [Bool], b: [Bool]) = ([], [])
    var groups: [Int] = []
    for pair in pooled where pair.a.ids == pair.b.ids {
      right.a += pair.a.isRight
      right.b += pair.b.isRight
      groups += pair.a.groups
    }
    guard let test = McNemarTest(a: right.a, b: right.b), let difference = test.riskDifference,
      var wide = ProportionInterval.newcombe(paired: test, level: 0.95),
      var narrow = ProportionInterval.newcombe(paired: test, level: 0.90)
    else { return nil }
    var row = blank
    row.test = "mcnemar"
    row.n = test.examples
    row.difference = difference * scale.factor
    row.statistic = test.onlyA + test.onlyB < 25 ? Double(min(test.onlyA, test.onlyB)) : test.corrected.statistic
    row.p = test.p
    row.effect = difference
    if !groups.isEmpty {
      guard let grouped = GroupedMcNemarTest(a: right.a, b: right.b, groups: groups) else { return nil }
      row.statistic = grouped.isExact ? Double(grouped.smallerSum) : grouped.corrected.statistic
      row.p = grouped.p
      (wide, narrow) = (grouped.interval(level: 0.95), grouped.interval(level: 0.90))
    }
    func scaled(_ interval: Interval) -> Interval {
      Interval(low: interval.low * scale.factor, high: interval.high * scale.factor)
    }
    conclude(&row, scaled(wide), scaled(narrow), .unknown, scale)
    return row
  }

  // MARK: Rows

  /// What the metric's unit is: points for fractions; a margin in points is so many hundredths of any other unit.
  struct Scale {
    let factor: Double
    let margin: Double
    let higherIsBetter: Bool

    init(_ metric: String, margin: Double) {
      let name = ScoreName(column: metric)
      let isFraction = name?.isFraction ?? true
      factor = isFraction ? 100 : 1
      self.margin = isFraction ? margin : margin / 100
      higherIsBetter = name?.higherIsBetter ?? true
    }
  }

  private var unit: String { group.design == .kfold ? "folds" : "seeds" }

  private func row(_ metric: String, _ scale: Scale, n: Int) -> ComparisonRow {
    let key = group.key
    return ComparisonRow(
      task: key.task, corpus: key.corpus, protocolName: key.protocolName, source: key.source, target: key.target,
      metric: metric, role: .sensitivity, modelA: modelA, modelB: modelB, test: "", n: n,
      missing: group.plannedPairs(modelA, modelB) - n, difference: nil, low: nil, high: nil, statistic: nil, p: nil,
      pHolm: nil, effect: nil, margin: scale.margin, verdict: .none("no test"))
  }

  private func conclude(
    _ row: inout ComparisonRow, _ wide: Interval, _ narrow: Interval, _ remedy: Verdict.Remedy, _ scale: Scale
  ) {
    (row.low, row.high) = (wide.low, wide.high)
    row.verdict = Verdict(
      interval95: (wide.low, wide.high), interval90: (narrow.low, narrow.high), margin: scale.margin,
      higherIsBetter: scale.higherIsBetter, remedy: remedy)
  }
}
