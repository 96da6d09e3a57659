import Foundation
import Statistics

/// Holds a night's measurements against the nights before it. Pure: the same numbers give the same judgement.
public struct NightJudge: Sendable {
  public let settings: NightlySettings
  /// Earlier nights of the same experiment, series and machine, as tonight's manifest sees them; oldest first.
  public let history: [Night]

  public init(settings: NightlySettings, history: [Night]) { (self.settings, self.history) = (settings, history) }

  /// Whether there is nothing to compare with.
  public var isFirst: Bool { history.isEmpty }

  /// Whether a series has no baseline: the night should measure as often as a first one.
  public func lacksBaseline(_ first: NightMeasurement) -> Bool {
    let known = sinceAccepted.flatMap(\.measurements)
    return first.scores.keys.contains { series in !known.contains { $0.scores[series] != nil } }
      || first.costs.keys.contains { series in !known.contains { $0.costs[series] != nil } }
  }

  /// An accepted night begins everything anew.
  private var sinceAccepted: ArraySlice<Night> { history[(history.lastIndex { $0.isAccepted } ?? 0)...] }

  /// The series that one measurement makes look worse: the night should measure again.
  public func suspects(_ first: NightMeasurement) -> [String] {
    judge([first], decides: false).filter { judgement in
      guard judgement.status != .ended, let worsening = judgement.worsening, let p = judgement.p else { return false }
      return worsening > settings.smallestShare * judgement.threshold
        && p < settings.suspicion(isTime: judgement.isTime)
    }.map(\.series)
  }

  /// One judgement for each series of tonight or the baseline, in the order of their names.
  ///
  /// Only `suspects` can be regressions: each must look worse in the first measurement and in all together.
  public func judge(_ tonight: [NightMeasurement], suspects: [String], number: Int64, commit: String?) -> [Judgement] {
    judge(tonight, decides: true).map { judgement in
      var judgement = judgement
      guard judgement.status == .regression else { return judgement }
      guard suspects.contains(judgement.series) else {
        judgement.status = .steady
        return judgement
      }
      let since = origin(of: judgement, tonight: Night(number: number, commit: commit, measurements: tonight))
      (judgement.sinceNight, judgement.sinceCommit) = (since.first.number, since.first.commit)
      judgement.lastGoodCommit = since.before?.commit
      return judgement
    }
  }

  private func judge(_ tonight: [NightMeasurement], decides: Bool) -> [Judgement] {
    // What began on a night that ended something else waits to be accepted with it.
    let settled = sinceAccepted.filter(\.isSettled).suffix(settings.window)
    let known = tonight + settled.flatMap { $0.measurements + $0.others }
    let scores = Set(known.flatMap(\.scores.keys)).union(tonight.flatMap(\.failures.keys)).sorted()
    let costs = Set(known.flatMap(\.costs.keys)).sorted()
    let all = scores.map { (name: $0, isTime: false) } + costs.map { (name: $0, isTime: true) }
    let ends = all.map { ended($0.name, isTime: $0.isTime, tonight) }
    let count = ends.count { $0 == nil }
    return zip(all, ends).map { series, end in
      end ?? judge(series.name, isTime: series.isTime, of: count, tonight, decides: decides)
    }
  }

  /// The judgement of a series whose last settled night had other settings or other rows, or that tonight's manifest has
  /// no more; nil of others. How far tonight's figures are from that night's is shown where the two have trials or times
  /// in common, but decides nothing.
  private func ended(_ series: String, isTime: Bool, _ tonight: [NightMeasurement]) -> Judgement? {
    func has(_ measurement: NightMeasurement) -> Bool {
      isTime ? measurement.costs[series] != nil : measurement.scores[series] != nil
    }
    let last = sinceAccepted.last { $0.isSettled && ($0.measurements + $0.others).contains(where: has) }
    guard let last else { return nil }
    let found = last.others.contains(where: has) ? last.changes[series] : otherRows(of: series, than: last, tonight)
    guard let changes = found else { return nil }
    var result = Judgement(
      series, isTime: isTime, status: .ended, threshold: settings.threshold(isTime: isTime), nights: 0,
      measurements: tonight.count)
    (result.lastNight, result.changes) = (last.number, changes)
    let evidence =
      isTime
      ? SpeedRule.evidence(
        tonight: tonight.compactMap { $0.costs[series] }, baseline: last.others.compactMap { $0.costs[series] })
      : QualityRule.evidence(
        tonight: tonight.compactMap { $0.scores[series] }, baseline: last.others.compactMap { $0.scores[series] })
    if let evidence {
      let interval = evidence.interval()
      (result.worsening, result.low, result.high) = (evidence.worsening, interval.low, interval.high)
    }
    return result
  }

