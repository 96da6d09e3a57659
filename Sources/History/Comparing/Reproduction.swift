import Records
import Statistics
import Tasks

/// A stored run and the same run done again: which of its figures came out again.
///
/// Figures are the metrics of its trials; every other table of scores follows from them.
public struct Reproduction: Sendable {
  public enum Outcome: String, Sendable, CaseIterable {
    /// Every trial to the last digit that is stored.
    case equal
    /// The mean moved by no more than what the manifest calls too small to matter.
    case within = "within tolerance"
    case different
  }

  /// One metric of one model, over its trials.
  public struct Figure: Sendable {
    public var key: SeriesKey
    public var trials: Int
    public var before: Double
    /// nil where a trial has none now.
    public var after: Double?
    /// The largest change of a trial, without its sign.
    public var largestChange: Double
    public var outcome: Outcome
  }

  /// A is the stored run.
  public let comparison: RunComparison
  public let figures: [Figure]
  /// Names of the trials that failed in one of the two runs and ended well in the other.
  public let otherEndings: [String]

  public init(of stored: StoredRun, again: StoredRun) {
    comparison = RunComparison(stored, again)
    let trials = Dictionary(again.trials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    otherEndings = stored.trials.filter { trial in
      trials[trial.name].map { ($0.failure == nil) != (trial.failure == nil) } ?? false
    }.map(\.name)
    let metrics = ScoreName.known.map(\.column).filter { column in stored.trials.contains { $0.scores[column] != nil } }
    figures = metrics.flatMap { metric in
      let groups = Dictionary(grouping: stored.trials.filter { $0.scores[metric] != nil }) {
        SeriesKey($0, metric: metric)
      }
      return groups.keys.sorted().map { key in
        Self.figure(key, groups[key] ?? [], trials, metric, margin: stored.margin)
      }
    }
  }

  private static func figure(
    _ key: SeriesKey, _ stored: [StoredTrial], _ again: [String: StoredTrial], _ metric: String, margin: Double
  ) -> Figure {
    let before = stored.compactMap { $0.scores[metric] }
    let after = stored.compactMap { trial -> Double? in
      guard let other = again[trial.name], isSameSplit(trial, other) else { return nil }
      return other.scores[metric]
    }
    let mean = Descriptive.mean(before) ?? 0
    var figure = Figure(
      key: key, trials: before.count, before: mean, after: nil, largestChange: 0, outcome: .different)
    guard after.count == before.count, let now = Descriptive.mean(after) else { return figure }
    figure.after = now
    figure.largestChange = zip(before, after).map { ($0 - $1).magnitude }.max() ?? 0
    if figure.largestChange == 0 {
      figure.outcome = .equal
    } else if (now - mean).magnitude <= tolerance(key, mean, margin: margin) {
      figure.outcome = .within
    }
    return figure
  }

  /// Folders keep sixteen digits of the hash; those of earlier versions none, or the hash as it was made then.
  private static func isSameSplit(_ stored: StoredTrial, _ again: StoredTrial) -> Bool {
    let digits = stored.splitHash.prefix(16)
    return digits.isEmpty || again.splitHash.isEmpty || digits == again.splitHash.prefix(16)
      || digits == again.formerSplitHash.prefix(16)
  }

  /// For fractions the manifest's margin; for others a twentieth of the value.
  private static func tolerance(_ key: SeriesKey, _ value: Double, margin: Double) -> Double {
    key.unit == .points ? margin / 100 : 0.05 * value.magnitude
  }

  /// Every figure is equal or within tolerance, and every trial ended as it had.
  public var isReproduced: Bool { count(.different) == 0 && otherEndings.isEmpty }

  public func count(_ outcome: Outcome) -> Int { figures.count { $0.outcome == outcome } }

  /// What of the two machines decides how sums are rounded, and so the figures; the rest decides times alone.
  private static let arithmetic: Set<String> = [
    "os", "blasVersion", "blasCore", "blasThreads", "kernelISA", "compiler", "buildConfiguration",
  ]

  /// Differences of the machines that can move figures, and those that cannot.
  public var machine: (figures: [RunComparison.Difference], times: [RunComparison.Difference]) {
    let all = comparison.machine
    return (all.filter { Self.arithmetic.contains($0.name) }, all.filter { !Self.arithmetic.contains($0.name) })
  }
}
