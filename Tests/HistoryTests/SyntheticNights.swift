import Foundation
import Statistics

@testable import History

/// Invented nights of two scores and one time, with normal noise.
struct SyntheticNights {
  static let score = "messages · lstm · f1_macro (holdout, shop)"
  static let fixed = "messages · tfidf · f1_macro (holdout, shop)"
  static let time = "messages · lstm · query, 1 thread, batch 32"

  private var generator: ResamplingGenerator
  /// Standard deviations: of a trial's score in points, of a night's time and of a batch's (logarithms).
  var scoreNoise = 0.8
  var nightNoise = 0.02
  var batchNoise = 0.08

  init(seed: UInt64) { generator = ResamplingGenerator(seed: seed) }

  mutating func normal() -> Double {
    Normal.quantile((Double(generator.below(1 << 24)) + 0.5) / Double(1 << 24))
  }

  mutating func measurement(loss: Double = 0, slowdown: Double = 0) -> NightMeasurement {
    let trials = (1...5).map { ("s\($0)", 82 + Double($0) - loss + scoreNoise * normal()) }
    let night = nightNoise * normal()
    let batches = (0..<24).map { _ in log1p(slowdown / 100) + night + batchNoise * normal() }
    return NightMeasurement(
      scores: [
        Self.score: .init(trials: Dictionary(uniqueKeysWithValues: trials), priorVariance: 1.5),
        Self.fixed: .init(trials: ["s1": 85, "s2": 86], priorVariance: 1.5),
      ], costs: [Self.time: .init(logarithms: batches)])
  }

  mutating func nights(_ count: Int, from first: Int = 1, loss: Double = 0, slowdown: Double = 0) -> [Night] {
    (first..<(first + count)).map { number in
      let repeats = number == 1 ? 3 : 1
      return Night(
        number: Int64(number), commit: "c\(number)",
        measurements: (0..<repeats).map { _ in measurement(loss: loss, slowdown: slowdown) })
    }
  }
}
