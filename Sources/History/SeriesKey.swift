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

/// The values of one key over the runs of one experiment, manifest version and machine; oldest first.
public struct Series: Sendable {
  public struct Point: Sendable, Equatable {
    public var run: Int64
    /// Mean over the trials (fractions; nats for log loss), or the median time in milliseconds.
    public var value: Double
  }
  public var key: SeriesKey
  public var points: [Point]
}

/// Runs that may be compared as they stand: one experiment, manifest version and machine.
public struct Lineage: Sendable {
  public var experiment: String
  public var manifestVersion: String
  public var machine: String
  /// Oldest first; never empty.
  public var runs: [StoredRun]

  /// In the order in which they began.
  public static func all(of runs: [StoredRun]) -> [Lineage] {
    var places: [[String]: Int] = [:]
    var lineages: [Lineage] = []
    for run in runs {
      let key = [run.experiment, run.manifestVersion, run.machine.key]
      if let place = places[key] {
        lineages[place].runs.append(run)
      } else {
        places[key] = lineages.count
        lineages.append(
          Lineage(experiment: key[0], manifestVersion: key[1], machine: key[2], runs: [run]))
      }
    }
    return lineages
  }

  /// Every series, in the order of their keys. `metric` nil asks for each run's primary metric.
  public func series(metric: String? = nil) -> [Series] {
    var points: [SeriesKey: [Series.Point]] = [:]
    for run in runs {
      for (key, value) in run.values(metric: metric ?? run.primaryMetric) {
        points[key, default: []].append(Series.Point(run: run.id ?? 0, value: value))
      }
    }
    return points.keys.sorted().map { Series(key: $0, points: points[$0] ?? []) }
  }
}