  /// Says so where a score has no trial in common with an earlier night of the same settings: what reads or divides the
  /// rows has changed since. nil elsewhere.
  private func otherRows(of series: String, than night: Night, _ tonight: [NightMeasurement]) -> [String]? {
    let before = night.measurements.compactMap { $0.scores[series] }
    guard let now = tonight.lazy.compactMap({ $0.scores[series] }).first, !before.isEmpty,
      !before.contains(where: { $0.sharesTrials(with: now) })
    else { return nil }
    return ["rows: no trial has the seed, fold and split hash of one of that night's"]
  }

  private func judge(
    _ series: String, isTime: Bool, of count: Int, _ tonight: [NightMeasurement], decides: Bool
  ) -> Judgement {
    let baseline = Baseline(
      of: series, isTime: isTime, in: history, settings: settings,
      pairedWith: tonight.lazy.compactMap { $0.scores[series] }.first)
    let threshold = settings.threshold(isTime: isTime)
    var result = Judgement(
      series, isTime: isTime, status: .steady, threshold: threshold, nights: baseline.nights.count,
      measurements: tonight.count)
    if let failure = tonight.lazy.compactMap({ $0.failures[series] }).first {
      (result.status, result.note) = (.unmeasured, failure)
      return result
    }
    let evidence: Evidence?
    if isTime {
      let new = tonight.compactMap { $0.costs[series] }
      guard new.count == tonight.count else {
        (result.status, result.note) = (.unmeasured, "it was timed on earlier nights, not tonight")
        return result
      }
      evidence = SpeedRule.evidence(tonight: new, baseline: baseline.costs(series))
    } else {
      let new = tonight.compactMap { $0.scores[series] }
      guard new.count == tonight.count else {
        (result.status, result.note) = (.unmeasured, "earlier nights have a score, tonight has none")
        return result
      }
      let old = baseline.scores(series)
      // However often the night measured for the sake of other series: nothing has changed this one.
      if old.contains(where: { $0.trials == new[0].trials }) {
        (result.worsening, result.low, result.high, result.p) = (0, 0, 0, 1)
        result.note = "equal to the last bit"
        return result
      }
      evidence = QualityRule.evidence(tonight: new, baseline: old)
      let common = old.reduce(Set(new[0].trials.keys)) { $0.intersection($1.trials.keys) }
      if common.isEmpty {
        (result.status, result.note) = (.unmeasured, "no trial has a score on every night of the baseline")
        return result
      }
    }
    guard !baseline.nights.isEmpty else {
      result.status = .baseline
      return result
    }
    guard let evidence else {
      result.note = "one trial and one night tell nothing of chance: give the protocol more seeds or folds"
      return result
    }
    return conclude(result, evidence, baseline, rate: settings.falseAlarms / Double(count), tonight, decides: decides)
  }

  private func conclude(
    _ judgement: Judgement, _ evidence: Evidence, _ baseline: Baseline, rate: Double, _ tonight: [NightMeasurement],
    decides: Bool
  ) -> Judgement {
    var result = judgement
    let interval = evidence.interval()
    (result.worsening, result.low, result.high) = (evidence.worsening, interval.low, interval.high)
    result.p = evidence.p
    let line = max(settings.smallestShare * judgement.threshold, evidence.line(rate: rate))
    result.line = line
    guard decides else { return result }
    if line > judgement.threshold { result.note = "too noisy to see the smallest change that matters" }
    if evidence.worsening < -line { result.status = .improvement }
    guard evidence.worsening > line else { return result }
    let series = judgement.series
    let agrees =
      !judgement.isTime
      || SpeedRule.batchesAgree(tonight: tonight.compactMap { $0.costs[series] }, baseline: baseline.costs(series))
    if agrees { result.status = .regression }
    return result
  }

  /// The night on which a regression began: the last step to the worse of the series with tonight, or tonight where
  /// the step is too young to be told from chance; and the night before it.
  private func origin(of judgement: Judgement, tonight: Night) -> (first: Night, before: Night?) {
    let start = history.lastIndex { $0.isAccepted } ?? 0
    let nights = (Array(history[start...]) + [tonight]).suffix(2 * settings.window)
    let known = nights.compactMap { night in
      Baseline.level(of: judgement.series, isTime: judgement.isTime, night).map { (night, $0) }
    }
    var first = known.count - 1
    // Nights that were already worse, one after the other, and steps that began earlier still.
    while first > 0, known[first - 1].0.regressions.contains(judgement.series) { first -= 1 }
    let segments = StepDetection.segments(known.map(\.1))
    if let last = segments.last, segments.count > 1, last.level > segments[segments.count - 2].level {
      first = min(first, last.range.lowerBound)
    }
    return (known[first].0, first > 0 ? known[first - 1].0 : nil)
  }
}
