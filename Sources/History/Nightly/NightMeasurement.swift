import Families
import Foundation
import Manifests
import Models
import Statistics
import Tasks

/// What one run says of its series, in numbers that stand beside other nights'.
public struct NightMeasurement: Sendable, Equatable {
  /// Scores of one series' trials; the higher the better: points for fractions, other metrics as they are, losses
  /// with their sign turned.
  public struct Scores: Sendable, Equatable {
    /// Trial (seed, fold and split) → score.
    public var trials: [String: Double]
    /// The variance that a trial would have if every test row were drawn anew: what a retrained model's score varies
    /// by at a guess, before there are data; nil for metrics that are no fractions.
    public var priorVariance: Double?
    /// Which initialisation.
    public var roll: Int
    public init(trials: [String: Double], priorVariance: Double?, roll: Int = 0) {
      (self.trials, self.priorVariance, self.roll) = (trials, priorVariance, roll)
    }

    /// Whether one trial at least was tested on the same rows after training on the same.
    func sharesTrials(with other: Scores) -> Bool { trials.keys.contains { other.trials[$0] != nil } }
  }

  /// Times of one series: logarithms of each batch's cost over the calibration kernel's.
  public struct Costs: Sendable, Equatable {
    public var logarithms: [Double]
    public let median: Double
    public init(logarithms: [Double]) {
      self.logarithms = logarithms
      median = Descriptive.median(logarithms) ?? 0
    }
  }

  /// By the series' names.
  public var scores: [String: Scores]
  public var costs: [String: Costs]
  /// Series that a failed trial has made incomplete, each with the reason.
  public var failures: [String: String]

  public init(scores: [String: Scores], costs: [String: Costs], failures: [String: String] = [:]) {
    (self.scores, self.costs, self.failures) = (scores, costs, failures)
  }

  /// The primary metric of every model, and the times of those that take long enough for the clock: `query` and
  /// `forward` of the neural ones, `query` of TF-IDF. The others answer in microseconds, which caches and clock decide;
  /// which they are must not depend on how fast a night is. `train` has no costs.
  public init(_ run: StoredRun) {
    self.init(scores: [:], costs: [:])
    let metric = run.primaryMetric
    let name = MetricName(rawValue: metric)
    let sign = (name?.higherIsBetter ?? true) ? 1.0 : -1.0
    let isFraction = name?.isFraction ?? true
    var variances: [String: [Double]] = [:]
    for trial in run.trials {
      let series = SeriesKey(trial, metric: metric).name
      guard let score = trial.scores[metric] else {
        failures[series] = "\(trial.name): \(trial.failure ?? "\(metric) has no value")"
        continue
      }
      let slot = "s\(trial.seed)" + (trial.fold.map { ".f\($0)" } ?? "") + " \(trial.splitHash.prefix(16))"
      scores[series, default: Scores(trials: [:], priorVariance: nil, roll: run.roll)].trials[slot] =
        score * sign * (isFraction ? 100 : 1)
      if isFraction, trial.testRows > 0, score >= 0, score <= 1 {
        variances[series, default: []].append(1e4 * score * (1 - score) / Double(trial.testRows))
      }
    }
    for series in scores.keys { scores[series]?.priorVariance = variances[series].flatMap { Descriptive.mean($0) } }
    for timing in run.timings {
      let relative = timing.relativeCosts
      guard let kind = ModelKind(rawValue: timing.kind),
        kind.isNeural || (!kind.isFloor && timing.work == TimingSettings.Work.query.rawValue),
        !relative.isEmpty,
        relative.allSatisfy({ $0 > 0 && $0.isFinite })
      else { continue }
      costs[SeriesKey(timing).name] = Costs(logarithms: relative.map { log($0) })
    }
  }
}

/// One night of one experiment, as later nights see it.
public struct Night: Sendable, Equatable {
  public var number: Int64
  public var commit: String?
  /// The first with the manifest's own seeds; others with other initialisations, where the night measured again.
  public var measurements: [NightMeasurement]
  /// Of the same measurements, the series that tonight's manifest has otherwise or not at all.
  public var others: [NightMeasurement] = []
  /// Why: by the name of each series of `others`, the settings that changed.
  public var changes: [String: [String]] = [:]
  /// No series ended that night; one that did is no standard for later nights until it is accepted.
  public var isSettled = true
  /// Its figures began a new baseline, better or worse.
  public var isAccepted: Bool
  /// Series that were found worse: no baseline for them.
  public var regressions: Set<String>

  public init(
    number: Int64, commit: String?, measurements: [NightMeasurement], isAccepted: Bool = false,
    regressions: Set<String> = []
  ) {
    (self.number, self.commit, self.measurements) = (number, commit, measurements)
    (self.isAccepted, self.regressions) = (isAccepted, regressions)
  }
}
