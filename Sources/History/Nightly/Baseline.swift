import Statistics

/// The nights that one series is held against.
struct Baseline: Sendable {
  /// Oldest first.
  let nights: [Night]

  /// The latest nights since the last accepted one, without those that found the series worse; and since the last
  /// step to the better that is half of what matters or more, so that a gain cannot hide a later loss.
  /// - Parameter tonight: a score's trials; nights that share none of them had other rows and are no baseline.
  init(
    of series: String, isTime: Bool, in history: [Night], settings: NightlySettings,
    pairedWith tonight: NightMeasurement.Scores? = nil
  ) {
    func has(_ measurement: NightMeasurement) -> Bool {
      guard !isTime else { return measurement.costs[series] != nil }
      guard let scores = measurement.scores[series] else { return false }
      return tonight?.sharesTrials(with: scores) ?? true
    }
    let start = history.lastIndex { $0.isAccepted } ?? 0
    let sound = history[min(start, history.count)...].filter { night in
      !night.regressions.contains(series) && night.measurements.contains(where: has)
    }.suffix(settings.window)
    let levels = sound.compactMap { Self.level(of: series, isTime: isTime, $0) }
    let segments = StepDetection.segments(levels)
    // Levels are the better the lower. Smaller steps come with any commit that changes a score's bits.
    let least = settings.smallestShare * settings.threshold(isTime: isTime)
    let step = segments.indices.dropFirst().last { segments[$0 - 1].level - segments[$0].level >= least }
    nights = Array(sound.dropFirst(step.map { segments[$0].range.lowerBound } ?? 0))
  }

  /// One number for a night, from its first measurement: the lower the better.
  static func level(of series: String, isTime: Bool, _ night: Night) -> Double? {
    let first = night.measurements.first { isTime ? $0.costs[series] != nil : $0.scores[series] != nil }
    guard let first else { return nil }
    if isTime { return first.costs[series]?.median }
    // Sorted by trial: a sum must not depend on hashing.
    let trials = first.scores[series]?.trials.sorted { $0.key < $1.key } ?? []
    return Descriptive.mean(trials.map(\.value)).map { -$0 }
  }

  func scores(_ series: String) -> [NightMeasurement.Scores] {
    nights.flatMap(\.measurements).compactMap { $0.scores[series] }
  }

  func costs(_ series: String) -> [NightMeasurement.Costs] {
    nights.flatMap(\.measurements).compactMap { $0.costs[series] }
  }
}
