import Statistics

extension StoredRun {
  /// One number for each series of this run: the mean of `metric` over the trials, the median of each time.
  func values(metric: String) -> [SeriesKey: Double] {
    var scores: [SeriesKey: [Double]] = [:]
    for trial in trials {
      guard let score = trial.scores[metric] else { continue }
      scores[SeriesKey(trial, metric: metric), default: []].append(score)
    }
    var values = scores.compactMapValues { Descriptive.mean($0) }
    for timing in timings { values[SeriesKey(timing)] = Descriptive.median(timing.samples) }
    return values
  }
}
