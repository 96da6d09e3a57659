import Manifests
import Statistics

/// How often simulated reports hold a false word, and how often a planted difference is found.
public struct VerdictSelftest: Sendable {
  /// Of all reports, at most so many may hold a false word: 5 %, and what 2,000 of them leave to chance.
  public static let mostFalse = 0.06

  public struct Row: Sendable {
    public var name: String
    public var count: VerdictSimulation.Count
    /// Headline power at 1, 2 and 4 standard deviations of a difference, and that of a setting at 2; nil for cases that
    /// are about false words alone.
    public var power: (headline: [Double], setting: Double)?
    public var isMet: Bool { Double(count.withFalse) <= mostFalse * Double(count.reports) }
  }

  public let rows: [Row]
  /// Standard deviation of a difference between two trainings of equal models, in points.
  public let deviation: Double
  /// Of such differences between two hold-outs of one domain.
  public let correlation: Double
  public var isMet: Bool { rows.allSatisfy(\.isMet) }

  /// `progress` is told the name of each case before it is simulated.
  public init(reports: Int, seed: UInt64, progress: (String) -> Void = { _ in }) {
    typealias Case = VerdictSimulation.Case
    let (deviation, correlation) = VerdictSimulation.differences(Case("equal"))
    (self.deviation, self.correlation) = (deviation, correlation)
    func simulate(_ setting: Case, power: Bool = false) -> Row {
      progress(setting.name)
      var found: (headline: [Double], setting: Double)?
      if power {
        let counts = [1.0, 2, 4].map { size -> VerdictSimulation.Count in
          var shifted = setting
          // The reference: every declared pair differs by as much.
          shifted.shifts[0] += size * deviation
          return VerdictSimulation(shifted).count(reports: max(1, reports / 4), seed: seed &+ 1)
        }
        found = (
          counts.map { Double($0.headlines) / Double($0.reports) }, Double(counts[1].settings) / Double(counts[1].rows)
        )
      }
      return Row(
        name: setting.name, count: VerdictSimulation(setting).count(reports: reports, seed: seed), power: found)
    }
    var rows = [2, 3, 5, 10].map { count in
      simulate(Case("equal models, hold-out, \(count) seeds", repetitions: count), power: true)
    }
    rows.append(simulate(Case("equal models, 5-fold", design: .kfold)))
    rows += [3, 5].map { count in
      simulate(Case("equal models, official split, \(count) seeds", design: .official, repetitions: count))
    }
    var unequal = Case("equal models, trainings of three vary three times as much, 3 seeds", repetitions: 3)
    for model in [1, 3, 5] { unequal.trainings[model] = 3 }
    rows.append(simulate(unequal))
    var still = Case("equal models, trainings that hardly vary, 3 seeds", repetitions: 3)
    still.trainings = still.trainings.map { _ in 0.05 }
    rows.append(simulate(still))
    for count in [3, 10] {
      var edge = Case("differences of exactly the margin, \(count) seeds", repetitions: count)
      edge.shifts[0] = VerdictSimulation.margin
      rows.append(simulate(edge))
    }
    // Pairs at the margin beside equal ones: what Holm passes on from the former the latter may spend.
    for count in [5, 10] {
      var mixed = Case("two pairs at the margin, the others equal, \(count) seeds", repetitions: count)
      for model in [1, 2] { mixed.shifts[model] = VerdictSimulation.margin }
      rows.append(simulate(mixed))
    }
    self.rows = rows
  }
}
