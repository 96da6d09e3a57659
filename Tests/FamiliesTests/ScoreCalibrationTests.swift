import Foundation
import TestSupport
import Testing

@testable import Families

/// Tests/Fixtures/families/calibration.json, by Scripts/fixtures/calibration.py with scikit-learn.
@Suite struct ScoreCalibrationTests {
  private struct Reference: Decodable {
    var labels: [Int]
    var scores, new: [Float]
    var platt, isotonic: [Double]
  }

  @Test("sigmoids and rising curves give scikit-learn's probabilities", arguments: [CalibrationKind.platt, .isotonic])
  func reference(kind: CalibrationKind) throws {
    let file = Fixtures.root.appendingPathComponent("families/calibration.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let calibration = try #require(
      ScoreCalibration(kind, scores: reference.scores, labels: reference.labels, classes: 3))
    var found = reference.new
    calibration.apply(&found)
    // Newton's method ends at a slope of 1e-5.
    expectClose(
      found, kind == .platt ? reference.platt : reference.isotonic, absolute: kind == .platt ? 2e-5 : 1e-6, "\(kind)")
    #expect(calibration.curves.allSatisfy { $0.isSound })
    let stored = try JSONEncoder().encode(calibration)
    #expect(try JSONDecoder().decode(ScoreCalibration.self, from: stored) == calibration)
  }

  @Test("scores that tell apart without a mistake, or nothing, stay numbers; where all curves are 0 all are as likely")
  func extremes() throws {
    for kind in [CalibrationKind.platt, .isotonic] {
      let split = try #require(ScoreCalibration(kind, scores: [5, -5, -5, 5], labels: [0, 1], classes: 2))
      var scores: [Float] = [100, -100, -100, 100, 0, 0]
      split.apply(&scores)
      #expect(scores.allSatisfy { 0...1 ~= $0 } && scores[0] > 0.5 && scores[3] > 0.5)
      let flat = try #require(ScoreCalibration(kind, scores: [1, 1, 1, 1, 1, 1], labels: [0, 1, 0], classes: 2))
      scores = [1, 1]
      flat.apply(&scores)
      #expect(abs(scores[0] + scores[1] - 1) < 1e-6)
    }
    let none = try #require(
      ScoreCalibration(.isotonic, scores: [1, 1, 1, 0, 0, 0, 0, 0, 0], labels: [0, 1, 2], classes: 3))
    var scores: [Float] = [-1, 2, 2]
    none.apply(&scores)
    #expect(abs(scores.reduce(0, +) - 1) < 1e-6)
    #expect(ScoreCalibration(.platt, scores: [], labels: [], classes: 2) == nil)
  }
}
