import Statistics
import Testing

@testable import Evidence

@Suite("Calibration of models")
struct ModelCalibrationTests {
  /// Answers of two passes over the same rows; right as often as stated to the power given.
  private static func calibration(rows: Int, overstated: Double, seed: UInt64 = 1) throws -> ModelCalibration {
    var generator = ResamplingGenerator(seed: seed)
    var confidences: [Double] = [], right: [Bool] = [], groups: [Int] = [], passes: [Int] = []
    for pass in 0..<2 {
      for row in 0..<rows {
        let stated = 0.5 + 0.5 * generator.uniform()
        confidences.append(stated)
        right.append(generator.uniform() < stated - overstated)
        groups.append(row)
        passes.append(pass)
      }
    }
    return try #require(
      ModelCalibration("a", confidences: confidences, right: right, groups: groups, passes: passes, seed: seed))
  }

  @Test("who promises too much is told from who does not")
  func overconfidence() throws {
    let fair = try Self.calibration(rows: 1_000, overstated: 0)
    let range = try #require(fair.overconfidence)
    #expect(range.contains(0) && fair.p > 0.05)
    let bold = try Self.calibration(rows: 1_000, overstated: 0.1)
    #expect(try #require(bold.overconfidence).low > 0.05 && bold.p <= 0.01)
    #expect(abs(bold.expectedError - 0.1) < 0.04)
    #expect(bold.passes.count == 2 && bold.answers == 2_000)
    #expect(abs(bold.brier - (bold.miscalibration - bold.discrimination + bold.uncertainty)) < 1e-12)
  }

  @Test("the surest answers are wrong less often, and fewer can be given the less may be wrong")
  func risk() throws {
    let found = try Self.calibration(rows: 2_000, overstated: 0)
    #expect(abs(found.risk(at: 1) - (1 - found.accuracy)) < 1e-12)
    #expect(found.risk(at: 0.2) < found.risk(at: 0.6) && found.risk(at: 0.6) < found.risk(at: 1))
    #expect(found.coverage(atRisk: 0.05) < found.coverage(atRisk: 0.2) && found.bestArea < found.area)
    #expect(found.coverage(atRisk: 1) == 1)
  }

  @Test("a list with what is no probability has no calibration")
  func none() {
    #expect(
      ModelCalibration("a", confidences: [.nan, 1], right: [true, true], groups: [0, 1], passes: [0, 0], seed: 1) == nil
    )
  }
}
