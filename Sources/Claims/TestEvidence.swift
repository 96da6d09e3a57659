import Analysis
import Corpora
import Foundation
import Manifests
import Records
import Statistics
import Tasks
import Text

/// What stored results say of one test: the quantity in each corpus, turned so that more of it is what the claim says.
///
/// Differences are in points, times as the logarithm of how many times as long.
public struct TestEvidence: Sendable {
  /// One corpus.
  public struct Setting: Sendable {
    public var corpus: ClaimsFile.Corpus
    public var contrast: Contrast
    /// What each of the two came to, in the test's own unit: points, milliseconds; nil where there is no such thing.
    public var a: Double?
    public var b: Double?
    /// Test rows of a trial, and pairs of trials, or trials.
    public var rows: Int
    public var trials: Int
  }

  public internal(set) var settings: [Setting] = []
  /// Corpora without results, each with the reason.
  public internal(set) var missing: [String] = []
  /// What makes less sure.
  public internal(set) var remarks: [String] = []
}

/// Reads what tests ask from stored runs, each run once.
final class EvidenceReader {
  private let file: ClaimsFile
  private let runs: [String: RunResult]
  private var groups: [String: [GroupKey: TrialGroup]] = [:]
  private var resamplings: [String: GroupBootstrap] = [:]

  init(_ file: ClaimsFile, runs: [String: RunResult]) { (self.file, self.runs) = (file, runs) }

  func evidence(for test: ClaimTest) -> TestEvidence {
    var evidence = TestEvidence()
    for name in test.over {
      guard let corpus = corpus(name) else { continue }
      do throws(Missing) {
        let run = try run(of: corpus)
        evidence.settings.append(try setting(test, corpus, run))
        evidence.remarks = (evidence.remarks + (try remarks(test, corpus, run))).uniqued()
      } catch { evidence.missing.append("\(corpus.called): \(error.reason)") }
    }
    return evidence
  }

  struct Missing: Error { var reason: String }

  func corpus(_ name: String) -> ClaimsFile.Corpus? { file.corpora.first { $0.name == name } }

  private func run(of corpus: ClaimsFile.Corpus) throws(Missing) -> RunResult {
    guard let run = runs[corpus.run] else { throw Missing(reason: "no results of \(corpus.run)") }
    return run
  }

  private func setting(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    switch test.kind {
    case .difference, .equivalence: try difference(test, corpus, run)
    case .value: try value(test, corpus, run)
    case .drop: try drop(test, corpus, run)
    case .interaction: try interaction(test, corpus, run)
    case .time: try time(test, corpus, run)
    }
  }

