import Statistics

/// How much worse a series is than its baseline, and how sure that is.
struct Evidence: Sendable, Equatable {
  /// Positive is worse: points for scores, the logarithm of the ratio for times.
  var worsening: Double
  /// 0 where nothing varies.
  var standardError: Double
  var degreesOfFreedom: Double

  /// One-sided: how often chance alone makes it look so much worse or more.
  var p: Double {
    guard standardError > 0 else { return worsening > 0 ? 0 : 1 }
    return StudentT(degreesOfFreedom: degreesOfFreedom).survival(worsening / standardError)
  }

  /// The worsening that chance reaches in a share `rate` of cases.
  func line(rate: Double) -> Double {
    guard standardError > 0 else { return 0 }
    return StudentT(degreesOfFreedom: degreesOfFreedom).quantile(1 - rate) * standardError
  }

  func interval(level: Double = 0.95) -> Interval {
    let reach = line(rate: (1 - level) / 2)
    return Interval(low: worsening - reach, high: worsening + reach)
  }
}

/// Scores: tonight's trials against the same trials of the baseline.
///
/// A training run gives the same bits on the same machine until a commit changes some; then every trial's score moves
/// as with another initialisation, better or worse by chance. The paired t-test (Student 1908) over trials asks
/// whether they moved down together. Its variance is that of a trial between initialisations, pooled over all that
/// was measured: trials are blocks, measurements are treatments (Fisher 1935), and the binomial variance of a test
/// part counts as `priorWeight` more degrees of freedom, so that the second night can already speak (a moderated t:
/// Smyth 2004, "Linear models and empirical Bayes methods").
enum QualityRule {
  static let priorWeight = 4.0

  /// nil where no trial is on both sides, or nothing tells how much chance moves a trial.
  static func evidence(tonight: [NightMeasurement.Scores], baseline: [NightMeasurement.Scores]) -> Evidence? {
    // Equal bits of one initialisation are one measurement, however often repeated. Other initialisations that give
    // equal bits are several: chance does not move such a model.
    var known: [NightMeasurement.Scores] = []
    for scores in baseline where !known.contains(scores) { known.append(scores) }
    let distinct = known.map(\.trials)
    let all = tonight.map(\.trials) + distinct
    guard let first = all.first, !tonight.isEmpty, !distinct.isEmpty else { return nil }
    let slots = first.keys.filter { slot in all.allSatisfy { $0[slot] != nil } }.sorted()
    guard !slots.isEmpty else { return nil }
    let trials = Double(slots.count)
    let (k, n) = (Double(tonight.count), Double(distinct.count))
    var squares = 0.0
    var drops: [Double] = []
    for slot in slots {
      let new = tonight.map { $0.trials[slot] ?? 0 }
      let old = distinct.map { $0[slot] ?? 0 }
      let (newMean, oldMean) = (new.reduce(0, +) / k, old.reduce(0, +) / n)
      squares += new.reduce(0) { $0 + ($1 - newMean) * ($1 - newMean) }
      squares += old.reduce(0) { $0 + ($1 - oldMean) * ($1 - oldMean) }
      drops.append(oldMean - newMean)
    }
    let mean = drops.reduce(0, +) / trials
    let share = 1 / k + 1 / n
    squares += drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / share
    var degrees = (k - 1) * trials + (n - 1) * trials + trials - 1
    if let prior = baseline.last?.priorVariance {
      squares += priorWeight * prior
      degrees += priorWeight
    }
    guard degrees > 0 else { return nil }
    return Evidence(
      worsening: mean, standardError: (squares / degrees * share / trials).squareRoot(), degreesOfFreedom: degrees)
  }
}

/// Times: tonight's median costs against the baseline's.
///
/// The batches of one run say little of how runs differ (Kalibera and Jones 2013, "Rigorous benchmarking in
/// reasonable time"), so the variance is that between measurements; `priorDeviation` counts as `priorWeight` degrees
/// of freedom until there are enough nights. The Mann–Whitney test on the batches themselves must agree.
enum SpeedRule {
  static let priorWeight = 4.0
  /// Of the logarithm: 3 %.
  static let priorDeviation = 0.03

  static func evidence(tonight: [NightMeasurement.Costs], baseline: [NightMeasurement.Costs]) -> Evidence? {
    guard let new = Descriptive.mean(tonight.map(\.median)), let old = Descriptive.mean(baseline.map(\.median)) else {
      return nil
    }
    var squares = priorWeight * priorDeviation * priorDeviation
    squares += tonight.reduce(0) { $0 + ($1.median - new) * ($1.median - new) }
    squares += baseline.reduce(0) { $0 + ($1.median - old) * ($1.median - old) }
    let (k, n) = (Double(tonight.count), Double(baseline.count))
    let degrees = priorWeight + (k - 1) + (n - 1)
    return Evidence(
      worsening: new - old, standardError: (squares / degrees * (1 / k + 1 / n)).squareRoot(),
      degreesOfFreedom: degrees)
  }

  /// Whether the batches too are slower than the baseline's, by the one-sided Mann–Whitney test at 1 %.
  static func batchesAgree(tonight: [NightMeasurement.Costs], baseline: [NightMeasurement.Costs]) -> Bool {
    let (new, old) = (tonight.flatMap(\.logarithms), baseline.flatMap(\.logarithms))
    guard let test = MannWhitneyTest(new, old) else { return false }
    return test.statistic > Double(new.count) * Double(old.count) / 2 && test.p / 2 < 0.01
  }
}
