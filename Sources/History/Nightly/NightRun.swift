/// One night of one experiment: measures, measures again what looks worse, judges, and records all of it.
public struct NightRun {
  public var store: HistoryStore
  /// The smallest slowdown that matters, in percent.
  public var slowdown: Double
  /// Tonight's figures begin a new baseline, better or worse.
  public var isAccepted: Bool
  /// Experiments of the same call.
  public var others: [String]

  public init(store: HistoryStore, slowdown: Double = 10, isAccepted: Bool = false, others: [String] = []) {
    (self.store, self.slowdown, self.isAccepted, self.others) = (store, slowdown, isAccepted, others)
  }

  /// - Parameters:
  ///   - measure: runs the experiment; 0 as its manifest says, others with other initialisations on the same splits.
  ///   - again: told the series that look worse before they are measured again.
  /// - Throws: what `measure` throws, or `HistoryError`; then the night has not ended and is no baseline.
  public func run(measure: (_ roll: Int) throws -> StoredRun, again: ([String]) -> Void = { _ in }) throws
    -> NightlyReport.Part
  {
    let number = try store.beginNight(isAccepted: isAccepted)
    var runs: [StoredRun] = []
    func measureAndRecord() throws {
      var run = try measure(runs.count)
      (run.night, run.roll) = (number, runs.count)
      run.id = try store.record(run)
      runs.append(run)
    }
    try measureAndRecord()
    let settings = NightlySettings(loss: runs[0].margin, slowdown: slowdown)
    let judge = NightJudge(
      settings: settings, history: isAccepted ? [] : try store.nights(before: runs[0], besides: others))
    var notes: [String] = []
    if isAccepted {
      notes.append("accepted: tonight's figures are the baseline")
    } else if judge.isFirst, let reason = try store.reasonForBeginning(runs[0]) {
      notes.append(reason)
    }
    let first = NightMeasurement(runs[0])
    let suspects = judge.suspects(first)
    if judge.lacksBaseline(first) || !suspects.isEmpty {
      if !suspects.isEmpty { again(suspects) }
      while runs.count < settings.measurements { try measureAndRecord() }
    }
    let commit = runs[0].machine.commit
    let judgements = judge.judge(runs.map { NightMeasurement($0) }, suspects: suspects, number: number, commit: commit)
    try store.endNight(number, judgements: judgements, series: ManifestChange.series(of: runs[0].manifest))
    return NightlyReport.Part(
      experiment: runs[0].experiment, manifestVersion: runs[0].manifestVersion, machine: runs[0].machine.key,
      night: number, commit: commit, measurements: runs.count,
      warnings: runs.flatMap(\.warnings).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      notes: notes, judgements: judgements)
  }
}
