/// What one number is: a metric of a model on a task, or its time for a kind of work. Runs make series of it.
public struct SeriesKey: Hashable, Sendable, Comparable {
  public enum Measure: Hashable, Sendable {
    case score(metric: String, protocolName: String, source: String, target: String)
    /// `work` is `query`, `forward` or `train`; `order` as in timing.csv.
    case time(work: String, threads: Int, batch: Int, order: String)
  }
  public var task: String
  public var corpus: String
  public var model: String
  public var measure: Measure

  init(_ trial: StoredTrial, metric: String) {
    (task, corpus, model) = (trial.task, trial.corpus, trial.model)
    measure = .score(
      metric: metric, protocolName: trial.protocolName, source: trial.source, target: trial.target)
  }

  init(_ timing: StoredTiming) {
    (task, corpus, model) = (timing.task, timing.corpus, timing.model)
    measure = .time(work: timing.work, threads: timing.threads, batch: timing.batch, order: timing.order)
  }

  public var isTime: Bool {
    if case .time = measure { return true }
    return false
  }

  var isTrainingTime: Bool {
    if case .time("train", _, _, _) = measure { return true }
    return false
  }

  /// nil of a time.
  var protocolName: String? {
    guard case .score(_, let protocolName, _, _) = measure else { return nil }
    return protocolName
  }

  /// For people, and unique: `messages · lstm · f1_macro (holdout, ecommerce)`, `messages · lstm · query, 1 thread`.
  public var name: String { "\(corpus) · \(model) · \(measureName)" }

  /// The name without corpus and model.
  public var measureName: String {
    switch measure {
    case .score(let metric, let protocolName, let source, let target):
      return "\(metric) (\(protocolName), \(source == target ? source : "\(source) → \(target)"))"
    case .time(let work, let threads, let batch, let order):
      let parts = ["\(threads) \(threads == 1 ? "thread" : "threads")", "batch \(batch)"]
      return ([work] + parts + (order == "arrival" ? [] : [order])).joined(separator: ", ")
    }
  }

  /// By task, corpus, scores before times, then measure and model: an order that no hash decides.
  public static func < (a: SeriesKey, b: SeriesKey) -> Bool {
    a.sortingFields.lexicographicallyPrecedes(b.sortingFields)
  }

  private var sortingFields: [String] { [task, corpus, isTime ? "1" : "0", measureName, model] }
}

/// The values of one key over the runs of one experiment and machine with the same settings; oldest first.
public struct Series: Sendable {
  public struct Point: Sendable, Equatable {
    public var run: Int64
    /// Mean over the trials (fractions; nats for log loss), or the median time in milliseconds.
    public var value: Double
  }
  public var key: SeriesKey
  /// The last run of a series whose key goes on with other settings; nil where it is the key's latest.
  public var endedAt: Int64?
  public var points: [Point]

  /// The key's, and until when where it has ended.
  public var name: String { key.name + (endedAt.map { ", until run \($0)" } ?? "") }
}

/// Runs of one experiment on one machine. Where a setting that makes a series' figures changes, another series begins.
public struct Lineage: Sendable {
  public var experiment: String
  public var machine: String
  /// Oldest first; never empty.
  public var runs: [StoredRun]

  /// In the order in which they began.
  public static func all(of runs: [StoredRun]) -> [Lineage] {
    var places: [[String]: Int] = [:]
    var lineages: [Lineage] = []
    for run in runs {
      let key = [run.experiment, run.machine.key]
      if let place = places[key] {
        lineages[place].runs.append(run)
      } else {
        places[key] = lineages.count
        lineages.append(Lineage(experiment: key[0], machine: key[1], runs: [run]))
      }
    }
    return lineages
  }

  /// Every series, in the order of their keys. `metric` nil asks for each run's primary metric.
  public func series(metric: String? = nil) -> [Series] {
    all { $0.values(metric: metric ?? $0.primaryMetric) }.map { series in
      Series(
        key: series.key, endedAt: series.endedAt,
        points: series.points.map { Series.Point(run: $0.run.id ?? 0, value: $0.value) })
    }
  }

  /// The series that `values` gives, in the order of their keys, older ones first.
  func all(
    values: (StoredRun) -> [SeriesKey: Double]
  ) -> [(key: SeriesKey, endedAt: Int64?, points: [(run: StoredRun, value: Double)])] {
    var eras = SeriesEras()
    var points: [SeriesKey: [[(run: StoredRun, value: Double)]]] = [:]
    for run in runs {
      for (key, value) in values(run) {
        let era = eras.era(of: key, manifest: run.manifest)
        var all = points.removeValue(forKey: key) ?? []
        if all.count == era { all.append([]) }
        all[era].append((run, value))
        points[key] = all
      }
    }
    return points.keys.sorted().flatMap { key in
      let all = (points[key] ?? []).sorted { ($0.last?.run.id ?? 0) < ($1.last?.run.id ?? 0) }
      return all.indices.map { place in
        (key, place == all.count - 1 ? nil : all[place].last?.run.id, all[place])
      }
    }
  }
}

/// Which of a key's runs have the same settings: eras are numbered from 0 in the order in which they begin.
private struct SeriesEras {
  /// By key, a manifest of each era.
  private var manifests: [SeriesKey: [String]] = [:]
  private var known: [SeriesKey: [String: Int]] = [:]
  private var changes: [[String]: ManifestChange?] = [:]

  mutating func era(of key: SeriesKey, manifest: String) -> Int {
    if let era = known[key]?[manifest] { return era }
    let eras = manifests[key] ?? []
    let era = eras.lastIndex { isSame(key, $0, manifest) } ?? eras.count
    if era == eras.count { manifests[key, default: []].append(manifest) }
    known[key, default: [:]][manifest] = era
    return era
  }

  private mutating func isSame(_ key: SeriesKey, _ old: String, _ new: String) -> Bool {
    let change: ManifestChange?
    if let found = changes[[old, new]] {
      change = found
    } else {
      change = ManifestChange(from: old, to: new)
      changes[[old, new]] = change
    }
    return change?.beginsOnPurpose == false && change?.settings(of: key).isEmpty == true
  }
}
