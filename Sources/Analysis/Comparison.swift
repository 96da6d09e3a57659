import Manifests
import Records
import Statistics
import Tasks

/// Two models on one group of trials: every metric, every test, and the contrast that decides.
///
/// The deciding contrast is of the primary metric: the corrected resampled t over folds or repeated hold-outs (Nadeau and
/// Bengio 2003), with the sampling variance of one trial for a floor; on an official split, and wherever there is one pair
/// only, examples and seeds together.
///
/// Both models are scored over one list of classes: those that stand among the true or the predicted ones of either on
/// the test part. It is fixed before anything is resampled.
package struct Comparison {
  /// What is asked of the rows of a group's trials.
  package static func problem(of group: TrialGroup) -> Problem {
    group.ended.values.joined().first?.problem ?? .classification
  }

  /// Below so many groups of test rows a reader is told how many there are.
  package static let fewGroups = 20
  /// Scores that need the probabilities of all classes or labels: published runs do not keep those.
  package static func isOfWholeVectors(_ metric: String) -> Bool {
    MetricName(rawValue: metric)?.needsAllProbabilities ?? false
  }

  package let group: TrialGroup
  package let modelA: String
  package let modelB: String
  package let settings: ComparisonSettings
  private let pairs: [(a: TrialRecord, b: TrialRecord)]
  /// The list of each pair; of an official split, whose trials are all on one test part, one for all.
  private let lists: [[Int]]
  private let resampling: GroupBootstrap

  /// `resampling` is the group's: its pairs share their draws.
  package init(
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
  package func rows() -> [ComparisonRow] {
    let primary = settings.primary.rawValue
    let compared = Self.problem(of: group).compared.map(\.rawValue)
    let names = compared.contains(primary) ? compared : [primary] + compared
    let all = names.flatMap { rows(of: $0, isPrimary: $0 == primary) }
    return all.filter { $0.role == .primary } + all.filter { $0.role == .sensitivity }
  }

  /// The deciding row alone; nil where no metric has a value.
  package var decidingRow: ComparisonRow? {
    rows(of: settings.primary.rawValue, isPrimary: true).first { $0.role == .primary }
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
    var blank = row(metric, scale, defined)
    guard !defined.isEmpty else {
      guard isPrimary else { return [] }
      blank.role = .primary
      blank.test = group.design == .official ? .bootstrap : .correctedT
      blank.reason = pairs.isEmpty ? "no pair of ended trials" : "\(metric) is undefined in every trial"
      return [blank]
    }
    // The mean over pairs; every test below has this difference.
    let differences = defined.map { ($0.a - $0.b) * scale.factor }
    blank.difference = Descriptive.mean(differences)
    blank.effect = EffectSize.cohenDz(differences)
    if isPrimary, hasOtherClasses(metric, defined, scale) {
      blank.warn(
        "over the classes that have rows or that either of the two predicts, where scores are over each one's own")
    }
    var result: [ComparisonRow] = []
    let isBootstrapped = group.design == .official || defined.count == 1
    if isBootstrapped, isPrimary || defined.count == 1 || !Self.isOfWholeVectors(metric) {
      result.append(bootstrap(blank, metric, scale, defined))
    }
    if defined.count > 1 {
      if !isBootstrapped { result.append(corrected(blank, metric, scale, defined)) }
      result.append(plain(blank, differences, scale))
    }
    if isPrimary, !result.isEmpty { result[0].role = .primary }
    if isExactness(metric), let row = mcNemar(blank, scale) { result.append(row) }
    return result
  }

  /// Whether the scores that the models have by themselves differ by something else: each is a mean over the classes that
  /// the model itself predicts, or that have rows.
  private func hasOtherClasses(_ metric: String, _ defined: [Scored], _ scale: Scale) -> Bool {
    let gaps = defined.compactMap { pair -> Double? in
      guard let a = pair.trials.a.metrics[metric], let b = pair.trials.b.metrics[metric] else { return nil }
      return (a - b) - (pair.a - pair.b)
    }
    return abs(Descriptive.mean(gaps) ?? 0) * scale.factor > 0.05
  }

  // MARK: Tests

  private func corrected(
    _ blank: ComparisonRow, _ metric: String, _ scale: Scale, _ defined: [Scored]
  ) -> ComparisonRow {
    var row = blank
    row.test = .correctedT
    let trials = defined.flatMap { [$0.trials.a, $0.trials.b] }
    let floor = samplingVariance(metric, defined)
    guard floor.isFinite else {
      row.reason = "\(metric) has no value on some draws of the test rows"
      return row
    }
    let contrast = Contrast(
      corrected: defined.map { ($0.a - $0.b) * scale.factor }, testOverTrain: TrialGroup.testOverTrain(trials),
      floor: floor * scale.factor * scale.factor)
    if let contrast { row.conclude(contrast, scale) }
    return row
  }

  /// Mean over the trials of what the choice of a trial's test rows brings to the difference in it; 0 where the metric is
  /// not resampled.
  private func samplingVariance(_ metric: String, _ defined: [Scored]) -> Double {
    let isResampled = metric == settings.primary.rawValue || !Self.isOfWholeVectors(metric)
    let each = defined.map { pair -> Double in
      let (a, b) = pair.trials
      guard a.ids == b.ids else { return 0 }
      if isExactness(metric) {
        let (rightA, rightB) = (a.outcome.isRight, b.outcome.isRight)
        let table =
          a.groups.isEmpty
          ? McNemarTest(a: rightA, b: rightB)?.differenceVariance
          : GroupedMcNemarTest(a: rightA, b: rightB, groups: a.groups)?.differenceVariance
        return table ?? leastVariance(metric, a)
      }
      guard isResampled else { return 0 }
      guard let test = resampling.difference([a], [b], metric, over: pair.list) else {
        // What is no share of rows has no other floor.
        return isBounded(metric) ? leastVariance(metric, a) : .infinity
      }
      return max(test.exampleVariance, leastVariance(metric, a))
    }
    return Descriptive.mean(each) ?? 0
  }

  /// The share of rows answered exactly right.
  private func isExactness(_ metric: String) -> Bool { metric == Self.problem(of: group).exactness?.rawValue }

  /// As if one row told the models apart: equal answers on finitely many rows do not show that two models are equal.
  private func leastVariance(_ metric: String, _ trial: TrialRecord) -> Double {
    let rows = Double(max(1, trial.rows))
    return Scale(metric, margin: settings.margin).isFraction && isBounded(metric) ? 1 / (rows * rows) : 0
  }

  private func isBounded(_ metric: String) -> Bool {
    ScoreName(column: metric)?.range.lowerBound.isFinite ?? true
  }

  private func bootstrap(
    _ blank: ComparisonRow, _ metric: String, _ scale: Scale, _ trials: [Scored]
  ) -> ComparisonRow {
    var row = blank
    (row.test, row.isOnOneTestPart) = (.bootstrap, true)
    // All on one test part, and so over one list.
    guard let first = trials.first,
      let test = resampling.difference(trials.map(\.trials.a), trials.map(\.trials.b), metric, over: first.list)
    else {
      let isOneGroup = Set(trials.first?.trials.a.groups ?? []).count == 1
      row.reason = isOneGroup ? "all test rows are of one group" : "\(metric) cannot be resampled"
      return row
    }
    let missing = max(0, leastVariance(metric, first.trials.a) - test.exampleVariance)
    row.conclude(test.contrast.adding(missing).scaled(by: scale.factor), scale)
    row.statistic = nil
    return row
  }

  /// As if the trials were independent, to be held beside the corrected one. Without variance it says nothing.
  private func plain(_ blank: ComparisonRow, _ differences: [Double], _ scale: Scale) -> ComparisonRow {
    var row = blank
    row.test = .pairedT
    guard let test = TTest.paired(differences), test.standardError > 0 else { return row }
    let interval = scale.bounded(test.interval(level: 0.95))
    (row.low, row.high, row.p, row.statistic) = (interval.low, interval.high, test.p, test.statistic)
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
      right.a += pair.a.outcome.isRight
      right.b += pair.b.outcome.isRight
      groups += pair.a.groups
    }
    guard let test = McNemarTest(a: right.a, b: right.b), let difference = test.riskDifference,
      var interval = ProportionInterval.newcombe(paired: test, level: 0.95)
    else { return nil }
    var row = blank
    row.test = .mcnemar
    row.n = test.examples
    row.difference = difference * scale.factor
    row.statistic = test.onlyA + test.onlyB < 25 ? Double(min(test.onlyA, test.onlyB)) : test.corrected.statistic
    row.p = test.p
    row.effect = difference
    if !groups.isEmpty {
      guard let grouped = GroupedMcNemarTest(a: right.a, b: right.b, groups: groups) else { return nil }
      row.statistic = grouped.isExact ? Double(grouped.smallerSum) : grouped.corrected.statistic
      row.p = grouped.p
      interval = grouped.interval(level: 0.95)
    }
    (row.low, row.high) = (interval.low * scale.factor, interval.high * scale.factor)
    return row
  }

  // MARK: Rows

  /// What the metric's unit is: points for fractions; a margin is in the unit of the numbers that are predicted, of errors in
  /// these, and so many hundredths of log loss and Brier score.
  package struct Scale {
    package let isFraction: Bool
    package let margin: Double
    package var higherIsBetter: Bool
    /// No difference is larger, in this unit.
    private var largest: Double
    package var factor: Double { isFraction ? 100 : 1 }

    /// Of differences between what two models lose: the smaller loss is the better one.
    package var ofDrops: Scale {
      var other = self
      other.higherIsBetter.toggle()
      other.largest *= 2
      return other
    }

    /// A t interval of few trials may reach further than two scores can lie apart.
    package func bounded(_ interval: Interval) -> Interval {
      Interval(low: max(interval.low, -largest), high: min(interval.high, largest))
    }

    package func interval(of contrast: Contrast, level: Double) -> Interval { bounded(contrast.interval(level: level)) }

    package init(_ metric: String, margin: Double) {
      let name = ScoreName(column: metric)
      isFraction = name?.isFraction ?? true
      self.margin = isFraction || name?.metric?.unit == .ofTarget ? margin : margin / 100
      higherIsBetter = name?.higherIsBetter ?? true
      let range = name?.range ?? 0...1
      largest = (range.upperBound - range.lowerBound) * (isFraction ? 100 : 1)
    }
  }

  private func row(_ metric: String, _ scale: Scale, _ defined: [Scored]) -> ComparisonRow {
    let key = group.key
    var row = ComparisonRow(
      task: key.task, corpus: key.corpus, protocolName: key.protocolName, source: key.source, target: key.target,
      metric: metric, modelA: modelA, modelB: modelB, n: defined.count,
      missing: group.plannedPairs(modelA, modelB) - defined.count, margin: scale.margin)
    if row.missing > 0 { row.warn("\(row.missing) of \(row.missing + row.n) pairs of trials are missing") }
    let groups = defined.map { Set($0.trials.a.groups).count }.filter { $0 > 0 }.min() ?? Self.fewGroups
    if groups < Self.fewGroups { row.warn("the test rows come in \(groups) group\(groups == 1 ? "" : "s") only") }
    row.rows = defined.isEmpty ? 0 : defined.reduce(0) { $0 + $1.trials.a.rows } / defined.count
    return row
  }
}

extension ComparisonRow {
  /// What a contrast gives: its 95 % interval, p and statistic.
  mutating func conclude(_ contrast: Contrast, _ scale: Comparison.Scale) {
    let interval = scale.interval(of: contrast, level: 0.95)
    (self.contrast, low, high, p) = (contrast, interval.low, interval.high, contrast.p)
    statistic = contrast.standardError > 0 ? contrast.estimate / contrast.standardError : nil
  }
}
