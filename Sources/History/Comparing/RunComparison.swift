import Foundation
import Manifests
import Statistics

/// Two runs side by side: what differs in how they were made, and in what they gave.
public struct RunComparison: Sendable {
  public let a: StoredRun
  public let b: StoredRun

  public init(_ a: StoredRun, _ b: StoredRun) { (self.a, self.b) = (a, b) }

  /// A value that the two do not share; nil on a side that lacks it.
  public struct Difference: Sendable, Equatable {
    public var name: String
    public var a: String?
    public var b: String?
  }

  /// Values of the resolved manifests, by key path; data hashes among them.
  public var settings: [Difference] {
    guard let first = ResolvedManifest.values(of: a.manifest), let second = ResolvedManifest.values(of: b.manifest)
    else {
      return a.manifest == b.manifest ? [] : [Difference(name: "manifest", a: "unreadable", b: "unreadable")]
    }
    let left = Dictionary(first.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
    let right = Dictionary(second.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
    let onlyRight = second.map(\.path).filter { left[$0] == nil }
    return (first.map(\.path) + onlyRight).filter { left[$0] != right[$0] }
      .map { Difference(name: $0, a: left[$0], b: right[$0]) }
  }

  /// Parts of the machine's key that differ: times do not compare where there is one.
  public var machine: [Difference] {
    zip(a.machine.keyFields, b.machine.keyFields).compactMap { left, right in
      left.value == right.value ? nil : Difference(name: left.name, a: left.value, b: right.value)
    }
  }

  /// One metric of one model, B against A.
  public struct Score: Sendable {
    public enum Outcome: Sendable, Equatable {
      /// Every pair is equal to the last bit.
      case equal
      /// B − A over the pairs, in the metric's own unit; no interval for one pair.
      case paired(difference: Double, interval: Interval?, p: Double?, test: String)
      /// The two were tested on other rows, or it cannot be known: means only.
      case unpaired(String)
    }
    public var key: SeriesKey
    public var meanA, meanB: Double
    public var pairs: Int
    public var outcome: Outcome
  }

  /// Every series of `metric` (nil: A's primary metric) that both have.
  public func scores(metric: String?) -> [Score] {
    let metric = metric ?? a.primaryMetric
    let left = Dictionary(grouping: a.trials.filter { $0.scores[metric] != nil }) { SeriesKey($0, metric: metric) }
    let right = Dictionary(grouping: b.trials.filter { $0.scores[metric] != nil }) { SeriesKey($0, metric: metric) }
    return left.keys.filter { right[$0] != nil }.sorted().map { key in
      score(key, left[key] ?? [], right[key] ?? [], metric)
    }
  }

  private func score(_ key: SeriesKey, _ first: [StoredTrial], _ second: [StoredTrial], _ metric: String) -> Score {
    func mean(_ trials: [StoredTrial]) -> Double { Descriptive.mean(trials.compactMap { $0.scores[metric] }) ?? 0 }
    let slots = Dictionary(second.map { (Slot($0), $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = first.compactMap { trial in slots[Slot(trial)].map { (trial, $0) } }
    let differences = pairs.map { ($0.1.scores[metric] ?? 0) - ($0.0.scores[metric] ?? 0) }
    var score = Score(key: key, meanA: mean(first), meanB: mean(second), pairs: pairs.count, outcome: .equal)
    let isKnown = (first + second).allSatisfy { !$0.splitHash.isEmpty }
    if !isKnown {
      score.outcome = .unpaired("the rows are not recorded")
    } else if pairs.isEmpty {
      score.outcome = .unpaired(
        isSameData(key.corpus) ? "rows divided otherwise, or recorded by an earlier version" : "other rows")
    } else if differences.contains(where: { $0 != 0 }) {
      // On an official split seeds share their rows; elsewhere training parts overlap.
      let isOfficial = Set(pairs.map(\.0.splitHash)).count == 1
      let train = pairs.reduce(0) { $0 + $1.0.trainRows }
      let ratio = isOfficial || train == 0 ? 0 : Double(pairs.reduce(0) { $0 + $1.0.testRows }) / Double(train)
      let test = TTest.corrected(differences, testOverTrain: ratio)
      score.outcome = .paired(
        difference: Descriptive.mean(differences) ?? 0, interval: test?.interval(level: 0.95), p: test?.p,
        test: isOfficial ? "paired-t" : "corrected-t")
    }
    return score
  }

  /// Whether both read the same bytes for a corpus, so that other rows than theirs are the code's or a setting's doing.
  private func isSameData(_ corpus: String) -> Bool {
    func hashes(_ run: StoredRun) -> [String: String] {
      ResolvedManifest.hashes(of: run.manifest).filter { $0.key.hasPrefix("corpora.\(corpus).") }
    }
    return !hashes(a).isEmpty && hashes(a) == hashes(b)
  }

  /// What two trials must share to be a pair.
  private struct Slot: Hashable {
    var seed: UInt64
    var fold: Int?
    var splitHash: String
    // Folders keep 16 digits of it.
    init(_ trial: StoredTrial) {
      (seed, fold, splitHash) = (trial.seed, trial.fold, String(trial.splitHash.prefix(16)))
    }
  }

  /// One time of one model, B ÷ A.
  public struct Time: Sendable {
    public var key: SeriesKey
    /// Medians in milliseconds.
    public var medianA, medianB: Double
    /// B ÷ A by the Hodges–Lehmann shift of logarithms, of costs over the calibration kernel where both have them.
    public var ratio: Double
    /// Over the batches of these two runs; nil where only medians are known. It says nothing of how runs vary.
    public var interval: Interval?
    public var p: Double?
  }

  /// Every time that both have; none where the machines differ.
  public func times() -> [Time] {
    guard machine.isEmpty else { return [] }
    let right = Dictionary(b.timings.map { (SeriesKey($0), $0) }, uniquingKeysWith: { first, _ in first })
    return a.timings.compactMap { timing -> Time? in
      let key = SeriesKey(timing)
      guard let other = right[key], let medianA = Descriptive.median(timing.samples), medianA > 0,
        let medianB = Descriptive.median(other.samples), medianB > 0
      else { return nil }
      let isCalibrated = !timing.relativeCosts.isEmpty && !other.relativeCosts.isEmpty
      let first = isCalibrated ? timing.relativeCosts : timing.samples
      let second = isCalibrated ? other.relativeCosts : other.samples
      guard first.count > 1, second.count > 1, first.allSatisfy({ $0 > 0 }), second.allSatisfy({ $0 > 0 }),
        let shift = HodgesLehmannShift(second.map { log($0) }, first.map { log($0) })
      else {
        return Time(key: key, medianA: medianA, medianB: medianB, ratio: medianB / medianA, interval: nil, p: nil)
      }
      let interval = shift.interval(level: 0.95)
      return Time(
        key: key, medianA: medianA, medianB: medianB, ratio: exp(shift.estimate),
        interval: Interval(low: exp(interval.low), high: exp(interval.high)), p: MannWhitneyTest(second, first)?.p)
    }.sorted { $0.key < $1.key }
  }
}

extension StoredTiming {
  /// Each batch's cost over the calibration kernel's just before it; empty where they were not measured.
  var relativeCosts: [Double] {
    guard costs.count == calibrations.count, calibrations.allSatisfy({ $0 > 0 }) else { return [] }
    return zip(costs, calibrations).map { $0 / $1 }
  }
}
