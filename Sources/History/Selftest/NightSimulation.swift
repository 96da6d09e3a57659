import Compute
import Foundation
import Statistics

/// Replays nights drawn from recorded noise through the very rules of `bench nightly`.
///
/// A night is a recorded run with all its series together, and measures again with the runs recorded right after it:
/// what disturbs a machine for some minutes disturbs both.
public struct NightSimulation: Sendable {
  let noise: [NightMeasurement]
  let settings: NightlySettings
  let seed: UInt64

  public init(_ record: NoiseRecord, settings: NightlySettings, seed: UInt64) {
    (noise, self.settings, self.seed) = (record.measurements, settings, seed)
  }

  /// The names of all series.
  public var series: [String] {
    Set(noise.flatMap(\.scores.keys)).union(noise.flatMap(\.costs.keys)).sorted()
  }

  // MARK: Nights on which nothing changed

  public struct FalseAlarms: Sendable, Equatable {
    public var nights: Int
    /// Nights with at least one alarm.
    public var alarms: Int
    /// Nights that measured again.
    public var repeated: Int
    public var rate: Double { Double(alarms) / Double(max(1, nights)) }
    /// 95 %, Clopper and Pearson.
    public var interval: Interval? { ProportionInterval.clopperPearson(successes: alarms, trials: nights) }
  }

  /// One night after the other, with the rolling baseline; the first `settings.window` only fill it.
  public func falseAlarms(nights: Int) -> FalseAlarms {
    var random = Random(seed: seed, stream: "nights")
    var history = [Night(number: 1, commit: nil, measurements: draw(&random, count: settings.measurements))]
    var result = FalseAlarms(nights: nights, alarms: 0, repeated: 0)
    for number in 2...(nights + settings.window) {
      let ended = play(Int64(number), draw(&random, count: settings.measurements), after: history)
      if number > settings.window {
        if !ended.regressions.isEmpty { result.alarms += 1 }
        if ended.measurements.count > 1 { result.repeated += 1 }
      }
      // The judge looks back on the window alone, but for nights that it leaves out.
      history = Array((history + [ended]).suffix(2 * settings.window))
    }
    return result
  }

  // MARK: Steps

  public struct Detections: Sendable, Equatable {
    public var steps = 0
    public var found = 0
    /// By night after the step, from the first.
    public var byNight = [0, 0, 0]
    public var rate: Double { Double(found) / Double(max(1, steps)) }
    public var interval: Interval? { ProportionInterval.clopperPearson(successes: found, trials: steps) }
  }

  /// Steps of `size` times what matters, in one series each, all series in turn; found where one of the first three
  /// nights names the series.
  ///
  /// Scores are as a real step finds them: the bits of one initialisation are the same every night until the step, and
  /// other ones every night from it on; each night only the times are new.
  public func detections(steps: Int, size: Double) -> [String: Detections] {
    let names = series
    let times = Set(noise.flatMap(\.costs.keys))
    var found: [String: Detections] = [:]
    for step in 0..<steps {
      let name = names[step % names.count]
      var random = Random(seed: seed, stream: "step \(size) \(step)")
      let count = settings.measurements
      let first = random.below(noise.count)
      // The runs after the step are none of those before.
      let second = first + count + random.below(max(1, noise.count - 2 * count + 1))
      let before = consecutive(from: first, count: count)
      var history = [Night(number: 1, commit: nil, measurements: before)]
      for number in 2...settings.window {
        let measured = timed(Array(before.prefix(1)), &random)
        history.append(Night(number: Int64(number), commit: nil, measurements: measured))
      }
      let after = consecutive(from: second, count: count)
      let change = size * settings.threshold(isTime: times.contains(name))
      found[name, default: Detections()].steps += 1
      for night in 0..<3 {
        let measured = timed(after, &random).map { Self.worsen($0, name, by: change) }
        let ended = play(Int64(history.count + 1), measured, after: history)
        history.append(ended)
        if ended.regressions.contains(name) {
          found[name]?.found += 1
          found[name]?.byNight[night] += 1
          break
        }
      }
    }
    return found
  }

  static func worsen(_ measurement: NightMeasurement, _ series: String, by change: Double) -> NightMeasurement {
    var result = measurement
    if let costs = result.costs[series] {
      result.costs[series] = NightMeasurement.Costs(logarithms: costs.logarithms.map { $0 + change })
    }
    if let scores = result.scores[series] {
      result.scores[series]?.trials = scores.trials.mapValues { $0 - change }
    }
    return result
  }

  /// Judges a night as the command does: `measured[0]` first, the others only where something looks worse.
  private func play(_ number: Int64, _ measured: [NightMeasurement], after history: [Night]) -> Night {
    let judge = NightJudge(settings: settings, history: history)
    let suspects = judge.suspects(measured[0])
    guard !suspects.isEmpty else { return Night(number: number, commit: nil, measurements: [measured[0]]) }
    let judgements = judge.judge(measured, suspects: suspects, number: number, commit: nil)
    return Night(
      number: number, commit: nil, measurements: measured,
      regressions: Set(judgements.filter { $0.status == .regression }.map(\.series)))
  }

  private func draw(_ random: inout Random, count: Int) -> [NightMeasurement] {
    consecutive(from: random.below(noise.count), count: count)
  }

  private func consecutive(from first: Int, count: Int) -> [NightMeasurement] {
    (0..<count).map { noise[(first + $0) % noise.count] }
  }

  /// The same scores with the times of other runs.
  private func timed(_ measurements: [NightMeasurement], _ random: inout Random) -> [NightMeasurement] {
    zip(measurements, draw(&random, count: measurements.count)).map { scored, timed in
      NightMeasurement(scores: scored.scores, costs: timed.costs)
    }
  }
}