  private func remarks(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> [String] {
    switch test.kind {
    case .time:
      return run.timingWarnings.isEmpty ? [] : ["load or speed of the machine were not steady while times were taken"]
    case .drop: return []
    default:
      let group = try group(test, corpus)
      return [test.a, test.b].compactMap { model in
        group.lost(model, primary: test.metric).map { "\($0) on \(corpus.called)" }
      }
    }
  }

  // MARK: Scores

  private func group(_ test: ClaimTest, _ corpus: ClaimsFile.Corpus) throws(Missing) -> TrialGroup {
    let group = try group(of: corpus, models: [test.a, test.b].filter { !$0.isEmpty })
    return test.rows == .novel ? group.part(.novel) : group
  }

  /// The trials of a corpus, if all these models have some that ended.
  func group(of corpus: ClaimsFile.Corpus, models: [String]) throws(Missing) -> TrialGroup {
    let run = try run(of: corpus)
    if groups[corpus.run] == nil {
      let all = TrialGroup.all(of: run.records, manifest: run.manifest)
      groups[corpus.run] = Dictionary(all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let found = groups[corpus.run]?.values.first {
      let key = $0.key
      return key.corpus == corpus.corpus && key.protocolName == corpus.protocolName && key.source == corpus.domain
        && key.target == corpus.target
    }
    guard let found else {
      throw Missing(
        reason: "no trials of \(corpus.corpus), \(corpus.domain) on \(corpus.target), \(corpus.protocolName)")
    }
    let declared = DeclaredContrasts(run.manifest)
    for model in models {
      let ended = found.ended[model] ?? []
      guard !ended.isEmpty else { throw Missing(reason: "no trial of \(model) that ended") }
      if let count = found.notFinite[model] {
        throw Missing(reason: "\(count) trial\(count == 1 ? "" : "s") of \(model) not finite")
      }
      let isByChance = found.design != .official || declared.isTrainedByChance(model)
      if isByChance, ended.count < Judge.fewestTrials {
        throw Missing(reason: "\(ended.count) \(found.unit) of \(model), a verdict takes \(Judge.fewestTrials)")
      }
      let planned = found.plannedPairs(model, model)
      if ended.count < planned {
        throw Missing(reason: "\(planned - ended.count) of \(planned) trials of \(model) failed")
      }
    }
    return found
  }

  private func resampling(
    _ group: TrialGroup, _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) -> GroupBootstrap {
    let name = "\(corpus.name) \(test.rows) \(test.metric.rawValue)"
    let made =
      resamplings[name]
      ?? GroupBootstrap(of: group, primary: test.metric, seed: run.manifest.seed, isAlone: true)
    resamplings[name] = made
    return made
  }

  private func difference(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    let group = try group(test, corpus)
    var settings = run.manifest.comparisons
    settings.primary = test.metric
    let comparison = Comparison(group, test.a, test.b, settings, resampling: resampling(group, test, corpus, run))
    guard let row = comparison.decidingRow, let contrast = row.contrast, row.missing == 0 else {
      throw Missing(reason: "\(test.metric.rawValue) of \(test.a) and \(test.b) cannot be compared")
    }
    guard contrast.standardError > 0 else { throw Missing(reason: "equal in every trial, which shows no error") }
    func mean(_ model: String) -> Double? {
      Descriptive.mean((group.ended[model] ?? []).compactMap { $0.metrics[test.metric.rawValue] }).map { $0 * 100 }
    }
    return TestEvidence.Setting(
      corpus: corpus, contrast: contrast, a: mean(test.a), b: mean(test.b), rows: row.rows, trials: row.n)
  }

  private func value(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    let group = try group(test, corpus)
    let trials = group.ended[test.a] ?? []
    guard
      let contrast = Analysis.contrast(
        of: trials, test.metric.rawValue, in: group, resampling(group, test, corpus, run))
    else { throw Missing(reason: "\(test.metric.rawValue) of \(test.a) has no interval") }
    let scaled = contrast.scaled(by: 100)
    return TestEvidence.Setting(
      corpus: corpus, contrast: scaled, a: scaled.estimate, b: nil, rows: Self.rows(trials), trials: trials.count)
  }

  private static func rows(_ trials: [TrialRecord]) -> Int {
    trials.isEmpty ? 0 : trials.reduce(0) { $0 + $1.rows } / trials.count
  }

  // MARK: Across domains

  private func drop(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    var manifest = run.manifest
    manifest.comparisons.primary = test.metric
    let own = Transfer.all(of: run.records, manifest: manifest).first { $0.corpus == corpus.corpus }
    guard let own, let row = own.decidingRow(test.a, test.b) else {
      throw Missing(reason: "no trials of \(test.a) and \(test.b) across domains")
    }
    let reason = own.whyNoWord(row)
    guard reason == nil, let contrast = row.contrast else { throw Missing(reason: reason ?? "no interval") }
    let trials = run.records.filter {
      $0.corpus == corpus.corpus && $0.source != $0.target && $0.model == test.a && $0.status == .ok
    }
    return TestEvidence.Setting(
      corpus: corpus, contrast: contrast.scaled(by: -1), a: row.dropA, b: row.dropB, rows: Self.rows(trials),
      trials: row.pairs)
  }

  // MARK: Some texts against all others

  /// How much further ahead `a` is where the texts are of the kind: per trial, over its test rows.
  private func interaction(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    let group = try group(test, corpus)
    let pairs = group.pairs(test.a, test.b).filter { $0.a.ids == $0.b.ids && $0.a.forms.count == $0.a.rows }
    guard !pairs.isEmpty else { throw Missing(reason: "its run did not keep the forms of its texts") }
    let found = pairs.compactMap { pair in
      Self.gap(pair.a, pair.b, test)
    }
    guard found.count == pairs.count else {
      throw Missing(reason: "too few of its texts are such ones, or others, or the two answer alike")
    }
    let contrast = Self.contrast(
      found.map { ($0.estimate * 100, $0.standardError * $0.standardError * 10_000, $0.degreesOfFreedom) },
      of: pairs.flatMap { [$0.a, $0.b] }, in: group)
    guard let contrast else { throw Missing(reason: "its gaps are not finite") }
    return TestEvidence.Setting(
      corpus: corpus, contrast: contrast, a: Descriptive.mean(found.map { $0.inside.mean * 100 }),
      b: Descriptive.mean(found.map { $0.outside.mean * 100 }), rows: Self.rows(pairs.map(\.a)), trials: pairs.count)
  }

  /// The mean over trials of an estimate that each gives, with its variance over that trial's rows.
  static func contrast(
    _ each: [(estimate: Double, variance: Double, freedom: Double)], of trials: [TrialRecord], in group: TrialGroup
  ) -> Contrast? {
    let estimates = each.map(\.estimate), count = Double(each.count)
    guard let mean = Descriptive.mean(estimates), let rows = Descriptive.mean(each.map(\.variance)) else { return nil }
    if group.design == .official {
      // All on one test part: rows and trainings vary apart.
      let fewest = each.map(\.freedom).min() ?? 1, trainings = (Descriptive.variance(estimates) ?? 0) / count
      return Contrast(estimate: mean, estimatedVariance: rows, degreesOfFreedom: fewest)
        .adding(trainings, degreesOfFreedom: max(1, count - 1))
    }
    if each.count == 1 { return Contrast(estimate: mean, estimatedVariance: rows, degreesOfFreedom: each[0].freedom) }
    return Contrast(corrected: estimates, testOverTrain: TrialGroup.testOverTrain(trials), floor: rows)
  }

  private static func gap(_ a: TrialRecord, _ b: TrialRecord, _ test: ClaimTest) -> MeanDifference? {
    let kept = a.forms.indices.filter { a.forms[$0].words <= test.mostWords ?? .max }
    let (rightA, rightB) = (a.outcome.isRight, b.outcome.isRight)
    func value(_ isRight: Bool) -> Double { isRight ? 1 : 0 }
    return MeanDifference(
      kept.map { value(rightA[$0]) - value(rightB[$0]) }, isInside: kept.map { test.isAbout(a.forms[$0]) },
      groups: kept.map { a.groups.isEmpty ? $0 : a.groups[$0] }, hasFloor: true)
  }

  // MARK: Times

  private func time(
    _ test: ClaimTest, _ corpus: ClaimsFile.Corpus, _ run: RunResult
  ) throws(Missing) -> TestEvidence.Setting {
    func record(_ model: String) -> TimingRecord? {
      run.timings.first {
        $0.corpus == corpus.corpus && $0.model == model && $0.work == .query && $0.order.rawValue == test.order
          && $0.batch == 32 && ($0.threads == 1) == test.isOneThread
      }
    }
    guard let a = record(test.a), let b = record(test.b) else {
      throw Missing(reason: "no times of \(test.a) and \(test.b)")
    }
    guard let ratio = RatioOfMedians(a.samples, to: b.samples, generatorSeed: run.manifest.seed) else {
      throw Missing(reason: "too few times of \(test.a) and \(test.b)")
    }
    let (low, high) = (log(ratio.interval.low), log(ratio.interval.high))
    // A 95 % interval of percentiles is as wide as two times 1.96 deviations of the logarithm.
    let deviation = max((high - low) / (2 * -Normal.quantile(0.025)), 1e-6)
    return TestEvidence.Setting(
      corpus: corpus, contrast: Contrast(estimate: log(ratio.estimate), knownVariance: deviation * deviation),
      a: Descriptive.median(a.samples), b: Descriptive.median(b.samples), rows: a.batch, trials: a.samples.count)
  }
}

extension ClaimTest {
  /// Whether a text is one of those that an interaction is about.
  func isAbout(_ form: TextForm) -> Bool {
    if !traits.isEmpty, !traits.contains(where: form.has) { return false }
    return form.words >= fewestWords ?? 0
  }
}
