/// Earlier nights as tonight's manifest sees them: what their series share with tonight's.
struct TonightsView {
  private let manifest: String
  private let experiment: String
  private let tonight: Set<SeriesKey>
  /// Of tonight's trials, by what earlier versions recorded as their split: the hash that is recorded now.
  private let splitHashes: [String: String]
  /// By the earlier manifest; runs of many nights have the same.
  private var changes: [String: ManifestChange?] = [:]

  init(of run: StoredRun) {
    (manifest, experiment) = (run.manifest, run.experiment)
    tonight = Set(run.keys)
    splitHashes = Dictionary(
      run.trials.lazy.filter { !$0.formerSplitHash.isEmpty }.map { ($0.formerSplitHash, $0.splitHash) },
      uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter runs: the night's, in their order.
  mutating func night(_ number: Int64, _ runs: [StoredRun]) -> Night {
    var night = Night(
      number: number, commit: runs.first?.machine.commit, measurements: runs.map { NightMeasurement(asRecordedNow($0)) }
    )
    guard let first = runs.first, first.manifest != manifest || first.experiment != experiment else { return night }
    let change = change(from: first.manifest)
    let renaming = first.experiment == experiment ? [] : ["name: \(first.experiment) → \(experiment)"]
    for key in Set(runs.flatMap(\.keys)).sorted() {
      let found =
        change.map { (tonight.contains(key) ? $0.settings(of: key) : $0.end(of: key)).map(\.description) }
        ?? ["its manifest cannot be read"]
      if !(renaming + found).isEmpty { night.changes[key.name] = renaming + found }
    }
    let others = Set(night.changes.keys)
    night.others = night.measurements.map { $0.with { others.contains($0) } }
    night.measurements = night.measurements.map { $0.with { !others.contains($0) } }
    return night
  }

  /// The run with the split hashes that its trials would have now, where tonight's tell.
  private func asRecordedNow(_ run: StoredRun) -> StoredRun {
    var run = run
    for index in run.trials.indices {
      if let hash = splitHashes[run.trials[index].splitHash] { run.trials[index].splitHash = hash }
    }
    return run
  }

  private mutating func change(from earlier: String) -> ManifestChange? {
    if let known = changes[earlier] { return known }
    let change = ManifestChange(from: earlier, to: manifest)
    changes[earlier] = change
    return change
  }
}

extension StoredRun {
  /// All series of the run: the primary metric of every trial, failed ones too, and its times.
  fileprivate var keys: [SeriesKey] {
    trials.map { SeriesKey($0, metric: primaryMetric) } + timings.map { SeriesKey($0) }
  }
}

extension NightMeasurement {
  /// The series whose name is asked for.
  func with(_ isIncluded: (String) -> Bool) -> NightMeasurement {
    NightMeasurement(
      scores: scores.filter { isIncluded($0.key) }, costs: costs.filter { isIncluded($0.key) },
      failures: failures.filter { isIncluded($0.key) })
  }
}
