import Foundation
import Testing

@testable import History

@Suite struct NightSimulationTests {
  private func record(seed: UInt64, nightNoise: Double = 0.02) -> NoiseRecord {
    var nights = SyntheticNights(seed: seed)
    nights.nightNoise = nightNoise
    var record = NoiseRecord([])
    record.runs = (0..<40).map { _ in
      let measurement = nights.measurement()
      return NoiseRecord.Run(
        scores: measurement.scores.mapValues { .init(trials: $0.trials, priorVariance: $0.priorVariance) },
        costs: measurement.costs.mapValues { $0.logarithms.map { exp($0) } })
    }
    return record
  }

  @Test("quiet noise gives few false alarms and shows the planted steps; the same seed the same rates")
  func rates() {
    let simulation = NightSimulation(record(seed: 11), settings: NightlySettings(loss: 2), seed: 4)
    let alarms = simulation.falseAlarms(nights: 600)
    #expect(alarms.alarms <= 6, "\(alarms)")
    #expect(alarms == simulation.falseAlarms(nights: 600))
    let found = simulation.detections(steps: 45, size: 1.5)
    #expect(found.keys.sorted() == simulation.series)
    #expect(found.values.allSatisfy { $0.steps == 15 && $0.rate > 0.8 }, "\(found)")
  }

  @Test("rules without their line alarm far too often: the simulation would notice")
  func sensitive() {
    var settings = NightlySettings(loss: 2)
    (settings.falseAlarms, settings.smallestShare) = (0.9, 0)
    (settings.suspicionOfTimes, settings.suspicionOfScores) = (0.6, 0.6)
    let alarms = NightSimulation(record(seed: 12), settings: settings, seed: 4).falseAlarms(nights: 200)
    #expect(alarms.rate > 0.05, "\(alarms)")
  }

  @Test("in loud noise small steps stay unseen rather than false alarms ring")
  func loud() {
    let simulation = NightSimulation(
      record(seed: 13, nightNoise: 0.3), settings: NightlySettings(loss: 2), seed: 4)
    #expect(simulation.falseAlarms(nights: 400).alarms <= 5)
    let found = simulation.detections(steps: 30, size: 1)[SyntheticNights.time]
    #expect(found?.rate ?? 1 < 0.5)
  }

  @Test("a record is written and read again; what is none is refused")
  func file() throws {
    try SyntheticHistory.inFolder { folder in
      let runs = (0..<12).map { SyntheticHistory.run(noise: UInt64($0 + 1)) }
      let record = NoiseRecord(runs)
      #expect(record.origin.contains("in 12 runs the machine was too busy"))
      let file = folder.appendingPathComponent("noise.json")
      try Data(record.json().utf8).write(to: file)
      #expect(try NoiseRecord.read(file) == record)
      try Data("{\"runs\": 3}".utf8).write(to: file)
      #expect(throws: NoiseError.self) { try NoiseRecord.read(file) }
      try Data(NoiseRecord(Array(runs.prefix(3))).json().utf8).write(to: file)
      #expect(throws: NoiseError.self) { try NoiseRecord.read(file) }
    }
  }
}
