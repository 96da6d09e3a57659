import Compute
import Models
import Records
import Statistics
import Tasks

/// The bootstrap of one group: all its models are scored on the same resampled test sets.
///
/// The draws depend on the manifest's seed and the group alone, so a pair's interval does not depend on which other
/// models stand beside it, and each model is scored once. Rows of one group (`group` of a corpus) are drawn together.
package final class GroupBootstrap {
  /// Resampled test sets of one official split, or of one trial.
  package static let resamples = 4_000
  /// Of each trial of many, whose sampling variances are averaged.
  package static let resamplesOfTrial = 400

  private let seed: UInt64
  private let resamples: Int
  private let metrics: [String]
  private var tracks: [Key: Track] = [:]
  private var scores: [Key: ResampledScores] = [:]

  /// What was scored: some trials, each over a list of classes.
  private struct Key: Hashable {
    /// Empty where it is all but the areas under the curve.
    var metric: String
    var trials: [String]
    /// Empty where the metric is no mean over classes.
    var lists: [[Int]]
  }

  /// - Parameters:
  ///   - group: whose rows are drawn.
  ///   - primary: the metric that decides.
  ///   - seed: of the run.
  ///   - isAlone: no other metric is asked for; the draws are the same.
  package init(of group: TrialGroup, primary: MetricName, seed: UInt64, isAlone: Bool = false) {
    let key = group.key
    let isRepeated = group.design != .official && group.ended.values.contains { $0.count > 1 }
    resamples = isRepeated ? Self.resamplesOfTrial : Self.resamples
    let label = [key.task, key.corpus, key.protocolName, key.source, key.target].joined(separator: "/")
    var random = Random(seed: seed, stream: "bootstrap/" + label)
    self.seed = random.next()
    let compared = isAlone ? [] : Comparison.problem(of: group).compared.map(\.rawValue)
    metrics = (compared + [primary.rawValue]).filter { !Comparison.isOfWholeVectors($0) }
  }

  /// Mean of A's trials − mean of B's, all over the classes `list`; nil where they are not on one test set, or the metric
  /// has no value on some draw.
  package func difference(
    _ a: [TrialRecord], _ b: [TrialRecord], _ metric: String, over list: [Int]
  ) -> BootstrapDifference? {
    guard a.first?.outcome.targets == b.first?.outcome.targets, a.first?.groups == b.first?.groups,
      let a = resampled(a, metric, over: a.map { _ in list }),
      let b = resampled(b, metric, over: b.map { _ in list })
    else { return nil }
    return BootstrapDifference(a, b)
  }

  /// The mean of one model's trials, each over the classes that occur in it: its difference from nothing. nil for a
  /// metric that is not drawn for all models.
  package func score(_ trials: [TrialRecord], _ metric: String) -> BootstrapDifference? {
    guard metrics.contains(metric), let first = trials.first,
      let own = resampled(trials, metric, over: trials.map { TrialRecord.occurring(in: [$0]) })
    else { return nil }
    let key = Key(metric: "nothing", trials: ["\(own.examples) in \(own.units)"], lists: [])
    let nothing = scores[key] ?? resampled(first, seeds: 1) { _, _ in 0 }
    scores[key] = nothing
    return nothing.flatMap { BootstrapDifference(own, $0) }
  }

  private func resampled(_ trials: [TrialRecord], _ metric: String, over lists: [[Int]]) -> ResampledScores? {
    guard let first = trials.first, trials.allSatisfy({ $0.outcome.targets == first.outcome.targets }) else {
      return nil
    }
    let isClassMean = MetricName(rawValue: metric)?.isClassMean ?? false
    let key = Key(metric: metric, trials: trials.map(\.trial), lists: isClassMean ? lists : [])
    if let found = scores[key] { return found }
    let track = track(trials, metric, over: lists)
    var next = 0
    let made = resampled(first, seeds: trials.count) { trial, weights in
      defer { next += 1 }
      return track.score(metric, at: next, trial: trial, weights)
    }
    scores[key] = made
    return made
  }

  /// Draws the rows of a trial, or their groups.
  private func resampled(
    _ trial: TrialRecord, seeds: Int, score: (_ seed: Int, _ weights: [Int32]) -> Double
  ) -> ResampledScores? {
    ResampledScores(
      seeds: seeds, examples: trial.rows, groups: trial.groups.isEmpty ? nil : trial.groups,
      resamples: resamples, generatorSeed: seed, score: score)
  }

  private func track(_ trials: [TrialRecord], _ metric: String, over lists: [[Int]]) -> Track {
    // Areas under the curve cost classes times as much as the rest together: only where asked for.
    let isArea = Comparison.isOfWholeVectors(metric)
    let key = Key(metric: isArea ? metric : "", trials: trials.map(\.trial), lists: isArea ? [] : lists)
    if let found = tracks[key] { return found }
    let made = Track(trials, isArea ? [metric] : metrics, over: lists)
    tracks[key] = made
    return made
  }
}

/// One model's scores on the draws, in the order in which they are asked for, all metrics at once.
private final class Track {
  private let prepared: [ResampledOutcome]
  /// The classes or labels that each trial's macro averages are over, the same on every draw.
  private let lists: [[Int]]
  private let metrics: [MetricName]
  /// `[call][metric]`
  private var scores: [[Double]] = []

  init(_ trials: [TrialRecord], _ names: [String], over lists: [[Int]]) {
    self.lists = lists
    metrics = names.reduce(into: []) { metrics, name in
      if let metric = MetricName(rawValue: name), !metrics.contains(metric) { metrics.append(metric) }
    }
    prepared = trials.map { [metrics] in $0.outcome.scores(for: metrics) }
  }

  /// NaN where the metric has no value.
  func score(_ name: String, at call: Int, trial: Int, _ weights: [Int32]) -> Double {
    guard let metric = MetricName(rawValue: name), let place = metrics.firstIndex(of: metric) else { return .nan }
    if call == scores.count { scores.append(prepared[trial].values(weights: weights, over: lists[trial])) }
    return scores[call][place]
  }
}
