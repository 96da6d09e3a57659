import Foundation
import Reports
import Text

/// The rates that simulated nights gave, against those that are demanded.
public struct SelftestReport: Sendable {
  public let falseAlarms: NightSimulation.FalseAlarms
  /// Size of the step in units of what matters → series → detections.
  public let detections: [(size: Double, least: Double, bySeries: [String: NightSimulation.Detections])]
  private let origin: String
  private let runs: Int
  private let settings: NightlySettings

  public init(
    record: NoiseRecord, settings: NightlySettings, simulation: NightSimulation, nights: Int, steps: Int
  ) {
    (origin, runs, self.settings) = (record.origin, record.runs.count, settings)
    falseAlarms = simulation.falseAlarms(nights: nights)
    detections = [(1.0, 0.80), (1.5, 0.95)].map { size, least in
      (size, least, simulation.detections(steps: steps, size: size))
    }
  }

  private func total(_ found: [String: NightSimulation.Detections]) -> NightSimulation.Detections {
    found.values.reduce(into: NightSimulation.Detections()) { sum, part in
      sum.steps += part.steps
      sum.found += part.found
      for night in sum.byNight.indices { sum.byNight[night] += part.byNight[night] }
    }
  }

  /// Whether every demand is met by the rates as they came out.
  public var isMet: Bool {
    falseAlarms.rate <= settings.falseAlarms && detections.allSatisfy { total($0.bySeries).rate >= $0.least }
  }

  public var text: String {
    func percent(_ value: Double, _ digits: Int) -> String { NumberFormat.fixed(value * 100, digits) + " %" }
    var lines = [
      "noise: \(runs) runs. \(origin)",
      "what matters: \(NumberFormat.fixed(settings.loss, 2)) points, \(NumberFormat.fixed(settings.slowdown, 1)) % of the time",
      "",
    ]
    var alarms =
      "false alarms: \(falseAlarms.alarms) in \(falseAlarms.nights) nights, all series together: "
      + percent(falseAlarms.rate, 2)
    if let interval = falseAlarms.interval {
      alarms += " (95 % interval \(percent(interval.low, 2)) to \(percent(interval.high, 2)))"
    }
    let isQuiet = falseAlarms.rate <= settings.falseAlarms
    lines.append(alarms + ", demanded at most \(percent(settings.falseAlarms, 2)): \(isQuiet ? "met" : "MISSED")")
    lines.append(
      "measured again: \(percent(Double(falseAlarms.repeated) / Double(max(1, falseAlarms.nights)), 1)) of nights")
    for part in detections {
      let sum = total(part.bySeries)
      var line =
        "steps of \(NumberFormat.fixed(part.size, 1)) × what matters: \(sum.found) of \(sum.steps) found within three "
        + "nights: \(percent(sum.rate, 1))"
      if let interval = sum.interval { line += " (\(percent(interval.low, 1)) to \(percent(interval.high, 1)))" }
      line += ", demanded at least \(percent(part.least, 0)): \(sum.rate >= part.least ? "met" : "MISSED")"
      lines += ["", line]
      var table = TextTable([
        ("  series", .left), ("steps", .right), ("first night", .right), ("second", .right), ("third", .right),
        ("found", .right),
      ])
      for name in part.bySeries.keys.sorted() {
        guard let found = part.bySeries[name] else { continue }
        table.append(["  " + name, "\(found.steps)"] + found.byNight.map { "\($0)" } + [percent(found.rate, 1)])
      }
      lines += table.lines
    }
    return lines.joined(separator: "\n")
  }
}
